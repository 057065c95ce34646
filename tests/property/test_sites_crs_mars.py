"""GCJ-02 and BD-09: undoing the shift and making it again returns to the same place, everywhere in China."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod

import chinese_systems as cs
from zoning.sites.crs.mars import CHINA, Shift, bd09, from_bd09, from_gcj02, gcj02

WEST, SOUTH, EAST, NORTH = CHINA
GEOD = Geod(ellps="GRS80")
SAME_DEGREES = 1e-11
"""1 µm; away from 105°E it is 2e-13."""


@pytest.mark.parametrize(("there", "back"), [(gcj02, from_gcj02), (bd09, from_bd09)])
@given(lon=st.floats(WEST, EAST), lat=st.floats(SOUTH, NORTH))
@example(lon=WEST, lat=SOUTH)
@example(lon=EAST, lat=NORTH)
@example(lon=WEST, lat=NORTH)
@example(lon=EAST, lat=SOUTH)
# The formula holds the root of the distance from 105°E: its slope is infinite there.
@example(lon=105.0, lat=35.0)
@example(lon=105.0 + 1e-13, lat=35.0)
@example(lon=105.0058, lat=35.0)
def test_there_and_back(there: Shift, back: Shift, lon: float, lat: float) -> None:
    shifted = np.array([[lon, lat]])
    true = back(shifted)
    assert np.abs(there(true) - shifted).max() <= SAME_DEGREES
    # And the other way round: the place itself comes back, to far below 1 mm, by the formula as others write it.
    scalar = (cs.gcj02 if there is gcj02 else cs.bd09)((lon, lat))
    if WEST <= scalar[0] <= EAST and SOUTH <= scalar[1] <= NORTH:
        found = back(np.array([scalar]))[0]
        assert GEOD.inv(found[0], found[1], lon, lat)[2] < 1e-5


@given(lon=st.floats(75, 134), lat=st.floats(4, 53))
def test_the_shift_is_as_large_as_is_known(lon: float, lat: float) -> None:
    point = np.array([[lon, lat]])
    assert 50 < GEOD.inv(lon, lat, *gcj02(point)[0])[2] < 1000
    assert 400 < GEOD.inv(lon, lat, *bd09(point)[0])[2] < 2000


@given(st.lists(st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH)), min_size=1, max_size=20))
def test_points_do_not_depend_on_their_neighbours(points: list[tuple[float, float]]) -> None:
    together = from_gcj02(np.array(points))
    alone = np.vstack([from_gcj02(np.array([point])) for point in points])
    assert np.abs(together - alone).max() <= SAME_DEGREES
