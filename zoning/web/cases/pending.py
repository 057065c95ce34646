"""The list of cases with those marked whose re-check is pending: their decision is of layers or rules of before."""

from dataclasses import dataclass, replace
from typing import Final
from weakref import WeakKeyDictionary

from zoning.web.cases.listing import CaseLine, case_lines
from zoning.web.cases.place import case_place
from zoning.web.cases.rechecking import stand, waits
from zoning.web.server import Server


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was marked, of which lines, and how things stood."""

    lines: tuple[CaseLine, ...]
    stand: tuple[object, ...]
    marked: tuple[CaseLine, ...]


_KEPT: "Final[WeakKeyDictionary[Server, _Kept]]" = WeakKeyDictionary()


def marked_lines(server: Server) -> tuple[CaseLine, ...]:
    """Return all cases as `case_lines` does, those whose re-check is pending marked."""
    lines, now = case_lines(case_place(server), server.today()), stand(server)
    kept = _KEPT.get(server)
    if kept is not None and kept.lines is lines and _is_same(kept.stand, now):
        return kept.marked
    pending = waits(server)

    def marked(line: CaseLine) -> CaseLine:
        is_pending = line.verdict is not None and pending(line.record.state, line.verdict)
        return replace(line, is_pending=True) if is_pending else line

    found = _KEPT[server] = _Kept(lines, now, tuple(marked(line) for line in lines))
    return found.marked


def _is_same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    workspace, content, *file = before
    return workspace is now[0] and content is now[1] and tuple(file) == now[2:]
