"""`zoning layers prepare`: build the layers on disk that `check` and `batch` open in a moment."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.layers import find_layer
from zoning.cli.prepared_folder import prepared_folder
from zoning.cli.printing import print_json
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from rich.table import Table

    from zoning.overlay.prepared.listing import Listed
    from zoning.overlay.prepared.outcome import Prepared, Step
    from zoning.overlay.prepared.store import PreparedStore

_MANY = 100_000  # zones from which on it is told how far the work is
_LARGE = 50_000_000  # bytes from which on reading takes so long that it is told
_STATES = {
    "built": Text("已建", "built"),
    "current": Text("现行", "current"),
    "refused": Text("不能预处理", "refused"),
    "elsewhere": Text("在数据库中", "in a database"),
    "stale": Text("已过期", "stale"),
    "damaged": Text("已损坏", "damaged"),
    "missing": Text("未预处理", "not prepared"),
    "left-over": Text("已无此图层", "left over"),
}
_COLUMNS = (
    Text("图层", "layer"),
    Text("版本", "edition"),
    Text("状态", "state"),
    Text("区数", "zones"),
    Text("大小", "size"),
)
_SECONDS = Text("用时", "time")


@dataclass(frozen=True, slots=True)
class PrepareRequest:
    """The options of the command."""

    layers: tuple[str, ...]
    workspace: Path | None
    on: str | None
    verify: bool = False
    listed: bool = False
    clear: bool = False


def run_prepare(session: Session, request: PrepareRequest, *, as_json: bool) -> int:
    """Prepare layers, list them or remove them; return the exit code: that of the first layer that cannot be used.

    Raises
    ------
    UsageError
        When options do not go together, a day is no date, or a layer is unknown.
    ContentError
        When the workspace has mistakes, or the folder of prepared layers cannot be written.
    """
    if (request.listed or request.clear) and (request.layers or request.on or request.verify):
        raise UsageError(
            "--list 和 --clear 针对全部预处理图层，不与图层名、--on 或 --verify 同用",
            "--list and --clear concern all prepared layers: leave out layer names, --on and --verify",
        )
    if request.listed and request.clear:
        raise UsageError("--list 和 --clear 只能用一个", "use either --list or --clear")
    store = _store(session, request)
    if request.clear:
        count, folder = store.clear(), store.folder.path
        session.say(Text(f"已删除 {count} 个预处理图层：{folder}", f"prepared layers removed: {count} ({folder})"))
        return 0
    if request.listed:
        return _print_listing(session, store, as_json=as_json)
    watch = Watch(session)
    day = None if request.on is None else session.day(request.on)
    outcomes = store.prepare(request.layers or None, on=day, verify=request.verify, progress=watch)
    _print_outcomes(session, outcomes, watch, as_json=as_json)
    refused = [outcome for outcome in outcomes if outcome.state == "refused"]
    session.say(
        Text(
            f"{len(outcomes) - len(refused)} 个可用，{len(refused)} 个不能预处理；位于 {store.folder.path}",
            f"ready: {len(outcomes) - len(refused)}, refused: {len(refused)}; in {store.folder.path}",
        )
    )
    return refused[0].exit_code if refused else 0


def _store(session: Session, request: PrepareRequest) -> "PreparedStore":
    from zoning.overlay.plane import MeasuringPlane
    from zoning.overlay.prepared.store import PreparedStore

    workspace = session.open_workspace(request.workspace)
    for name in request.layers:
        find_layer(workspace, name)
    folder = prepared_folder(workspace.root, session.environ, writing=not request.listed)
    return PreparedStore(folder, workspace.catalogue, MeasuringPlane(workspace.file.latitude))


@dataclass(slots=True)
class Watch:
    """Says what is being done, and how long it took."""

    session: Session
    seconds: list[float] = field(default_factory=list)
    _since: float = field(default_factory=time.perf_counter)
    _told: int = 0

    def __call__(self, event: "Step | Prepared") -> None:
        """Tell a step or an outcome."""
        from zoning.overlay.prepared.outcome import Step

        if isinstance(event, Step):
            self._step(event)
            return
        now = time.perf_counter()
        self.seconds.append(now - self._since)
        self._since, self._told = now, 0
        self._outcome(event, self.seconds[-1])

    def _step(self, step: "Step") -> None:
        name = f"{step.layer} {step.edition}"
        if step.stage == "waiting":
            self.session.say(
                Text(
                    f"{name}：等待另一个正在预处理的进程……",
                    f"{name}: waiting for another process that prepares layers ...",
                )
            )
        elif step.stage == "reading" and step.total >= _LARGE:
            self.session.say(Text(f"{name}：读取……", f"{name}: reading ..."))
        elif step.stage == "projecting" and step.total >= _MANY and step.done - self._told >= step.total / 10:
            self._told = step.done
            self.session.say(Text(f"{name}：{step.done}/{step.total} 个区", f"{name}: {step.done}/{step.total} zones"))

    def _outcome(self, outcome: "Prepared", seconds: float) -> None:
        name = f"{outcome.layer} {outcome.edition or '-'}"
        state = _STATES[outcome.state]
        if outcome.reason is not None:
            text = Text(f"{name}：{state.zh}：{outcome.reason.zh}", f"{name}: {state.en}: {outcome.reason.en}")
        elif outcome.state == "built":
            size = size_text(outcome.size)
            text = Text(
                f"{name}：{outcome.zones} 个区，{size}，{seconds:.1f} s",
                f"{name}: {outcome.zones} zones, {size}, {seconds:.1f} s",
            )
        else:
            text = Text(f"{name}：{state.zh}", f"{name}: {state.en}")
        self.session.say(text)


def size_text(size: int) -> str:
    """Return a size in the unit that suits it.

    >>> size_text(0), size_text(1_500), size_text(2_345_678), size_text(7_000_000_000)
    ('0 kB', '2 kB', '2.3 MB', '7.0 GB')
    """
    for unit, bound in (("GB", 1e9), ("MB", 1e6)):
        if size >= bound:
            return f"{size / bound:.1f} {unit}"
    return f"{-(-size // 1000)} kB"


def _print_outcomes(session: Session, outcomes: "Sequence[Prepared]", watch: Watch, *, as_json: bool) -> None:
    timed = list(zip(outcomes, watch.seconds, strict=True))
    if as_json:
        plain = [
            {
                **_plain(outcome),
                "seconds": round(seconds, 3),
                "reason": None if outcome.reason is None else outcome.reason.plain(),
            }
            for outcome, seconds in timed
        ]
        print_json(plain)
        return
    table = _table(session, (*_COLUMNS, _SECONDS))
    for outcome, seconds in timed:
        table.add_row(*_cells(session, outcome), f"{seconds:.1f} s" if outcome.state == "built" else "")
    session.console().print(table)


def _print_listing(session: Session, store: "PreparedStore", *, as_json: bool) -> int:
    entries = store.listing()
    if as_json:
        print_json([_plain(entry) for entry in entries])
        return 0
    table = _table(session, _COLUMNS)
    for entry in entries:
        table.add_row(*_cells(session, entry))
    session.console().print(table)
    session.say(Text(f"位于 {store.folder.path}", f"in {store.folder.path}"))
    return 0


def _table(session: Session, titles: Sequence[Text]) -> "Table":
    from rich.table import Table

    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    for number, title in enumerate(titles):
        table.add_column(title.get(session.language), overflow="fold", justify="left" if number < 3 else "right")  # noqa: PLR2004 - the first columns are words
    return table


def _cells(session: Session, entry: "Prepared | Listed") -> tuple[str, ...]:
    there = entry.path is not None
    return (
        entry.layer,
        entry.edition or "-",
        _STATES[entry.state].get(session.language),
        str(entry.zones) if there else "",
        size_text(entry.size) if there else "",
    )


def _plain(entry: "Prepared | Listed") -> dict[str, object]:
    return {
        "layer": entry.layer,
        "edition": entry.edition,
        "territory_edition": entry.territory,
        "state": entry.state,
        "zones": entry.zones,
        "bytes": entry.size,
        "file": None if entry.path is None else str(entry.path),
    }
