"""The command line run in this process: as `python -m zoning` runs it, without starting Python once more.

What a process of its own adds (streams, signals, temporary files, exit code of the system) is tried where that is the
matter; a file of tests that uses this runs some of its commands as a process all the same.
"""

import contextlib
import io
import subprocess
import sys
from pathlib import Path
from unittest import mock

from zoning.cli import run_arguments
from zoning.cli.language import language_of
from zoning.texts import Language


def run_here(*arguments: str | Path, cwd: Path, language: Language = "zh") -> subprocess.CompletedProcess[str]:
    """Run a command in a folder and return what a process would give: exit code and both streams."""
    from zoning.cli.options import SESSION

    words = [str(argument) for argument in arguments]
    printed, said = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in "12")
    with (
        mock.patch.object(sys, "argv", sys.argv),
        mock.patch.object(SESSION, "language", SESSION.language),
        mock.patch.object(SESSION, "sources", []),
        mock.patch.dict("os.environ", {"ZONING_LANG": language, "ZONING_DEBUG": "1"}),
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(said),
    ):
        code = run_arguments(words, language_of(words, {"ZONING_LANG": language}))
    streams = (stream.buffer.getvalue().decode() for stream in (printed, said))
    return subprocess.CompletedProcess(["zoning", *words], code, *streams)
