"""One process of a fuzz run: reads what it is told to, one file at a time, and says what came of each."""

import os
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from multiprocessing.connection import Connection
from pathlib import Path

from fuzz_generated import formats, make_up
from fuzz_inputs import damaged
from fuzz_seeds import Input
from zoning.errors import ZoningError
from zoning.sites import Site, read_sites

MEMORY_BYTES = 1_000_000_000
_LONGEST_SENTENCE = 3_000
_GENERATED_SHARE = 5
_MEMORY = Path("/proc/self/clear_refs"), Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one input; `fault` is empty for footprints and for refusals."""

    format: str
    result: str
    seconds: float
    peak_mb: float
    fault: str = ""
    sentence: str = ""
    input: Input | None = None


def serve(line: Connection, seeds: Sequence[Input], seed: int) -> None:
    """Answer every task number with its outcomes, then None."""
    # The libraries have taken addresses already that cost no memory.
    most = _address_space() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("error")
    with tempfile.TemporaryFile() as noise:
        os.dup2(noise.fileno(), 2)
        while (task := line.recv()) is not None:
            inputs(task, seeds, seed, lambda given: _report(line, given, noise.fileno()))
            line.send(None)


def inputs(task: int, seeds: Sequence[Input], seed: int, use: Callable[[Input], None]) -> None:
    """Make the inputs of one task: one damaged file, or a batch that hypothesis makes up."""
    if task % (_GENERATED_SHARE * 20) == 0:
        listed = formats(seeds)
        make_up(seeds, listed[task // (_GENERATED_SHARE * 20) % len(listed)], seed * 1_000_003 + task, use)
        return
    use(damaged(seeds, random.Random(f"{seed}:{task}")))


def _report(line: Connection, given: Input, noise: int) -> None:
    line.send(given)
    line.send(attempt(given, noise))


def attempt(given: Input, noise: int | None = None) -> Outcome:
    """Read one input."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        for name, content in given.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        before = 0 if noise is None else os.fstat(noise).st_size
        _reset_peak()
        start = time.perf_counter()
        result, fault, sentence = _read(folder / given.main, given)
        seconds = time.perf_counter() - start
        if noise is not None and not fault and os.fstat(noise).st_size > before:
            fault = "written to standard error: " + os.pread(noise, 500, before).decode(errors="replace")
        peak_mb = _peak_mb()
        if peak_mb * 1024 * 1024 > MEMORY_BYTES and not fault:
            fault = f"{peak_mb:.0f} MB"
        return Outcome(given.format, result, seconds, peak_mb, fault, sentence)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path, given: Input) -> tuple[str, str, str]:
    try:
        sites = read_sites(path, expected=given.expected, **given.options)
    except ZoningError as error:
        sentences = (error.text.zh, error.text.en)
        if isinstance(error.__cause__, MemoryError):
            return "fault", "more memory than 1 GB", error.text.en
        wrong = not all(text.strip() and "\n" not in text and len(text) < _LONGEST_SENTENCE for text in sentences)
        return "refused", f"no sentence: {sentences!r}" if wrong else "", error.text.en
    except BaseException:  # noqa: BLE001 - whatever it is, it is a fault
        return "fault", traceback.format_exc(), ""
    wrong_site = next((site for site in sites if not _is_sound(site)), None)
    return "read", "" if sites and wrong_site is None else f"no footprint: {wrong_site!r}", ""


def _is_sound(site: Site) -> bool:
    texts = [
        text for both in (*site.warnings, *(repair.text for repair in site.repairs)) for text in (both.zh, both.en)
    ]
    return (
        (
            not site.geometry.is_empty
            and all(isfinite(bound) for bound in site.geometry.bounds)
            and site.geometry.geom_type in {"Polygon", "MultiPolygon"}
        )
        or site.width_m is not None
    ) and all(text.strip() and "\n" not in text and len(text) < _LONGEST_SENTENCE for text in texts)


def _reset_peak() -> None:
    if sys.platform == "linux":
        _MEMORY[0].write_text("5", encoding="ascii")


def _peak_mb() -> float:
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _status("VmHWM") / 1024


def _address_space() -> int:
    return _status("VmSize") * 1024 if sys.platform == "linux" else 0


def _status(name: str) -> int:
    """Return a figure of this process in kB."""
    return int(_MEMORY[1].read_text(encoding="ascii").split(f"{name}:")[1].split()[0])
