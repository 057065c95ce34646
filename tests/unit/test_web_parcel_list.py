"""The list of a register: what filters let through, steps that somebody may take, the log in words."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from zoning.errors import UsageError
from zoning.registers.entries import Due, Event
from zoning.registers.record import Record
from zoning.registers.type_workflow import State, Transition, Workflow
from zoning.registers.types import FieldSpec
from zoning.texts import Text
from zoning.web.access import Role, Who
from zoning.web.parcels.card import log_lines
from zoning.web.parcels.changing import day_of
from zoning.web.parcels.kinds import colours_of, sees_persons, steps_of
from zoning.web.parcels.listing import Filters, Line, choices, chosen, counts

ON = date(2026, 3, 10)
STATES = {name: State(title=Text(name.upper(), name), final=name == "closed") for name in ("new", "works", "closed")}


def step(source: str, target: str, *roles: str) -> Transition:
    return Transition.model_validate({"from": source, "to": target, "roles": roles})


STEPS = (step("new", "works", "restoration"), step("works", "closed", "admin"), step("works", "new"))
KIND: Any = SimpleNamespace(
    fields={
        "NAME": FieldSpec(title=Text("名称", "name")),
        "KS": FieldSpec(title=Text("矿山", "mine")),
        "MJ": FieldSpec(title=Text("面积", "area"), kind="number"),
        "LXR": FieldSpec(title=Text("联系人", "contact"), personal=True),
    },
    workflow=Workflow(states=STATES, initial="new", transitions=STEPS),
)


def due(days: int) -> Due:
    return Due("K-1", "", "", "new", "deadline", "close", Text("办结", "done"), "", ON, days)


def line(number: str = "K-1", name: str = "东沟", state: str = "new", territory: str = "140522", group: str = "东冶镇",
         days: tuple[int, ...] = (), **values: Any) -> Line:  # fmt: skip
    record = Record(number, name, territory, None, values, state)
    return Line(record, tuple(due(one) for one in days), 0, group)


LINE = line(KS="Yangcheng Coal", MJ=12.5, LXR="张三")


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("", True),
        ("  ", True),
        ("K-1", True),
        ("k-1", True),
        ("东沟", True),
        ("YANGCHENG", True),
        ("coal 东沟", True),
        ("coal 西沟", False),
        ("12.5", False),
        ("张三", False),  # personal
        ("140522", False),
        ("K-1东沟", False),
    ],
)
def test_a_search_finds_all_of_its_words_and_nothing_personal(words: str, is_found: bool) -> None:
    assert chosen([LINE], Filters(q=words), KIND) == [LINE] * is_found


@pytest.mark.parametrize(
    ("filters", "is_found"),
    [
        (Filters(), True),
        (Filters(state="new"), True),
        (Filters(state="works"), False),
        (Filters(territory="140522"), True),
        (Filters(territory="1405"), True),
        (Filters(territory="140523"), False),
        (Filters(territory="1405220"), False),
        (Filters(group="东冶镇"), True),
        (Filters(group="东冶"), False),
        (Filters(overdue=True), False),
        (Filters(q="东沟", state="new", territory="14", group="东冶镇"), True),
        (Filters(q="东沟", state="works"), False),
    ],
)
def test_every_filter_has_to_be_met(filters: Filters, is_found: bool) -> None:
    assert bool(chosen([LINE], filters, KIND)) is is_found


@pytest.mark.parametrize(
    ("days", "is_overdue"), [((), False), ((0,), False), ((5,), False), ((-1,), True), ((5, -1), True), ((-9, 3), True)]
)
def test_a_record_is_overdue_when_a_day_has_passed(days: tuple[int, ...], is_overdue: bool) -> None:
    found = line(days=days)
    assert found.is_overdue is is_overdue
    assert chosen([found], Filters(overdue=True), KIND) == [found] * is_overdue


def test_lines_keep_their_order() -> None:
    lines = [line(number) for number in ("K-3", "K-1", "K-2")]
    assert chosen(iter(lines), Filters(q="东沟"), KIND) == lines


@pytest.mark.parametrize(
    ("filters", "query"),
    [
        (Filters(), {}),
        (Filters(overdue=False, q=""), {}),
        (
            Filters("东 沟", "new", "14", "镇", overdue=True),
            {"q": "东 沟", "state": "new", "territory": "14", "group": "镇", "overdue": "1"},
        ),
        (Filters(overdue=True), {"overdue": "1"}),
    ],
)
def test_filters_become_an_address(filters: Filters, query: dict[str, str]) -> None:
    assert filters.query() == query


def test_what_can_be_chosen_is_what_records_have_each_once_in_order() -> None:
    lines = [
        line(territory="2", group="b"),
        line(territory="1", group=""),
        line(territory="", group="a"),
        line(territory="2", group="b"),
    ]
    assert choices(lines) == {"territories": ["1", "2"], "groups": ["a", "b"]}
    assert choices([]) == {"territories": [], "groups": []}


def test_records_are_counted_by_state() -> None:
    assert counts([line(), line(state="works"), line()]) == {"new": 2, "works": 1}
    assert counts([]) == {}


@pytest.mark.parametrize(
    ("state", "roles", "targets"),
    [
        ("new", ("restoration",), ["works"]),
        ("new", ("viewer",), []),
        ("new", (), []),
        ("works", ("admin",), ["closed", "new"]),
        ("works", ("viewer",), ["new"]),
        ("works", (), ["new"]),
        ("closed", ("admin", "restoration"), []),
        ("gone", ("admin",), []),
    ],
)
def test_a_step_is_offered_from_its_state_to_its_roles(state: str, roles: tuple[Role, ...], targets: list[str]) -> None:
    assert [one.target for one in steps_of(KIND, state, Who("a", roles=frozenset(roles)))] == targets


@pytest.mark.parametrize(("count", "first", "last"), [(2, "#7a1f6b", "#143f75"), (9, "#7a1f6b", "#143f75")])
def test_states_are_coloured_from_the_first_to_the_last_each_otherwise(count: int, first: str, last: str) -> None:
    states = {f"s{n}": None for n in range(count)}
    kind: Any = SimpleNamespace(workflow=SimpleNamespace(states=states))
    found = colours_of(kind)
    assert list(found) == list(states)
    assert (found["s0"], found[f"s{count - 1}"]) == (first, last)
    assert len(set(found.values())) == count


def test_a_workflow_of_one_state_has_its_colour() -> None:
    kind: Any = SimpleNamespace(workflow=SimpleNamespace(states={"only": None}))
    assert colours_of(kind) == {"only": "#7a1f6b"}


@pytest.mark.parametrize(
    ("role", "sees"),
    [("viewer", False), ("reviewer", False), ("planner", False), ("restoration", True), ("admin", True)],
)
def test_persons_are_seen_by_those_who_change_the_register(role: Role, sees: bool) -> None:
    assert sees_persons(Who("a", roles=frozenset({role}))) is sees


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-03-01", date(2026, 3, 1)), (" 2026-03-01 ", date(2026, 3, 1)), ("", ON), ("  ", ON)],
)
def test_a_day_of_a_form_is_read_or_the_usual_one(text: str, day: date) -> None:
    assert day_of(text, ON) == day


@pytest.mark.parametrize("text", ["昨天", "2026-02-30", "1.3.2026", "x" * 30])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        day_of(text, None)
    assert caught.value.text.zh == f"日期“{text[:20]}”应写成 2026-03-01"
    assert caught.value.text.en == f"write the day as 2026-03-01, not as '{text[:20]}'"


def told(action: Any, fields: Any = (), **details: Any) -> Text:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    event = Event(1, at, "anna", "", "mines", "K-1", 1, action, dict(fields), None, details, "")
    ((_, text),) = log_lines([event], KIND, Who("a"))
    return text


@pytest.mark.parametrize(
    ("action", "details", "zh", "en"),
    [
        (
            "move",
            {"from": "new", "to": "works", "on": "2026-03-02"},
            "状态：NEW → WORKS，2026-03-02",
            "state: new → works, 2026-03-02",
        ),
        (
            "move",
            {"from": "works", "to": "new", "on": "2026-03-02", "reason": "返工"},
            "状态：WORKS → NEW，2026-03-02（返工）",
            "state: works → new, 2026-03-02 (返工)",
        ),
        ("problem", {"row": {"number": 2, "what": "滑坡"}}, "登记问题 2：滑坡", "problem 2: 滑坡"),
        ("problem-closed", {"row": {"number": 2, "how": "已清"}}, "问题 2 销号：已清", "problem 2 closed: 已清"),
        ("work", {"row": {"number": 1, "measure": "覆土"}}, "计划工程 1：覆土", "work planned 1: 覆土"),
        ("work-recorded", {"row": {"number": 1, "measure": "覆土"}}, "工程完成情况 1：覆土", "work recorded 1: 覆土"),
        (
            "payment",
            {"row": {"status": "paid", "fen": 123_456_789}},
            "资金（已支付）123.456789 万元",
            "money (paid): 123.456789 × 10,000 yuan",
        ),
        (
            "payment",
            {"row": {"status": "planned", "fen": 1_234_000_000}},
            "资金（计划）1,234 万元",
            "money (planned): 1,234 × 10,000 yuan",
        ),
        (
            "payment",
            {"row": {"status": "paid", "fen": 1}},
            "资金（已支付）0.000001 万元",
            "money (paid): 0.000001 × 10,000 yuan",
        ),
        ("payment", {"row": {"status": "paid", "fen": 0}}, "资金（已支付）0 万元", "money (paid): 0 × 10,000 yuan"),
        ("attach", {"row": {"what": "gone"}}, "添加文件", "added: file"),
        ("another", {}, "another", "another"),
    ],
)
def test_each_row_of_the_log_is_a_sentence(action: str, details: dict[str, Any], zh: str, en: str) -> None:
    assert told(action, **details) == Text(zh, en)


def test_what_was_registered_and_changed_is_told_by_fields_without_persons() -> None:
    fields = {"NAME": (None, "东沟"), "LXR": (None, "张三")}
    assert told("create", fields) == Text("登记：名称“东沟”、联系人", "registered: name '东沟', contact")
    assert told("set", {"NAME": ("东沟", "西沟")}) == Text("修改：名称“西沟”", "changed: name '西沟'")
