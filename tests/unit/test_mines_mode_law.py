"""What the law says of each mode: every conflict of the register of rules, section 4, and what is recommended then."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyogrio
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from long_runs import times
from mode_places import place
from zoning.check import Checker, Examination
from zoning.errors import ContentError, UsageError
from zoning.mines.modes_law import Parcel, Ruling, facts_of, read_modes_law, rulings, site_of, sources_of
from zoning.mines.suitability.content import Suitability, read_suitability
from zoning.mines.suitability.inputs import Given
from zoning.mines.suitability.membership import Interval
from zoning.mines.suitability.recommend import recommend
from zoning.mines.suitability.run import modes_of
from zoning.mines.suitability.scoring import Score
from zoning.registers.record import Record
from zoning.rules.verdict import Decision
from zoning.texts import Text
from zoning.workspace import Workspace, builtin_root, copy_workspace

ON = date(2026, 11, 22)
YANGCHENG, JINCHENG, XINJIANG = "140522", "140502", "140825"
LAW = read_modes_law(builtin_root() / "mines" / "modes.yaml")


@pytest.fixture(scope="module")
def checker(workspace: Workspace) -> Checker:
    return checker_of(workspace)


@pytest.fixture(scope="module")
def content() -> Suitability:
    return read_suitability(builtin_root() / "mines" / "suitability.yaml")


def checker_of(workspace: Workspace, on: date = ON) -> Checker:
    return Checker(on=on, catalogue=workspace.catalogue, rulebook=workspace.rulebook, settings=workspace.settings)


def ruled(record: Record, checker: Checker, answers: Mapping[str, object] | None = None) -> dict[str, Ruling]:
    return ruled_each(checker, (record, answers or {}))[0]


def ruled_each(checker: Checker, *asked: tuple[Record, Mapping[str, object]]) -> list[dict[str, Ruling]]:
    """Return what is found of several at once: the layers around them are read once."""
    parcels = [Parcel(record, site_of(record), answers=answers) for record, answers in asked]
    return list(rulings(LAW, parcels, checker))


def prohibiting(ruling: Ruling) -> set[str]:
    return {reason.rule for reason in ruling.prohibiting}


def waiting(ruling: Ruling) -> set[str]:
    return {reason.rule for reason in ruling.reasons if reason.decision == "undetermined"}


def restricting(ruling: Ruling) -> set[str]:
    return {reason.rule for reason in ruling.reasons if reason.decision == "restricted"}


def test_no_trees_on_permanent_basic_farmland(checker: Checker) -> None:
    found = ruled(place("permanent-basic-farmland", None, XINJIANG), checker)
    assert found["forest"].decision == "prohibited"
    assert "R084" in prohibiting(found["forest"])
    reason = next(one for one in found["forest"].prohibiting if one.rule == "R084")
    assert reason.layer == "permanent-basic-farmland"
    assert reason.overlap_m2 == pytest.approx(shapely_area(place("permanent-basic-farmland", None, XINJIANG)), rel=1e-6)
    assert "第三章第四节" in reason.citation.zh
    assert "L244" in reason.citation.zh
    # Landscape, ponds and grass take it away as well; cropland keeps it.
    for mode in ("landscape", "fishery", "grass"):
        assert "LAL19-35" in prohibiting(found[mode])
    assert not prohibiting(found["cropland"])
    # What will grow is not said by natural recovery: that is a question and no permission.
    assert found["natural"].decision == "undetermined"
    assert "R084" in waiting(found["natural"])
    assert "restoration_target" in {one.fact for one in found["natural"].questions}


def shapely_area(record: Record) -> float:
    from zoning.overlay.plane import MeasuringPlane

    assert record.geometry is not None
    return MeasuringPlane(35.5).area_m2(record.geometry, "EPSG:4490", step_m=10.0)


@pytest.mark.parametrize("territory", [YANGCHENG, JINCHENG][: times(1, 2)])
def test_no_trees_on_permanent_basic_farmland_elsewhere_by_national_law(checker: Checker, territory: str) -> None:
    found = ruled(place("permanent-basic-farmland", None, territory), checker)
    assert {"LAL19-37c", "BFR11-17b"} <= prohibiting(found["forest"])


def test_no_crops_on_strict_control_cropland(checker: Checker) -> None:
    found = ruled(place("farmland-quality", "strict-control", XINJIANG), checker)
    assert found["cropland"].decision == "prohibited"
    assert prohibiting(found["cropland"]) == {"R133"}
    # A forest that grows nothing to eat is no matter of that rule.
    assert "R133" not in prohibiting(found["forest"]) | waiting(found["forest"])


def test_no_cropland_is_recommended_on_strict_control_land_where_no_rule_says_so(
    checker: Checker, content: Suitability
) -> None:
    record = place("farmland-quality", "strict-control", YANGCHENG)
    result = modes_of(content, LAW, [record], Given(), checker).parcels[0]
    assert "cropland" in content.modes
    assert result.scores["cropland"].knocked_out_by == ("strict-control",)
    assert result.target.mode != "cropland"


def test_no_fishery_in_water_zones(checker: Checker) -> None:
    second_level = place("drinking-water", "level-2", JINCHENG)
    first, second, told = ruled_each(
        checker,
        (place("drinking-water", "level-1", JINCHENG), {}),
        (second_level, {}),
        (second_level, {"discharges_water_pollutants": "yes"}),
    )
    assert {"R042", "R044"} <= prohibiting(first["fishery"])
    assert {"R042", "R044"} <= prohibiting(first["landscape"])
    assert "R048" in restricting(second["fishery"])
    assert "R048" in restricting(second["landscape"])
    # R045 waits for what is discharged: it is not allowed as it stands.
    assert second["fishery"].decision == "undetermined"
    assert "R045" in waiting(second["fishery"])
    assert "R045" in prohibiting(told["fishery"])


def test_landscape_and_industry_in_the_red_line(checker: Checker) -> None:
    record = place(
        "ecological-red-line-2022", None, YANGCHENG, (("drinking-water", None), ("nature-reserves-2026", None))
    )
    found, told = ruled_each(checker, (record, {}), (record, {"fits_main_function": "no"}))
    # The present edition has no levels: R013 and R014 stay open, R015 asks whether visits fit the main function.
    assert found["landscape"].decision == "undetermined"
    assert {"R013", "R014", "R015"} <= waiting(found["landscape"])
    asked = {one.fact for one in found["landscape"].questions}
    assert {"fits_main_function", "harms_main_ecosystem_function"} <= asked
    for check in ("transform", "industry-share"):
        assert found[check].decision == "prohibited"
        assert "R015" in prohibiting(found[check])
    # Trees and grass only with plan and recognition.
    assert "ERL22-1d" in restricting(found["forest"])
    assert "R015" not in prohibiting(found["forest"]) | waiting(found["forest"])
    assert "R015" in prohibiting(told["landscape"])


def test_landscape_in_the_levels_of_the_red_line(tmp_path: Path, checker: Checker) -> None:
    root = tmp_path / "own"
    copy_workspace(builtin_root(), root)
    path = root / "layers" / "ecological-red-line.yaml"
    text = path.read_text(encoding="utf-8")
    # The older edition, with levels, goes on being valid.
    text = text.replace('    valid_to: 2022-12-31\n    superseded_by: "2022"\n', "")
    start = text.index('  "2022":', text.index("editions:"))
    end = text.index("coverage: {territories", start)
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    older = Checker(
        on=ON, catalogue=Workspace.open(root).catalogue, rulebook=checker.rulebook, settings=checker.settings
    )
    second = place("ecological-red-line-2017", "level-2", YANGCHENG)
    strict, unknown, harmed = ruled_each(
        older,
        (place("ecological-red-line-2017", "level-1", YANGCHENG), {}),
        (second, {}),
        (second, {"harms_main_ecosystem_function": "yes"}),
    )
    assert "R013" in prohibiting(strict["landscape"])
    assert "R013" in prohibiting(strict["industry-share"])
    assert "R013" not in prohibiting(strict["grass"]) | waiting(strict["grass"])
    assert "R014" in waiting(unknown["landscape"])
    assert "R014" in prohibiting(harmed["landscape"])


@pytest.mark.parametrize(("class_", "rule"), [("HXBHQ", "NRR26-26a"), ("YBKZQ", "R015")])
def test_landscape_and_industry_in_a_reserve(checker: Checker, class_: str, rule: str) -> None:
    found = ruled(place("nature-reserves-2026", class_, YANGCHENG), checker)
    for check in ("transform", "industry-share"):
        assert found[check].decision == "prohibited"
        assert rule in prohibiting(found[check])
    assert found["landscape"].decision == ("prohibited" if class_ == "HXBHQ" else "undetermined")


def test_works_in_the_outcrop_belt(checker: Checker) -> None:
    found = ruled(place("spring-catchments", "outcrop-belt", JINCHENG), checker)
    # Stone taken away, or underground works, on the way.
    assert "R059" in prohibiting(found["stone-and-tunnels"])
    # Building anything: landscape and ponds.
    assert "R060" in prohibiting(found["landscape"])
    assert "R060" in prohibiting(found["fishery"])
    # Whether walls and drains are building is for the authority: not allowed as it stands.
    assert found["reconstruction"].decision == "undetermined"
    assert "R060" in waiting(found["reconstruction"])
    assert "construction" in {one.fact for one in found["reconstruction"].questions}


def test_parcels_in_the_planning_area(checker: Checker) -> None:
    found = ruled(place("urban-areas", "planning-area", XINJIANG), checker)
    assert found["stone-and-tunnels"].decision == "prohibited"
    assert "R187" in prohibiting(found["stone-and-tunnels"])
    # Restoring is what the rule asks of the sites that are left.
    for mode in ("forest", "grass", "cropland", "reconstruction"):
        assert "R187" not in prohibiting(found[mode]) | waiting(found[mode])


def test_the_share_for_industry_is_3_percent_at_most(checker: Checker) -> None:
    busy = ("ecological-red-line-2022", "permanent-basic-farmland", "drinking-water", "spring-catchments")
    found = ruled(place("townships", None, JINCHENG, tuple((file, None) for file in busy)), checker)
    assert "R201" not in restricting(found["industry-share"])
    assert "R201" in restricting(found["transform"])


def old_mine_water(tmp_path: Path, shape: BaseGeometry) -> Path:
    path = tmp_path / "old-mine-water.gpkg"
    pyogrio.raw.write(
        path, shapely.to_wkb([shape]), [], [], geometry_type=shape.geom_type, crs="EPSG:4490", driver="GPKG"
    )
    return path


def test_a_parcel_over_old_mine_water(tmp_path: Path, checker: Checker, content: Suitability) -> None:
    record = place("townships", None, YANGCHENG, (("permanent-basic-farmland", None),))
    assert record.geometry is not None
    unknown = modes_of(content, LAW, [record], Given(), checker).parcels[0]
    assert "old-mine-water" in unknown.scores["fishery"].open_limits
    assert unknown.scores["fishery"].interval.low == 0.0
    over = Given(vectors={"old-mine-water": old_mine_water(tmp_path, record.geometry.buffer(0.01))})
    wet = modes_of(content, LAW, [record], over, checker).parcels[0]
    assert wet.scores["fishery"].knocked_out_by == ("old-mine-water",)
    assert "fishery" not in wet.target.order
    # The duty to survey and cure it stands beside every ruling of the county.
    assert {one.rule for one in wet.rulings["grass"].duties} == {"R206"}
    away = Given(vectors={"old-mine-water": old_mine_water(tmp_path, shapely.Point(112.9, 36.0).buffer(0.001))})
    dry = modes_of(content, LAW, [record], away, checker).parcels[0]
    assert "old-mine-water" not in dry.scores["fishery"].open_limits + dry.scores["fishery"].knocked_out_by


def test_measured_once_is_measured_the_same(checker: Checker) -> None:
    # A site astride the border of no county, and one with many layers: every decision and reason as the plain check.
    records = [place("spring-catchments", "outcrop-belt", JINCHENG), place("drinking-water", "level-2", JINCHENG)]
    parcels = [Parcel(record, site_of(record)) for record in records]
    for parcel, found in zip(parcels, rulings(LAW, parcels, checker), strict=True):
        sheets = [facts_of(check, parcel, checker.rulebook.vocabulary) for check in LAW.checks.values()]
        for name, plain in zip(LAW.checks, checker.check([(parcel.site, sheet) for sheet in sheets]), strict=True):
            assert isinstance(plain, Examination)
            assert found[name].decision == plain.verdict.decision
            moving = {f.rule for f in plain.verdict.findings if f.decision not in (None, "permitted")}
            assert {reason.rule for reason in found[name].reasons} == moving
            assert found[name].missing_layers == plain.verdict.missing_layers


def test_a_steep_cell_is_told_to_the_rules_and_a_gentle_one_is_not(checker: Checker) -> None:
    record = place("townships", None, YANGCHENG)
    steep = Parcel(record, site_of(record), figures={"slope": {"max": 25.0}})
    gentle = Parcel(record, site_of(record), figures={"slope": {"max": 24.9}})
    vocabulary = checker.rulebook.vocabulary
    assert facts_of(LAW.checks["cropland"], steep, vocabulary).get("reclaimed_slope_deg") == 25.0
    assert facts_of(LAW.checks["cropland"], gentle, vocabulary).get("reclaimed_slope_deg") is None
    # The answer of a person goes before the model, what the mode is before both.
    told = Parcel(
        record, site_of(record), {"slope": {"max": 40.0}}, {"reclaimed_slope_deg": "3", "construction": "new"}
    )
    assert facts_of(LAW.checks["cropland"], told, vocabulary).get("reclaimed_slope_deg") == 3.0
    assert facts_of(LAW.checks["cropland"], told, vocabulary).get("construction") == ("none",)


def test_a_parcel_in_no_territory_is_not_checked_and_nothing_is_recommended(
    checker: Checker, content: Suitability
) -> None:
    record = Record("far", "远处", "", shapely.box(120.0, 30.0, 120.001, 30.001))
    found = modes_of(content, LAW, [record], Given(), checker).parcels[0]
    assert found.target.mode is None
    assert found.rulings["grass"].decision is None
    assert found.rulings["grass"].refused is not None


def scored(mode: str, low: float, high: float | None = None) -> Score:
    found = Interval(low, low if high is None else high)
    return Score(mode, found, found, (), ())


def ruling(mode: str, decision: Decision | None) -> Ruling:
    return Ruling(mode, decision)


def test_the_best_mode_that_is_not_prohibited_is_recommended(content: Suitability) -> None:
    lows = {"forest": 0.9, "landscape": 0.8, "cropland": 0.7, "fishery": 0.6, "grass": 0.5}
    scores = {mode: scored(mode, low) for mode, low in lows.items()}
    decisions: dict[str, Decision | None] = {
        "forest": "prohibited",
        "landscape": None,
        "cropland": "undetermined",
        "fishery": "restricted",
        "grass": "permitted",
    }
    rulings_ = {mode: ruling(mode, decision) for mode, decision in decisions.items()}
    found = recommend(content, "target", scores, rulings_)
    # Forest is barred; what could not be checked is passed over; cropland is open and says so.
    assert found.mode == "cropland"
    assert found.ruling is not None
    assert found.ruling.is_open
    assert found.settled == "fishery"
    assert found.forbidden == ("forest",)
    assert found.order == ("forest", "landscape", "cropland", "fishery", "grass")
    assert found.is_clear
    every = {mode: ruling(mode, "prohibited") for mode in lows}
    nothing = recommend(content, "target", scores, every)
    assert (nothing.mode, nothing.settled, nothing.is_clear) == (None, None, False)
    assert set(nothing.forbidden) == set(lows)


def test_a_recommendation_is_clear_only_when_no_interval_reaches_it(content: Suitability) -> None:
    modes = list(content.of("target"))
    scores = {mode: scored(mode, 0.1) for mode in modes} | {
        "forest": scored("forest", 0.5, 0.7),
        "grass": scored("grass", 0.4, 0.6),
    }
    rulings_ = {mode: ruling(mode, "permitted") for mode in modes}
    assert recommend(content, "target", scores, rulings_).mode == "forest"
    assert not recommend(content, "target", scores, rulings_).is_clear
    # What the law bars does not make it less clear.
    assert recommend(content, "target", scores, rulings_ | {"grass": ruling("grass", "prohibited")}).is_clear


def test_the_law_file_knows_the_modes_of_the_other_and_only_facts_that_exist(
    content: Suitability, checker: Checker
) -> None:
    assert {name for name, check in LAW.checks.items() if check.kind == "mode"} == set(content.modes)
    parcel = Parcel(place("townships", None, YANGCHENG), site_of(place("townships", None, YANGCHENG)))
    for check in LAW.checks.values():
        assert facts_of(check, parcel, checker.rulebook.vocabulary).values
        assert {one.criterion for one in check.measured.values()} <= set(content.criteria)
    rules = {rule.id for rule in checker.rulebook.rules}
    assert set(LAW.duties) <= rules


def test_a_mistake_in_the_law_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "modes.yaml"
    text = (builtin_root() / "mines" / "modes.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("    kind: share\n", "    kind: part\n"), encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        read_modes_law(path)
    assert "kind" in refused.value.text.en
    assert "modes.yaml:" in refused.value.text.en


def test_parcels_that_cannot_be_placed_are_named_and_the_others_looked_at(
    checker: Checker, content: Suitability
) -> None:
    good = place("townships", None, YANGCHENG)
    flat = Record("flat", "", YANGCHENG, shapely.Polygon([(112.4, 35.5), (112.5, 35.5), (112.4, 35.5)]))
    found = modes_of(content, LAW, [Record("none", "", YANGCHENG, None), flat, good], Given(), checker)
    assert [one.record.id for one in found.parcels] == ["p1"]
    assert found.skipped["none"].en == "it has no boundary"
    assert "has no area" in found.skipped["flat"].en
    with pytest.raises(UsageError) as refused:
        modes_of(content, LAW, [flat], Given(), checker)
    assert refused.value.text.zh == "没有可用边界的图斑"


def test_each_fact_of_a_mode_says_where_it_comes_from() -> None:
    found = sources_of(LAW.checks["cropland"], ["edible_products", "reclaimed_slope_deg", "discharge"])
    of_mode = Text(
        "修复方向“宜垦”的设定（mines/modes.yaml）：团队读法：耕地用来种食用农产品",
        "set for the mode 'cropland' (mines/modes.yaml): reading of the team: cropland grows food",
    )
    measured = Text(
        "选择修复方向时测得或回答（mode.json）", "measured or answered when the mode was chosen (mode.json)"
    )
    assert found == {"edible_products": of_mode, "reclaimed_slope_deg": measured, "discharge": measured}
