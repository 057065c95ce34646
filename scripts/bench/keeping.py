"""What a benchmark printed joins the history: one line of JSON, with version, machine and command."""

import contextlib
import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bench.history import append
from bench.machine import description, load_average
from zoning import __version__

FILE = Path(__file__).parent / "history" / "printed.jsonl"


class _Both(io.TextIOBase):
    """Writes to two streams."""

    def __init__(self, one: TextIO, other: TextIO) -> None:
        self._both = (one, other)

    def write(self, text: str, /) -> int:
        for stream in self._both:
            stream.write(text)
        return len(text)

    def flush(self) -> None:
        for stream in self._both:
            stream.flush()


def kept(name: str, words: list[str], run: Callable[[], int], file: Path = FILE) -> int:
    """Run a benchmark and keep what it prints; a run that fails is not kept.

    Parameters
    ----------
    name
        Of the benchmark.
    words
        Arguments of `scripts/bench`, as they were typed.
    """
    load, printed = load_average(), io.StringIO()
    with contextlib.redirect_stdout(_Both(sys.stdout, printed)):
        code = run()
    record = {
        "name": name,
        "command": " ".join(["python", "scripts/bench", *(word for word in words if word != "--keep")]),
        "when": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "version": __version__,
        "machine": {**description(), "load": load},
        "lines": printed.getvalue().rstrip("\n").splitlines(),
        "code": code,
    }
    append(record, file)
    return code
