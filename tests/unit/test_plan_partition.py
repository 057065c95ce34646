"""A territory divided by its members: nothing lost, nothing twice, borders shared to the last bit."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError
from zoning.planning.units.partition import dissolve, divide

TERRITORY = box(600_000, 3_900_000, 610_000, 3_906_000)
number = st.floats(-1000, 11_000, allow_nan=False)


@st.composite
def member(draw: st.DrawFn) -> BaseGeometry:
    """Return a valid polygon in or beside the territory, with a hole now and then."""
    x, y, radius = draw(number), draw(number), draw(st.floats(1, 4000))
    count = draw(st.integers(3, 12))
    angles = np.sort(draw(st.lists(st.floats(0, 2 * math.pi), min_size=count, max_size=count, unique=True)))
    corners = [(600_000 + x + radius * math.cos(a), 3_900_000 + y + radius * math.sin(a)) for a in angles]
    shape: BaseGeometry = Polygon(corners).buffer(0)
    if draw(st.booleans()):
        shape = shape.difference(shapely.Point(600_000 + x, 3_900_000 + y).buffer(radius / 5))
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0] if parts else box(0, 0, 1, 1)


def test_two_squares_that_overlap_make_four_faces() -> None:
    one, two = box(601_000, 3_901_000, 603_000, 3_903_000), box(602_000, 3_902_000, 604_000, 3_904_000)
    faces = divide(TERRITORY, [one, two])
    members = faces.members_of(len(faces.geometries))
    found = {members[number]: float(area) for number, area in enumerate(faces.areas_m2)}
    assert found == {(): 53_000_000.0, (0,): 3_000_000.0, (1,): 3_000_000.0, (0, 1): 1_000_000.0}


def test_what_reaches_out_of_the_territory_is_cut_at_its_border() -> None:
    faces = divide(TERRITORY, [box(609_000, 3_905_000, 620_000, 3_920_000)])
    assert sorted(faces.areas_m2.tolist()) == [1_000_000.0, 59_000_000.0]


def test_without_members_the_territory_is_one_face() -> None:
    faces = divide(TERRITORY, [])
    assert (len(faces.geometries), float(faces.areas_m2.sum())) == (1, TERRITORY.area)


def test_a_territory_finer_than_the_grid_is_refused() -> None:
    with pytest.raises(ContentError, match="use a finer precision grid"):
        divide(box(0, 0, 1000.4, 1000.4), [], grid_m=1.0)


@given(st.lists(member(), max_size=8))
@settings(max_examples=60, deadline=None)
def test_faces_are_the_territory_without_gap_and_overlap(members: list[BaseGeometry]) -> None:
    faces = divide(TERRITORY, members)
    assert math.isclose(math.fsum(faces.areas_m2), TERRITORY.area, rel_tol=1e-9)
    assert shapely.coverage_is_valid(faces.geometries)
    for shape, index in zip(members, range(len(members)), strict=True):
        mine = faces.face[faces.member == index]
        assert math.isclose(
            float(faces.areas_m2[mine].sum()), float(shape.intersection(TERRITORY).area), rel_tol=1e-9, abs_tol=0.2
        )


@given(st.lists(member(), min_size=1, max_size=6), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_what_is_joined_still_fits_together(members: list[BaseGeometry], classes: int) -> None:
    faces = divide(TERRITORY, members)
    covered = faces.members_of(len(faces.geometries))
    _, labels = np.unique([len(found) % classes for found in covered], return_inverse=True)
    joined = dissolve(faces.geometries, labels)
    assert shapely.is_valid(joined).all()
    assert shapely.coverage_is_valid(joined)
    assert math.isclose(float(shapely.area(joined).sum()), TERRITORY.area, rel_tol=1e-9)
