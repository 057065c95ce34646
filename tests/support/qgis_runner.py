"""Asks the QGIS of this computer, in a process of its own, what it makes of our files."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PYTHONS = ("/usr/bin/python3", "/usr/local/bin/python3")
PROBE = Path(__file__).with_name("qgis_probe.py")
_HIDDEN = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _HIDDEN}
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": "/tmp", "LC_ALL": "C.UTF-8"}  # noqa: S108 - nothing is written there


@cache
def qgis_python() -> str | None:
    """Return a Python that has QGIS; None where there is none."""
    for python in (os.environ.get("ZONING_QGIS_PYTHON", ""), *PYTHONS):
        if python and Path(python).is_file():
            asked = [python, "-c", "import qgis.core"]
            if subprocess.run(asked, env=_environment(), capture_output=True, check=False).returncode == 0:
                return python
    return None


def ask_qgis(**question: Any) -> dict[str, Any]:
    """Return what the probe saw; skip the test where QGIS is missing."""
    python = qgis_python()
    if python is None:
        pytest.skip("no QGIS on this computer: apt install python3-qgis qgis-providers")
    command = [python, str(PROBE), json.dumps(question, ensure_ascii=False)]
    done = subprocess.run(command, env=_environment(), capture_output=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout.decode("utf-8"))
    return answer
