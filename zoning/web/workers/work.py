"""What workers are asked, and what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from zoning.errors import NoRoomError, ZoningError
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.overlay.source import LayerSource
    from zoning.workspace import Workspace

State = Literal["done", "slow", "memory", "disk", "died", "cancelled"]


class Commands(Protocol):
    """The command line, warm: handed in by `zoning serve`, because the stages below know nothing of it.

    Must be picklable; every worker makes its own.
    """

    def open(self, root: Path) -> "tuple[Workspace, LayerSource]":
        """Import what commands need, open the workspace, and return it with the source of its layers."""

    def today(self) -> date:
        """Return the day that most checks will be asked for; nothing but speed depends on it."""

    def run(self, arguments: Sequence[str], language: Language) -> int:
        """Run one command as `zoning ARGUMENTS` does, in the current folder; return its exit code."""


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work, done in its own process and folder.

    Attributes
    ----------
    folder
        Where it works: `stdout`, `stderr` and what it writes lie there.
    task
        Name in `zoning.web.workers.tasks`, or "command".
    arguments
        Of the command, or what the task is told (JSON).
    seconds, memory_mb, room_mb
        Time, memory and room on the disk; more is not given, the process is ended.
    needs_network
        For a command that uses a register on a server. Layers on a server are asked in any case.
    """

    folder: Path
    task: str
    arguments: Any
    language: Language = "zh"
    seconds: float = 60.0
    memory_mb: int = 3072
    room_mb: int = 2000
    needs_network: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a task ended: exit code (0 for no command), wall time (s), peak of memory (MB)."""

    state: State
    code: int
    seconds: float
    peak_mb: int = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """What a keeper says that cannot open its workspace; then it ends."""

    text: Text


_FAILURES: Final[dict[State, Text]] = {
    "slow": Text(
        "计算超过{}时限，已中止，没有得出结果；请缩小范围，或请管理员提高时限",
        "the computation passed its limit of {}time and was ended without a result: make it smaller, or ask the "
        "administrator for a higher limit",
    ),
    "memory": Text(
        "计算所需内存超过{}上限，已中止，没有得出结果；请缩小范围，或请管理员提高上限",
        "the computation passed its limit of {}memory and was ended without a result: make it smaller, or ask the "
        "administrator for a higher limit",
    ),
    "disk": Text(
        "磁盘空间不足或超过上限，计算已中止，没有得出结果；请告知管理员",
        "the computation found no room on the disk, or took more than allowed, and was ended without a result: "
        "tell the administrator",
    ),
    "died": Text(
        "计算程序意外中止，没有得出结果；请重试，若再次出现请告知管理员",
        "the computation died without a result: try again, and tell the administrator if it happens again",
    ),
    "cancelled": Text("已取消，没有结果", "cancelled: there is no result"),
}


class NoAnswerError(ZoningError):
    """A worker that passed a limit, or died: nothing is wrong with what was asked."""

    http_status = 503


def demand_done(outcome: Outcome, task: Task) -> None:
    """Refuse what needs the answer of a task that has none.

    Raises
    ------
    NoAnswerError
        With the sentence why.
    NoRoomError
        When the worker found the disk full.
    """
    if outcome.state != "done":
        why = failure(outcome.state, task)
        raise (NoRoomError if outcome.state == "disk" else NoAnswerError)(why.zh, why.en)


def failure(state: State, task: Task | None = None) -> Text:
    """Return why there is no result.

    Parameters
    ----------
    task
        Whose limits are told with the sentence; None where they are not known any more.
    """
    text, figure = _FAILURES[state], Text("", "")
    if task is not None and state == "slow":
        figure = Text(f" {task.seconds:g} 秒的", f"{task.seconds:g} s of ")
    elif task is not None and state == "memory":
        figure = Text(f" {task.memory_mb} MB 的", f"{task.memory_mb} MB of ")
    return Text(text.zh.replace("{}", figure.zh), text.en.replace("{}", figure.en))
