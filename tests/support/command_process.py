"""Commands of the program as people run them: a process for each, nothing shared."""

import os
import subprocess
import sys
from pathlib import Path


def run_zoning(
    *arguments: str | Path, cwd: Path, language: str = "en", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a language and with further variables; no refusal may come as a traceback."""
    command = [sys.executable, "-m", "zoning", *map(str, arguments)]
    env = {**os.environ, "ZONING_LANG": language, **environ}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=env, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done
