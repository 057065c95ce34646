"""What becomes of an issue from run to run: new, open, accepted with a note, fixed when it is gone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

from zoning.planning.audit.issue import Issue, Status

_SAME_PLACE_M = 100.0
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What a planner wrote beside an issue."""

    status: Status
    note: str = ""


def with_statuses(
    found: Sequence[Issue],
    earlier: Sequence[Issue],
    marks: Mapping[str, Mark],
    *,
    today: str,
    looked: Callable[[Issue], bool],
) -> tuple[Issue, ...]:
    """Return the issues of this run with their statuses, then those of earlier runs that are not there any more.

    An issue that moved a little (same kind, layers and zones, within 100 m) keeps its id. Accepted ones stay accepted
    as long as they are there; one that was fixed and is there again is open.

    Parameters
    ----------
    marks
        Id -> what planners wrote since the earlier run.
    looked
        Whether this run looked at what an earlier issue is about: else it stays as it was.
    """
    before = {issue.id: issue for issue in earlier}
    taken = {issue.id for issue in found if issue.id in before}
    listed: list[Issue] = []
    for issue in found:
        old = None
        if issue.id not in before:
            old = _moved_from(issue, (one for one in earlier if one.id not in taken and one.status != "fixed"))
        if old is not None:
            taken.add(old.id)
        listed.append(issue if old is None else issue.model_copy(update={"id": old.id}))
    there = {issue.id for issue in listed}
    now = [_marked(issue, before.get(issue.id), marks.get(issue.id), today) for issue in listed]
    gone = [_gone(old, marks.get(old.id), looked(old)) for old in earlier if old.id not in there]
    return (*now, *gone)


def _moved_from(issue: Issue, candidates: Iterable[Issue]) -> Issue | None:
    what = (issue.kind, issue.layers, issue.zones, issue.territory)
    near = [
        (_distance_m(issue, old), old.id, old)
        for old in candidates
        if (old.kind, old.layers, old.zones, old.territory) == what
    ]
    best = min(near, key=lambda item: item[:2], default=None)
    return best[2] if best is not None and best[0] <= _SAME_PLACE_M else None


def _distance_m(one: Issue, other: Issue) -> float:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return float("inf")
    east = (one.lon - other.lon) * cos(radians(one.lat))
    return hypot(east, one.lat - other.lat) * _METRES_PER_DEGREE


def _marked(issue: Issue, old: Issue | None, mark: Mark | None, today: str) -> Issue:
    if old is None and mark is None:
        return issue.model_copy(update={"status": "new", "first_seen": today})
    note = mark.note if mark is not None else old.note if old is not None else ""
    told = mark.status if mark is not None else old.status if old is not None else "new"
    first = old.first_seen if old is not None and old.first_seen else today
    return issue.model_copy(
        update={"status": "accepted" if told == "accepted" else "open", "note": note, "first_seen": first}
    )


def _gone(old: Issue, mark: Mark | None, looked: bool) -> Issue:  # noqa: FBT001 - one fact of the issue
    if looked or old.status == "fixed":
        return old.model_copy(update={"status": "fixed", "note": mark.note if mark is not None else old.note})
    if mark is not None and mark.status != "fixed":
        return old.model_copy(update={"status": mark.status, "note": mark.note})
    return old if old.status == "accepted" else old.model_copy(update={"status": "open"})
