"""On which day something is due, soon or overdue, and for which records: an obligation is never overlooked."""

from datetime import date, timedelta
from typing import Any

import pytest

from register_world import pits, text
from zoning.citations import Citation
from zoning.registers.deadlines import WARN_DAYS, DueList, Step
from zoning.registers.entries import Due, Problem, Work
from zoning.registers.record import Record, Value
from zoning.registers.types import RegisterType

FIRST = date(2026, 1, 5)
DAY = date(2026, 6, 1)
CITED = {"document": "plan", "section": "第三章"}


def kind(**deadlines: dict[str, Any]) -> RegisterType:
    """Return pits with these deadlines alone."""
    return pits(deadlines={key: {"title": text(key), **stated} for key, stated in deadlines.items()})


def pit(state: str = "found", territory: str = "140522") -> Record:
    return Record("P1", "一号坑", territory, None, {}, state, FIRST, 1)


def problem(number: int, deadline: date | None, closed: date | None = None) -> Problem:
    return Problem(number, "裂缝", "", FIRST, deadline, "张三", closed, "", "", ())


def work(number: int, end: date | None, done: date | None = None) -> Work:
    return Work(number, "", "覆土", "m³", None, FIRST, end, None, None, done, 1)


def due_in(days: int) -> date:
    return DAY + timedelta(days)


def listed(of: RegisterType, record: Record, *states: str) -> list[str]:
    return [due.key for due in DueList(of, DAY).of(record, [Step(state, FIRST) for state in states or ("found",)])]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-400, "overdue"), (-1, "overdue"), (0, "soon"), (1, "soon"), (90, "soon"), (91, None)],
)
def test_without_a_word_a_deadline_is_listed_90_days_before(days: int, expected: str | None) -> None:
    found = DueList(kind(a={"reach": "done", "by": due_in(days)}), DAY).of(pit(), [Step("found", FIRST)])
    assert [due.status for due in found] == ([] if expected is None else [expected])


def test_all_that_is_known_of_a_deadline_is_told() -> None:
    of = kind(a={"reach": "done", "by": due_in(5), "citation": CITED})
    assert DueList(of, DAY).of(pit("planned"), [Step("planned", FIRST)]) == [
        Due(
            "P1", "一号坑", "140522", "planned", "deadline", "a", of.deadlines["a"].title,
            reach="done", by=due_in(5), days=5, citation=Citation(document="plan", section="第三章"), unknown=(),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "is_due"),
    [("found", True), ("surveyed", True), ("planned", False), ("works", False), ("done", False), ("closed", False)],
)
def test_what_has_reached_its_state_or_lies_behind_it_is_not_due(state: str, is_due: bool) -> None:
    of = kind(a={"reach": "planned", "by": DAY})
    assert listed(of, pit(state), state) == (["a"] if is_due else [])


def test_a_record_in_a_state_that_the_type_no_longer_has_stays_listed() -> None:
    assert listed(kind(a={"reach": "planned", "by": DAY}), pit("melted"), "melted") == ["a"]


@pytest.mark.parametrize(
    ("territories", "territory", "is_due"),
    [
        (["CN"], "140522", True),
        (["14"], "140522", True),
        (["1405"], "140522", True),
        (["140522"], "140522", True),
        (["140502", "140522"], "140522", True),
        (["140502"], "140522", False),
        (["140522"], "1405", False),
        (["140522"], "", True),  # nobody knows where it lies
    ],
)
def test_a_deadline_is_for_the_territories_below_its_own(territories: list[str], territory: str, is_due: bool) -> None:
    of = kind(a={"reach": "done", "by": DAY, "territories": territories})
    assert listed(of, pit(territory=territory)) == (["a"] if is_due else [])


@pytest.mark.parametrize(
    ("wanted", "values", "is_due"),
    [
        ({"CLASS": ["A"]}, {"CLASS": "A"}, True),
        ({"CLASS": ["A"]}, {"CLASS": "B"}, False),
        ({"CLASS": ["A", "B"]}, {"CLASS": "B"}, True),
        ({"HARM": ["1", "2"]}, {"HARM": ("2", "3")}, True),
        ({"HARM": ["1"]}, {"HARM": ("2", "3")}, False),
        ({"WET": ["true"]}, {"WET": True}, True),
        ({"WET": ["true"]}, {"WET": False}, False),
        ({"WET": ["false"]}, {"WET": False}, True),
        ({"YEAR": ["2019"]}, {"YEAR": 2019}, True),
        ({"YEAR": ["2019"]}, {"YEAR": 2020}, False),
        ({"CLASS": ["A"], "YEAR": ["2019"]}, {"CLASS": "A", "YEAR": 2020}, False),
        ({"CLASS": ["A"], "YEAR": ["2019"]}, {"CLASS": "B", "YEAR": 2019}, False),
        ({"CLASS": ["A"], "YEAR": ["2019"]}, {"YEAR": 2020}, False),
        ({"CLASS": ["A"], "YEAR": ["2019"]}, {"YEAR": 2019}, True),  # the class could still be A
    ],
)
def test_a_deadline_is_for_records_with_its_values(
    wanted: dict[str, list[str]], values: dict[str, Value], is_due: bool
) -> None:
    of = kind(a={"reach": "done", "by": DAY, "values": wanted})
    assert listed(of, Record("P1", "", "140522", None, values, "found", FIRST)) == (["a"] if is_due else [])


@pytest.mark.parametrize(
    ("territories", "territory", "values", "unknown"),
    [
        (["140522"], "140522", {"CLASS": "A", "YEAR": 2019}, ()),
        (["140522"], "140522", {"YEAR": 2019}, ("CLASS",)),
        (["140522"], "", {"CLASS": "A"}, ("COUNTY", "YEAR")),
        (["CN"], "", {"CLASS": "A"}, ("YEAR",)),  # it holds everywhere: the territory decides nothing
        (["14", "CN"], "", {"CLASS": "A", "YEAR": 2019}, ()),
    ],
)
def test_what_would_decide_and_is_not_known_is_named(
    territories: list[str], territory: str, values: dict[str, Value], unknown: tuple[str, ...]
) -> None:
    stated = {"reach": "done", "by": DAY, "territories": territories, "values": {"CLASS": ["A"], "YEAR": ["2019"]}}
    (due,) = DueList(kind(a=stated), DAY).of(
        Record("P1", "", territory, None, values, "found", FIRST), [Step("found", FIRST)]
    )
    assert due.unknown == unknown


def test_a_type_without_a_field_for_the_territory_calls_it_territory() -> None:
    stated = {"a": {"title": text("a"), "reach": "done", "by": DAY, "territories": ["140522"]}}
    of = pits(territory_field=None, deadlines=stated)
    (due,) = DueList(of, DAY).of(pit(territory=""), [Step("found", FIRST)])
    assert due.unknown == ("territory",)


def test_days_count_from_the_earliest_of_several_states() -> None:
    of = kind(a={"reach": "closed", "days_after": {"surveyed": 100, "planned": 10}, "warn_days": 1000})
    steps = [Step("found", FIRST), Step("surveyed", FIRST), Step("planned", FIRST + timedelta(20))]
    (due,) = DueList(of, DAY).of(pit("planned"), steps)
    assert due.by == FIRST + timedelta(30)


def test_days_after_a_state_that_was_not_reached_do_not_count() -> None:
    of = kind(a={"reach": "closed", "days_after": {"works": 1}})
    assert listed(of, pit("planned"), "found", "surveyed", "planned") == []


def test_a_state_that_was_reached_twice_counts_from_the_later_day() -> None:
    reached = DueList(kind(), DAY).reached([Step("works", FIRST), Step("done", DAY), Step("works", DAY)])
    assert reached == {"works": DAY}


def test_a_step_into_a_state_that_is_not_known_takes_nothing_away() -> None:
    assert DueList(kind(), DAY).reached([Step("works", FIRST), Step("melted", DAY)]) == {
        "works": FIRST,
        "melted": DAY,
    }


def test_problems_and_works_are_warned_of_30_days_before() -> None:
    assert WARN_DAYS == 30
    problems = [problem(number, due_in(days)) for number, days in ((1, -1), (2, 0), (3, 30), (4, 31))]
    works = [work(number, due_in(days)) for number, days in ((1, -1), (2, 0), (3, 30), (4, 31))]
    found = DueList(kind(), DAY).of(pit(), [], problems, works)
    assert [(due.cause, due.key, due.days) for due in found] == [
        ("problem", "1", -1), ("problem", "2", 0), ("problem", "3", 30),
        ("work", "1", -1), ("work", "2", 0), ("work", "3", 30),
    ]  # fmt: skip


def test_a_problem_and_a_work_are_titled_with_what_they_are() -> None:
    one, other = DueList(kind(), DAY).of(pit(), [], [problem(1, DAY)], [work(1, DAY)])
    assert (one.title.zh, one.title.en) == ("问题：裂缝", "problem: 裂缝")
    assert (other.title.zh, other.title.en) == ("工程：覆土", "work: 覆土")
    assert [(due.reach, due.citation, due.unknown) for due in (one, other)] == [("", None, ())] * 2


def test_what_is_closed_finished_or_has_no_day_is_left_out() -> None:
    problems = [problem(1, DAY, closed=DAY), problem(2, None)]
    works = [work(1, DAY, done=DAY), work(2, None)]
    assert DueList(kind(), DAY).of(pit(), [], problems, works) == []


def test_nothing_is_due_of_a_record_in_a_final_state() -> None:
    of = kind(a={"reach": "done", "by": DAY})
    assert DueList(of, DAY).of(pit("closed"), [], [problem(1, DAY)], [work(1, DAY)]) == []


def test_deadlines_stand_in_the_order_of_the_type_before_problems_and_works() -> None:
    of = kind(z={"reach": "done", "by": DAY}, a={"reach": "planned", "by": due_in(-9)})
    found = DueList(of, DAY).of(pit(), [], [problem(1, due_in(-99))], [])
    assert [due.key for due in found] == ["z", "a", "1"]
