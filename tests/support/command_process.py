"""Commands of the program as people run them: a process for each, nothing shared."""

import atexit
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from warm_command import warm_command


def run_zoning(
    *arguments: str | Path, cwd: Path, language: str = "en", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a language and with further variables; no refusal may come as a traceback.

    Its process is a copy of one that has imported the program; where variables of others are given, which libraries
    read when they are imported, or help is asked for, whose language is set then, it starts from nothing.
    """
    return _done(arguments, cwd, {"ZONING_LANG": language, **environ}, b"")


def feed_zoning(given: bytes, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in English that finds this on its standard input."""
    return _done(arguments, cwd, {"ZONING_LANG": "en"}, given)


def _done(
    arguments: tuple[str | Path, ...], cwd: Path, environ: Mapping[str, str], told: bytes
) -> subprocess.CompletedProcess[str]:
    warm = "--help" not in arguments and all(name.startswith("ZONING_") for name in environ)
    program = [str(_programs() / "zoning")] if warm else [sys.executable, "-m", "zoning"]
    command = [*program, *map(str, arguments)]
    env = {**os.environ, **environ}
    with tempfile.TemporaryFile() as given:
        given.write(told)
        given.seek(0)
        done = subprocess.run(
            command, stdin=given, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=env, check=False
        )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@cache
def _programs() -> Path:
    """Start the process that is copied; it ends with the tests of this process."""
    until_the_end = ExitStack()
    atexit.register(until_the_end.close)
    return until_the_end.enter_context(warm_command())
