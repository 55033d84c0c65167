"""`minyi demo` as a person starts it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

COMMAND = (sys.executable, "-m", "portal", "demo")


def environment(folder):
    return {name: value for name, value in os.environ.items() if not name.startswith("MINYI_")} | {
        "MINYI_DATA_DIR": str(folder)
    }


def read(address, patience=60.0):
    until = time.monotonic() + patience
    while True:
        try:
            with urlopen(address, timeout=10) as answer:  # noqa: S310  an address of this machine
                return answer.read().decode()
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_a_busy_port_is_told_before_building(tmp_path):
    """A port that another program holds is named with a way out, and nothing is built."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--port", str(port)], env=environment(tmp_path / "data"), capture_output=True, text=True
        )
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_built_city_is_served_and_stops(demo_city, tmp_path):
    """Served with addresses and log-ins, and one Ctrl-C ends the web and its worker."""
    folder = tmp_path / "data"
    shutil.copytree(demo_city.place.settings.data_dir, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (tmp_path / "out").open("w+") as out:
        served = subprocess.Popen(
            [*COMMAND, "--port", str(port)], env=environment(folder), stdout=out, stderr=out, start_new_session=True
        )
        try:
            front = read(f"http://127.0.0.1:{port}/?lang=en")
            rated = read(f"http://127.0.0.1:{port}/q/{demo_city.built.code}?lang=en")
            served.send_signal(signal.SIGINT)
            assert served.wait(timeout=30) == 0
        finally:
            if served.poll() is None:
                os.killpg(served.pid, signal.SIGKILL)
        out.seek(0)
        said = out.read()
    assert "How were you served?" in front
    assert "How satisfied are you" in rated
    assert f"http://127.0.0.1:{port}/results/counter-2026q3" in said
    assert "demo-administrator" in said
    assert "Nothing had to be built" in said


def test_the_serving_process_loads_no_statistics(tmp_path):
    """What the serving process imports of the demonstration brings no numpy."""
    code = "import sys, portal.cli.demo, portal.demo.people, portal.app; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=environment(tmp_path), capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
