"""Shapes that GEOS refuses after they were transformed, and zones that only touch the place that is looked at."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, box_m, features, site
from zoning.overlay import robust
from zoning.overlay.certainty import Doubt
from zoning.overlay.footprint import Footprint
from zoning.overlay.measure import PlaneLayer, measure

CRS = "EPSG:4525"
# A square with a corner that was pulled across its neighbour by 2 mm.
CROSSED = Polygon([(0, 0), (100, 0), (100, 100), (50, 100), (50.001, -0.001), (49.999, -0.001), (50, 100.0), (0, 100)])


def _refusing(operation: Any) -> Any:
    """Return an operation that refuses what is not valid, as GEOS mostly does."""

    def refuse(one: Any, other: BaseGeometry) -> Any:
        if not np.all(shapely.is_valid(one)) or not other.is_valid:
            raise shapely.GEOSException("TopologyException: side location conflict")
        return operation(one, other)

    return refuse


@pytest.mark.parametrize(("name", "area"), [("intersection", 6_000.0), ("difference", 4_000.0)])
def test_what_crosses_itself_by_millimetres_is_overlaid_all_the_same(
    name: str, area: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapely, name, _refusing(getattr(shapely, name)))
    assert not CROSSED.is_valid
    found = getattr(robust, name)(CROSSED, box(0, -10, 60, 110))
    assert float(found.area) == pytest.approx(area, abs=0.2)


def test_several_shapes_are_mended_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapely, "intersection", _refusing(shapely.intersection))
    shapes = np.asarray([box(0, 0, 10, 10), CROSSED], dtype=object)
    found = robust.intersection(shapes, box(0, 0, 5, 110))
    assert shapely.area(found).tolist() == pytest.approx([50.0, 500.0], abs=0.1)


def test_a_zone_that_also_touches_the_edge_of_the_surroundings_has_a_border() -> None:
    parcel = Footprint.of(site(box_m(0, 0, 100, 100), CRS), PLANE)
    west, south, _, north = parcel.surroundings(51.2).bounds
    middle = (parcel.geometry.bounds[0] + parcel.geometry.bounds[2]) / 2
    arm = box(west - 200, south + 130, middle, south + 170)
    wall = box(west - 200, south + 130, west - 180, north + 200)
    roof = box(west - 200, north, middle, north + 200)
    zone = shapely.union_all([arm, wall, roof])
    zones = np.asarray([zone], dtype=object)
    shapely.prepare(zones)
    met = shapely.intersection(zone, parcel.surroundings(51.2))
    assert met.geom_type == "GeometryCollection"
    overlap = parcel.origin.near(zone).intersection(parcel.near)
    doubt = Doubt(parcel, zones, lambda _: zones, 5.0, overlap, lambda shape: float(shape.area), 1.0)
    assert doubt.certain(5.0)
    # Shrunk by a, the site is a square of 100 - 2a; half of it lies in the arm, and 1 m² of that is enough.
    assert doubt.flips_at_m() == pytest.approx(50 - 0.5**0.5, abs=0.1)


def test_a_sliver_outside_the_coverage_does_not_hide_what_the_accuracy_adds() -> None:
    # The site reaches 1 mm out of the coverage, and may lie 3 m farther out.
    shape = box_m(0, 0, 100, 100)
    covered = box_m(-5_000, -5_000, 99.999, 5_000)
    (lonlat,) = PLANE.to_lonlat(PLANE.to_plane([covered], CRS, step_m=85.0))
    parcel = Footprint.of(replace(site(shape, CRS), accuracy_m=3.0), PLANE)
    near = PlaneLayer.of(features([], coverage=lonlat), PLANE)
    found = measure(parcel, near, search_m=1_000.0, tolerance_m2=1.0)
    assert found.status == "no_data"
    # Within 3 m it is a strip 103 m long, 3 m wide on the one side, and its round corners.
    assert found.uncovered_m2 == pytest.approx(100 * 3.001 + 2 * 0.5 * 3 * 3, abs=10)
