"""What the package loads, seen from a clean process."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def loaded_by(statement):
    """Top-level modules after one statement in a fresh interpreter."""
    code = f"{statement}; import json, sys; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(done.stdout))


def test_the_package_alone_loads_nothing_heavy():
    """`import analysis` costs nothing."""
    assert not loaded_by("import analysis") & {"numpy", "pandas", "scipy", "statsmodels", "pyarrow"}


def test_a_run_loads_no_web_and_no_database():
    """Scoring knows neither Flask nor SQLAlchemy nor the packages beside it, and leaves pandas alone until asked."""
    loaded = loaded_by("import analysis, analysis.run, analysis.estimates, analysis.weights")
    assert not loaded & {"flask", "sqlalchemy", "survey", "portal", "werkzeug", "huey"}
    assert not loaded & {"pandas", "statsmodels", "scipy", "pyarrow"}
