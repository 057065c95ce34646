"""What people read of a case: decisions, differences of two verdicts, why cases were checked again."""

from typing import Any

import pytest

from zoning.texts import Text
from zoning.web.cases.words import OVERRIDES, WHY, cause_text, change_word, change_words, decision_word

WATER = {"layer": "drinking-water", "layer_title": {"zh": "饮用水水源保护区", "en": "drinking-water zones"}}
LEVEL = {"class_id": "level-1", "class_title": {"zh": "一级保护区", "en": "level 1"}}
RULE = {"rule": "water-4", "rule_title": {"zh": "禁止新建", "en": "no new works"}}


@pytest.mark.parametrize(
    ("decision", "zh", "en"),
    [
        ("prohibited", "判定不通过", "prohibited"),
        ("undetermined", "待补充信息", "undetermined"),
        ("restricted", "受限准入", "restricted"),
        ("permitted", "判定通过", "permitted"),
        ("restricted, blocked", "受限准入", "restricted"),
        ("permitted 2026-03-02", "判定通过", "permitted"),
        ("refused", "不能研判", "cannot be checked"),
        ("failed", "复核未完成", "re-check not finished"),
        ("", "尚未研判", "not checked yet"),
        ("forbidden", "forbidden", "forbidden"),
        ("nearly permitted", "nearly permitted", "nearly permitted"),
    ],
)
def test_a_decision_is_said_in_the_words_of_the_glossary(decision: str, zh: str, en: str) -> None:
    assert decision_word(decision) == Text(zh, en)


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (
            {"what": "decision", "before": "permitted", "after": "prohibited"},
            "结论：判定通过 → 判定不通过",
            "decision: permitted → prohibited",
        ),
        (
            {"what": "decision", "before": "restricted", "after": "restricted, blocked"},
            "结论：受限准入 → 受限准入（须先完成程序）",
            "decision: restricted → restricted (a procedure comes first)",
        ),
        (
            {"what": "decision", "before": "permitted", "after": "failed"},
            "结论：判定通过 → 复核未完成",
            "decision: permitted → re-check not finished",
        ),
        (
            {"what": "decision", "before": "permitted", "after": "refused"},
            "结论：判定通过 → 不能研判",
            "decision: permitted → cannot be checked",
        ),
        (
            {"what": "decision", "after": "failed"},
            "结论：无 → 复核未完成",
            "decision: none → re-check not finished",
        ),
        (
            {"what": "status", "before": "not_affected", "after": "certain", **WATER},
            "图层状态 饮用水水源保护区：不涉及 → 涉及",
            "status of a layer drinking-water zones: not affected → affected",
        ),
        (
            {"what": "status", "before": "possible", "after": "no_data", "layer": "rivers"},
            "图层状态 rivers：精度内可能涉及 → 数据缺失，未核查",
            "status of a layer rivers: possibly affected → no data, not checked",
        ),
        (
            {"what": "area", "before": None, "after": 1234.5, **WATER, **LEVEL},
            "面积 饮用水水源保护区 一级保护区：无 → 1,234.50 m²",
            "area drinking-water zones level 1: none → 1,234.50 m²",
        ),
        (
            {"what": "area", "before": 0, "after": 0.004, "layer": "rivers", "class_id": "fen"},
            "面积 rivers fen：0.00 m² → 0.00 m²",
            "area rivers fen: 0.00 m² → 0.00 m²",
        ),
        (
            {"what": "area", "before": 2, "after": None, **WATER, "class_id": "no_data"},
            "面积 饮用水水源保护区 未核查部分：2.00 m² → 无",
            "area drinking-water zones part without data: 2.00 m² → none",
        ),
        (
            {"what": "finding", "before": None, "after": "applies, prohibit, prohibited", **RULE},
            "判定 water-4“禁止新建”：无 → 适用、禁止、判定不通过",
            "finding water-4 'no new works': none → applies, prohibits, prohibited",
        ),
        (
            {"what": "finding", "before": "not in force", "after": "undetermined, restrict", **RULE, **WATER},
            "判定 water-4“禁止新建” 饮用水水源保护区：当日无效、- → 无法判定、限制",
            "finding water-4 'no new works' drinking-water zones: not in force, - → undetermined, restricts",
        ),
        (
            {"what": "finding", "before": "does_not_apply, require", "after": "applies, encourage, -", "rule": "r"},
            "判定 r“r”：不适用、要求 → 适用、鼓励",
            "finding r 'r': does not apply, requires → applies, encourages",
        ),
        (
            {"what": "clause", "before": "complies", "after": "violates"},
            "清单条款：符合 → 不符合",
            "clause: complies → does not comply",
        ),
        (
            {"what": "clause", "before": "not_concerned", "after": "to_verify"},
            "清单条款：不涉及 → 需进一步核实",
            "clause: not concerned → to be verified",
        ),
        (
            {"what": "citation", "before": "第五条", "after": "第六条", **RULE},
            "依据 water-4“禁止新建”：第五条 → 第六条",
            "citation water-4 'no new works': 第五条 → 第六条",
        ),
        (
            # The word of another kind of change means nothing here.
            {"what": "citation", "before": "complies", "after": "certain"},
            "依据：complies → certain",
            "citation: complies → certain",
        ),
        (
            {"what": "something-new", "before": "a", "after": "b"},
            "something-new：a → b",
            "something-new: a → b",
        ),
    ],
)
def test_a_difference_is_one_line(change: dict[str, Any], zh: str, en: str) -> None:
    assert change_word(change) == Text(zh, en)


def test_a_rule_stands_before_its_layer_and_the_class_last() -> None:
    said = change_word({"what": "finding", "before": "a", "after": "b", **LEVEL, **WATER, **RULE})
    assert said.en.startswith("finding water-4 'no new works' drinking-water zones level 1: ")
    assert said.zh.startswith("判定 water-4“禁止新建” 饮用水水源保护区 一级保护区：")


def test_differences_keep_their_order_and_their_number() -> None:
    changes = [{"what": "citation", "before": str(n), "after": str(n + 1)} for n in (3, 1, 2)]
    assert [one.en for one in change_words(changes)] == ["citation: 3 → 4", "citation: 1 → 2", "citation: 2 → 3"]
    assert change_words([]) == []


@pytest.mark.parametrize(
    ("cause", "zh", "en"),
    [
        ({"zh": "规则已改变", "en": "the rules have changed", "what": "rules"}, "规则已改变", "the rules have changed"),
        ({"zh": "规则已改变"}, "规则已改变", ""),
        ({"en": "the rules have changed"}, "", "the rules have changed"),
        ({}, "", ""),
    ],
)
def test_a_cause_says_what_was_written_down_of_it(cause: dict[str, Any], zh: str, en: str) -> None:
    assert cause_text(cause) == Text(zh, en)


def test_every_word_of_a_case_has_both_languages() -> None:
    assert set(WHY) == {"first", "facts", "boundary", "recheck"}
    assert set(OVERRIDES) == {"proposed", "confirmed", "refused", "withdrawn", "lapsed"}
    for text in (*WHY.values(), *OVERRIDES.values()):
        assert not text.zh.isascii()
        assert text.en.isascii()
