"""Read damaged and made-up boundary files: `make fuzz`. Only footprints or a ZoningError may come of them.

A fault is anything else: a traceback, a warning, words on standard error, a crash, more than 10 s, more than 1 GB.
Every fault is kept in out/fuzz/ with the command that repeats it; the exit code is 1 then.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from fuzz_seeds import Input, corpus_inputs
from fuzz_worker import Outcome, attempt, serve

LONGEST_S = 10.0
_KEPT = 3
_FORK = multiprocessing.get_context("fork")


@dataclass(slots=True)
class Count:
    """What came of the inputs of one format."""

    inputs: int = 0
    read: int = 0
    refused: int = 0
    faults: int = 0
    slowest_s: float = 0.0
    peak_mb: float = 0.0

    def add(self, outcome: Outcome) -> None:
        """Count one more."""
        self.inputs += 1
        self.read += outcome.result == "read"
        self.refused += outcome.result == "refused"
        self.faults += bool(outcome.fault)
        self.slowest_s = max(self.slowest_s, outcome.seconds)
        self.peak_mb = max(self.peak_mb, outcome.peak_mb)


@dataclass(slots=True)
class Runner:
    """One process and what it is reading."""

    line: Connection
    process: BaseProcess
    given: Input | None = None
    since: float = field(default_factory=time.monotonic)


class Pool:
    """Processes that are watched: one that hangs or dies is a fault, and is replaced."""

    def __init__(self, seeds: Sequence[Input], seed: int, processes: int) -> None:
        self._seeds, self._seed = seeds, seed
        self._runners = [self._start() for _ in range(processes)]

    def run(self, most: int, seconds: float) -> Iterator[Outcome]:
        """Yield outcomes until there are `most` of them, or the time is over."""
        end, task, done = time.monotonic() + seconds, 0, 0
        for runner in self._runners:
            task = self._next(runner, task)
        while done < most and time.monotonic() < end:
            ready = wait([runner.line for runner in self._runners], timeout=1.0)
            for index, runner in enumerate(self._runners):
                outcome = self._listen(runner) if runner.line in ready else self._overdue(runner)
                if outcome == "idle":
                    task = self._next(runner, task)
                elif isinstance(outcome, Outcome):
                    done += 1
                    yield outcome
                if not runner.process.is_alive():
                    self._runners[index] = self._start()
                    task = self._next(self._runners[index], task)

    def close(self) -> None:
        """End all processes."""
        for runner in self._runners:
            runner.process.kill()
            runner.process.join()

    def _start(self) -> Runner:
        mine, theirs = _FORK.Pipe()
        process = _FORK.Process(target=serve, args=(theirs, self._seeds, self._seed), daemon=True)
        process.start()
        theirs.close()
        return Runner(mine, process)

    def _next(self, runner: Runner, task: int) -> int:
        runner.line.send(task)
        runner.since = time.monotonic()
        return task + 1

    def _listen(self, runner: Runner) -> Outcome | str | None:
        try:
            message: object = runner.line.recv()
        except (EOFError, OSError):
            runner.process.join()
            return self._lost(runner, f"the process died, exit code {runner.process.exitcode}")
        runner.since = time.monotonic()
        if message is None:
            return "idle"
        if isinstance(message, Input):
            runner.given = message
            return None
        if not isinstance(message, Outcome):
            raise TypeError(f"a runner sent {message!r}")
        slow = f"took {message.seconds:.1f} s" if message.seconds > LONGEST_S and not message.fault else ""
        return replace(message, input=runner.given, fault=message.fault or slow)

    def _overdue(self, runner: Runner) -> Outcome | None:
        if time.monotonic() - runner.since <= LONGEST_S + 1:
            return None
        runner.process.kill()
        runner.process.join()
        return self._lost(runner, f"no answer within {LONGEST_S:.0f} s")

    def _lost(self, runner: Runner, fault: str) -> Outcome:
        given = runner.given
        return Outcome("?" if given is None else given.format, "fault", LONGEST_S, 0.0, fault, input=given)


def keep(outcome: Outcome, folder: Path, number: int, seed: int) -> None:
    """Write the input of a fault where it can be read again."""
    place = folder / f"{number:03d}"
    given = outcome.input
    if given is None:
        return
    for name, content in given.files.items():
        path = place / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    about = {"label": given.label, "main": given.main, "options": dict(given.options), "expected": given.expected}
    (place / "input.json").write_text(json.dumps({**about, "seed": seed}, ensure_ascii=False), encoding="utf-8")
    (place / "fault.txt").write_text(outcome.fault, encoding="utf-8", errors="replace")
    print(f"\nFAULT {given.label} {given.main}: {outcome.fault.strip().splitlines()[-1][:300]}")
    print(f"  again: {Path(sys.executable).name} scripts/fuzz.py --again {place}", flush=True)


def again(place: Path) -> int:
    """Read a kept input once more, in this process."""
    about = json.loads((place / "input.json").read_text(encoding="utf-8"))
    root = place / "files"
    files = {str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()}
    expected = None if about["expected"] is None else tuple(about["expected"])
    outcome = attempt(Input(about["label"], about["main"], files, about["options"], expected))
    print(f"{outcome.result}, {outcome.seconds:.2f} s, {outcome.peak_mb:.0f} MB\n{outcome.sentence}{outcome.fault}")
    return 1 if outcome.fault or outcome.seconds > LONGEST_S else 0


def table(counts: dict[str, Count]) -> None:
    """Print what came of each format."""
    print(f"\n{'format':<12}{'inputs':>8}{'read':>8}{'refused':>9}{'faults':>8}{'slowest':>11}{'peak':>10}")
    total = Count()
    for name, count in [*sorted(counts.items()), ("all", total)]:
        slowest, peak = f"{count.slowest_s:.2f} s", f"{count.peak_mb:.0f} MB"
        print(f"{name:<12}{count.inputs:>8}{count.read:>8}{count.refused:>9}{count.faults:>8}{slowest:>11}{peak:>10}")
        for name_of in ("inputs", "read", "refused", "faults"):
            setattr(total, name_of, getattr(total, name_of) + getattr(count, name_of))
        total.slowest_s = max(total.slowest_s, count.slowest_s)
        total.peak_mb = max(total.peak_mb, count.peak_mb)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000, help="how many files to read (default 20000)")
    parser.add_argument("--seconds", type=float, default=3_600, help="end after this time in any case")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other files (default 1)")
    parser.add_argument("--processes", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--faults", type=int, default=200, help="end after so many faults (default 200)")
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"), help="where faults are kept")
    parser.add_argument("--again", type=Path, help="read one kept input once more")
    options = parser.parse_args()
    if options.again is not None:
        sys.exit(again(options.again))
    # Processes that are ended leave their files behind: all lie in one folder.
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        faults = fuzz(options)
        tempfile.tempdir = None
    sys.exit(1 if faults else 0)


def fuzz(options: argparse.Namespace) -> int:
    """Run, print, and return how many faults there were."""
    shutil.rmtree(options.out, ignore_errors=True)
    seeds = corpus_inputs()
    print(f"{len(seeds)} files of the corpus, seed {options.seed}", flush=True)
    counts: dict[str, Count] = defaultdict(Count)
    start, kinds = time.monotonic(), Counter[str]()
    pool = Pool(seeds, options.seed, options.processes)
    try:
        for outcome in pool.run(options.inputs, options.seconds):
            counts[outcome.format].add(outcome)
            if outcome.fault:
                kinds[_kind(outcome.fault)] += 1
                if kinds[_kind(outcome.fault)] <= _KEPT:
                    keep(outcome, options.out, kinds.total(), options.seed)
            if kinds.total() >= options.faults:
                break
    finally:
        pool.close()
    table(dict(counts))
    for kind, count in kinds.most_common():
        print(f"{count:>6} times {kind}")
    print(f"{time.monotonic() - start:.0f} s, {options.processes} processes, {kinds.total()} faults")
    return kinds.total()


def _kind(fault: str) -> str:
    """Return what is the same of a fault whatever the file: its class and the line it came from."""
    lines = [line.strip() for line in fault.strip().splitlines()]
    places = [line for line in lines if line.startswith("File ")]
    return f"{lines[-1].partition(':')[0]} {places[-1] if places else ''}".strip()


if __name__ == "__main__":
    main()
