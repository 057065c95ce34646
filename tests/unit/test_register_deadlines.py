"""What is overdue or due soon: dates of documents, days after a state, problems, works."""

from datetime import date, timedelta
from pathlib import Path

from register_world import NOW, TODAY, by, new, opened, pits
from zoning.registers.deadlines import DueList, Step
from zoning.registers.record import Record
from zoning.registers.workflow import states_after

KIND = pits()
FIRST = date(2026, 1, 5)


def keys(record: Record, steps: list[Step], on: date) -> list[tuple[str, int, str]]:
    return [(due.key, due.days, due.status) for due in DueList(KIND, on).of(record, steps)]


def pit(state: str, territory: str = "140522", code: str | None = "A") -> Record:
    values = {} if code is None else {"CLASS": code}
    return Record("P1", "pit", territory, None, values, state, FIRST, 1)


def test_states_ahead_do_not_count_the_way_back() -> None:
    after = states_after(KIND.workflow)
    assert after["planned"] == {"works", "done", "closed"}
    assert after["closed"] == frozenset()
    assert after["found"] == {"surveyed", "planned", "works", "done", "closed"}


def test_the_day_itself_is_not_overdue() -> None:
    found = [Step("found", FIRST)]
    # 2026-12-31 is 300 days after 2026-03-06: listed from that day on.
    assert keys(pit("found", "150000"), found, date(2026, 3, 5)) == []
    assert keys(pit("found", "150000"), found, date(2026, 3, 6)) == [("all", 300, "soon")]
    assert keys(pit("found", "150000"), found, date(2026, 12, 31)) == [("all", 0, "soon")]
    assert keys(pit("found", "150000"), found, date(2027, 1, 1)) == [("all", -1, "overdue")]


def test_a_deadline_holds_in_its_territory_and_for_its_values() -> None:
    found, day = [Step("found", FIRST)], date(2026, 3, 2)
    assert keys(pit("found"), found, day) == [("county", -1, "overdue")]
    assert keys(pit("found", "140502"), found, day) == []
    assert keys(pit("found", code="B"), found, day) == []
    # What is not known could still be meant.
    assert keys(pit("found", "", None), found, day) == [("county", -1, "overdue")]
    (due,) = DueList(KIND, day).of(pit("found", "", None), found)
    assert due.unknown == ("COUNTY", "CLASS")
    (due,) = DueList(KIND, day).of(pit("found"), found)
    assert due.unknown == ()
    # Reached, or passed.
    assert keys(pit("planned"), found, day) == []
    assert keys(pit("works"), found, day) == []


def test_days_after_a_state_begin_anew_when_it_is_reached_again() -> None:
    steps = [Step("found", FIRST), Step("surveyed", FIRST), Step("planned", FIRST), Step("works", FIRST)]
    due = FIRST + timedelta(30)
    assert keys(pit("works"), steps, due - timedelta(11)) == []
    assert keys(pit("works"), steps, due - timedelta(10)) == [("after", 10, "soon")]
    assert keys(pit("works"), steps, due + timedelta(1)) == [("after", -1, "overdue")]
    # Done and back: the days count from the return.
    back = [*steps, Step("done", FIRST + timedelta(5)), Step("works", FIRST + timedelta(20))]
    assert keys(pit("works"), back, due + timedelta(10)) == [("after", 10, "soon")]
    # Back before the state: it is not reached any more.
    far = [*steps, Step("planned", FIRST + timedelta(20))]
    assert DueList(KIND, FIRST).reached(far) == {
        "found": FIRST,
        "surveyed": FIRST,
        "planned": FIRST + timedelta(20),
    }


def test_nothing_is_due_of_what_is_closed() -> None:
    assert keys(pit("closed"), [Step("found", FIRST)], date(2030, 1, 1)) == []


def test_the_list_of_a_register_has_problems_and_works_as_well(tmp_path: Path) -> None:
    proof = tmp_path / "proof.txt"
    proof.write_text("proof", encoding="utf-8")
    with opened(str(tmp_path / "r.sqlite"), tmp_path / "files") as (_, register):
        register.apply([new("P1"), new("P2", territory="140502", name="")], by())
        for days in (0, 30, 31):
            register.add_problem("P2", f"in {days}", found=FIRST, deadline=TODAY + timedelta(days), stamp=by())
        register.close_problem("P2", 1, on=TODAY, how="done", evidence=[proof], stamp=by())
        register.plan_work("P2", "soil", end=TODAY - timedelta(2), stamp=by())
        register.plan_work("P2", "walls", end=TODAY - timedelta(2), stamp=by())
        register.record_work("P2", 2, begin=FIRST, end=TODAY, version=1, stamp=by())
        listed = [(due.record, due.cause, due.key, due.days, due.title.en) for due in register.due(TODAY)]
        assert listed == [
            ("P1", "deadline", "county", -9, "county"),
            ("P2", "work", "1", -2, "work: soil"),
            ("P2", "problem", "2", 30, "problem: in 30"),
            ("P1", "deadline", "all", 296, "all done"),
            ("P2", "deadline", "all", 296, "all done"),
        ]
        assert {due.record for due in register.due(TODAY, territory="140502")} == {"P2"}
        assert by(at=NOW).day == TODAY
