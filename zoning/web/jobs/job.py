"""What is known about a job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from zoning.texts import Language, Text
from zoning.web.workers.work import State

JobState = Literal["waiting", "running", "done", "failed", "cancelled", "interrupted"]

STATES: Final[dict[JobState, Text]] = {
    "waiting": Text("排队中", "waiting"),
    "running": Text("运行中", "running"),
    "done": Text("已完成", "done"),
    "failed": Text("未完成", "failed"),
    "cancelled": Text("已取消", "cancelled"),
    "interrupted": Text("已中断", "interrupted"),
}
FINAL: Final = frozenset({"done", "failed", "cancelled", "interrupted"})
NO_CODE: Final = -1
"""Code of a job that has not ended, or ended without an exit code; smaller ones say why."""
CODES: Final[Mapping[State, int]] = {"slow": -2, "memory": -3, "died": -4, "disk": -5}
ANSWERS: Final = frozenset({0, 1, 3})
"""Exit codes of commands that did what they were asked: 1 and 3 are verdicts."""
RESUMABLE: Final = frozenset(
    {
        ("batch",),
        ("compare",),
        ("mines", "recovery"),
        ("mines", "watch"),
        ("plan", "audit"),
        ("plan", "units"),
        ("plan", "zones"),
    }
)
"""Commands that go on where they were interrupted when they are told `--resume`."""


@dataclass(frozen=True, slots=True)
class Result:
    """A file that a job has written: path below its folder of results (with /), size in bytes, where it lies."""

    name: str
    size: int
    path: Path


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands.

    Attributes
    ----------
    kind
        Which part of the workbench asked, and for what: `audit`, `compare` ...
    arguments
        Of the command line, as given to `start_job`.
    inputs
        `name`, `sha256`, `path` of the files, in their order.
    roles
        Those of whoever handed it in.
    code
        Exit code of the command; negative where there is none.
    progress
        The last lines of its stderr.
    results
        Files of `{out}` once it has ended; empty when they were removed because they are old.
    failure
        Why there is no result, where the command itself could not say it.
    folder
        Where it works: `stdout`, `stderr`, `out/`.
    """

    id: str
    account: str
    kind: str
    title: Text
    arguments: tuple[str, ...]
    inputs: tuple[Mapping[str, Any], ...]
    language: Language
    roles: tuple[str, ...]
    state: JobState
    at: str
    started: str
    ended: str
    code: int
    progress: tuple[str, ...]
    results: tuple[Result, ...]
    failure: Text | None
    folder: Path

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in FINAL

    @property
    def can_resume(self) -> bool:
        """Whether it can go on where it was interrupted."""
        stopped = self.state in ("interrupted", "cancelled") or (self.state == "failed" and self.code < NO_CODE)
        return stopped and resumable(self.arguments) and self.folder.is_dir()

    @property
    def said(self) -> str:
        """What the command has printed (stdout)."""
        try:
            return (self.folder / "stdout").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def result(self, name: str) -> Result | None:
        """Return the result of this name."""
        return next((one for one in self.results if one.name == name), None)


def resumable(arguments: Sequence[str]) -> bool:
    """Tell whether a command line can be interrupted and go on."""
    return any(tuple(arguments[: len(words)]) == words for words in RESUMABLE)
