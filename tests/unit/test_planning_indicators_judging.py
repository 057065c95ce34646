"""Promises of plans against present values: met, not met, or unknown with its reason; and contradictory documents."""

from typing import Any

import pytest

from zoning.planning.indicators.judging import contradictions, decimals_of, holds, judge
from zoning.planning.indicators.plan_file import Indicator, Target
from zoning.texts import Text

CITATION = {"document": "plan", "section": "表1", "lines": "L1", "anchor": "某"}
NEEDS = Text("需要统计数据", "needs statistics")
GAP = Text("图层没有覆盖全境", "the layer does not cover it")


def indicator(target: dict[str, Any] | None = None, **more: Any) -> Indicator:
    plain = {"title": {"zh": "占比", "en": "share"}, "unit": "%", "citation": CITATION, "needs": NEEDS}
    given = None if target is None else {"year": 2025, **target}
    return Indicator.model_validate({**plain, "target": given, **more})


def claim(of: str, value: float, printed: str | None = None, **more: Any) -> dict[str, Any]:
    note = {"zh": "正文", "en": "in the text"}
    shown = f"{value:g}" if printed is None else printed
    return {"of": of, "year": 2020, "printed": shown, "value": value, "citation": CITATION, "note": note, **more}


def reasons(found: Indicator, value: float | None, *obstacles: Text) -> tuple[str, list[str], list[str]]:
    judged = judge(found, value, obstacles)
    return judged.state, [text.zh for text in judged.reasons], [text.en for text in judged.reasons]


@pytest.mark.parametrize(
    ("sense", "limit", "value", "met"),
    [
        ("at-least", 30.0, 30.0, True),
        ("at-least", 30.0, 29.5, True),
        ("at-least", 30.0, 29.49, False),
        ("at-least", 30.0, 31.0, True),
        ("at-least", 19.83, 19.825001, True),
        ("at-least", 19.83, 19.8249, False),
        ("at-most", 30.0, 30.0, True),
        ("at-most", 30.0, 30.49, True),
        ("at-most", 30.0, 30.51, False),
        ("at-most", 0.5, 0.5499, True),
        ("at-most", 0.5, 0.5501, False),
        ("at-most", 0.0, 0.0, True),
        ("at-most", 0.0, 0.51, False),
    ],
)
def test_a_value_is_compared_as_exactly_as_the_limit_is_printed(
    sense: str, limit: float, value: float, met: bool
) -> None:
    found = judge(indicator({"sense": sense, "value": limit}), value, ())
    assert found.state == ("met" if met else "not-met")
    assert holds(Target.model_validate({"year": 2025, "sense": sense, "value": limit}), value, limit) is met


@pytest.mark.parametrize(
    ("printed", "value", "limit", "state"),
    [
        # 4.20 has two decimals, 4.2 has one.
        ("4.20", 4.1501, 4.2, "not-met"),
        ("4.2", 4.1501, 4.2, "met"),
        ("≥4.20", 4.195001, 4.2, "met"),
        ("≥30.0 %", 29.6, 30.0, "not-met"),
        ("≥30 %", 29.6, 30.0, "met"),
        ("1,200.0 万亩", 1199.7, 1200.0, "not-met"),
        # A figure of something else does not count: the value is told as a number alone.
        ("2025年达到30", 29.6, 30.0, "met"),
        ("30（2020年为 28.75）", 29.6, 30.0, "met"),
        ("三成", 29.6, 30.0, "met"),
        ("", 29.6, 30.0, "met"),
    ],
)
def test_noughts_that_a_document_prints_count(printed: str, value: float, limit: float, state: str) -> None:
    target = {"sense": "at-least", "value": limit, "printed": printed}
    assert judge(indicator(target), value, ()).state == state


def test_the_baseline_is_read_as_it_is_printed_as_well() -> None:
    for printed, state in (("4.20", "not-met"), ("4.2", "met")):
        baseline = {"year": 2020, "printed": printed, "value": 4.2}
        assert judge(indicator({"sense": "not-lower"}, baseline=baseline), 4.1501, ()).state == state


@pytest.mark.parametrize(
    ("figure", "decimals"),
    [(0.0, 0), (47.0, 0), (100.0, 0), (0.5, 1), (4.23, 2), (0.125, 3), (-1.5, 1), (0.1 + 0.2, 1)],
)
def test_decimals_of_a_figure(figure: float, decimals: int) -> None:
    assert decimals_of(figure) == decimals


@pytest.mark.parametrize(
    ("sense", "value", "zh", "en"),
    [
        ("at-least", 31.0, "31.00，要求不低于 30", "31.00; asked for: at least 30"),
        ("at-least", 1.0, "1.00，要求不低于 30", "1.00; asked for: at least 30"),
        ("at-most", 31.0, "31.00，要求不高于 30", "31.00; asked for: at most 30"),
    ],
)
def test_the_reason_says_what_was_found_and_what_is_asked_for(sense: str, value: float, zh: str, en: str) -> None:
    assert reasons(indicator({"sense": sense, "value": 30}), value)[1:] == ([zh], [en])


def test_a_value_is_told_with_the_decimals_of_its_limit() -> None:
    found = indicator({"sense": "at-least", "value": 0.125})
    assert reasons(found, 0.12649)[2] == ["0.126; asked for: at least 0.125"]


@pytest.mark.parametrize(("value", "state"), [(4.2263, "met"), (4.2249, "not-met"), (5.0, "met")])
def test_not_lower_is_measured_against_the_baseline(value: float, state: str) -> None:
    found = indicator({"sense": "not-lower"}, baseline={"year": 2020, "printed": "4.23", "value": 4.23})
    told = reasons(found, value)
    assert told[0] == state
    assert told[1] == [f"{value:.2f}，要求不低于现状 4.23"]
    assert told[2] == [f"{value:.2f}; asked for: not below the baseline 4.23"]


@pytest.mark.parametrize("baseline", [None, {"year": 2020, "printed": "—"}])
def test_not_lower_than_nothing_is_unknown(baseline: dict[str, Any] | None) -> None:
    assert reasons(indicator({"sense": "not-lower"}, baseline=baseline), 5.0, GAP) == (
        "unknown",
        ["文件没有给出现状值，“不降低”无从比较", GAP.zh],
        ["the document prints no baseline: 'not lower' has nothing to rest on", GAP.en],
    )


def test_without_a_target_nothing_is_met() -> None:
    assert reasons(indicator(), 5.0, NEEDS) == (
        "unknown",
        ["文件没有提出目标", NEEDS.zh],
        ["the document sets no target", NEEDS.en],
    )


def test_a_target_that_is_handed_down_has_no_figure() -> None:
    found = indicator({"sense": "handed-down", "printed": "完成上级下达指标"})
    assert reasons(found, 5.0, GAP) == (
        "unknown",
        ["目标由上级下达（“完成上级下达指标”），文件未载数值", GAP.zh],
        ["the target is handed down by the level above; the document prints no figure", GAP.en],
    )


@pytest.mark.parametrize(("printed", "shown"), [("增加 3%", "增加 3%"), ("", "—")])
def test_a_target_in_words_is_answered_by_no_figure(printed: str, shown: str) -> None:
    assert reasons(indicator({"sense": "stated", "printed": printed}), 5.0, GAP) == (
        "unknown",
        [f"目标写作“{shown}”，不能用数值判断", GAP.zh],
        [f"the target says '{shown}': no figure tells whether it is met", GAP.en],
    )


def test_what_layers_do_not_tell_is_unknown_and_never_nought() -> None:
    found = indicator({"sense": "at-most", "value": 30})
    assert reasons(found, None, GAP, NEEDS) == ("unknown", [GAP.zh, NEEDS.zh], [GAP.en, NEEDS.en])


@pytest.mark.parametrize(
    ("value", "state"), [(25.0, "unknown"), (31.0, "met"), (20.0, "not-met"), (30.0, "met"), (22.0, "unknown")]
)
def test_contradictory_targets_decide_only_where_they_agree(value: float, state: str) -> None:
    found = indicator({"sense": "at-least", "value": 30}, claims=[claim("target", 22)])
    told = reasons(found, value)
    assert told[0] == state
    if state == "unknown":
        assert told[1] == ["文件自相矛盾：按 22 达到，按 30 未达到；须先确定哪个数为准"]
        (en,) = told[2]
        assert en.startswith("the documents contradict each other: met under 22, not met under 30; which figure holds")
    else:
        assert told[2] == [f"{value:.2f}; asked for: at least 30, 22"]


def test_all_limits_are_named_on_their_side() -> None:
    claims = [claim("target", value) for value in (20, 28, 26)]
    (zh,) = reasons(indicator({"sense": "at-least", "value": 30}, claims=claims), 27.0)[1]
    assert zh.startswith("文件自相矛盾：按 20、26 达到，按 30、28 未达到")


def test_claims_on_the_baseline_do_not_change_a_target() -> None:
    found = indicator({"sense": "at-least", "value": 30}, claims=[claim("baseline", 99)])
    assert judge(found, 31.0, ()).state == "met"


def test_a_claim_that_prints_more_decimals_is_compared_with_them() -> None:
    found = indicator({"sense": "at-least", "value": 30, "printed": "30"}, claims=[claim("target", 30.0, "30.00")])
    assert judge(found, 29.6, ()).state == "not-met"


def test_two_figures_for_one_thing_are_told_with_the_place_of_the_second() -> None:
    baseline = {"year": 2020, "printed": "4.23", "value": 4.23}
    found = indicator({"sense": "not-lower"}, baseline=baseline, claims=[claim("baseline", 11.14, "11.14%")])
    assert contradictions(found) == (
        Text(
            "2020年现状有两个数：4.23 和 11.14%（plan 表1 L1）：正文",
            "two figures for the baseline of 2020: 4.23 and 11.14% (plan 表1 L1): in the text",
        ),
    )


@pytest.mark.parametrize("own", [None, {"year": 2020, "printed": ""}, {"year": 2020, "printed": "—"}])
def test_a_claim_where_the_document_itself_prints_nothing_is_told(own: dict[str, Any] | None) -> None:
    (found,) = contradictions(indicator({"sense": "not-lower"}, baseline=own, claims=[claim("baseline", 5)]))
    assert found.zh.startswith("2020年现状有两个数：— 和 5（")


def test_a_claim_without_lines_has_a_place_without_a_gap() -> None:
    told = claim("target", 5, citation={"document": "plan", "section": "表1"})
    (found,) = contradictions(indicator({"sense": "at-least", "value": 30}, claims=[told]))
    assert "（plan 表1）" in found.zh
    assert "for the target of 2020" in found.en


def test_a_claim_that_says_the_same_contradicts_nothing() -> None:
    claims = [claim("target", 30), claim("baseline", 7)]
    assert len(contradictions(indicator({"sense": "at-least", "value": 30}, claims=claims))) == 1
    assert contradictions(indicator({"sense": "at-least", "value": 30}, claims=claims[:1])) == ()
