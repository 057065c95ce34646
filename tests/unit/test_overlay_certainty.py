"""Certain, possible, clear: what the accuracy of a layer leaves, and where it flips."""

import pytest
import shapely

from overlay_world import PLANE, box_m, features, footprint, metres, overlay
from zoning.overlay.overlap import LayerOverlap

SITE = box_m(0, 0, 100, 100)


def against(west: float, *, accuracy_m: float, east: float = 400.0) -> LayerOverlap:
    """Measure the site of 100 m against a zone that begins at `west`."""
    zones = features([(box_m(west, -300, east, 400), "level-1")], crs="EPSG:4525", accuracy_m=accuracy_m)
    return overlay(SITE, zones, site_crs="EPSG:4525")


def test_deep_overlap_is_certain() -> None:
    found = against(60, accuracy_m=10)
    assert found.status == "affected"
    assert found.classes[0].certainty == "certain"
    # 40 m deep: shrunk by 40 m the site just leaves the zone (less the strip of 1 m² that counts as nothing).
    assert found.classes[0].flips_at_m == pytest.approx(40.0, abs=0.11)


def test_shallow_overlap_is_possible() -> None:
    found = against(97, accuracy_m=10)
    assert found.status == "possible"
    (hit,) = found.classes
    assert hit.certainty == "possible"
    assert hit.overlap_m2 == pytest.approx(300, rel=1e-3)
    assert hit.flips_at_m == pytest.approx(3.0, abs=0.11)
    assert found.reason is not None
    assert found.reason.en == "may be touched within the layer's accuracy (10 m)"


def test_near_zone_is_possible_without_an_overlap() -> None:
    found = against(104, accuracy_m=10)
    assert found.status == "possible"
    (hit,) = found.classes
    assert (hit.certainty, hit.overlap_m2, hit.share) == ("possible", 0.0, 0.0)
    assert hit.zones[0].piece.is_empty
    assert not hit.zones[0].zone.is_empty
    assert hit.flips_at_m == pytest.approx(4.0, abs=0.11)


def test_zone_beyond_the_accuracy_is_clear() -> None:
    found = against(111, accuracy_m=10)
    assert found.status == "not_affected"
    assert found.classes == ()
    assert found.distances_m == pytest.approx({"level-1": 11.0}, abs=0.01)


@pytest.mark.parametrize(
    ("west", "status"), [(89.7, "affected"), (90.3, "possible"), (109.7, "possible"), (110.3, "not_affected")]
)
def test_limits_of_the_accuracy(west: float, status: str) -> None:
    assert against(west, accuracy_m=10).status == status


def test_accuracy_zero_knows_no_doubt() -> None:
    assert against(99, accuracy_m=0).status == "affected"
    assert against(100.1, accuracy_m=0).status == "not_affected"


def test_small_site_deep_inside_a_zone_is_certain() -> None:
    # Shrunk by 50 m nothing is left of the site, but no border within 50 m can bring it out of the zone.
    found = overlay(
        box_m(0, 0, 10, 10),
        features([(box_m(-500, -500, 500, 500), "level-1")], crs="EPSG:4525", accuracy_m=50),
        site_crs="EPSG:4525",
    )
    assert found.status == "affected"
    assert found.classes[0].flips_at_m is None


def test_narrow_road_through_a_zone_is_certain_where_it_is_deep() -> None:
    road = box_m(-1000, 0, 1000, 12)
    wide = features([(box_m(-400, -400, 400, 400), "level-1")], crs="EPSG:4525", accuracy_m=50)
    narrow = features([(box_m(-30, -400, 30, 400), "level-1")], crs="EPSG:4525", accuracy_m=50)
    assert overlay(road, wide, site_crs="EPSG:4525").classes[0].certainty == "certain"
    # Of a zone 60 m wide nothing is sure once its borders may lie 30 m farther in.
    (hit,) = overlay(road, narrow, site_crs="EPSG:4525").classes
    assert hit.certainty == "possible"
    assert hit.flips_at_m == pytest.approx(30.0, abs=0.11)


def test_neighbouring_zones_of_one_class_have_no_border_between_them() -> None:
    two = [(box_m(-500, -500, 5, 500), "level-1"), (box_m(5, -500, 500, 500), "level-1")]
    found = overlay(box_m(0, 0, 10, 10), features(two, crs="EPSG:4525", accuracy_m=50), site_crs="EPSG:4525")
    assert found.classes[0].certainty == "certain"


def test_slivers_within_the_accuracy_are_possible_not_nothing() -> None:
    found = against(99.995, accuracy_m=10)
    assert found.status == "possible"
    assert found.slivers.count == 1
    assert found.slivers.sum_m2 == pytest.approx(0.5, rel=0.02)


def test_lines_are_certain_while_the_shrunk_site_is_crossed() -> None:
    def railway(y: float, accuracy_m: float) -> LayerOverlap:
        line = shapely.LineString([metres(-500, y), metres(500, y)])
        zones = features([(line, "level-1")], crs="EPSG:4525", lines=True, accuracy_m=accuracy_m)
        return overlay(SITE, zones, site_crs="EPSG:4525")

    assert railway(50, 10).status == "affected"
    assert railway(50, 10).classes[0].flips_at_m == pytest.approx(50.0, abs=0.11)
    assert railway(95, 10).status == "possible"
    assert railway(104, 10).status == "possible"
    assert railway(104, 10).classes[0].length_m == 0.0
    assert railway(111, 10).status == "not_affected"


def test_cut_between_territories_is_no_border_of_the_site() -> None:
    # The part east of x = 95 is 5 m wide, yet the site goes on west of it.
    east, west = (
        PLANE.to_plane([box], "EPSG:4525", step_m=85)[0]
        for box in (box_m(95, -900, 900, 900), box_m(-900, -900, 95, 900))
    )
    zones = features([(box_m(60, -300, 400, 400), "level-1")], crs="EPSG:4525", accuracy_m=4)
    found = overlay(SITE, zones, site_crs="EPSG:4525", within=east)
    assert found.classes[0].certainty == "certain"
    beyond = features([(box_m(97, -300, 400, 400), "level-1")], crs="EPSG:4525", accuracy_m=4)
    assert overlay(SITE, beyond, site_crs="EPSG:4525", within=west).status == "not_affected"


def test_part_that_is_handed_over_instead_of_its_territory_still_grows_outwards() -> None:
    place = footprint(SITE, "EPSG:4525")
    east = PLANE.to_plane([box_m(50, -900, 900, 900)], "EPSG:4525", step_m=85)[0]
    part = place.geometry.intersection(east)
    zones = features([(box_m(104, -300, 400, 400), "level-1")], crs="EPSG:4525", accuracy_m=10)
    assert overlay(SITE, zones, site_crs="EPSG:4525", within=part).status == "possible"


@pytest.mark.parametrize("latitude", [33.0, 35.5, 38.0, 41.0])
def test_growing_and_shrinking_are_true_metres_at_every_latitude(latitude: float) -> None:
    place = footprint(shapely.box(112.4, latitude, 112.412, latitude + 0.01))
    west, south, east, north = place.lonlat.bounds
    middle = (south + north) / 2
    for metres_out, box in ((50.0, place.grown(50.0)), (-50.0, place.shrunk(50.0))):
        w, s, e, n = PLANE.to_lonlat([box])[0].bounds
        sign = 1 if metres_out > 0 else -1
        for one, other in (((w, middle), (west, middle)), ((e, middle), (east, middle))):
            assert PLANE.geod.inv(*one, *other)[2] * sign == pytest.approx(metres_out, abs=0.02)
        for one, other in (((112.406, s), (112.406, south)), ((112.406, n), (112.406, north))):
            assert PLANE.geod.inv(*one, *other)[2] * sign == pytest.approx(metres_out, abs=0.02)


def test_a_zone_beside_within_the_accuracy_is_told_beside_the_one_that_is_sure() -> None:
    # The site of 10 m lies in the first zone; the second one of the class begins 5 m beyond it, the third 50 m.
    three = [(box_m(-500, -500, 12, 500), "level-1"), (box_m(15, -500, 60, 500), "level-1")]
    three.append((box_m(61, -500, 500, 500), "level-1"))
    found = overlay(box_m(0, 0, 10, 10), features(three, crs="EPSG:4525", accuracy_m=10), site_crs="EPSG:4525")
    (hit,) = found.classes
    assert (len(hit.zones), len(hit.nearby)) == (1, 1)
    assert hit.zones[0].id != hit.nearby[0].id
    assert hit.nearby[0].overlap_m2 == 0.0
