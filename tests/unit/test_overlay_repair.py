"""The list of repairs: what was repaired, how often, and by how much the area changed."""

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import footprint, metres, site
from zoning.errors import CRSError, SiteError
from zoning.overlay.footprint import Footprint, window
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.repair import repair_polygons


def area(geometry: BaseGeometry) -> float:
    """Return the area as given: a figure eight has none."""
    return float(shapely.area(geometry).sum())


def test_valid_polygon_needs_nothing() -> None:
    box = shapely.box(0, 0, 1, 1)
    repaired = repair_polygons(box, area)
    assert repaired.geometry.equals(box)
    assert repaired.repairs == ()


def test_figure_eight_keeps_both_loops() -> None:
    (entry,) = repair_polygons(shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]), area).repairs
    assert (entry.kind, entry.count) == ("self-crossing", 1)
    assert entry.area_change_m2 == pytest.approx(50)


def test_what_is_run_around_twice_is_inside() -> None:
    turns = np.radians(90 + 144 * np.arange(5))
    star = shapely.Polygon(np.column_stack([np.cos(turns), np.sin(turns)]))
    repaired = repair_polygons(star, area)
    assert repaired.geometry.contains(shapely.Point(0, 0))
    (entry,) = repaired.repairs
    assert (entry.kind, entry.count) == ("self-crossing", 5)


def test_hole_on_a_bridge_stays_a_hole() -> None:
    bridge = [(0, 0), (10, 0), (10, 10), (0, 10), (0, 5), (3, 5), (3, 7), (7, 7), (7, 3), (3, 3), (3, 5), (0, 5)]
    repaired = repair_polygons(shapely.Polygon(bridge), area)
    assert repaired.geometry.area == pytest.approx(100 - 16)
    assert repaired.repairs[-1].area_change_m2 == pytest.approx(0)


def test_duplicate_vertices_go() -> None:
    (entry,) = repair_polygons(shapely.Polygon([(0, 0), (1, 0), (1, 0), (1, 0), (1, 1), (0, 1), (0, 1)]), area).repairs
    assert (entry.kind, entry.count, entry.area_change_m2) == ("duplicate-vertices", 3, 0.0)


def test_heights_go() -> None:
    (entry,) = repair_polygons(shapely.Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 6)]), area).repairs
    assert (entry.kind, entry.count) == ("z-dropped", 1)


def test_hole_outside_its_polygon_is_a_part() -> None:
    misplaced = shapely.Polygon(shapely.box(0, 0, 10, 10).exterior, [shapely.box(20, 0, 22, 2).exterior])
    repaired = repair_polygons(misplaced, area)
    assert repaired.geometry.area == pytest.approx(104)
    (entry,) = repaired.repairs
    assert (entry.kind, entry.count) == ("ring-roles", 1)
    assert entry.area_change_m2 == pytest.approx(8)


def test_hole_that_adjoins_its_polygon_from_outside_is_a_part() -> None:
    adjoining = shapely.Polygon(shapely.box(0, 0, 10, 10).exterior, [shapely.box(10, 4, 12, 6).exterior])
    repaired = repair_polygons(adjoining, area)
    assert repaired.geometry.area == pytest.approx(104)
    (entry,) = repaired.repairs
    assert entry.kind == "ring-roles"
    assert entry.area_change_m2 == pytest.approx(8)


def test_outline_written_as_the_hole_of_its_hole() -> None:
    inner, other = shapely.box(2, 2, 4, 4).exterior, shapely.box(6, 6, 7, 7).exterior
    turned_round = shapely.Polygon(inner, [shapely.box(0, 0, 10, 10).exterior, other])
    repaired = repair_polygons(shapely.MultiPolygon([turned_round, shapely.box(20, 0, 21, 1)]), area)
    assert repaired.geometry.area == pytest.approx(100 - 4 - 1 + 1)
    assert [entry.kind for entry in repaired.repairs] == ["ring-roles"]
    assert repaired.repairs[0].area_change_m2 == pytest.approx(96 - area(shapely.MultiPolygon([turned_round])) - 1)


def test_hole_that_is_the_outline_itself_leaves_it() -> None:
    box = shapely.box(0, 0, 10, 10)
    repaired = repair_polygons(shapely.Polygon(box.exterior, [box.exterior]), area)
    assert repaired.geometry.area == pytest.approx(100)
    (entry,) = repaired.repairs
    assert entry.kind == "ring-roles"
    assert entry.area_change_m2 == pytest.approx(100)


def test_holes_in_each_other_are_one_hole() -> None:
    holes = [shapely.box(2, 2, 8, 8).exterior, shapely.box(3, 3, 4, 4).exterior]
    repaired = repair_polygons(shapely.Polygon(shapely.box(0, 0, 10, 10).exterior, holes), area)
    assert repaired.geometry.area == pytest.approx(64)
    assert [entry.kind for entry in repaired.repairs] == ["ring-roles"]


def test_overlapping_parts_are_united() -> None:
    repaired = repair_polygons(shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(5, 0, 15, 10)]), area)
    assert repaired.geometry.area == pytest.approx(150)
    (entry,) = repaired.repairs
    assert entry.kind == "overlapping-parts"
    assert entry.area_change_m2 == pytest.approx(-50)


def test_part_inside_a_part_is_no_hole() -> None:
    repaired = repair_polygons(shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(2, 2, 4, 4)]), area)
    assert repaired.geometry.area == pytest.approx(100)
    assert [entry.kind for entry in repaired.repairs] == ["ring-roles"]


def test_collapsed_part_goes() -> None:
    flat = shapely.Polygon([(20, 0), (25, 0), (30, 0)])
    repaired = repair_polygons(shapely.MultiPolygon([shapely.box(0, 0, 10, 10), flat]), area)
    assert repaired.geometry.area == pytest.approx(100)
    assert [(entry.kind, entry.count) for entry in repaired.repairs] == [("collapsed-parts", 1)]


def test_spike_is_no_area() -> None:
    spike = shapely.Polygon([(0, 0), (10, 0), (10, 10), (10, 20), (10, 10), (0, 10)])
    repaired = repair_polygons(spike, area)
    assert repaired.geometry.is_valid
    assert repaired.geometry.area == pytest.approx(100)


def test_repairs_of_a_site_are_measured_on_the_ellipsoid() -> None:
    bow = shapely.Polygon([metres(0, 0), metres(100, 100), metres(100, 0), metres(0, 100)])
    place = footprint(bow, "EPSG:4525")
    (entry,) = place.repairs
    assert entry.area_change_m2 == pytest.approx(place.area_m2, rel=1e-6)
    assert place.area_m2 == pytest.approx(4998, abs=1)
    assert place.geometry.is_valid


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Polygon([(112, 35), (112.1, 35), (112.2, 35)]),
        shapely.Polygon([(112, 35), (112, 35), (112, 35)]),
        shapely.Polygon(),
    ],
)
def test_footprint_without_area_is_refused(geometry: BaseGeometry) -> None:
    with pytest.raises(SiteError) as caught:
        footprint(geometry)
    assert str(caught.value) == (
        "site.geojson: footprint '地块一' has no area; a polygon with an area is needed; "
        "check for vertices that coincide or lie on one line"
    )
    assert caught.value.get("zh").startswith("site.geojson：地块“地块一”面积为零")


@pytest.mark.parametrize("geometry", [shapely.Point(112, 35), shapely.LineString([(112, 35), (112.1, 35)])])
def test_points_and_lines_need_a_width(geometry: BaseGeometry) -> None:
    with pytest.raises(SiteError) as caught:
        footprint(geometry)
    assert str(caught.value) == (
        "site.geojson: footprint '地块一' is a point or a line and has no area; state its width (such as 20 m)"
    )


def test_polygons_and_lines_together_are_one_footprint() -> None:
    both = shapely.GeometryCollection(
        [shapely.box(112.0, 35.0, 112.01, 35.01), shapely.LineString([(112.01, 35.005), (112.02, 35.005)])]
    )
    place = footprint(both, width_m=10.0)
    alone = footprint(shapely.box(112.0, 35.0, 112.01, 35.01))
    # 912.6 m of line (0.01° at 35.005°N) x 10 m, and half a round cap at the far end.
    assert place.area_m2 - alone.area_m2 == pytest.approx(9126 + np.pi * 25 / 2, rel=0.01)


@pytest.mark.parametrize("crs", ["EPSG:2362", "EPSG:2414", "EPSG:4610", "EPSG:4214"])
def test_old_datums_are_refused(crs: str) -> None:
    geometry = shapely.box(112.4, 35.4, 112.5, 35.5)
    with pytest.raises(CRSError, match="has no published transformation to CGCS2000"):
        footprint(geometry, crs)


def test_unknown_system_is_refused() -> None:
    with pytest.raises(CRSError, match="unknown coordinate system 'EPSG:99'"):
        footprint(shapely.box(112.4, 35.4, 112.5, 35.5), "EPSG:99")


def test_coordinates_that_do_not_fit_are_refused() -> None:
    with pytest.raises(CRSError, match="coordinates lie outside of what 'EPSG:4490' can show"):
        footprint(shapely.box(3_930_000, 37_600_000, 3_930_100, 37_600_100))


def test_other_datums_with_a_published_operation_are_taken() -> None:
    swiss = Footprint.of(
        site(shapely.box(2_600_000, 1_200_000, 2_600_100, 1_200_100), "EPSG:2056"), MeasuringPlane(47.0, 8.0)
    )
    # The centre of the Swiss system: 7.4386°E, 46.9511°N.
    assert swiss.lonlat.centroid.x == pytest.approx(7.4393, abs=1e-3)
    assert swiss.lonlat.centroid.y == pytest.approx(46.9515, abs=1e-3)
    assert swiss.area_m2 == pytest.approx(10_000, rel=1e-4)


def test_esri_spelling_of_cgcs2000_is_understood() -> None:
    esri = (
        'PROJCS["CGCS2000_3_Degree_GK_Zone_37",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
        'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
        'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",37500000.0],PARAMETER["False_Northing",0.0],'
        'PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    box = shapely.box(*metres(0, 0), *metres(100, 100))
    assert footprint(box, esri).area_m2 == footprint(box, "EPSG:4525").area_m2


def test_window_holds_everything_within_its_margin() -> None:
    place = footprint(shapely.box(112.4, 38.0, 112.41, 38.01))
    west, south, east, north = window(place, 5000.0)
    geod = place.plane.geod
    assert geod.inv(west, 38.005, 112.4, 38.005)[2] == pytest.approx(5000, rel=2e-3)
    assert geod.inv(112.405, north, 112.405, 38.01)[2] == pytest.approx(5000, rel=2e-3)
    assert min(geod.inv(east, 38.005, 112.41, 38.005)[2], geod.inv(112.405, south, 112.405, 38.0)[2]) >= 5000
