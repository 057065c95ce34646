"""What becomes of an issue from run to run, case by case."""

from collections.abc import Mapping
from math import cos, radians
from typing import Any

import pytest

from zoning.planning.audit.issue import Issue, Status
from zoning.planning.audit.statuses import Mark, with_statuses
from zoning.texts import Text

TODAY = "2026-06-01"
EARLIER = "2026-01-15"
AT = (112.4, 35.5)
DEGREE_M = 111_320.0
"""A degree of a meridian, as the rule "within 100 m" takes it."""


def issue(
    issue_id: str = "A1",
    *,
    at: tuple[float, float] | None = AT,
    status: Status = "new",
    note: str = "",
    first_seen: str = "",
    **what: Any,
) -> Issue:
    """Return a gap at a place; `what` are other kinds, layers, zones, territories."""
    lon, lat = (None, None) if at is None else at
    plain: dict[str, Any] = {"kind": "gap", "layers": ("units",), "zones": ("U1",), "territory": None, **what}
    figures = dict.fromkeys(("area_m2", "length_m", "offset_m", "dx_m", "dy_m", "confidence_m"))
    written = {"status": status, "note": note, "first_seen": first_seen, "lon": lon, "lat": lat, "shape": ""}
    says = {"severity": "error", "text": Text("空隙", "gap"), "advice": None, "citations": ()}
    return Issue.model_validate({"id": issue_id, **plain, **figures, **written, **says})


def run(
    found: list[Issue], earlier: list[Issue], marks: Mapping[str, Mark] | None = None, *, looked: bool = True
) -> list[tuple[str, Status, str, str]]:
    """Return id, status, note and first day of every issue after a run."""
    told = with_statuses(found, earlier, marks or {}, today=TODAY, looked=lambda _: looked)
    return [(one.id, one.status, one.note, one.first_seen) for one in told]


def test_what_nobody_has_seen_before_is_new_today() -> None:
    assert run([issue()], []) == [("A1", "new", "", TODAY)]


def test_nothing_found_and_nothing_known_is_nothing() -> None:
    assert run([], []) == []


@pytest.mark.parametrize(
    ("before", "marked", "after"),
    [
        ("new", None, "open"),
        ("open", None, "open"),
        ("accepted", None, "accepted"),
        ("fixed", None, "open"),
        ("new", "accepted", "accepted"),
        ("open", "accepted", "accepted"),
        ("fixed", "accepted", "accepted"),
        ("accepted", "open", "open"),
        ("accepted", "new", "open"),
        ("accepted", "fixed", "open"),
        ("open", "fixed", "open"),
    ],
)
def test_an_issue_that_is_still_there(before: Status, marked: Status | None, after: Status) -> None:
    marks = {} if marked is None else {"A1": Mark(marked, "见会议纪要")}
    note = "旧注" if marked is None else "见会议纪要"
    earlier = [issue(status=before, note="旧注", first_seen=EARLIER)]
    assert run([issue()], earlier, marks) == [("A1", after, note, EARLIER)]


@pytest.mark.parametrize(
    ("before", "marked", "looked", "after"),
    [
        ("new", None, True, "fixed"),
        ("open", None, True, "fixed"),
        ("accepted", None, True, "fixed"),
        ("fixed", None, True, "fixed"),
        ("open", "accepted", True, "fixed"),
        ("new", None, False, "open"),
        ("open", None, False, "open"),
        ("accepted", None, False, "accepted"),
        ("fixed", None, False, "fixed"),
        ("open", "accepted", False, "accepted"),
        ("accepted", "open", False, "open"),
        ("fixed", "accepted", False, "fixed"),
        # Nobody may call fixed by hand what this run has not looked at.
        ("open", "fixed", False, "open"),
        ("accepted", "fixed", False, "accepted"),
    ],
)
def test_an_issue_that_was_not_found(before: Status, marked: Status | None, looked: bool, after: Status) -> None:
    marks = {} if marked is None else {"A1": Mark(marked)}
    earlier = [issue(status=before, first_seen=EARLIER)]
    assert run([], earlier, marks, looked=looked) == [("A1", after, "", EARLIER)]


@pytest.mark.parametrize("looked", [True, False])
def test_a_note_is_kept_with_an_issue_that_was_not_found(looked: bool) -> None:
    earlier = [issue(status="open", note="旧注")]
    assert [row[2] for row in run([], earlier, looked=looked)] == ["旧注"]
    assert [row[2] for row in run([], earlier, {"A1": Mark("accepted", "新注")}, looked=looked)] == ["新注"]


def test_an_issue_of_an_older_program_without_its_first_day_begins_today() -> None:
    assert run([issue()], [issue(status="open")]) == [("A1", "open", "", TODAY)]


def test_a_mark_for_an_issue_that_no_earlier_file_holds_is_taken() -> None:
    assert run([issue()], [], {"A1": Mark("accepted", "同意")}) == [("A1", "accepted", "同意", TODAY)]


def test_an_issue_marked_new_that_no_earlier_file_holds_is_open() -> None:
    assert run([issue()], [], {"A1": Mark("new", "")}) == [("A1", "open", "", TODAY)]


def test_only_what_the_run_looked_at_is_fixed() -> None:
    earlier = [issue("A1", layers=("units",)), issue("A2", layers=("red",))]
    told = with_statuses([], earlier, {}, today=TODAY, looked=lambda one: one.layers == ("red",))
    assert {one.id: one.status for one in told} == {"A1": "open", "A2": "fixed"}


def test_those_of_this_run_come_first_then_those_that_are_gone_each_in_its_order() -> None:
    found = [issue("B2"), issue("B1", at=(112.5, 35.5))]
    earlier = [issue("A9", zones=("U9",)), issue("B1", at=(112.5, 35.5)), issue("A3", zones=("U3",))]
    assert [row[0] for row in run(found, earlier)] == ["B2", "B1", "A9", "A3"]


def moved(east_m: float = 0.0, north_m: float = 0.0) -> tuple[float, float]:
    """Return a place some metres from that of the issue."""
    return AT[0] + east_m / DEGREE_M / cos(radians(AT[1])), AT[1] + north_m / DEGREE_M


@pytest.mark.parametrize(
    ("east_m", "north_m", "same"),
    [
        (99.9, 0.0, True), (100.1, 0.0, False),
        (-99.9, 0.0, True), (-100.1, 0.0, False),
        (0.0, 99.9, True), (0.0, 100.1, False),
        (0.0, -99.9, True), (0.0, -100.1, False),
        (70.0, 70.0, True), (71.0, 71.0, False),
        (60.0, -79.0, True), (60.0, -81.0, False),
    ],
)  # fmt: skip
def test_an_issue_that_moved_by_less_than_a_hundred_metres_is_the_same(
    east_m: float, north_m: float, same: bool
) -> None:
    earlier = [issue("A1", status="open", first_seen=EARLIER)]
    found = run([issue("B1", at=moved(east_m, north_m))], earlier)
    kept = [("A1", "open", "", EARLIER)]
    other = [("B1", "new", "", TODAY), ("A1", "fixed", "", EARLIER)]
    assert found == (kept if same else other)


@pytest.mark.parametrize(
    "other",
    [
        issue("B1", kind="overlap"),
        issue("B1", layers=("units", "red")),
        issue("B1", zones=("U2",)),
        issue("B1", territory="140522"),
        issue("B1", at=None),
    ],
    ids=["kind", "layers", "zones", "territory", "no place"],
)
def test_what_differs_in_anything_but_its_place_is_another_issue(other: Issue) -> None:
    assert [row[:2] for row in run([other], [issue("A1")])] == [("B1", "new"), ("A1", "fixed")]


def test_an_issue_without_a_place_is_not_the_one_that_has_one() -> None:
    assert [row[0] for row in run([issue("B1")], [issue("A1", at=None)])] == ["B1", "A1"]


def test_an_issue_that_has_a_longitude_alone_has_no_place() -> None:
    half = issue("A1").model_copy(update={"lat": None})
    assert [row[0] for row in run([issue("B1")], [half])] == ["B1", "A1"]


def test_of_two_near_ones_the_nearer_keeps_its_id() -> None:
    earlier = [issue("A1", at=moved(80.0)), issue("A2", at=moved(20.0))]
    assert [row[0] for row in run([issue("B1")], earlier)] == ["A2", "A1"]


def test_of_two_equally_near_ones_the_first_by_id_keeps_its_id() -> None:
    earlier = [issue("A2", at=moved(20.0)), issue("A1", at=moved(20.0))]
    assert [row[0] for row in run([issue("B1")], earlier)] == ["A1", "A2"]


def test_an_earlier_issue_gives_its_id_to_one_alone() -> None:
    found = [issue("B1", at=moved(10.0)), issue("B2", at=moved(5.0))]
    assert [row[:2] for row in run(found, [issue("A1")])] == [("A1", "open"), ("B2", "new")]


def test_an_id_that_was_found_again_is_not_given_to_a_neighbour() -> None:
    found = [issue("B1", at=moved(10.0)), issue("A1")]
    assert [row[:2] for row in run(found, [issue("A1")])] == [("B1", "new"), ("A1", "open")]


def test_an_issue_that_was_fixed_does_not_lend_its_id_to_a_neighbour() -> None:
    found = run([issue("B1", at=moved(10.0))], [issue("A1", status="fixed")])
    assert [row[:2] for row in found] == [("B1", "new"), ("A1", "fixed")]


def test_a_mark_follows_an_issue_that_moved() -> None:
    found = run([issue("B1", at=moved(10.0))], [issue("A1")], {"A1": Mark("accepted", "同意")})
    assert [row[:3] for row in found] == [("A1", "accepted", "同意")]


def test_figures_of_this_run_replace_those_of_the_earlier_one() -> None:
    old, now = issue("A1").model_copy(update={"area_m2": 5.0}), issue("A1").model_copy(update={"area_m2": 7.0})
    (told,) = with_statuses([now], [old], {}, today=TODAY, looked=lambda _: True)
    assert told.area_m2 == 7.0
    assert (old.area_m2, now.area_m2, now.status) == (5.0, 7.0, "new")
