"""What the re-check knows: a verdict that rests on other content is never taken for one that was looked at."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zoning.registers.case_rows import CaseVerdict
from zoning.web.cases.considered import Considered, ContentState

DIGESTS = {"layers": {"water": "a1", "rivers": "b1"}, "rules": "r1", "workspace": "w1", "program": "1.0"}
TURNS = ("2026-03-01", "2026-07-01")
SPRING, SUMMER = date(2026, 5, 1), date(2026, 8, 1)
STATE = ContentState(DIGESTS, TURNS, SPRING)


def verdict(day: date = SPRING, number: int = 1, **digests: Any) -> CaseVerdict:
    told = {**DIGESTS, "site": "s1", **digests}
    return CaseVerdict("2026-0001", number, "S1", "permitted", day, "d", "b", {}, told, "first", "anna", "2026")


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),  # what begins on a day holds on that day
        (date(2026, 4, 30), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
        (SUMMER, False),
    ],
)
def test_a_verdict_holds_until_something_dated_begins_or_ends(day: date, holds: bool) -> None:
    assert STATE.holds_for(verdict(day)) is holds
    assert STATE.holds_on(day) is holds


@pytest.mark.parametrize(
    "other",
    [
        {"rules": "r2"},
        {"workspace": "w2"},
        {"program": "1.1"},
        {"layers": {"water": "a2", "rivers": "b1"}},
        {"layers": {"water": "a1"}},
        {"layers": {"water": "a1", "rivers": "b1", "heritage": "c1"}},
        {"definitions": {}},
    ],
    ids="-".join,
)
def test_a_verdict_of_other_content_does_not_hold(other: dict[str, Any]) -> None:
    assert not STATE.holds_for(verdict(**other))


def test_the_site_of_a_verdict_is_no_content() -> None:
    assert STATE.holds_for(verdict(site="another"))
    without = replace(verdict(), digests=DIGESTS)
    assert STATE.holds_for(without)


def test_a_verdict_that_lacks_a_digest_does_not_hold() -> None:
    told = {name: value for name, value in DIGESTS.items() if name != "rules"}
    assert not STATE.holds_for(replace(verdict(), digests=told))


def test_without_dated_things_every_day_is_the_same() -> None:
    state = ContentState(DIGESTS, (), SPRING)
    assert state.holds_on(date(1990, 1, 1))
    assert state.holds_for(verdict(date(2099, 1, 1)))


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (ContentState(DIGESTS, TURNS, date(2026, 6, 30)), True),
        (ContentState(dict(reversed(DIGESTS.items())), TURNS, SPRING), True),
        (ContentState(DIGESTS, TURNS, date(2026, 7, 1)), False),
        (ContentState({**DIGESTS, "rules": "r2"}, TURNS, SPRING), False),
        # A date further on that is new changes nothing yet; one that has passed does.
        (ContentState(DIGESTS, (*TURNS, "2027-01-01"), SPRING), True),
        (ContentState(DIGESTS, ("2026-01-01", *TURNS), SPRING), False),
    ],
)
def test_the_key_changes_with_content_and_with_what_is_in_force(other: ContentState, is_same: bool) -> None:
    assert (other.key == STATE.key) is is_same


def test_a_state_is_made_of_what_a_worker_tells() -> None:
    told = {"digests": DIGESTS, "turns": list(TURNS), "more": 1}
    assert ContentState.of(told, SPRING) == STATE
    with pytest.raises(KeyError):
        ContentState.of({"digests": DIGESTS}, SPRING)


def test_nothing_is_known_before_the_first_look() -> None:
    considered = Considered(Path("none"), cases={"2026-0001": 1})
    assert not considered.knows(verdict())


def test_a_verdict_is_known_when_it_holds_or_its_number_was_looked_at() -> None:
    considered = Considered(Path("none"), STATE, {"2026-0001": 2})
    assert considered.knows(verdict())
    assert not considered.knows(verdict(rules="r0"))
    assert considered.knows(verdict(rules="r0", number=2))
    assert not considered.knows(verdict(rules="r0", number=3))
    assert not considered.knows(replace(verdict(rules="r0", number=2), record="2026-0002"))


def test_other_content_begins_anew_with_its_cause() -> None:
    considered = Considered(Path("none"), STATE, {"2026-0001": 1}, {"zh": "旧", "en": "old"})
    coming = ContentState({**DIGESTS, "rules": "r2"}, TURNS, SPRING)
    considered.turn_to(coming, {"zh": "新", "en": "new"})
    assert (considered.state, considered.cases, considered.cause) == (coming, {}, {"zh": "新", "en": "new"})
    considered.cases["2026-0001"] = 1
    considered.turn_to(STATE, None)
    assert (considered.state, considered.cases, considered.cause) == (STATE, {}, None)


def test_the_first_content_forgets_what_was_looked_at_under_nothing() -> None:
    considered = Considered(Path("none"), cases={"2026-0001": 1}, cause={"zh": "旧", "en": "old"})
    considered.turn_to(STATE, None)
    assert (considered.state, considered.cases, considered.cause) == (STATE, {}, None)


@pytest.mark.parametrize(
    ("told", "stands"),
    [(None, {"zh": "旧", "en": "old"}), ({"zh": "新", "en": "new"}, {"zh": "新", "en": "new"})],
)
def test_the_same_content_keeps_what_was_looked_at(told: dict[str, str] | None, stands: dict[str, str]) -> None:
    considered = Considered(Path("none"), STATE, {"2026-0001": 1}, {"zh": "旧", "en": "old"})
    later = replace(STATE, day=date(2026, 6, 1))
    considered.turn_to(later, told)
    assert (considered.state, considered.cases, considered.cause) == (later, {"2026-0001": 1}, stands)


def test_what_was_written_is_read_again_whole(tmp_path: Path) -> None:
    path = tmp_path / "considered.json"
    written = Considered(path, STATE, {"2026-0001": 3, "晋2026-7": 1}, {"zh": "图层已改变", "en": "changed"})
    written.write()
    assert Considered.read(path) == written
    assert "图层已改变" in path.read_text(encoding="utf-8")


def test_nothing_is_written_where_nothing_is_known(tmp_path: Path) -> None:
    Considered(tmp_path / "considered.json", cases={"2026-0001": 1}).write()
    assert list(tmp_path.iterdir()) == []


def _kept() -> dict[str, Any]:
    return {"digests": DIGESTS, "turns": list(TURNS), "day": "2026-05-01", "cases": {"2026-0001": 1}, "cause": None}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        json.dumps({**_kept(), "day": "2026-13-01"}),
        json.dumps({**_kept(), "day": None}),
        json.dumps({**_kept(), "turns": None}),
        json.dumps({**_kept(), "cases": ["2026-0001"]}),
        json.dumps({**_kept(), "cases": {"2026-0001": "three"}}),
        *(json.dumps({k: v for k, v in _kept().items() if k != left}) for left in _kept()),
    ],
)
def test_a_damaged_file_is_as_if_it_had_never_been(tmp_path: Path, content: str) -> None:
    path = tmp_path / "considered.json"
    path.write_text(content, encoding="utf-8")
    assert Considered.read(path) == Considered(path)


def test_a_file_that_is_no_text_or_not_there_is_as_if_it_had_never_been(tmp_path: Path) -> None:
    path = tmp_path / "considered.json"
    assert Considered.read(path) == Considered(path)
    path.write_bytes(b"\xff\xfe\x00")
    assert Considered.read(path) == Considered(path)
    assert Considered.read(tmp_path) == Considered(tmp_path)


def test_the_file_that_the_damaged_ones_are_made_of_is_read(tmp_path: Path) -> None:
    path = tmp_path / "considered.json"
    path.write_text(json.dumps(_kept()), encoding="utf-8")
    assert Considered.read(path) == Considered(path, STATE, {"2026-0001": 1})
