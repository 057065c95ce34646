"""Indicators of a small made-up county, each worked out by hand beside it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely

import indicator_world as world
import trapezoid
from zoning.errors import UsageError
from zoning.planning.indicators.judging import holds
from zoning.planning.indicators.measuring import Answer, Measured, PlanAnswers, answer_plan
from zoning.planning.indicators.plan_file import Target, read_plans
from zoning.workspace import Workspace

DAY = date(2024, 1, 1)
COUNTY_M2 = trapezoid.area_m2(shapely.box(112.3, 35.4, 112.5, 35.6), "EPSG:4490")
SHARE = "    measure: {of: share, part: [%s]}\n"
CONTRADICTED = (
    "the documents contradict each other: met under 22, not met under 30; which figure holds has to be settled first"
)
AREA = "    measure: {of: area, part: [%s]}\n"


def answered(root: Path, indicators: str) -> PlanAnswers:
    workspace = Workspace.open(world.build(root, indicators))
    (plan,) = read_plans(root, workspace.catalogue, workspace.rulebook.documents)
    return answer_plan(workspace.source(), plan, on=DAY)


def one(root: Path, body: str, *, unit: str = '"%"') -> Answer:
    (found,) = answered(root, world.entry("x", body, unit=unit)).answers
    return found


def reasons(found: Answer) -> list[str]:
    return [text.en for text in found.judged.reasons]


def test_a_share_is_the_width_of_the_strips_and_overlaps_count_once(tmp_path: Path) -> None:
    # 112.30-112.40 and 112.36-112.44 are 0.10 + 0.08 - 0.04 = 0.14 of 0.20 degrees.
    found = one(tmp_path, SHARE % "{layer: forest}")
    assert found.value == pytest.approx(100 * 0.14 / 0.20, rel=1e-9)
    assert found.territory_m2 == pytest.approx(COUNTY_M2, rel=1e-9)


def test_classes_and_several_layers_are_united(tmp_path: Path) -> None:
    # Class one is 112.30-112.40 (0.10), the red line 112.42-112.47 (0.05): 0.15 of 0.20.
    found = one(tmp_path, SHARE % "{layer: forest, classes: [one]}, {layer: red}")
    assert found.value == pytest.approx(100 * 0.15 / 0.20, rel=1e-9)
    assert [behind.layer for behind in found.behind] == ["forest", "red"]


@pytest.mark.parametrize(
    ("unit", "m2"), [("公顷", 1e4), ("km²", 1e6), ("万亩", 1e8 / 15), ("亩", 1e4 / 15), ("m²", 1.0)]
)
def test_an_area_agrees_with_the_formula_of_the_ellipsoid(tmp_path: Path, unit: str, m2: float) -> None:
    red = trapezoid.area_m2(shapely.box(112.42, 35.4, 112.47, 35.6), "EPSG:4490")
    found = one(tmp_path, AREA % "{layer: red}", unit=unit)
    assert found.value == pytest.approx(red / m2, rel=1e-9)
    assert found.area_m2 == pytest.approx(red, rel=1e-9)


def test_doubt_is_the_length_of_the_borders_inside_times_the_accuracy(tmp_path: Path) -> None:
    # Two meridians of 0.2 degrees, 22.19 km each, known to 5 m; the borders on the county's own edge do not count.
    found = one(tmp_path, SHARE % "{layer: red}")
    meridian = 0.2 * 110_956
    assert found.doubt == pytest.approx(100 * 2 * meridian * 5.0 / COUNTY_M2, rel=2e-3)


@pytest.mark.parametrize(
    ("target", "state", "reason"),
    [
        ("{year: 2025, printed: '70', sense: at-least, value: 70}", "met", "70.00; asked for: at least 70"),
        ("{year: 2025, sense: at-least, value: 70.1}", "not-met", "70.00; asked for: at least 70.1"),
        ("{year: 2025, sense: at-most, value: 70}", "met", "70.00; asked for: at most 70"),
        ("{year: 2025, sense: at-most, value: 69.9}", "not-met", "70.00; asked for: at most 69.9"),
        (
            "{year: 2025, printed: 下达, sense: handed-down}",
            "unknown",
            "the target is handed down by the level above; the document prints no figure",
        ),
        (
            "{year: 2025, printed: 有效保障, sense: stated}",
            "unknown",
            "the target says '有效保障': no figure tells whether it is met",
        ),
        (
            "{year: 2025, printed: 不降低, sense: not-lower}",
            "unknown",
            "the document prints no baseline: 'not lower' has nothing to rest on",
        ),
    ],
)
def test_targets(tmp_path: Path, target: str, state: str, reason: str) -> None:
    found = one(tmp_path, f"    target: {target}\n" + SHARE % "{layer: forest}")
    assert (found.judged.state, reasons(found)) == (state, [reason])


@pytest.mark.parametrize(
    ("baseline", "state", "reason"),
    [
        ("70.00", "met", "70.00; asked for: not below the baseline 70"),
        ("70.01", "not-met", "70.00; asked for: not below the baseline 70.01"),
    ],
)
def test_not_lower_is_compared_with_the_baseline(tmp_path: Path, baseline: str, state: str, reason: str) -> None:
    body = f"    baseline: {{year: 2020, printed: '{baseline}', value: {baseline}}}\n"
    found = one(tmp_path, body + "    target: {year: 2025, sense: not-lower}\n" + SHARE % "{layer: forest}")
    assert (found.judged.state, reasons(found)) == (state, [reason])


CLAIM = """\
    claims:
      - {of: baseline, year: 2020, printed: "%s", value: %s, note: {zh: 正文另写, en: the text differs},
         citation: {document: plan, section: 第一章, lines: L2, anchor: 某}}
"""


@pytest.mark.parametrize(
    ("claim", "state", "reason"),
    [
        (20, "met", "25.00; asked for: not below the baseline 22, 20"),
        (
            30,
            "unknown",
            CONTRADICTED,
        ),
    ],
)
def test_two_baselines_are_both_compared_and_always_reported(
    tmp_path: Path, claim: float, state: str, reason: str
) -> None:
    body = "    baseline: {year: 2020, printed: '22', value: 22}\n    target: {year: 2025, sense: not-lower}\n"
    found = one(tmp_path, body + SHARE % "{layer: red}" + CLAIM % (f"{claim}%", claim))
    assert (found.judged.state, reasons(found)) == (state, [reason])
    assert [text.en for text in found.contradictions] == [
        f"two figures for the baseline of 2020: 22 and {claim}% (plan 第一章 L2): the text differs"
    ]
    assert found.contradictions[0].zh == f"2020年现状有两个数：22 和 {claim}%（plan 第一章 L2）：正文另写"


def test_a_claim_that_says_the_same_is_no_contradiction(tmp_path: Path) -> None:
    body = "    baseline: {year: 2020, printed: '22', value: 22}\n"
    assert one(tmp_path, body + SHARE % "{layer: red}" + CLAIM % ("22.0", 22)).contradictions == ()


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("{layer: partial}", "partial does not cover the territory (100.00 % missing): no figure for the whole"),
        ("{layer: nowhere}", "the workspace has no layer nowhere"),
    ],
)
def test_what_is_not_known_is_never_nought(tmp_path: Path, part: str, reason: str) -> None:
    body = "    target: {year: 2025, sense: at-most, value: 50}\n"
    found = one(tmp_path, body + SHARE % f"{{layer: red}}, {part}")
    assert (found.value, found.doubt, found.judged.state) == (None, None, "unknown")
    assert reasons(found) == [reason]


def test_a_layer_without_an_edition_of_the_day_is_unknown(tmp_path: Path) -> None:
    workspace = Workspace.open(world.build(tmp_path, world.entry("x", SHARE % "{layer: red}")))
    path = tmp_path / "layers" / "red.yaml"
    path.write_text(path.read_text().replace("valid_from: 2020-01-01", "valid_from: 2025-01-01"), encoding="utf-8")
    workspace = Workspace.open(tmp_path)
    (plan,) = read_plans(tmp_path, workspace.catalogue, workspace.rulebook.documents)
    (found,) = answer_plan(workspace.source(), plan, on=DAY).answers
    assert found.value is None
    assert reasons(found)[-1].startswith("layer red cannot be used: ")


def test_what_layers_cannot_answer_says_what_it_needs(tmp_path: Path) -> None:
    found = one(
        tmp_path, "    target: {year: 2025, sense: at-least, value: 1}\n    needs: {zh: 监测, en: monitoring}\n"
    )
    assert (found.value, found.judged.state, reasons(found)) == (None, "unknown", ["monitoring"])


def test_an_unknown_territory_is_refused(tmp_path: Path) -> None:
    world.build(tmp_path, "")
    world.write_plan(tmp_path, world.entry("x", SHARE % "{layer: red}"), world.PLAN.replace("140522", "999999"))
    workspace = Workspace.open(tmp_path)
    (plan,) = read_plans(tmp_path, workspace.catalogue, workspace.rulebook.documents)
    with pytest.raises(UsageError, match="plan: the workspace has no territory '999999'") as caught:
        answer_plan(workspace.source(), plan, on=DAY)
    assert caught.value.text.zh == "plan：工作空间没有辖区“999999”"


@pytest.mark.parametrize(("value", "limit"), [(4.2263, 4.23), (46.96, 47.0)])
def test_figures_are_compared_as_exactly_as_they_are_printed(value: float, limit: float) -> None:
    assert holds(Target(year=2025, sense="not-lower"), value, limit)


@pytest.mark.parametrize(("value", "limit"), [(4.22, 4.23), (46.4, 47.0)])
def test_a_figure_that_prints_lower_is_lower(value: float, limit: float) -> None:
    assert not holds(Target(year=2025, sense="not-lower"), value, limit)


def test_plans_of_one_territory_measure_once_and_answer_as_each_alone(tmp_path: Path) -> None:
    workspace = Workspace.open(world.build(tmp_path, world.entry("x", SHARE % "{layer: forest}", unit='"%"')))
    (plan,) = read_plans(tmp_path, workspace.catalogue, workspace.rulebook.documents)
    elsewhere = plan.model_copy(update={"territory": "nowhere"})
    source, measured = workspace.source(), Measured()
    first = answer_plan(source, plan, on=DAY, measured=measured)
    assert [list(kept) for kept in measured.values()] == [[(("forest", ()),)]]
    assert answer_plan(source, plan, on=DAY, measured=measured) == first == answer_plan(source, plan, on=DAY)
    with pytest.raises(UsageError):
        answer_plan(source, elsewhere, on=DAY, measured=measured)
    # What was measured is taken as it is, of the same territory only.
    ((territory, kept),) = measured.items()
    other = {territory: {key: replace(one, area_m2=1.0) for key, one in kept.items()}}
    (found,) = answer_plan(source, plan, on=DAY, measured=other).answers
    assert found.area_m2 == 1.0
    (found,) = answer_plan(source, plan, on=DAY, measured={"140825": other[territory]}).answers
    assert found.area_m2 == first.answers[0].area_m2
