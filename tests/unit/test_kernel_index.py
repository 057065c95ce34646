"""The index of a prepared layer gives what the plain one gives, to the last digit."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE
from zoning.overlay.footprint import Footprint
from zoning.overlay.kernel import packed_index
from zoning.overlay.kernel.engine import PackedIndex
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.plane import Geometries
from zoning.overlay.zone_index import GeosIndex
from zoning.sites.site import Site

RNG = np.random.default_rng(11)


def star(reach: float) -> Polygon:
    """Return a polygon near 112.05°E 36.05°N, in degrees."""
    middle, corners = RNG.uniform((112.0, 36.0), (112.1, 36.1)), int(RNG.integers(4, 60))
    turn = np.sort(RNG.uniform(0, 2 * np.pi, corners))
    radius = RNG.uniform(reach / 5, reach) * RNG.uniform(0.6, 1, corners)
    return Polygon(middle + np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]))


def on_plane(shapes: Sequence[BaseGeometry]) -> Geometries:
    """Return those shapes that are valid in the measuring plane, densified as zones are."""
    plane = PLANE.to_plane([shape for shape in shapes if shape.is_valid], "EPSG:4490", step_m=85.0)
    return plane[shapely.is_valid(plane)]


def footprint(shape: BaseGeometry) -> Footprint:
    """Return the footprint of a polygon in degrees."""
    return Footprint.of(Site(id="1", name="1", geometry=shape, crs="EPSG:4490", source="made"), PLANE)


def polygons() -> Geometries:
    """Return 300 zones; some share borders."""
    x, y = np.meshgrid(np.arange(112.04, 112.06, 0.002), np.arange(36.04, 36.06, 0.002))
    squares = shapely.box(x.ravel(), y.ravel(), x.ravel() + 0.002, y.ravel() + 0.002)
    return on_plane([*[star(0.004) for _ in range(200)], *squares])


def lines() -> Geometries:
    """Return 60 lines."""
    return on_plane([LineString(shape.exterior.coords) for shape in (star(0.004) for _ in range(60))])


@pytest.fixture(params=[True, False], ids=["compiled", "plain"])
def _in_both_forms(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer with compiled functions, and as for the first sites of a process without."""
    monkeypatch.setattr(packed_index._Patience, "ended", lambda *_: request.param)


@pytest.mark.usefixtures("_in_both_forms")
@pytest.mark.parametrize("make", [polygons, lines])
@pytest.mark.parametrize("limit_m", [0.0, 30.0, 2000.0])
def test_distances_are_those_of_the_plain_index(make: Callable[[], Geometries], limit_m: float) -> None:
    zones = make()
    classes, assumed = np.arange(len(zones)) % 5, np.arange(len(zones)) % 7 == 0
    plain, packed = GeosIndex(zones, classes, assumed), PackedIndex(PackedZones.of(zones, classes, assumed))
    for shape in [*(star(0.003) for _ in range(25)), box(112.05, 36.05, 112.052, 36.052)]:
        if not shape.is_valid:
            continue
        site = footprint(shape)
        assert packed.distances_m(site, limit_m) == plain.distances_m(site, limit_m)
        assert packed.unleveled_m(site, limit_m) == plain.unleveled_m(site, limit_m)
        assert packed.meeting(site.geometry.bounds).tolist() == plain.meeting(site.geometry.bounds).tolist()


@pytest.mark.usefixtures("_in_both_forms")
def test_a_site_inside_a_zone_is_as_far_from_its_border_as_it_is() -> None:
    zones = on_plane([box(112.0, 36.0, 112.1, 36.1).difference(box(112.02, 36.02, 112.03, 36.03))])
    packed, site = PackedIndex(PackedZones.of(zones)), footprint(box(112.05, 36.05, 112.06, 36.06))
    assert packed.distances_m(site, 1000.0) == {}
    found = packed.distances_m(site, 10_000.0)
    assert found == GeosIndex(zones, np.zeros(1, np.int64), np.zeros(1, bool)).distances_m(site, 10_000.0)
    # Two hundredths of a degree to the hole, west and south of the site, make about 2.85 km.
    assert found[0] == pytest.approx(2852, abs=10)
    assert packed.unleveled_m(site, 10_000.0) is None


def test_more_classes_than_a_mask_has_bits() -> None:
    zones = polygons()
    classes, none = np.arange(len(zones)) % 100, np.zeros(len(zones), bool)
    plain, packed = GeosIndex(zones, classes, none), PackedIndex(PackedZones.of(zones, classes, none))
    site = footprint(box(112.05, 36.05, 112.051, 36.051))
    found = packed.distances_m(site, 1000.0)
    assert len(found) > 64
    assert found == plain.distances_m(site, 1000.0)
    assert list(found) == sorted(found)


@pytest.mark.usefixtures("_in_both_forms")
def test_no_zones() -> None:
    packed = PackedIndex(PackedZones.of([]))
    site = footprint(box(112.05, 36.05, 112.051, 36.051))
    assert packed.distances_m(site, 1000.0) == {}
    assert packed.unleveled_m(site, 1000.0) is None


def test_compiled_functions_are_loaded_when_that_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_index, "_COMPILED", "not.loaded")
    patience = packed_index._Patience()
    answers = [patience.ended(50) for _ in range(200)]
    assert not any(answers[:150])
    assert all(answers[-20:])


def test_a_few_sites_are_answered_without_loading_compiled_functions(tmp_path: Path) -> None:
    zones = PackedZones.of(polygons())
    for name, array in zones.arrays().items():
        np.save(tmp_path / name, array)
    program = f"""
import sys
from pathlib import Path
import numpy as np
from shapely import box
from zoning.overlay.footprint import Footprint
from zoning.overlay.kernel.packed_index import PackedIndex
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.plane import MeasuringPlane
from zoning.sites.site import Site
arrays = {{path.stem: np.load(path, mmap_mode="r") for path in Path({str(tmp_path)!r}).iterdir()}}
site = Site(id="1", name="1", geometry=box(112.05, 36.05, 112.051, 36.051), crs="EPSG:4490", source="made")
footprint = Footprint.of(site, MeasuringPlane({PLANE.latitude}))
index = PackedIndex(PackedZones.from_arrays(arrays))
print(index.meeting(footprint.geometry.bounds).tolist(), index.distances_m(footprint, 500.0))
assert "numba" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    site = footprint(box(112.05, 36.05, 112.051, 36.051))
    packed = PackedIndex(zones)
    assert done.stderr == ""
    assert done.stdout == f"{packed.meeting(site.geometry.bounds).tolist()} {packed.distances_m(site, 500.0)}\n"
