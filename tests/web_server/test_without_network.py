"""With the network cut except loopback everything works, and not one packet is meant for elsewhere."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from long_runs import LONG_VARIABLE

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_leaves(tmp_path: Path, unavailable: Callable[[str, str], NoReturn]) -> None:
    alone = ["unshare", "--map-root-user", "--net"]
    laid = f"{ROOT}/tests/support/cut_off_office.py"
    if shutil.which("unshare") is None or not Path("/usr/sbin/ip").exists():
        unavailable("no unshare or ip here", "apt install util-linux iproute2")
    if subprocess.run([*alone, "/usr/sbin/ip", "link", "add", "zoning0", "type", "veth"], check=False).returncode:
        unavailable("no network of one's own here", "run as root, or permit user namespaces")
    path = os.pathsep.join(map(str, (ROOT, ROOT / "scripts", ROOT / "tests" / "support")))
    run = subprocess.run(
        [*alone, sys.executable, laid, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        # What other tests have left in the environment of this process is nobody's business here.
        env={
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", LONG_VARIABLE) if name in os.environ},
            "PYTHONPATH": path,
        },
    )
    assert run.returncode == 0, run.stderr[-3000:]
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["probe"] == 1  # what is sent is counted
    assert told["sent"] == 0
    assert told["elsewhere"] == []
    assert set(told["verdicts"]) == {200}
    assert told["code"] == 0
    assert len(told["pages"]) > 20
