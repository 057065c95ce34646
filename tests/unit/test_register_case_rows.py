"""Rows of a case over a database: one transaction each, whole in the log, nothing twice."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from register_backends import BACKENDS, address_of, server_url
from zoning.errors import ContentError, UsageError
from zoning.registers.case_changes import change_case, create_case, next_number
from zoning.registers.case_notes import add_note
from zoning.registers.case_notices import NewNotice, notice, see_notice
from zoning.registers.case_overrides import answer_override, propose_override
from zoning.registers.case_rows import CaseConflictError, CaseParts, case_parts, last_verdicts
from zoning.registers.case_verdicts import NewVerdict, add_verdict
from zoning.registers.entries import Stamp
from zoning.registers.files import keep_copy
from zoning.registers.place import Place
from zoning.registers.store import Store, open_store
from zoning.registers.types import read_register_types
from zoning.workspace import builtin_root

TYPES = read_register_types(builtin_root())
ANNA, BO = (Stamp(name, datetime(2026, 3, 2, 1, tzinfo=UTC)) for name in ("anna", "bo"))
CHANGES = ({"what": "decision", "before": "permitted", "after": "prohibited"},)


@pytest.fixture(scope="module")
def server(unavailable: Callable[[str, str], NoReturn]) -> Iterator[str]:
    """Yield the URL of a database server."""
    yield from server_url(unavailable)


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Yield a fresh register, in a file and on a server."""
    with (
        address_of(request.param, tmp_path, lambda: request.getfixturevalue("server")) as address,
        open_store(address, TYPES, create=True, files=tmp_path / "files") as found,
    ):
        yield found


def at(store: Store) -> Place:
    return Place(store.database, TYPES["cases"], store.files)


def done(store: Store, act: Callable[[Connection, Place], Any]) -> Any:
    with store.database.writing() as connection:
        return act(connection, at(store))


def parts(store: Store, case: str) -> CaseParts:
    with store.database.reading() as connection:
        return case_parts(connection, at(store), case)


def verdict(store: Store, decision: str = "permitted", content: str = "{}") -> NewVerdict:
    path = Path(str(store.files)) / "verdict.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    copy = keep_copy(store.files, path)
    return NewVerdict("S1", decision, date(2026, 3, 2), copy, "b" * 64, {"a": "x"}, {"rules": "r"}, "first")


def made(store: Store) -> str:
    return str(done(store, lambda c, p: create_case(c, p, "", {"XMMC": "甲"}, ANNA, verdict=verdict(store))))


def test_a_case_and_its_verdict_come_together_or_not_at_all(store: Store) -> None:
    wrong = verdict(store, "allowed")
    with pytest.raises(UsageError, match="there is no decision 'allowed'"):
        done(store, lambda c, p: create_case(c, p, "", {"XMMC": "甲"}, ANNA, verdict=wrong))
    assert list(store.register("cases").records()) == []
    with pytest.raises(ContentError, match="XMMC: it is required and has no value"):
        done(store, lambda c, p: create_case(c, p, "", {"SQR": "乙"}, ANNA))
    assert made(store) == "2026-0001"
    assert [one.decision for one in parts(store, "2026-0001").verdicts] == ["permitted"]
    assert store.verify().is_whole


def test_numbers_go_on_after_the_highest_of_the_year(store: Store) -> None:
    for number in ("2026-0009", "2025-0100", "2026-abc", "晋2026-0500", "2026-12345"):
        with store.database.writing() as connection:
            create_case(connection, at(store), number, {"XMMC": "甲"}, ANNA)
    assert done(store, lambda c, p: next_number(c, p, 2026)) == "2026-12346"
    assert done(store, lambda c, p: next_number(c, p, 2025)) == "2025-0101"
    assert done(store, lambda c, p: next_number(c, p, 2024)) == "2024-0001"
    with pytest.raises(CaseConflictError, match="the case number 2026-0009 is taken"):
        done(store, lambda c, p: create_case(c, p, "2026-0009", {"XMMC": "甲"}, ANNA))


def test_whoever_read_an_older_state_changes_nothing(store: Store) -> None:
    case = made(store)
    done(store, lambda c, p: change_case(c, p, case, {"DZ": "东"}, ANNA, version=1))
    told = "since you opened it, anna changed it at 2026-03-02 09:00:00; nothing of yours was written"
    with pytest.raises(CaseConflictError, match=told):
        done(store, lambda c, p: change_case(c, p, case, {"DZ": "西"}, BO, version=1))
    done(store, lambda c, p: add_verdict(c, p, case, verdict(store), BO, seen=1))
    with pytest.raises(CaseConflictError, match="bo changed it"):
        done(store, lambda c, p: add_verdict(c, p, case, verdict(store), ANNA, seen=1))
    assert [one.number for one in parts(store, case).verdicts] == [1, 2]
    assert CaseConflictError.http_status == 409


def test_nobody_confirms_his_own_override(store: Store) -> None:
    case = made(store)
    done(store, lambda c, p: propose_override(c, p, case, "prohibited", "从严", ANNA, verdict=1))
    for state in ("confirmed", "refused"):
        with (
            pytest.raises(UsageError, match="an override is confirmed or refused by a second person"),
            store.database.writing() as connection,
        ):
            answer_override(connection, at(store), case, 1, state, "好", ANNA)
    with pytest.raises(UsageError, match="withdrawn by the one who proposed it"):
        done(store, lambda c, p: answer_override(c, p, case, 1, "withdrawn", "", BO))
    with pytest.raises(UsageError, match="there is no answer 'lapsed'"):
        done(store, lambda c, p: answer_override(c, p, case, 1, "lapsed", "", BO))
    done(store, lambda c, p: answer_override(c, p, case, 1, "confirmed", "", BO))
    found = parts(store, case)
    assert found.standing is not None
    assert (found.standing.proposed_by, found.standing.answered_by) == ("anna", "bo")
    assert found.last is not None
    assert found.last.decision == "permitted"  # what was computed stays what it is
    with pytest.raises(CaseConflictError):
        done(store, lambda c, p: answer_override(c, p, case, 1, "refused", "不", BO))
    done(store, lambda c, p: add_verdict(c, p, case, verdict(store), BO, seen=1))
    assert parts(store, case).standing is None
    assert store.verify().is_whole


def test_the_same_difference_is_noticed_once(store: Store) -> None:
    case = made(store)
    new = NewNotice({"zh": "变", "en": "changed"}, 1, "permitted", "prohibited", "d" * 64, CHANGES)
    assert done(store, lambda c, p: notice(c, p, case, new, ANNA)) == 1
    assert done(store, lambda c, p: notice(c, p, case, new, ANNA)) is None
    done(store, lambda c, p: see_notice(c, p, case, 1, "知道了", BO))
    assert done(store, lambda c, p: notice(c, p, case, new, ANNA)) is None
    other = NewNotice(new.cause, 1, "permitted", "restricted", "e" * 64, ({"what": "decision", "after": "restricted"},))
    assert done(store, lambda c, p: notice(c, p, case, other, ANNA)) == 2
    nothing = NewNotice({}, 1, "permitted", "permitted", "", ())
    assert done(store, lambda c, p: notice(c, p, case, nothing, ANNA)) is None
    assert parts(store, case).open_notices == ()
    # A notice of a verdict that is not the latest any more is none.
    done(store, lambda c, p: add_verdict(c, p, case, verdict(store), BO, seen=1))
    assert done(store, lambda c, p: notice(c, p, case, other, ANNA)) is None
    assert [one.text for one in parts(store, case).notes] == ["变化提示 1 · notice 1：知道了"]
    with pytest.raises(CaseConflictError):
        done(store, lambda c, p: see_notice(c, p, case, 1, "再", BO))
    assert store.verify().is_whole


@pytest.mark.parametrize(
    ("table", "column", "word"),
    [
        ("register_verdict", "decision", "verdict"),
        ("register_note", "text", "note"),
        ("register_override", "state", "override"),
        ("register_notice", "after", "notice"),
    ],
)
def test_a_row_that_somebody_rewrites_is_found(store: Store, table: str, column: str, word: str) -> None:
    case = made(store)
    done(store, lambda c, p: add_note(c, p, case, "第一\n第二", ANNA))
    done(store, lambda c, p: propose_override(c, p, case, "prohibited", "从严", ANNA, verdict=1))
    new = NewNotice({}, 1, "permitted", "prohibited", "", CHANGES)
    done(store, lambda c, p: notice(c, p, case, new, ANNA))
    assert store.verify().is_whole
    done(store, lambda c, _: c.execute(text(f"UPDATE {table} SET {column} = 'x'")))  # noqa: S608 - names of this test
    assert [fault.text.en for fault in store.verify().faults] == [f"{case}: {word} 1 is not as the log says"]


def test_the_document_of_a_verdict_is_compared_byte_by_byte(store: Store) -> None:
    case = made(store)
    found = parts(store, case).last
    assert found is not None
    path = Path(str(store.files)) / found.document[:2] / f"{found.document}.json"
    path.chmod(0o644)
    path.write_text('{"decision": "permitted"}', encoding="utf-8")
    (fault,) = store.verify().faults
    assert "was changed" in fault.text.en


@settings(max_examples=10, deadline=None)
@given(steps=st.lists(st.sampled_from(["facts", "propose", "confirmed", "refused", "withdrawn"]), max_size=12))
def test_however_people_go_about_it_one_override_at_most_waits(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("o")
    with open_store(str(folder / "r.sqlite"), TYPES, create=True, files=folder / "files") as store:
        case, verdicts = made(store), 1
        waits, standing = False, False
        for step in steps:
            count = len(parts(store, case).overrides)
            try:
                with store.database.writing() as connection:
                    if step == "facts":
                        add_verdict(connection, at(store), case, verdict(store), BO, seen=verdicts)
                    elif step == "propose":
                        propose_override(connection, at(store), case, "restricted", "因", ANNA, verdict=verdicts)
                    else:
                        who = ANNA if step == "withdrawn" else BO
                        answer_override(connection, at(store), case, max(count, 1), step, "因", who)
                verdicts += step == "facts"
                waits = step == "propose"
                standing = step == "confirmed" or (standing and step != "facts")
            except (UsageError, CaseConflictError):
                assert (step == "propose") == waits
            found = parts(store, case)
            assert (found.waiting is not None) == waits
            assert (found.standing is not None) == standing
            assert sum(one.state == "proposed" for one in found.overrides) <= 1
        with store.database.reading() as connection:
            assert last_verdicts(connection, at(store))[case].number == verdicts
        assert store.verify().is_whole
