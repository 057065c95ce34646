"""What documents demand of layers: zones inside others, and areas as stated."""

from typing import Any

import pytest
import shapely
from pydantic import ValidationError

from audit_scene import FIRST, SECOND, Zone, audit_layer, scene
from overlay_world import box_m
from zoning.planning.audit.demands import area_findings, inside_findings
from zoning.planning.audit.issue import Finding
from zoning.planning.audit.plan import Inside, StatedArea

CITED = {"document": "plan", "section": "第一章", "lines": "L1", "anchor": "某"}
SAYS = {"zh": "红线包含保护区", "en": "the red line contains the reserves"}


def inside(
    reserves: list[Zone], held: list[Zone], *, wanted: tuple[str, ...] = (), accuracy_m: float = 0.0, **told: Any
) -> list[Finding]:
    demand = {"zones": {"layer": "reserves"}, "within": [{"layer": "red"}], "says": SAYS, "citation": CITED, **told}
    made = scene(audit_layer("reserves", reserves), audit_layer("red", held), wanted=wanted)
    for name in ("reserves", "red"):
        made.catalogue.layers[name] = made.catalogue[name].model_copy(update={"accuracy_m": accuracy_m})
    return list(inside_findings(made, Inside.model_validate(demand)))


RESERVE: list[Zone] = [("N1", "one", box_m(100, 100, 200, 200))]


@pytest.mark.parametrize(
    "held",
    [
        [box_m(0, 0, 300, 300)],
        [box_m(100, 100, 200, 200)],
        # Two zones hold it together.
        [box_m(0, 0, 150, 300), box_m(150, 0, 300, 300)],
    ],
)
def test_what_lies_inside_is_no_issue(held: list[shapely.Polygon]) -> None:
    assert inside(RESERVE, [(f"R{number}", "red", shape) for number, shape in enumerate(held)]) == []


def test_what_reaches_out_is_told_with_its_document() -> None:
    (found,) = inside(RESERVE, [("R1", "red", box_m(0, 0, 150, 300))])
    assert (found.kind, found.layers, found.zones, found.severity) == ("not-inside", ("reserves", "red"), ("N1",), None)
    assert found.area_m2 == pytest.approx(5000.0, rel=1e-3)
    assert (found.territory, found.detail) == (FIRST, "the red line contains the reserves|")
    assert [one.document for one in found.citations] == ["plan"]
    assert found.text.zh.startswith("reserves“N1”有 0.4")
    assert found.text.zh.endswith(" 不在red之内；红线包含保护区")
    assert found.text.en.endswith(" do not lie inside red; the red line contains the reserves")


def test_where_nothing_holds_it_all_of_it_is_outside() -> None:
    (found,) = inside(RESERVE, [])
    assert found.area_m2 == pytest.approx(10_000.0, rel=1e-3)


@pytest.mark.parametrize(("accuracy_m", "severity"), [(0.0, None), (1.0, None), (4.0, "note")])
def test_a_strip_within_the_accuracy_of_both_borders_is_a_note(accuracy_m: float, severity: str | None) -> None:
    (found,) = inside(RESERVE, [("R1", "red", box_m(0, 0, 197, 300))], accuracy_m=accuracy_m)
    assert found.severity == severity
    assert found.text.zh.endswith("（在位置精度之内）；红线包含保护区") is (severity is not None)
    assert ("(within the accuracy)" in found.text.en) is (severity is not None)
    assert found.detail.endswith("narrow") is (severity is not None)


def test_less_than_the_least_area_is_no_issue() -> None:
    assert inside(RESERVE, [("R1", "red", box_m(0, 0, 199.995, 300))]) == []
    assert inside(RESERVE, [("R1", "red", box_m(0, 0, 199.995, 300))], accuracy_m=5.0) == []


OUT: list[Zone] = [("N1", "one", box_m(100, 100, 200, 200)), ("N2", "one", box_m(1100, 100, 1200, 200))]


@pytest.mark.parametrize(
    ("named", "wanted", "zones"),
    [
        ([], (), ["N1", "N2"]),
        ([FIRST], (), ["N1"]),
        ([SECOND], (), ["N2"]),
        ([], (SECOND,), ["N2"]),
        ([FIRST], (SECOND,), []),
    ],
)
def test_a_demand_holds_in_its_territories(named: list[str], wanted: tuple[str, ...], zones: list[str]) -> None:
    assert [one.zones[0] for one in inside(OUT, [], wanted=wanted, territories=named)] == zones


def test_only_what_lies_in_the_territory_is_demanded() -> None:
    across: list[Zone] = [("N1", "one", box_m(900, 0, 1300, 100))]
    (found,) = inside(across, [], territories=[FIRST])
    assert found.area_m2 == pytest.approx(10_000.0, rel=1e-3)


def test_zones_whose_name_is_demanded_and_gone_are_told() -> None:
    (found,) = inside(RESERVE, [("R1", "red", box_m(0, 0, 300, 300))], zones={"layer": "reserves", "names": "蟒河"})
    assert (found.zones, found.severity, found.geometry.is_empty) == ((), "warning", True)
    assert found.text.zh == "reserves：没有名称含“蟒河”的区，无从检查；红线包含保护区"
    assert found.text.en == (
        "reserves: no zone is named like '蟒河', nothing to compare; the red line contains the reserves"
    )


def stated(
    *areas: float, layer: list[Zone] | None = None, wanted: tuple[str, ...] = (), **told: Any
) -> list[tuple[str | None, str]]:
    """Return severity and Chinese sentence of every finding; the layer has a zone of about 10,000 m²."""
    zones = RESERVE if layer is None else layer
    entry = {
        "title": {"zh": "保护区", "en": "reserve"},
        "zones": {"layer": "reserves"},
        "stated": [{"area": area, "citation": CITED} for area in areas],
        **told,
    }
    made = scene(audit_layer("reserves", zones), wanted=wanted)
    return [(one.severity, one.text.zh) for one in area_findings(made, StatedArea.model_validate(entry))]


@pytest.mark.parametrize(
    ("area", "share", "differs"),
    [
        (9996.0, None, False), (10_090.0, None, False), (9910.0, None, False),
        (10_110.0, None, True), (9880.0, None, True),
        (10_090.0, 0.005, True), (11_000.0, 0.2, False),
    ],
)  # fmt: skip
def test_an_area_is_compared_with_what_documents_state(area: float, share: float | None, differs: bool) -> None:
    more: dict[str, Any] = {} if share is None else {"share": share}
    assert bool(stated(area, **more)) is differs


def test_how_far_apart_they_are_is_said() -> None:
    ((severity, zh),) = stated(20_000.0, note={"zh": "含水域", "en": "with water"})
    assert severity is None
    assert zh == "保护区：图层为 0.9996 公顷（14.99 亩），文件载 2.0000 公顷（30.00 亩）（差 -50.02 %）；含水域"


def test_of_contradictory_figures_one_that_fits_is_enough_and_the_contradiction_is_a_note() -> None:
    ((severity, zh),) = stated(20_000.0, 10_000.0)
    assert severity == "note"
    assert zh.startswith("保护区：文件之间互相矛盾（plan L1：2.0000 公顷（30.00 亩）；plan L1：1.0000 公顷")
    assert [one for one, _ in stated(20_000.0, 30_000.0)] == ["note", None]


@pytest.mark.parametrize(("second", "contradicts"), [(10_100.0, False), (10_101.0, True)])
def test_figures_contradict_each_other_beyond_the_share(second: float, contradicts: bool) -> None:
    assert bool(stated(10_000.0, second)) is contradicts


def test_zones_that_are_not_there_are_told() -> None:
    ((_, zh),) = stated(10_000.0, layer=[])
    assert zh == "保护区：图层中没有这些区，文件载 1.0000 公顷（15.00 亩）（差 -100.00 %）"


@pytest.mark.parametrize(("edition", "compared"), [("2020", True), ("2019", False)])
def test_only_the_edition_that_is_meant_is_compared(edition: str, compared: bool) -> None:
    assert bool(stated(20_000.0, edition=edition)) is compared


ACROSS: list[Zone] = [("N1", "one", box_m(900, 100, 1300, 200))]


@pytest.mark.parametrize(
    ("area", "told", "wanted", "differs"),
    [
        (40_000.0, {}, (), False),
        (10_000.0, {"territory": FIRST}, (), False),
        (30_000.0, {"territory": SECOND}, (), False),
        (40_000.0, {"territory": FIRST}, (), True),
        (99_000.0, {"territory": FIRST}, (SECOND,), False),
        (99_000.0, {}, (FIRST,), False),
        (99_000.0, {}, (SECOND,), True),
    ],
)
def test_an_area_in_one_territory(area: float, told: dict[str, Any], wanted: tuple[str, ...], differs: bool) -> None:
    assert bool(stated(area, layer=ACROSS, wanted=wanted, **told)) is differs


def test_a_document_does_not_state_an_area_of_nought() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        stated(0.0)
