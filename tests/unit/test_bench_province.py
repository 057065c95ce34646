"""The synthetic province: the same bytes always, a partition without gaps, sites that really touch."""

import hashlib
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from bench.province import sites as drawing
from bench.province.chance import GRID_PER_M, Chance
from bench.province.fields import BLOCK, fields
from bench.province.files import SEED, Province, once
from bench.province.layers import NAMES, draw_layers
from bench.province.sites import SHARES, Sites, draw_sites
from bench.province.workspace import sites_file, workspace
from bench.province.zones import Layer, Ragged
from bench_world import SITES, SMALL, small_province
from zoning.overlay.repair import repair_polygons
from zoning.workspace import Workspace

LAYERS_SHA256 = "cad22981888e8a85"
SITES_SHA256 = "d9e964368b8a13c7"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    return small_province(tmp_path_factory.mktemp("province"))


@pytest.fixture(scope="module")
def sites(province: Province) -> Sites:
    return province.sites(SITES)


def digest(*shapes: Ragged) -> str:
    found = hashlib.sha256()
    for one in shapes:
        for array in (one.xy, *one.offsets):
            found.update(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes())
    return found.hexdigest()[:16]


def test_the_stream_of_chance_is_the_recorded_one() -> None:
    drawn = Chance(1, "test").uniform(0.0, 1.0, 3)
    assert drawn.tolist() == pytest.approx([0.17112918503994268, 0.4540300079483486, 0.6743840929384933], abs=0)


def test_two_drawings_are_the_same_bytes_and_the_recorded_ones(province: Province) -> None:
    again, outline = draw_layers(SEED, SMALL)
    assert digest(*(layer.shapes for layer in again.values()), outline) == LAYERS_SHA256
    assert digest(*(layer.shapes for layer in province.layers.values()), province.outline) == LAYERS_SHA256


def test_sites_are_the_recorded_ones(province: Province) -> None:
    plain = draw_sites(SEED, province.layers, SITES)
    untouched = plain.geometries[plain.kinds != "repaired"]
    assert digest(Ragged.of(untouched)) == SITES_SHA256


def test_another_seed_gives_another_province() -> None:
    assert digest(fields(SEED, BLOCK).shapes) != digest(fields(SEED + 1, BLOCK).shapes)


@pytest.mark.parametrize("name", NAMES)
def test_zones_are_valid_and_on_the_grid(province: Province, name: str) -> None:
    shapes = province.layer(name).shapes
    zones = shapes.geometries()
    assert shapely.is_valid(zones).all()
    assert not shapely.is_empty(zones).any()
    assert np.array_equal(np.round(shapes.xy * GRID_PER_M), shapes.xy * GRID_PER_M)


def test_units_partition_the_province_vertex_by_vertex(province: Province) -> None:
    units = province.geometries("units")
    (outline,) = province.outline.geometries()
    assert shapely.coverage_is_valid(units)
    assert shapely.area(units).sum() == pytest.approx(outline.area, rel=1e-12)
    # Borders run on a grid and both sides have the same vertices: the union is the outline and not nearly so.
    assert shapely.equals(shapely.coverage_union_all(units), outline)


def test_fields_share_their_borders_and_do_not_overlap() -> None:
    drawn = fields(SEED, BLOCK).shapes.geometries()
    assert shapely.coverage_is_valid(drawn)
    assert len(shapely.get_parts(shapely.coverage_union_all(drawn))) == 1
    counts = shapely.get_num_coordinates(drawn)
    assert counts.min() >= 5
    assert counts.max() <= 29


def test_few_fields_are_the_first_of_many() -> None:
    few, many = fields(SEED, BLOCK).shapes, fields(SEED, 3 * BLOCK).shapes
    assert np.array_equal(few.xy, many.xy[: len(few.xy)])
    assert np.array_equal(few.offsets[0], many.offsets[0][: len(few.offsets[0])])


def test_a_number_of_fields_that_fills_no_block_is_refused() -> None:
    with pytest.raises(ValueError, match="1500 is no multiple of 1000"):
        fields(SEED, 1_500)


def test_protected_zones_lie_in_each_other(province: Province) -> None:
    core, buffer, experimental = (province.geometries("reserves")[k::3] for k in range(3))
    assert (shapely.touches(core, buffer) & shapely.touches(buffer, experimental)).all()
    assert (shapely.get_num_interior_rings(buffer) == 1).all()
    first, second, quasi = (province.geometries("water")[k::3] for k in range(3))
    assert (shapely.covers(second, first) & shapely.covers(quasi, second)).all()


def test_sites_are_valid_and_of_all_kinds(sites: Sites) -> None:
    assert shapely.is_valid(sites.geometries).all()
    kinds = {"toucher": {"at-vertex", "beside-edge", "inside-edge", "same"}}
    assert set(sites.kinds) == {one for kind in SHARES for one in kinds.get(kind, {kind})}
    linear = sites.geometries[sites.kinds == "linear"]
    length_m = shapely.length(linear) / 2
    assert len(linear) == SITES // 10
    assert length_m.min() > 5_000
    assert (shapely.area(linear) / length_m).max() < 60


def test_touchers_really_touch(province: Province, sites: Sites) -> None:
    seen = set()
    for kind, site, layer, zone in zip(sites.kinds, sites.geometries, sites.layers, sites.zones, strict=True):
        if zone < 0:
            continue
        seen.add(kind)
        (touched, *_) = shapely.get_parts(province.layer(layer).shapes.one(int(zone)))
        common = shapely.get_dimensions(shapely.intersection(site.boundary, touched.boundary))
        if kind == "same":
            assert shapely.equals(site, touched)
        elif kind == "inside-edge":
            assert shapely.covers(touched, site)
            assert common == 1
        else:
            assert shapely.touches(touched, site)
            assert common == (1 if kind == "beside-edge" else 0)
    assert seen == {"same", "inside-edge", "beside-edge", "at-vertex"}


def test_sites_outside_meet_nothing(province: Province, sites: Sites) -> None:
    (outline,) = province.outline.geometries()
    outside = sites.geometries[sites.kinds == "outside"]
    assert len(outside) == 3
    assert not shapely.intersects(outside, outline).any()


@pytest.mark.parametrize("fault", drawing.FAULTS)
def test_faults_are_faults_and_are_repaired(fault: object) -> None:
    octagon = shapely.get_coordinates(shapely.Point(0, 0).buffer(100, quad_segs=2))[:-1]
    broken = shapely.Polygon(fault(octagon))  # type: ignore[operator]  # one maker for each parameter
    mended = repair_polygons(broken, lambda geometry: geometry.area)
    assert mended.repairs
    assert mended.geometry.is_valid


def test_what_was_drawn_is_read_again_and_half_of_it_never(tmp_path: Path) -> None:
    def fail(partial: Path) -> None:
        partial.write_text("half", encoding="utf-8")
        raise RuntimeError("interrupted")

    path = tmp_path / "made"
    with pytest.raises(RuntimeError, match="interrupted"):
        once(path, fail)
    assert not path.exists()
    once(path, lambda partial: partial.mkdir())
    once(path, fail)
    assert list(tmp_path.iterdir()) == [path]


def test_some_zones_are_those_of_all(province: Province) -> None:
    drawn = np.array([5, 0, 17, 5], dtype=np.int64)
    for name in ("redline", "farmland", "rivers"):
        layer: Layer = province.layer(name)
        assert shapely.equals_exact(layer.shapes.some(drawn), layer.shapes.geometries()[drawn], 0.0).all()


def test_the_workspace_opens_and_its_sites_lie_in_its_territory(province: Province) -> None:
    opened = Workspace.open(workspace(province, "test"))
    assert {where.layer for rule in opened.rulebook.rules for where in rule.where} == set(NAMES)
    west, south, east, north = pyogrio.read_info(sites_file(province, SITES))["total_bounds"]
    assert 109 < west < east < 115.5
    assert 35 < south < north < 40
