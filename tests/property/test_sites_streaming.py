"""Whatever a GeoPackage holds, its slices are what reading it at once gives: the same sites, or the same refusal."""

import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import boundary_writers as bw
import gdal_writers as gw
from zoning.errors import ZoningError
from zoning.sites import Site, read_sites
from zoning.sites.limits import Options
from zoning.sites.naming import IdsInMemory, Namer
from zoning.sites.raw import Label
from zoning.sites.streaming import Row, stream_sites
from zoning.sites.streams.ids import IdsOnDisk
from zoning.sites.where import Where

_SIDE = st.floats(0.0001, 0.01)


@st.composite
def parcels(draw: st.DrawFn) -> shapely.Polygon:
    west, south = draw(st.floats(111.7, 113.2)), draw(st.floats(34.8, 36.0))
    wide, high = draw(_SIDE), draw(_SIDE)
    shell = [(0.0, 0.0), (1.0, 0.1), (0.9, 1.0), (draw(st.sampled_from([0.1, 1.2])), 0.9)]
    return shapely.Polygon([(west + wide * x, south + high * y) for x, y in shell])


def _several(parts: list[shapely.Polygon]) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(parts)


def _raised(part: shapely.Polygon) -> shapely.Polygon:
    return shapely.force_3d(part, 12.5)


def _turned(part: shapely.Polygon) -> shapely.Polygon:
    return shapely.transform(part, lambda xy: xy[:, ::-1])


def _far(part: shapely.Polygon) -> shapely.Polygon:
    return shapely.affinity.translate(part, 2.0)


GOOD = st.one_of(parcels(), st.lists(parcels(), min_size=1, max_size=3).map(_several), parcels().map(_raised))
BAD = st.one_of(
    st.none(),
    st.just(shapely.Polygon()),
    st.just(shapely.Point(112.3, 35.4)),
    parcels().map(_turned),
    parcels().map(_far),
    st.lists(parcels(), max_size=2).map(lambda parts: shapely.GeometryCollection([*parts, shapely.Point(112.3, 35.4)])),
)
IDS = st.sampled_from(["", None, "A", "A", "A-2", "3", "5"])
FILES = st.one_of(
    st.lists(st.tuples(GOOD, IDS), min_size=1, max_size=9),
    st.lists(st.tuples(GOOD, IDS), min_size=1, max_size=9).map(lambda rows: [(_turned_all(g), i) for g, i in rows]),
    st.lists(st.tuples(st.one_of(GOOD, GOOD, BAD), IDS), min_size=1, max_size=9),
)


def _turned_all(shape: Any) -> Any:
    return shapely.transform(shapely.force_2d(shape), lambda xy: xy[:, ::-1])


def _is_none(shape: Any) -> bool:
    return shape is None or shape.is_empty or shape.geom_type in ("Point", "GeometryCollection")


def _read(path: Path, **options: Any) -> tuple[Site, ...] | ZoningError:
    try:
        return read_sites(path, expected=bw.EXPECTED, **options)
    except ZoningError as error:
        return error


def _rows(path: Path, *, rows: int, start: int = 0) -> list[Row] | ZoningError:
    try:
        return [
            row for some in stream_sites(path, Options(expected=bw.EXPECTED), rows=rows, start=start) for row in some
        ]
    except ZoningError as error:
        return error


def _plain(rows: list[Row]) -> list[Any]:
    return [(row.number, row.name, row.site, row.error and row.error.text) for row in rows]


@given(rows=FILES, stated=st.booleans(), size=st.integers(1, 4), start=st.integers(0, 9))
@settings(deadline=None)
def test_slices_are_the_file(rows: list[tuple[Any, Any]], stated: bool, size: int, start: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shapes, ids = zip(*rows, strict=True)
        code = "EPSG:4490" if stated else None
        path = gw.write(
            Path(folder) / "a.gpkg", gpd.GeoDataFrame({"编号": ids}, geometry=list(shapes), crs=code), "GPKG"
        )
        whole, found = _read(path), _rows(path, rows=size)
        if isinstance(found, ZoningError):
            assert isinstance(whole, ZoningError)
            # Read at once, a record that is no footprint is met before the file as a whole is judged.
            if not any(map(_is_none, shapes)):
                assert (type(found), found.text) == (type(whole), whole.text)
            return
        assert [row.number for row in found] == list(range(len(rows)))
        assert _plain(_rows(path, rows=size, start=start)) == _plain(found)[start:]  # type: ignore[arg-type]  # the file as it was written
        errors = [row.error.text for row in found if row.error is not None]
        if isinstance(whole, ZoningError):
            assert whole.text in errors
        else:
            assert tuple(row.site for row in found) == whole
        for row, shape in zip(found, shapes, strict=True):
            if row.site is not None:
                # Never anything but what was drawn, as it was drawn or with the axes of all records exchanged.
                drawn = shapely.get_coordinates(shape)
                read = shapely.get_coordinates(row.site.geometry)
                assert (read == drawn).all() or (read == drawn[:, ::-1]).all()
                assert row.site.geometry.bounds[0] > row.site.geometry.bounds[3]


@given(
    wanted=st.lists(st.sampled_from(["", "a", "a", "a-2", "a-3", "1", "2-2", "2"]), max_size=30),
    start=st.integers(0, 30),
)
@settings(deadline=None)
def test_ids_on_disk_are_those_in_memory(wanted: list[str], start: int) -> None:
    labels = [Label(Where("a.gpkg", number), {"编号": text}) for number, text in enumerate(wanted, 1)]
    plain = Namer("a", IdsInMemory(), alone=False)
    expected = [plain.name(number, label) for number, label in enumerate(labels, 1)]
    with IdsOnDisk() as ids:
        namer = Namer("a", ids, alone=False)
        for number, label in enumerate(labels[:start], 1):
            namer.pass_over(number, label)
        rest = [namer.name(number, label) for number, label in enumerate(labels[start:], start + 1)]
    assert rest == expected[start:]
    assert len({named.id for named in expected}) == len(expected)
