"""The list of cases: what a filter lets through, which days are shown, what stands beside each case."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from zoning.registers.case_changes import change_case, create_case
from zoning.registers.case_notes import add_note
from zoning.registers.case_notices import NewNotice, notice
from zoning.registers.case_overrides import answer_override, propose_override
from zoning.registers.case_rows import CaseVerdict
from zoning.registers.case_verdicts import NewVerdict, add_verdict
from zoning.registers.entries import Due, Stamp
from zoning.registers.files import keep_copy
from zoning.registers.place import Place
from zoning.registers.record import Record
from zoning.registers.store import open_store
from zoning.registers.types import read_register_types
from zoning.texts import Text
from zoning.web.cases.listing import CaseLine, Filters, case_lines, chosen, counts, own_due, territories
from zoning.workspace import builtin_root

TYPES = read_register_types(builtin_root())
KIND = TYPES["cases"]
ON = date(2026, 3, 10)
ANNA, BO = (Stamp(name, datetime(2026, 3, 2, 1, tzinfo=UTC)) for name in ("anna", "bo"))


def record(number: str = "2026-0001", state: str = "received", territory: str = "140522", **values: Any) -> Record:
    return Record(number, "煤矸石场", territory, None, values, state, date(2026, 3, 2), 1)


def verdict(decision: str = "permitted") -> CaseVerdict:
    return CaseVerdict("2026-0001", 1, "S1", decision, ON, "d", "b", {}, {}, "first", "anna", "")


def due(by: date) -> Due:
    return Due("2026-0001", "", "", "received", "deadline", "close", Text("办结", "decided"), "", by, (by - ON).days)


LINE = CaseLine(record(SQR="晋城公司", DZ="Fengcheng Street", XZ="东城", BZ="急", XMLX="mining", LXR="张三"), verdict())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True),
        ("   ", True),
        ("2026-0001", True),
        ("0001 煤矸石", True),
        ("煤矸石 0001", True),
        ("晋城", True),
        ("FENGCHENG street", True),
        ("东城 急", True),
        ("说明", True),
        ("煤矸石 西城", False),
        ("张三", False),  # personal
        ("mining", False),
        ("煤矸石场2026", False),
    ],
)
def test_a_search_finds_all_of_its_words_and_nothing_personal(words: str, found: bool) -> None:
    line = replace(LINE, notes=("补充说明", "第二"))
    assert chosen([line], Filters(q=words)) == [line] * found


def test_a_word_does_not_reach_from_one_field_into_the_next() -> None:
    line = CaseLine(record(SQR="晋城", DZ="东街"), None)
    assert chosen([line], Filters(q="晋城东街")) == []
    assert chosen([line], Filters(q="东街")) == [line]


def test_other_fields_are_searched_where_they_are_named() -> None:
    assert chosen([LINE], Filters(q="张三"), searched=("LXR",)) == [LINE]
    assert chosen([LINE], Filters(q="晋城"), searched=("LXR",)) == []


@pytest.mark.parametrize(
    ("wanted", "line", "found"),
    [
        (Filters(state="received"), LINE, True),
        (Filters(state="decided"), LINE, False),
        (Filters(decision="permitted"), LINE, True),
        (Filters(decision="prohibited"), LINE, False),
        (Filters(decision="none"), LINE, False),
        (Filters(decision="none"), replace(LINE, verdict=None), True),
        (Filters(decision="permitted"), replace(LINE, verdict=None), False),
        (Filters(territory="140522"), LINE, True),
        (Filters(territory="1405"), LINE, True),
        (Filters(territory="140521"), LINE, False),
        (Filters(territory="0522"), LINE, False),
        (Filters(kind="mining"), LINE, True),
        (Filters(kind="energy"), LINE, False),
        (Filters(kind="mining"), CaseLine(record(), None), False),
        (Filters(overdue=True), LINE, False),
        (Filters(overdue=True), replace(LINE, dues=(due(ON),)), False),
        (Filters(overdue=True), replace(LINE, dues=(due(ON), due(ON - timedelta(1)))), True),
        (Filters(notices=True), LINE, False),
        (Filters(notices=True), replace(LINE, afters=("prohibited",)), True),
        (Filters(overrides=True), LINE, False),
        (Filters(overrides=True), replace(LINE, standing="prohibited"), False),
        (Filters(overrides=True), replace(LINE, waiting="anna"), True),
        (Filters(pending=True), LINE, False),
        (Filters(pending=True), replace(LINE, is_pending=True), True),
        (Filters(state="received", decision="prohibited"), LINE, False),
        (Filters(state="decided", q="煤"), LINE, False),
    ],
)
def test_a_filter_lets_through_what_meets_all_of_it(wanted: Filters, line: CaseLine, found: bool) -> None:
    assert chosen([line], wanted) == [line] * found


def test_what_is_chosen_keeps_its_order() -> None:
    lines = [CaseLine(record(number), None) for number in ("c", "a", "b")]
    assert chosen(lines, Filters()) == lines
    assert chosen([], Filters(q="a")) == []


@pytest.mark.parametrize(
    ("filters", "query"),
    [
        (Filters(), {}),
        (Filters(q="煤", state="received"), {"q": "煤", "state": "received"}),
        (
            Filters("a", "b", "c", "d", "e", overdue=True, notices=True, overrides=True, pending=True),
            {
                "q": "a", "state": "b", "decision": "c", "territory": "d", "kind": "e",
                "overdue": "1", "notices": "1", "overrides": "1", "pending": "1",
            },
        ),
        (Filters(overrides=True), {"overrides": "1"}),
    ],
)  # fmt: skip
def test_filters_go_into_the_address_where_they_are_set(filters: Filters, query: dict[str, str]) -> None:
    assert filters.query() == query


@pytest.mark.parametrize(
    ("by", "days"),
    [(date(2026, 3, 16), None), (date(2026, 3, 15), 5), (ON, 0), (date(2026, 3, 9), -1), (date(2020, 1, 1), -2260)],
)
def test_the_day_of_a_case_is_shown_from_five_days_before(by: date, days: int | None) -> None:
    found = own_due(KIND, record(BJQX=by), ON)
    assert [one.days for one in found] == ([] if days is None else [days])
    assert all((one.by, one.title) == (by, Text("办结期限", "to be closed by")) for one in found)


@pytest.mark.parametrize(
    ("state", "shown"),
    [("received", 1), ("checking", 1), ("conferring", 1), ("decided", 0), ("withdrawn", 0), ("unknown", 0)],
)
def test_a_case_that_is_closed_is_not_overdue(state: str, shown: int) -> None:
    assert len(own_due(KIND, record(state=state, BJQX=ON - timedelta(1)), ON)) == shown


def test_without_a_day_of_its_own_a_case_shows_none() -> None:
    assert own_due(KIND, record(), ON) == ()
    assert own_due(KIND, record(BJQX="2026-03-01"), ON) == ()


def test_a_line_says_its_next_day_and_how_many_notices_are_open() -> None:
    days = [ON + timedelta(1), ON, ON + timedelta(3)]
    line = replace(LINE, dues=tuple(map(due, days)), afters=("prohibited", "failed"))
    assert (line.by, line.notices, line.is_overdue, line.decision) == (ON, 2, False, "permitted")
    bare = CaseLine(record(), None)
    assert (bare.by, bare.notices, bare.is_overdue, bare.decision) == (None, 0, False, "")


def test_decisions_are_counted_the_strictest_first_and_none_is_left_out() -> None:
    decisions = ("permitted", "prohibited", "permitted", "")
    lines = [CaseLine(record(), verdict(one) if one else None) for one in decisions]
    assert list(counts(lines).items()) == [
        ("prohibited", 1), ("undetermined", 0), ("restricted", 0), ("permitted", 2), ("", 1),
    ]  # fmt: skip
    assert counts([CaseLine(record(), verdict("of old"))])["of old"] == 1
    assert sum(counts([]).values()) == 0


def test_the_territories_of_cases_come_once_in_order() -> None:
    codes = ("140525", "", "140522", "140525")
    assert territories([CaseLine(record(territory=code), None) for code in codes]) == ["140522", "140525"]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with open_store(str(tmp_path / "r.sqlite"), TYPES, create=True, files=tmp_path / "files") as store:
        yield Place(store.database, KIND, store.files)


def made(place: Place, number: str, *decisions: str, **values: Any) -> None:
    """Register a case with these verdicts."""
    path = Path(str(place.files)) / "v.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    copy = keep_copy(place.files, path)
    with place.database.writing() as connection:
        create_case(connection, place, number, {"XMMC": "甲", **values}, ANNA)
        for seen, decision in enumerate(decisions):
            new = NewVerdict("S1", decision, ON, copy, "b", {}, {}, "first")
            add_verdict(connection, place, number, new, ANNA, seen=seen)


def test_the_newest_number_comes_first_with_its_latest_verdict(place: Place) -> None:
    made(place, "2026-0001", "permitted", "prohibited")
    made(place, "2026-0003")
    made(place, "2026-0002", "restricted", XZQDM="140522", SLRQ=date(2026, 3, 1))
    lines = case_lines(place, ON)
    assert [(one.record.id, one.decision) for one in lines] == [
        ("2026-0003", ""),
        ("2026-0002", "restricted"),
        ("2026-0001", "prohibited"),
    ]
    assert (lines[1].record.territory, lines[1].record.values["SLRQ"]) == ("140522", date(2026, 3, 1))
    assert [one.is_pending for one in lines] == [False, False, False]


def test_notes_notices_and_overrides_stand_beside_their_own_case(place: Place) -> None:
    for number in ("A", "B"):
        made(place, number, "permitted")
    change = ({"what": "decision", "before": "permitted", "after": "prohibited"},)
    with place.database.writing() as connection:
        add_note(connection, place, "A", "一", ANNA)
        add_note(connection, place, "A", "二", ANNA)
        notice(connection, place, "A", NewNotice({}, 1, "permitted", "prohibited", "", change), BO)
        propose_override(connection, place, "A", "restricted", "因", ANNA, verdict=1)
    other, first = case_lines(place, ON)
    assert (first.record.id, first.notes, first.afters) == ("A", ("一", "二"), ("prohibited",))
    assert (first.waiting, first.standing) == ("anna", "")
    assert (other.notes, other.afters, other.waiting, other.standing) == ((), (), "", "")


def test_a_confirmed_override_stands_until_the_next_verdict(place: Place) -> None:
    made(place, "A", "permitted")
    with place.database.writing() as connection:
        propose_override(connection, place, "A", "restricted", "因", ANNA, verdict=1)
        answer_override(connection, place, "A", 1, "confirmed", "", BO)
    (line,) = case_lines(place, ON)
    assert (line.standing, line.waiting, line.decision) == ("restricted", "", "permitted")
    path = Path(str(place.files)) / "v.json"
    new = NewVerdict("S1", "prohibited", ON, keep_copy(place.files, path), "b", {}, {}, "facts")
    with place.database.writing() as connection:
        add_verdict(connection, place, "A", new, ANNA, seen=1)
    (line,) = case_lines(place, ON)
    assert (line.standing, line.waiting, line.decision) == ("", "", "prohibited")


def test_a_case_shows_the_days_of_the_workflow_and_its_own(place: Place) -> None:
    made(place, "A", BJQX=date(2026, 3, 12))
    (line,) = case_lines(place, ON)
    # Received on 2 March: the check begins within 5 days, so by the 7th.
    assert {(one.by, one.days) for one in line.dues} == {(date(2026, 3, 7), -3), (date(2026, 3, 12), 2)}
    assert line.is_overdue
    assert line.by == date(2026, 3, 7)


def test_the_list_is_kept_until_something_is_written_or_the_day_ends(place: Place) -> None:
    made(place, "A")
    lines = case_lines(place, ON)
    assert case_lines(place, ON) is lines
    with place.database.writing() as connection:
        change_case(connection, place, "A", {"DZ": "东街"}, BO, version=1)
    (line,) = case_lines(place, ON)
    assert line.record.values["DZ"] == "东街"
    (later,) = case_lines(place, date(2026, 4, 1))
    assert [one.days for one in later.dues] != [one.days for one in line.dues]
    assert case_lines(place, ON) == (line,)


def test_an_empty_register_has_no_lines(place: Place) -> None:
    assert case_lines(place, ON) == ()
