"""Cases on their way: who may register one from a check, who may take which step, what has to be there to decide."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from quick_office import NOON, forget, stamp
from zoning.errors import UsageError
from zoning.registers.canonical import moment
from zoning.registers.case_overrides import answer_override, propose_override
from zoning.registers.case_rows import CaseConflictError
from zoning.registers.case_verdicts import NewVerdict, add_verdict
from zoning.registers.files import keep_copy
from zoning.registers.place import Place, stored_record
from zoning.registers.schema_server import StoredCheck, StoredDelivery, StoredHook
from zoning.registers.store import Store, open_store
from zoning.registers.types import read_register_types
from zoning.web.access import Role, Who
from zoning.web.cases.moving import RESERVED, check_of, move_case, register_case
from zoning.web.cases.place import case_place
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.web.settings import ServerSettings
from zoning.workspace import builtin_root

TYPES = read_register_types(builtin_root())
DAY = date(2026, 3, 2)
ANNA = Who("anna", roles=frozenset({"reviewer"}))


def who(name: str, *roles: Role) -> Who:
    return Who(name, roles=frozenset(roles))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("moving")
    with open_store(str(folder / "r.sqlite"), TYPES, create=True, files=folder / "files") as found:
        yield found


@pytest.fixture
def server(store: Store, tmp_path: Path) -> Server:
    forget(store.database)
    files = Path(str(store.files))
    settings = ServerSettings(tmp_path / "workspace", "", files, tmp_path / "state")
    nothing: Any = None
    return Server(settings, store, nothing, nothing, nothing, nothing, lambda: NOON)


@pytest.fixture
def place(server: Server) -> Place:
    return case_place(server)


@pytest.fixture
def case(server: Server) -> str:
    """Return a case without a verdict."""
    return register_case(server, ANNA, "", {"XMMC": "甲"}, None)


def checked(place: Place, case: str, seen: int = 0) -> None:
    path = Path(str(place.files)) / "v.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    new = NewVerdict("S1", "restricted", DAY, keep_copy(place.files, path), "b", {}, {}, "first")
    with place.database.writing() as connection:
        add_verdict(connection, place, case, new, stamp("anna"), seen=seen)


def proposed(place: Place, case: str) -> None:
    with place.database.writing() as connection:
        propose_override(connection, place, case, "prohibited", "从严", stamp("anna"), verdict=1)


def state_of(place: Place, case: str) -> tuple[str, int]:
    with place.database.reading() as connection:
        row = stored_record(connection, place, case)
    return row["state"], row["version"]


def add_hook(place: Place) -> None:
    with place.database.writing() as connection:
        connection.execute(delete(StoredHook))
        told = json.dumps({"title": "t", "events": ["case.decided"], "private": False})
        values = {"id": "h1", "url": "https://a.example", "secret": "s", "active": True, "created_by": "setup"}
        connection.execute(insert(StoredHook).values(**values, created=moment(NOON), events=told))


def messages(place: Place) -> list[dict[str, Any]]:
    with place.database.reading() as connection:
        return [json.loads(one) for one in connection.execute(select(StoredDelivery.payload)).scalars()]


@pytest.mark.parametrize(
    ("asks", "shared", "found"),
    [
        (who("anna", "viewer"), False, True),
        (who("bo", "viewer"), True, True),
        (who("bo", "viewer"), False, False),
        # Whoever reviews may look at a check, but takes only what was handed to the office for a case.
        (who("bo", "reviewer", "admin"), False, False),
    ],
)
def test_a_case_is_made_of_ones_own_check_or_of_a_shared_one(
    server: Server, asks: Who, shared: bool, found: bool
) -> None:
    row = dict.fromkeys(("answer", "decision", "error", "previous"), "") | {"request": "{}", "facts": "{}"}
    values = {"id": "c1", "account": "anna", "at": moment(NOON), "title": "a", "day": DAY, "state": "done"}
    with server.store.database.writing() as connection:
        connection.execute(insert(StoredCheck).values(**row, **values, shared=shared))
    if found:
        assert check_of(server, asks, "c1").id == "c1"
        return
    with pytest.raises(Refused) as refused:
        check_of(server, asks, "c1")
    assert (refused.value.status, refused.value.text.zh) == (404, "没有这次检查")


def test_there_is_no_case_of_a_check_that_is_not_there(server: Server) -> None:
    with pytest.raises(Refused) as refused:
        check_of(server, ANNA, "none")
    assert (refused.value.status, refused.value.text.en) == (404, "there is no such check")


@pytest.mark.parametrize("number", RESERVED)
def test_an_address_of_the_pages_is_no_number(server: Server, number: str) -> None:
    with pytest.raises(CaseConflictError) as refused:
        register_case(server, ANNA, number, {"XMMC": "甲"}, None)
    assert refused.value.text.zh == f"案件编号 {number} 不能用"
    assert refused.value.text.en == f"the case number {number} cannot be used"


def test_a_case_begins_in_the_first_state_with_the_number_that_was_asked_for(server: Server, place: Place) -> None:
    assert register_case(server, ANNA, "晋-1", {"XMMC": "甲"}, None) == "晋-1"
    assert state_of(place, "晋-1") == ("received", 1)


def test_a_step_brings_a_case_on_and_counts_its_version(server: Server, place: Place, case: str) -> None:
    assert move_case(server, ANNA, case, "checking", version=1) == 2
    assert state_of(place, case) == ("checking", 2)


@pytest.mark.parametrize("version", [0, 2])
def test_whoever_read_another_version_moves_nothing(server: Server, place: Place, case: str, version: int) -> None:
    with pytest.raises(CaseConflictError, match="anna changed it"):
        move_case(server, ANNA, case, "checking", version=version)
    assert state_of(place, case) == ("received", 1)


@pytest.mark.parametrize("to", ["decided", "conferring", "received", "nowhere", ""])
def test_a_step_that_the_workflow_does_not_have_is_refused(server: Server, place: Place, case: str, to: str) -> None:
    checked(place, case)
    with pytest.raises(UsageError):
        move_case(server, ANNA, case, to, version=1)
    assert state_of(place, case) == ("received", 1)


@pytest.mark.parametrize(
    ("roles", "may"),
    [
        (("reviewer",), True),
        (("admin",), True),
        (("viewer", "admin"), True),
        (("viewer",), False),
        (("planner", "restoration"), False),
        ((), False),
    ],
)
def test_a_step_is_taken_in_a_role_that_it_is_for(
    server: Server, place: Place, case: str, roles: tuple[Role, ...], may: bool
) -> None:
    if may:
        assert move_case(server, who("bo", *roles), case, "checking", version=1) == 2
        return
    with pytest.raises(UsageError):
        move_case(server, who("bo", *roles), case, "checking", version=1)
    assert state_of(place, case) == ("received", 1)


def test_a_step_back_has_a_reason(server: Server, case: str) -> None:
    move_case(server, ANNA, case, "checking", version=1)
    with pytest.raises(UsageError):
        move_case(server, ANNA, case, "incomplete", version=2)
    assert move_case(server, ANNA, case, "incomplete", version=2, reason="缺边界") == 3


@pytest.fixture
def ready(server: Server, place: Place, case: str) -> str:
    """Return a case in the state before the last, with a verdict."""
    checked(place, case)
    move_case(server, ANNA, case, "checking", version=1)
    return case


def test_a_case_without_a_verdict_is_not_decided(server: Server, place: Place, case: str) -> None:
    move_case(server, ANNA, case, "checking", version=1)
    with pytest.raises(UsageError) as refused:
        move_case(server, ANNA, case, "decided", version=2)
    assert refused.value.text.zh == "没有研判结论的案件不能办结"
    assert refused.value.text.en == "a case without a verdict cannot be decided"
    assert state_of(place, case) == ("checking", 2)
    assert move_case(server, ANNA, case, "withdrawn", version=2) == 3


def test_a_case_whose_override_waits_is_not_decided(server: Server, place: Place, ready: str) -> None:
    proposed(place, ready)
    with pytest.raises(UsageError) as refused:
        move_case(server, ANNA, ready, "decided", version=2)
    assert refused.value.text.zh == "人工改判尚待第二人复核，不能办结"
    assert refused.value.text.en == "an override waits for a second person: not decided yet"
    assert state_of(place, ready) == ("checking", 2)
    assert move_case(server, ANNA, ready, "conferring", version=2) == 3


@pytest.mark.parametrize(("answer", "overridden"), [("", None), ("refused", None), ("confirmed", "prohibited")])
def test_a_decided_case_is_told_with_what_was_computed_and_what_stands(
    server: Server, place: Place, ready: str, answer: str, overridden: str | None
) -> None:
    add_hook(place)
    if answer:
        proposed(place, ready)
        with place.database.writing() as connection:
            answer_override(connection, place, ready, 1, answer, "因", stamp("bo"))
    assert move_case(server, ANNA, ready, "decided", version=2) == 3
    (told,) = messages(place)
    assert told["type"] == "case.decided"
    document = told["data"].pop("document")
    assert len(document) == 64
    assert told["data"] == {
        "case": ready,
        "version": 3,
        "state": "decided",
        "decision": "restricted",
        "day": "2026-03-02",
        "verdict": 1,
        "overridden": overridden,
    }


def test_other_steps_are_told_to_nobody(server: Server, place: Place, ready: str) -> None:
    add_hook(place)
    move_case(server, ANNA, ready, "conferring", version=2)
    assert messages(place) == []


def test_a_refused_decision_is_told_to_nobody(server: Server, place: Place, ready: str) -> None:
    add_hook(place)
    with pytest.raises(UsageError):
        move_case(server, who("bo", "viewer"), ready, "decided", version=2)
    assert messages(place) == []
