"""Remainder, nearest place and flip distance, counted by hand in a county whose zones are boxes."""

import json
from math import cos, radians
from pathlib import Path
from typing import Any

import pytest
import shapely

import tiny_workspace
from advice_world import NEW, TERMS, content, examined, facts, lonlat, opened, scene, site
from zoning.advice.advise import advise
from zoning.advice.entries import Advice
from zoning.advice.flip import flip_distance
from zoning.advice.parcels import parcels_of
from zoning.advice.placement import placements
from zoning.advice.recheck import Rechecker
from zoning.advice.remainder import remainder
from zoning.advice.terms import Terms
from zoning.check import check_site

# The west edge of the only field, at half its height; it is 907 m wide and 1,109 m high.
EDGE = (112.450, 35.455)
MARGIN_M = 0.2
ACROSS = (-100.0, -50.0, 100.0, 50.0)  # half of it lies on the field


@pytest.mark.parametrize("accuracy", [0.0, 5.0, 30.0])
def test_the_remainder_is_what_lies_off_the_field_and_its_accuracy(tmp_path: Path, accuracy: float) -> None:
    ground = scene(content(tmp_path, accuracy_m=accuracy), lonlat(EDGE, ACROSS))
    left = remainder(ground, TERMS, "prohibitions")
    expected = (100 - accuracy - MARGIN_M) * 100
    assert [piece.recheck.decision for piece in left.pieces] == ["permitted"]
    assert left.area_m2 == pytest.approx(expected, rel=1e-3)
    assert left.share == pytest.approx(expected / 20_000, rel=1e-3)
    assert (left.dropped, left.together, left.inexact) == (0, None, ())


def test_a_field_through_the_middle_leaves_two_pieces_that_are_checked_together_as_well(tmp_path: Path) -> None:
    desk = content(tmp_path)
    # 300 m beyond the field on both sides.
    ground = scene(desk, lonlat(EDGE, (-300, -50, 1300, 50)))
    left = remainder(ground, TERMS, "prohibitions")
    wide = 0.010 * 111_320 * cos(radians(35.455))
    assert [piece.area_m2 for piece in left.pieces] == pytest.approx([(1300 - wide) * 100, 300 * 100], rel=0.01)
    assert left.together is not None
    assert left.together.decision == "permitted"


def test_pieces_below_the_useful_size_are_left_out_and_counted(tmp_path: Path) -> None:
    ground = scene(content(tmp_path), lonlat(EDGE, (-6, -50, 194, 50)))
    left = remainder(ground, TERMS, "prohibitions")
    assert left.pieces == ()
    assert left.too_small == 1
    assert left.too_small_m2 == pytest.approx(580, rel=0.01)
    larger = remainder(ground, Terms(radius_m=2000, piece_m2=500), "prohibitions")
    assert [piece.area_m2 for piece in larger.pieces] == pytest.approx([580], rel=0.01)
    narrow = remainder(ground, Terms(radius_m=2000, piece_m2=500, piece_width_m=6.0), "prohibitions")
    assert narrow.pieces == ()


def test_a_site_that_nothing_prohibits_remains_as_it_is(tmp_path: Path) -> None:
    ground = scene(content(tmp_path, accuracy_m=5.0), lonlat(EDGE, (-400, -50, -300, 50)))
    left = remainder(ground, TERMS, "prohibitions")
    assert left.share == pytest.approx(1.0, abs=1e-6)
    assert left.too_small == 0


@pytest.mark.parametrize("accuracy", [0.0, 5.0, 30.0])
def test_the_nearest_place_is_across_the_nearest_edge(tmp_path: Path, accuracy: float) -> None:
    ground = scene(content(tmp_path, accuracy_m=accuracy), lonlat(EDGE, ACROSS))
    found = placements(ground, TERMS, "prohibitions")
    assert found.moved is not None
    assert found.moved.displacement.distance_m == pytest.approx(100 + accuracy + MARGIN_M, abs=0.5)
    assert found.moved.bearing_deg == pytest.approx(270, abs=5)
    assert found.moved.recheck.decision == "permitted"
    assert found.moved.recheck.area_m2 == pytest.approx(20_000, rel=1e-5)


def test_a_turn_is_advised_where_it_saves_a_tenth(tmp_path: Path) -> None:
    ground = scene(content(tmp_path), lonlat(EDGE, ACROSS))
    found = placements(ground, TERMS, "prohibitions")
    assert found.turned is not None
    # Upright the shape reaches 50 m to the east instead of 100.
    assert abs(found.turned.turn_deg) == 90.0
    assert found.turned.displacement.distance_m == pytest.approx(50 + MARGIN_M, abs=1.5)
    assert found.best is found.turned
    assert placements(ground, Terms(radius_m=2000, turn_step_deg=0), "prohibitions").turned is None


def test_none_within_the_radius_is_said_with_its_bound(tmp_path: Path) -> None:
    desk = content(tmp_path, accuracy_m=5.0)
    geometry = lonlat(EDGE, (400, -50, 500, 50))
    terms = Terms(radius_m=300, turn_step_deg=90)
    advice = advise(desk, examined(desk, geometry), facts(desk), terms)
    assert [(one.level, one.moved, one.turned) for one in advice.placements] == [("prohibitions", None, None)]
    assert "within 300 m there is no place" in advice.placements[0].bound.en
    assert "nor with turns in steps of 90°" in advice.placements[0].bound.en
    assert advice.remainder[0].pieces == ()


def test_the_project_decides_what_is_in_the_way(tmp_path: Path) -> None:
    # Nothing is built: no rule of the county speaks of it.
    ground = scene(content(tmp_path), lonlat(EDGE, ACROSS), {"construction": "none", "supply": "no"})
    found = placements(ground, TERMS, "prohibitions")
    assert found.moved is not None
    assert found.moved.displacement.distance_m == 0
    assert remainder(ground, TERMS, "prohibitions").share == pytest.approx(1.0, abs=1e-6)


def test_what_could_prohibit_for_want_of_a_fact_is_named_and_avoided_in_a_second_answer(tmp_path: Path) -> None:
    desk = content(tmp_path)
    told: dict[str, Any] = {"supply": "no"}
    advice = advise(desk, examined(desk, lonlat(EDGE, ACROSS), told), facts(desk, told), TERMS)
    first, second = advice.placements
    assert (first.level, second.level) == ("prohibitions", "settled")
    assert first.moved is not None
    assert second.moved is not None
    assert first.moved.move.distance_m == 0
    assert first.moved.recheck.missing_facts == ("construction",)
    assert not first.moved.recheck.clear
    assert second.moved.move.distance_m == pytest.approx(100 + MARGIN_M, abs=0.5)
    assert second.moved.recheck.clear


def border_field(root: Path) -> None:
    """Move the field to 136 m before the border of the county, behind which nothing is known."""
    zones = [("F1", "", "F", (112.490, 35.450, 112.4985, 35.460))]
    tiny_workspace.geojson(root / "layers" / "data" / "farmland.geojson", zones)


def test_land_without_data_is_never_advised_as_clear(tmp_path: Path) -> None:
    tiny_workspace.build(tmp_path, accuracy_m=5.0)
    border_field(tmp_path)
    desk = opened(tmp_path)
    geometry = lonlat((112.4985, 35.455), ACROSS)
    near = advise(desk, examined(desk, geometry), facts(desk), Terms(radius_m=300, turn_step_deg=0))
    first, second = near.placements
    assert (first.level, first.moved) == ("prohibitions", None)
    assert (second.level, second.moved is not None) == ("known", True)
    assert second.moved is not None
    assert (second.moved.recheck.decision, second.moved.recheck.clear) == ("undetermined", False)
    far = advise(desk, examined(desk, geometry), facts(desk), Terms(radius_m=2_000, turn_step_deg=0))
    (only,) = far.placements
    assert only.moved is not None
    assert only.moved.recheck.clear
    # Off the field to the south or north, on this side of the border.
    assert shapely.geometry.shape(only.moved.geometry).bounds[2] <= 112.5


def test_a_layer_that_is_missing_leaves_every_place_undetermined(tmp_path: Path) -> None:
    tiny_workspace.build(tmp_path)
    text = (tmp_path / "layers" / "water.yaml").read_text(encoding="utf-8")
    (tmp_path / "layers" / "water.yaml").write_text(text.replace("2020-01-01", "2030-01-01"), encoding="utf-8")
    desk = opened(tmp_path)
    advice = advise(desk, examined(desk, lonlat(EDGE, ACROSS)), facts(desk), TERMS)
    assert advice.unread_layers == ("water",)
    found = advice.placements[0].moved
    assert found is not None
    assert (found.recheck.clear, found.recheck.missing_layers) == (False, ("water",))
    assert all(not piece.recheck.clear for left in advice.remainder for piece in left.pieces)


def rule(root: Path, where: str, more: str = "") -> None:
    """Write one more rule."""
    text = tiny_workspace.RULE.format(zh="规则", en="a rule", layer="water", class_id="level-1", effect="prohibit")
    text = text.replace("{layer: water, classes: [level-1]}", where) + more
    (root / "rules" / "plan" / "R099.yaml").write_text(text, encoding="utf-8")


def test_a_distance_of_a_rule_is_kept(tmp_path: Path) -> None:
    tiny_workspace.build(tmp_path, accuracy_m=5.0)
    rule(tmp_path, "{layer: farmland, relation: within, distance: 200 m}")
    ground = scene(opened(tmp_path), lonlat(EDGE, ACROSS))
    found = placements(ground, TERMS, "prohibitions")
    assert found.moved is not None
    assert found.moved.displacement.distance_m == pytest.approx(100 + 200 + 5 + MARGIN_M, abs=0.6)
    assert remainder(ground, TERMS, "prohibitions").pieces == ()


def test_where_a_rule_forbids_a_share_any_contact_is_avoided_and_said(tmp_path: Path) -> None:
    tiny_workspace.build(tmp_path)
    (tmp_path / "rules" / "plan" / "R083.yaml").unlink()
    rule(tmp_path, "{layer: farmland, share: {above: 30 %}}")
    found = placements(scene(opened(tmp_path), lonlat(EDGE, ACROSS)), TERMS, "prohibitions")
    assert found.inexact == ("R099",)
    assert found.moved is not None
    assert found.moved.displacement.distance_m == pytest.approx(100 + MARGIN_M, abs=0.5)


def test_what_has_to_lie_inside_of_zones_is_moved_into_them(tmp_path: Path) -> None:
    tiny_workspace.build(tmp_path, accuracy_m=5.0)
    (tmp_path / "rules" / "plan" / "R083.yaml").unlink()
    rule(tmp_path, "{layer: farmland, relation: outside}")
    ground = scene(opened(tmp_path), lonlat(EDGE, ACROSS))
    found = placements(ground, TERMS, "prohibitions")
    assert found.moved is not None
    assert found.moved.displacement.distance_m == pytest.approx(100 + 5 + MARGIN_M, abs=0.5)
    assert found.moved.bearing_deg == pytest.approx(90, abs=5)
    assert remainder(ground, TERMS, "prohibitions").area_m2 == pytest.approx((100 - 5 - MARGIN_M) * 100, rel=1e-3)


def test_a_rule_that_forbids_everywhere_leaves_no_place(tmp_path: Path) -> None:
    tiny_workspace.build(tmp_path)
    text = tiny_workspace.RULE.format(zh="规则", en="a rule", layer="water", class_id="level-1", effect="prohibit")
    text = text.replace("where: {layer: water, classes: [level-1]}\n", "").replace("scope: zone", "scope: attribute")
    (tmp_path / "rules" / "plan" / "R099.yaml").write_text(text, encoding="utf-8")
    desk = opened(tmp_path)
    advice = advise(desk, examined(desk, lonlat(EDGE, ACROSS)), facts(desk), TERMS)
    assert advice.everywhere == {"140522": ("R099",)}
    assert [found.moved for found in advice.placements] == [None]
    assert [left.pieces for left in advice.remainder] == [()]


@pytest.mark.parametrize("accuracy", [0.0, 5.0, 30.0])
def test_a_site_beside_a_field_is_as_far_from_a_prohibition_as_the_field_less_its_accuracy(
    tmp_path: Path, accuracy: float
) -> None:
    found = flip_distance(scene(content(tmp_path, accuracy_m=accuracy), lonlat(EDGE, (-400, -50, -300, 50))), TERMS)
    assert found.decision == "permitted"
    assert found.safe_m == pytest.approx(300 - accuracy - MARGIN_M, abs=0.2)
    assert found.flip is not None
    assert found.flip.displacement.distance_m == pytest.approx(300 - accuracy, abs=0.3)
    assert found.flip.bearing_deg == pytest.approx(90, abs=0.5)
    assert found.flip.decision == ("undetermined" if accuracy else "prohibited")


def test_a_site_on_a_field_is_prohibited_as_long_as_it_certainly_touches_it(tmp_path: Path) -> None:
    found = flip_distance(scene(content(tmp_path, accuracy_m=5.0), lonlat(EDGE, ACROSS)), TERMS)
    assert found.decision == "prohibited"
    assert found.flip is not None
    # Moved by 95 m it still reaches 5 m into the field: no longer certain.
    assert found.flip.displacement.distance_m == pytest.approx(95, abs=1.5)
    assert found.flip.decision == "undetermined"
    assert 0 < found.safe_m <= found.flip.displacement.distance_m


def test_no_other_decision_within_the_radius_is_said(tmp_path: Path) -> None:
    found = flip_distance(
        scene(content(tmp_path), lonlat((112.35, 35.45), (0, 0, 50, 50)), radius_m=500), Terms(radius_m=500)
    )
    assert (found.flip, found.safe_m) == (None, 500)


def test_what_is_written_is_what_was_checked(tmp_path: Path) -> None:
    desk = content(tmp_path, accuracy_m=5.0)
    examination = examined(desk, lonlat(EDGE, ACROSS))
    advice = advise(desk, examination, facts(desk), TERMS)
    again = json.loads(advice.to_json())
    assert Advice.model_validate_json(advice.to_json()).to_json() == advice.to_json()
    parcels = parcels_of(advice, examination.footprint.lonlat)
    assert [parcel.attributes["kind"] for parcel in parcels] == ["site", "remainder", "moved", "turned"]
    for entry in (
        again["remainder"][0]["pieces"][0],
        again["placements"][0]["moved"],
        again["placements"][0]["turned"],
    ):
        verdict = check_site(
            site(shapely.geometry.shape(entry["geometry"])),
            facts(desk, NEW),
            on=desk.on,
            catalogue=desk.catalogue,
            rulebook=desk.rulebook,
            settings=desk.settings,
        ).verdict
        assert verdict.decision == entry["recheck"]["decision"] == "permitted"
        assert verdict.site.area_m2 == pytest.approx(entry["recheck"]["area_m2"], abs=1e-3)


def test_the_same_site_gives_the_same_bytes(tmp_path: Path) -> None:
    desk = content(tmp_path, accuracy_m=5.0)
    geometry = lonlat(EDGE, ACROSS)
    first, second = (advise(desk, examined(desk, geometry), facts(desk), TERMS).to_json() for _ in range(2))
    assert first == second


def test_an_advice_whose_check_is_not_clear_is_dropped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground = scene(content(tmp_path), lonlat(EDGE, ACROSS))
    monkeypatch.setattr(Rechecker, "check", lambda *_: None)
    left, found = remainder(ground, TERMS, "prohibitions"), placements(ground, Terms(radius_m=300), "prohibitions")
    assert (left.pieces, left.dropped) == ((), 1)
    assert (found.moved, found.turned) == (None, None)
    assert found.dropped > 0
