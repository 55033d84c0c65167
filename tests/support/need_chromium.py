"""Run by `make test` before pytest: installs Chromium and a Chinese font by apt when root, else names the cure.

Never fails: without Chromium the browser tests are counted as not run. MINYI_TEST_INSTALL=no forbids installing.
"""

import os
import shutil
import subprocess
import sys

from chromium import chromium, driver_starts, find_chromium


def _missing() -> list[str]:
    packages = [] if find_chromium() else ["chromium"]
    packages += [] if driver_starts() else ["libatomic1"]
    return packages if _has_chinese_font() else [*packages, "fonts-noto-cjk"]


def _has_chinese_font() -> bool:
    """A browser without such a font shows boxes, and a screenshot test would prove nothing."""
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def _install(packages: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "fontconfig", *packages])
    for step in steps:
        done = subprocess.run(["apt-get", *step], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return False
    chromium.cache_clear()
    return True


def main() -> None:
    packages = _missing()
    if not packages:
        return
    may_install = os.geteuid() == 0 and shutil.which("apt-get") and os.environ.get("MINYI_TEST_INSTALL") != "no"
    if may_install:
        print(f"installing {' '.join(packages)} for the browser tests")
        if _install(packages) and not _missing():
            return
    print(f"browser tests lack {' and '.join(packages)}: apt install {' '.join(packages)}", file=sys.stderr)


if __name__ == "__main__":
    main()
