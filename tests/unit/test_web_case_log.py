"""The page of a case: which findings its decision rests on, and its log in words, without persons for most readers."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from zoning.registers.entries import Event
from zoning.registers.record import Record
from zoning.registers.type_workflow import State
from zoning.registers.types import FieldSpec
from zoning.texts import Text
from zoning.web.access import Role, Who
from zoning.web.cases.showing import Shown, field_rows, log_lines

STATES = {
    "received": State(title=Text("已受理", "received")),
    "decided": State(title=Text("已办结", "decided"), final=True),
}
KIND: Any = SimpleNamespace(
    id_field="XMBH",
    fields={
        "XMBH": FieldSpec(title=Text("编号", "number")),
        "XMMC": FieldSpec(title=Text("项目名称", "project")),
        "DZ": FieldSpec(title=Text("地址", "address")),
        "LXR": FieldSpec(title=Text("联系人", "contact"), personal=True),
    },
    workflow=SimpleNamespace(states=STATES),
)
READER = Who("vera", roles=frozenset({"viewer"}))
EDITOR = Who("anna", roles=frozenset({"reviewer"}))


def event(action: Any, fields: Any = (), *, moved: bool = False, **details: Any) -> Event:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Event(1, at, "anna", "", "cases", "2026-0001", 1, action, dict(fields), (None, None) if moved else None,
                 details, "")  # fmt: skip


def told(one: Event, who: Who = READER) -> Text:
    ((_, text),) = log_lines([one], KIND, who)
    return text


def finding(rule: str, decision: str, overlap_m2: float | None) -> dict[str, Any]:
    return {"rule": rule, "decision": decision, "overlap_m2": overlap_m2}


def case(document: Any, **values: Any) -> Shown:
    record = Record("2026-0001", "甲", "140522", None, values, "received", date(2026, 3, 2))
    parts: Any = SimpleNamespace(last=None)
    return Shown(record, KIND, parts, (), document, None)


def rules(*findings: dict[str, Any]) -> list[str]:
    return [one["rule"] for one in case({"findings": list(findings)}).deciding]


def test_the_strictest_findings_come_first_then_the_largest_then_by_rule() -> None:
    assert rules(
        finding("R9", "restricted", 900.0),
        finding("R5", "prohibited", 1.0),
        finding("R2", "undetermined", None),
        finding("R7", "prohibited", 50.0),
        finding("R4", "prohibited", 1.0),
        finding("R1", "prohibited", None),
    ) == ["R7", "R4", "R5", "R1", "R2", "R9"]


@pytest.mark.parametrize("decision", ["permitted", "", None])
def test_what_decides_nothing_is_left_out(decision: Any) -> None:
    assert rules(finding("R1", decision, 5.0), finding("R2", "restricted", 0.0)) == ["R2"]


@pytest.mark.parametrize("document", [None, {}, {"findings": []}])
def test_without_a_document_nothing_decides(document: Any) -> None:
    assert case(document).deciding == []


@pytest.mark.parametrize(
    ("role", "sees"),
    [("viewer", False), ("planner", False), ("restoration", False), ("reviewer", True), ("admin", True)],
)
def test_persons_are_told_to_those_who_change_cases(role: Role, sees: bool) -> None:
    found = field_rows(case(None, XMBH="1", XMMC="甲", DZ="东街", LXR="张三"), Who("a", roles=frozenset({role})), "zh")
    assert found == [("地址", "东街"), *([("联系人", "张三")] if sees else [])]


@pytest.mark.parametrize(
    ("action", "details", "zh", "en"),
    [
        ("move", {"from": "received", "to": "decided"}, "状态：已受理 → 已办结", "state: received → decided"),
        (
            "move",
            {"from": "decided", "to": "received", "reason": "补件"},
            "状态：已办结 → 已受理（补件）",
            "state: decided → received (补件)",
        ),
        ("move", {"from": "gone", "to": "received"}, "状态：gone → 已受理", "state: gone → received"),
        (
            "verdict",
            {"row": {"number": 2, "decision": "prohibited", "why": "facts"}},
            "第 2 次研判：判定不通过（项目事实变更）",
            "verdict 2: prohibited (other facts)",
        ),
        ("note", {"row": {"number": 3}}, "批注 3", "note 3"),
        (
            "override",
            {"row": {"number": 1, "decision": "permitted", "state": "proposed"}},
            "人工改判 1：判定通过，待第二人复核",
            "override 1: permitted, waits for a second person",
        ),
        (
            "override-answered",
            {"row": {"number": 1, "decision": "permitted", "state": "confirmed"}},
            "人工改判 1：判定通过，已确认",
            "override 1: permitted, confirmed",
        ),
        (
            "notice",
            {"row": {"number": 4, "before": "permitted", "after": "prohibited"}},
            "变化提示 4：判定通过 → 判定不通过",
            "notice 4: permitted → prohibited",
        ),
        (
            "notice-answered",
            {"row": {"number": 4, "taken": 5}},
            "变化提示 4：采用为第 5 次研判",
            "notice 4: taken as verdict 5",
        ),
        ("notice-answered", {"row": {"number": 4, "taken": 0}}, "变化提示 4：已阅或失效", "notice 4: seen or settled"),
        ("notice-answered", {"row": {"number": 4}}, "变化提示 4：已阅或失效", "notice 4: seen or settled"),
        ("another", {}, "another", "another"),
    ],
)
def test_each_row_of_the_log_is_a_sentence(action: str, details: dict[str, Any], zh: str, en: str) -> None:
    assert told(event(action, **details)) == Text(zh, en)


def test_what_was_registered_is_told_by_its_fields() -> None:
    fields = {"XMMC": (None, "煤矸石场"), "LXR": (None, "张三")}
    assert told(event("create", fields)) == Text(
        "登记案件：项目名称“煤矸石场”、联系人", "registered: project '煤矸石场', contact"
    )
    assert told(event("set", fields, moved=True), EDITOR) == Text(
        "修改：项目名称“煤矸石场”、联系人“张三”、边界", "changed: project '煤矸石场', contact '张三', boundary"
    )


def test_the_name_of_a_file_may_be_that_of_a_person() -> None:
    attached = event("attach", row={"what": "document", "name": "张三的申请.pdf"})
    assert "张三" not in str(told(attached))
    assert told(attached, EDITOR).zh.endswith("张三的申请.pdf")
    assert told(event("attach", row={"what": "gone", "name": "a.pdf"})) == Text("附件：文件", "attached: file")


def test_the_log_stands_with_the_newest_first() -> None:
    events = [event("note", row={"number": number}) for number in (1, 2, 3)]
    assert [text.en for _, text in log_lines(events, KIND, READER)] == ["note 3", "note 2", "note 1"]
