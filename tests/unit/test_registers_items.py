"""Problems, works and money of a record: what is taken, what is refused, and what the log keeps of each."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from both_languages import both
from quick_register import logged, office, place_of, proof_in, rows
from register_world import TODAY, by, new
from zoning.errors import ContentError, UsageError
from zoning.registers.entries import Payment, Problem, Work
from zoning.registers.items import all_items
from zoning.registers.store import Register, Store

YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)
Office = tuple[Store, Register]
FUTURE = ("日期 2026-03-11 在将来", "the day 2026-03-11 lies in the future")


@pytest.fixture
def pits(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as found:
        found[1].apply([new("P1"), new("P2")], by())
        yield found


@pytest.fixture
def register(pits: Office) -> Register:
    return pits[1]


@pytest.mark.parametrize(
    "call",
    [
        lambda register: register.problems("P9"),
        lambda register: register.works("P9"),
        lambda register: register.payments("P9"),
        lambda register: register.attachments("P9"),
        lambda register: register.history("P9"),
        lambda register: register.add_problem("P9", "x", found=TODAY, stamp=by()),
        lambda register: register.plan_work("P9", "x", stamp=by()),
        lambda register: register.record_work("P9", 1, version=1, stamp=by()),
        lambda register: register.add_payment("P9", "x", Decimal(1), status="paid", on=TODAY, stamp=by()),
        lambda register: register.move("P9", "surveyed", on=TODAY, stamp=by(), version=1),
    ],
)
def test_a_record_that_is_not_there_is_named(register: Register, call: Callable[[Register], object]) -> None:
    assert both(lambda: call(register), UsageError) == ("矿坑中没有“P9”", "there is no 'P9' in the register pits")


def test_a_problem_is_kept_as_it_was_told(register: Register) -> None:
    told: dict[str, Any] = {"found": YESTERDAY, "deadline": TOMORROW, "source": " 卫星影像 "}
    assert register.add_problem("P1", " 边坡开裂 ", stamp=by("李四"), **told) == 1
    assert register.problems("P1") == (
        Problem(1, "边坡开裂", "卫星影像", YESTERDAY, TOMORROW, "李四", None, "", "", ()),
    )
    assert register.problems("P2") == ()


def test_numbers_count_by_record(register: Register) -> None:
    told = [register.add_problem(record, "x", found=TODAY, stamp=by()) for record in ("P1", "P1", "P2", "P1")]
    assert told == [1, 2, 1, 3]
    assert [problem.number for problem in register.problems("P1")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        ({"found": TOMORROW}, *FUTURE),
        (
            {"found": TODAY, "deadline": YESTERDAY},
            "期限 2026-03-09 早于发现日期 2026-03-10",
            "the deadline 2026-03-09 is before 2026-03-10, when it was found",
        ),
        (
            {"what": " "},
            "问题内容不能为空，不能含控制字符",
            "the problem must not be empty or have control characters",
        ),
        (
            {"what": "a\x00b"},
            "问题内容不能为空，不能含控制字符",
            "the problem must not be empty or have control characters",
        ),
        ({"source": "\x01"}, "来源不能为空，不能含控制字符", "the source must not be empty or have control characters"),
        ({"stamp": by(" ")}, "必须写明操作人", "it has to be said who does this"),
    ],
)
def test_a_problem_that_cannot_be_meant_is_refused(pits: Office, told: dict[str, Any], zh: str, en: str) -> None:
    store, register = pits
    before = len(logged(store))
    stated: dict[str, Any] = {"what": "x", "found": TODAY, "stamp": by(), **told}
    what = stated.pop("what")
    assert both(lambda: register.add_problem("P1", what, **stated), UsageError) == (zh, en)
    assert (register.problems("P1"), len(logged(store))) == ((), before)


def test_a_problem_may_be_due_on_the_day_on_which_it_was_found(register: Register) -> None:
    register.add_problem("P1", "x", found=TODAY, deadline=TODAY, stamp=by())
    assert register.problems("P1")[0].deadline == TODAY


def test_a_closed_problem_says_who_when_how_and_by_which_document(pits: Office, tmp_path: Path) -> None:
    store, register = pits
    register.add_problem("P1", "x", found=YESTERDAY, stamp=by())
    one, other = proof_in(tmp_path, "one", "one.txt"), proof_in(tmp_path, "other", "other.jpg")
    register.close_problem("P1", 1, on=TODAY, how=" 已围挡 ", evidence=[one, other], stamp=by("李四"))
    (found,) = register.problems("P1")
    kept = register.attachments("P1")
    assert (found.closed, found.closed_by, found.how, found.is_open) == (TODAY, "李四", "已围挡", False)
    assert found.evidence == tuple(copy.sha256 for copy in kept)
    assert [(copy.kind, copy.name, copy.taken, copy.about) for copy in kept] == [
        ("evidence", "one.txt", TODAY, "problem 1"),
        ("evidence", "other.jpg", TODAY, "problem 1"),
    ]
    assert [action for _, _, action, _ in logged(store)[-3:]] == ["problem-closed", "attach", "attach"]
    assert store.verify().is_whole


def test_a_problem_may_be_closed_on_the_day_on_which_it_was_found(register: Register, tmp_path: Path) -> None:
    register.add_problem("P1", "x", found=TODAY, stamp=by())
    register.close_problem("P1", 1, on=TODAY, how="y", evidence=[proof_in(tmp_path)], stamp=by())
    assert not register.problems("P1")[0].is_open


def test_closing_one_problem_leaves_the_others(register: Register, tmp_path: Path) -> None:
    for record in ("P1", "P1", "P2", "P2"):
        register.add_problem(record, "x", found=TODAY, stamp=by())
    register.close_problem("P1", 2, on=TODAY, how="y", evidence=[proof_in(tmp_path)], stamp=by())
    assert [problem.is_open for problem in register.problems("P1") + register.problems("P2")] == [
        True, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        (
            {"how": " "},
            "整改情况不能为空，不能含控制字符",
            "what was done must not be empty or have control characters",
        ),
        (
            {"evidence": []},
            "P1：销号须附佐证材料（--evidence）",
            "P1: closing a problem asks for a document (--evidence)",
        ),
        ({"on": TOMORROW}, *FUTURE),
        (
            {"on": TODAY - timedelta(2)},
            "销号日期 2026-03-08 早于发现日期 2026-03-09",
            "the day 2026-03-08 is before 2026-03-09, when it was found",
        ),
        ({"number": 2}, "P1 没有第 2 号问题", "P1 has no problem number 2"),
    ],
)
def test_what_does_not_close_a_problem(
    register: Register, tmp_path: Path, told: dict[str, Any], zh: str, en: str
) -> None:
    register.add_problem("P1", "x", found=YESTERDAY, stamp=by())
    stated: dict[str, Any] = {"on": TODAY, "how": "y", "evidence": [proof_in(tmp_path)], "number": 1} | told
    number = stated.pop("number")
    assert both(lambda: register.close_problem("P1", number, stamp=by(), **stated), UsageError) == (zh, en)
    assert register.problems("P1")[0].is_open
    assert not (tmp_path / "files").exists()  # nothing was copied


def test_a_problem_is_closed_once(register: Register, tmp_path: Path) -> None:
    register.add_problem("P1", "x", found=YESTERDAY, stamp=by())
    told: dict[str, Any] = {"how": "y", "evidence": [proof_in(tmp_path)]}
    register.close_problem("P1", 1, on=YESTERDAY, stamp=by("李四"), **told)
    assert both(lambda: register.close_problem("P1", 1, on=TODAY, stamp=by(), **told), UsageError) == (
        "P1 的第 1 号问题已由 李四 于 2026-03-09 销号",
        "P1: problem 1 was closed by 李四 on 2026-03-09 already",
    )


def test_a_planned_work_is_kept_as_it_was_told(register: Register) -> None:
    told: dict[str, Any] = {"stage": " 一期 ", "quantity": 120, "unit": " m³ ", "begin": TODAY, "end": TOMORROW}
    assert register.plan_work("P1", " 覆土 ", stamp=by(), **told) == 1
    assert register.works("P1") == (
        Work(1, "一期", "覆土", "m³", 120.0, TODAY, TOMORROW, None, None, None, 1),
    )  # fmt: skip


def test_a_work_needs_its_measure_alone(register: Register) -> None:
    register.plan_work("P1", "覆土", stamp=by())
    assert register.works("P1") == (Work(1, "", "覆土", "", None, None, None, None, None, None, 1),)


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        ({"measure": ""}, "措施不能为空，不能含控制字符", "the measure must not be empty or have control characters"),
        ({"stage": "\x02"}, "阶段不能为空，不能含控制字符", "the stage must not be empty or have control characters"),
        ({"quantity": 3.0}, "单位不能为空，不能含控制字符", "the unit must not be empty or have control characters"),
        ({"quantity": -1.0, "unit": "m"}, "数量不能是 -1.0", "the quantity cannot be -1.0"),
        ({"quantity": float("nan"), "unit": "m"}, "数量不能是 nan", "the quantity cannot be nan"),
        ({"quantity": float("inf"), "unit": "m"}, "数量不能是 inf", "the quantity cannot be inf"),
        (
            {"begin": TODAY, "end": YESTERDAY},
            "结束日期 2026-03-09 早于开始日期 2026-03-10",
            "the end 2026-03-09 is before the begin 2026-03-10",
        ),
        ({"stamp": by("")}, "必须写明操作人", "it has to be said who does this"),
    ],
)
def test_a_work_that_cannot_be_meant_is_refused(register: Register, told: dict[str, Any], zh: str, en: str) -> None:
    stated: dict[str, Any] = {"measure": "x", "stamp": by()} | told
    measure = stated.pop("measure")
    assert both(lambda: register.plan_work("P1", measure, **stated), UsageError) == (zh, en)
    assert register.works("P1") == ()


@pytest.mark.parametrize(("quantity", "stored"), [(0, "0.0"), (-0.0, "0.0"), (7, "7.0"), (0.1, "0.1")])
def test_a_quantity_is_a_number_that_is_not_negative(register: Register, quantity: float, stored: str) -> None:
    register.plan_work("P1", "x", quantity=quantity, unit="m", begin=TODAY, end=TODAY, stamp=by())
    assert str(register.works("P1")[0].quantity) == stored


def test_what_was_done_of_a_work_comes_in_parts(pits: Office) -> None:
    store, register = pits
    register.plan_work("P1", "x", quantity=9, unit="m", begin=TODAY, end=TOMORROW, stamp=by())
    assert register.record_work("P1", 1, begin=YESTERDAY, version=1, stamp=by()) == 2
    assert register.record_work("P1", 1, quantity=4, version=2, stamp=by()) == 3
    assert register.record_work("P1", 1, end=TODAY, version=3, stamp=by()) == 4
    # What is not told stays, and so does the plan.
    assert register.works("P1") == (Work(1, "", "x", "m", 9.0, TODAY, TOMORROW, 4.0, YESTERDAY, TODAY, 4),)
    assert register.record_work("P1", 1, quantity=0, version=4, stamp=by()) == 5
    assert register.works("P1")[0].done == 0.0
    assert [row["version"] for *_, payload in logged(store)[2:] for row in [payload["row"]]] == [1, 2, 3, 4, 5]
    assert store.verify().is_whole


@pytest.mark.parametrize(
    ("told", "kind", "zh", "en"),
    [
        ({"begin": TOMORROW}, UsageError, *FUTURE),
        ({"begin": TODAY, "end": TOMORROW}, UsageError, *FUTURE),
        ({"end": TODAY}, UsageError, "须写明开工日期（--from）", "say when it began (--from)"),
        (
            {"begin": TODAY, "end": YESTERDAY},
            UsageError,
            "结束日期 2026-03-09 早于开始日期 2026-03-10",
            "the end 2026-03-09 is before the begin 2026-03-10",
        ),
        ({"quantity": -0.5}, UsageError, "数量不能是 -0.5", "the quantity cannot be -0.5"),
        ({"number": 3}, UsageError, "P1 没有第 3 号工程", "P1 has no work number 3"),
        (
            {"version": 2},
            ContentError,
            "P1 的第 1 号工程在读取之后已被更改；没有写入，请重新读取后再改",
            "P1: work 1 was changed after it was read; nothing was written: read it again",
        ),
        ({"stamp": by("")}, UsageError, "必须写明操作人", "it has to be said who does this"),
    ],
)
def test_what_cannot_have_been_done_is_refused(
    register: Register, told: dict[str, Any], kind: type[UsageError | ContentError], zh: str, en: str
) -> None:
    register.plan_work("P1", "x", stamp=by())
    before = register.works("P1")
    stated: dict[str, Any] = {"number": 1, "version": 1, "stamp": by()} | told
    number = stated.pop("number")
    assert both(lambda: register.record_work("P1", number, **stated), kind) == (zh, en)
    assert register.works("P1") == before


def test_recording_one_work_leaves_the_others(register: Register) -> None:
    for record in ("P1", "P1", "P2", "P2"):
        register.plan_work(record, "x", stamp=by())
    register.record_work("P1", 2, begin=TODAY, end=TODAY, version=1, stamp=by())
    found = register.works("P1") + register.works("P2")
    assert [work.actual_from for work in found] == [None, TODAY, None, None]


def test_a_payment_is_kept_to_the_fen(register: Register) -> None:
    told: dict[str, Any] = {"on": TODAY, "note": " 首笔 ", "stamp": by()}
    assert register.add_payment("P1", " 省级资金 ", Decimal("12.345678"), status="paid", **told) == 1
    assert register.payments("P1") == (Payment(1, "省级资金", "paid", Decimal("12.345678"), TODAY, "首笔"),)


@pytest.mark.parametrize("amount", ["0.000001", "-0.000001", "1000000000", "-1000000000", "1E+3", "3.10"])
def test_amounts_down_to_a_fen_and_up_to_ten_thousand_billion(register: Register, amount: str) -> None:
    register.add_payment("P1", "x", Decimal(amount), status="planned", on=TOMORROW, stamp=by())
    assert register.payments("P1")[0].amount == Decimal(amount)


@pytest.mark.parametrize("amount", ["0", "-0", "0.0000001", "1.2345678", "1000000000.000001", "NaN", "Infinity"])
def test_other_amounts_are_refused(register: Register, amount: str) -> None:
    def pay() -> None:
        register.add_payment("P1", "x", Decimal(amount), status="planned", on=TODAY, stamp=by())

    assert both(pay, UsageError) == (
        f"金额 {Decimal(amount)} 万元：应为不等于零、精确到分的数",
        f"amount {Decimal(amount)} (10,000 yuan): a number other than zero, exact to the fen, is wanted",
    )
    assert register.payments("P1") == ()


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        ({"on": TOMORROW}, *FUTURE),
        (
            {"source": ""},
            "资金来源不能为空，不能含控制字符",
            "the source of the money must not be empty or have control characters",
        ),
        ({"note": "\x1b"}, "说明不能为空，不能含控制字符", "the note must not be empty or have control characters"),
        ({"stamp": by("")}, "必须写明操作人", "it has to be said who does this"),
    ],
)
def test_money_that_cannot_have_been_paid_is_refused(
    register: Register, told: dict[str, Any], zh: str, en: str
) -> None:
    stated: dict[str, Any] = {"source": "x", "on": TODAY, "stamp": by(), "status": "paid"} | told
    source = stated.pop("source")
    assert both(lambda: register.add_payment("P1", source, Decimal(1), **stated), UsageError) == (zh, en)


def test_items_of_all_records_stand_by_record_and_number(pits: Office) -> None:
    store, register = pits
    register.add_problem("P2", "b", found=TODAY, stamp=by())
    register.add_problem("P2", "c", found=TODAY, stamp=by())
    register.plan_work("P1", "soil", stamp=by())
    for amount in (1, 2, 3):
        register.add_payment("P1", "x", Decimal(amount), status="planned", on=date(2027, 1, amount), stamp=by())
    found = all_items(place_of(store))
    assert {record: [one.what for one in own] for record, own in found.problems.items()} == {"P2": ["b", "c"]}
    assert {record: [one.measure for one in own] for record, own in found.works.items()} == {"P1": ["soil"]}
    assert {record: [one.amount for one in own] for record, own in found.payments.items()} == {"P1": [1, 2, 3]}
    assert register.items() == found


def test_items_of_another_kind_of_register_are_not_taken(pits: Office) -> None:
    store, register = pits
    register.add_problem("P1", "x", found=TODAY, stamp=by())
    register.plan_work("P1", "x", stamp=by())
    register.add_payment("P1", "x", Decimal(1), status="paid", on=TODAY, stamp=by())
    with store.database.writing() as connection:
        # As if another kind, wells, had a record of the same number.
        connection.exec_driver_sql(
            "INSERT INTO register_record SELECT 'wells', id, name, territory, state, since, version, data, shape, "
            "west, south, east, north FROM register_record WHERE id = 'P1'"
        )
        for table in ("problem", "work", "payment"):
            name = f"register_{table}"
            columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({name})")]
            others = ", ".join(column for column in columns if column != "kind")
            query = f"INSERT INTO {name} (kind, {others}) SELECT 'wells', {others} FROM {name}"  # noqa: S608 - our own tables
            connection.exec_driver_sql(query)
    found = register.items()
    assert (len(found.problems["P1"]), len(found.works["P1"]), len(found.payments["P1"])) == (1, 1, 1)
    assert [len(own) for own in (register.problems("P1"), register.works("P1"), register.payments("P1"))] == [1, 1, 1]
    register.record_work("P1", 1, begin=TODAY, version=1, stamp=by())
    assert rows(store, "SELECT kind, version FROM register_work ORDER BY kind") == [
        {"kind": "pits", "version": 2},
        {"kind": "wells", "version": 1},
    ]
    assert len(list(register.records())) == 2
    assert register.add_payment("P1", "x", Decimal(1), status="paid", on=TODAY, stamp=by()) == 2
