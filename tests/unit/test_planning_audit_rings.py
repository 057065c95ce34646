"""Layer files as they are stored: rings that are not closed, records without geometry, ids as they were written."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import DAY, PLANE, box_m, catalogue, layer, write_zones
from zoning.layers.catalogue import Edition
from zoning.planning.audit.plan import AuditPlan
from zoning.planning.audit.scene import Missing, Scene
from zoning.planning.audit.sources import OpenRing, closed_copy, rings_of, written_of

Ring = list[tuple[float, float]]
CLOSED: Ring = [(0, 0), (10, 0), (10, 10), (0, 0)]
OPEN: Ring = [(0, 0), (10, 0), (10, 10), (0, 10)]
LAYER = layer("water", crs="EPSG:4525")


def edition(name: str = "water.gpkg", **values: Any) -> Edition:
    return Edition(file=f"data/{name}", valid_from="2020-01-01", **values)


def wkb_ring(ring: Ring, order: str = "<", extra: tuple[float, ...] = ()) -> bytes:
    numbers = [number for point in ring for number in (*point, *extra)]
    return struct.pack(f"{order}I", len(ring)) + struct.pack(f"{order}{len(numbers)}d", *numbers)


def wkb_polygon(*rings: Ring, order: str = "<", kind: int = 3, extra: tuple[float, ...] = (), srid: int = 0) -> bytes:
    mark = b"\x01" if order == "<" else b"\x00"
    head = struct.pack(f"{order}I", kind) + (struct.pack(f"{order}I", srid) if srid else b"")
    body = b"".join(wkb_ring(ring, order, extra) for ring in rings)
    return mark + head + struct.pack(f"{order}I", len(rings)) + body


def wkb_many(*polygons: bytes, order: str = "<", kind: int = 6) -> bytes:
    mark = b"\x01" if order == "<" else b"\x00"
    return mark + struct.pack(f"{order}II", kind, len(polygons)) + b"".join(polygons)


def rings(wkb: bytes) -> list[Ring]:
    return [[(x, y) for x, y in ring.tolist()] for ring in rings_of(wkb)]


@pytest.mark.parametrize(
    ("wkb", "found"),
    [
        (wkb_polygon(CLOSED), [CLOSED]),
        (wkb_polygon(OPEN), [OPEN]),
        (wkb_polygon(), []),
        (wkb_polygon([]), [[]]),
        (wkb_polygon(CLOSED, OPEN), [CLOSED, OPEN]),
        # The other byte order.
        (wkb_polygon(CLOSED, OPEN, order=">"), [CLOSED, OPEN]),
        # Heights and measures, in the numbers of ISO and in the flags of EWKB.
        (wkb_polygon(OPEN, kind=1003, extra=(5.0,)), [OPEN]),
        (wkb_polygon(OPEN, kind=2003, extra=(6.0,)), [OPEN]),
        (wkb_polygon(OPEN, kind=3003, extra=(5.0, 6.0)), [OPEN]),
        (wkb_polygon(OPEN, kind=0x80000003, extra=(5.0,)), [OPEN]),
        (wkb_polygon(OPEN, kind=0x40000003, extra=(6.0,)), [OPEN]),
        (wkb_polygon(OPEN, kind=0xC0000003, extra=(5.0, 6.0)), [OPEN]),
        (wkb_polygon(OPEN, CLOSED, kind=0x20000003, srid=4525), [OPEN, CLOSED]),
        (wkb_polygon(OPEN, kind=0xA0000003, extra=(5.0,), srid=4525), [OPEN]),
        # Many polygons, each with its own byte order.
        (wkb_many(wkb_polygon(CLOSED), wkb_polygon(OPEN)), [CLOSED, OPEN]),
        (wkb_many(wkb_polygon(CLOSED, order=">"), wkb_polygon(OPEN)), [CLOSED, OPEN]),
        (wkb_many(wkb_polygon(CLOSED, order=">"), wkb_polygon(OPEN, order=">"), order=">"), [CLOSED, OPEN]),
        (wkb_many(), []),
        (wkb_many(wkb_polygon(OPEN, kind=1003, extra=(1.0,)), kind=1006), [OPEN]),
    ],
)
def test_rings_are_read_as_they_are_stored(wkb: bytes, found: list[Ring]) -> None:
    assert rings(wkb) == found


@pytest.mark.parametrize(
    "shape",
    [
        shapely.box(0, 0, 10, 10),
        shapely.box(0, 0, 10, 10).difference(shapely.box(2, 2, 4, 4)),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)]),
        shapely.force_3d(shapely.box(0, 0, 10, 10), 7.0),
        shapely.Polygon(),
    ],
)
@pytest.mark.parametrize(("order", "flavor"), [(1, "iso"), (0, "iso"), (1, "extended"), (0, "extended")])
def test_what_another_library_wrote_is_read_the_same(shape: Any, order: int, flavor: Any) -> None:
    wkb = shapely.to_wkb(shapely.set_srid(shape, 4525), byte_order=order, flavor=flavor, include_srid=flavor != "iso")
    expected = [shapely.get_coordinates(ring).tolist() for ring in shapely.get_rings(shapely.get_parts(shape))]
    assert [ring.tolist() for ring in rings_of(wkb)] == expected


@pytest.mark.parametrize("shape", [shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)]), shapely.MultiPoint()])
def test_points_and_lines_have_no_rings(shape: Any) -> None:
    assert rings(shapely.to_wkb(shape)) == []


def write(path: Path, zones: list[tuple[str | None, bytes | None]], field: str = "zone_id") -> Path:
    """Write zones with their id as they are: GDAL takes rings that are not closed."""
    import pyogrio.raw

    path.parent.mkdir(parents=True, exist_ok=True)
    blobs = np.array([blob for _, blob in zones] + [None], dtype=object)[:-1]
    ids = np.array([zone for zone, _ in zones] + [None], dtype=object)[:-1]
    driver = {".gpkg": "GPKG", ".fgb": "FlatGeobuf", ".shp": "ESRI Shapefile"}[path.suffix]
    pyogrio.raw.write(
        path, blobs, [ids, ids, ids], [field, "name", "class"], layer=path.stem, driver=driver,
        geometry_type="Unknown" if path.suffix != ".shp" else "Polygon", crs="EPSG:4525",
    )  # fmt: skip
    return path


FAR: Ring = [(x + 37_627_000.0, y + 3_930_000.0) for x, y in OPEN]


def test_rings_that_are_not_closed_are_told_and_closed_in_a_copy(tmp_path: Path) -> None:
    zones = [("Z1", wkb_polygon(FAR)), ("Z2", wkb_polygon([*FAR, FAR[0]])), ("Z3", wkb_polygon(FAR[::-1]))]
    path = write(tmp_path / "water.gpkg", [*zones])
    with closed_copy(path, LAYER, edition()) as (copy, found):
        assert found == (OpenRing("Z1", FAR[0], FAR[3]), OpenRing("Z3", FAR[3], FAR[0]))
        assert copy is not None
        assert copy.parent != path.parent
        assert written_of(copy, LAYER, edition(table="water")) is not None
        import pyogrio.raw

        _, _, wkb, (ids, *_) = pyogrio.raw.read(copy)
        assert ids.tolist() == ["Z1", "Z2", "Z3"]
        assert [shapely.from_wkb(blob).area for blob in wkb] == [100.0, 100.0, 100.0]
    assert not copy.exists()
    assert path.exists()


@pytest.mark.parametrize(
    ("zones", "names"),
    [
        # Without an id the number of the record, counted from 1.
        ([(None, wkb_polygon(FAR))], ["1"]),
        ([("", wkb_polygon(FAR))], ["1"]),
        ([("Z1", wkb_polygon([*FAR, FAR[0]])), (None, wkb_polygon(FAR))], ["2"]),
        # Each ring by itself: a hole, and parts.
        ([("Z1", wkb_polygon([*FAR, FAR[0]], FAR))], ["Z1"]),
        ([("Z1", wkb_many(wkb_polygon(FAR), wkb_polygon(FAR)))], ["Z1", "Z1"]),
        ([("区一", wkb_polygon(FAR)), ("Z2", None)], ["区一"]),
    ],
)
def test_an_open_ring_names_its_zone(
    tmp_path: Path, zones: list[tuple[str | None, bytes | None]], names: list[str]
) -> None:
    with closed_copy(write(tmp_path / "water.gpkg", zones), LAYER, edition()) as (_, found):
        assert [ring.zone for ring in found] == names


def test_a_file_without_the_field_of_ids_is_told_by_numbers(tmp_path: Path) -> None:
    path = write(tmp_path / "water.gpkg", [("Z1", wkb_polygon(FAR))], field="other")
    with closed_copy(path, LAYER, edition()) as (_, found):
        assert [ring.zone for ring in found] == ["1"]


def test_a_file_whose_rings_are_closed_needs_no_copy(tmp_path: Path) -> None:
    path = write(tmp_path / "water.gpkg", [("Z1", wkb_polygon([*FAR, FAR[0]])), ("Z2", None)])
    with closed_copy(path, LAYER, edition()) as (copy, found):
        assert (copy, found) == (None, ())


@pytest.mark.parametrize("name", ["gone.gpkg", "water.parquet", "water.txt", "water"])
def test_what_cannot_have_open_rings_needs_no_copy(tmp_path: Path, name: str) -> None:
    with closed_copy(tmp_path / name, LAYER, edition(name)) as (copy, found):
        assert (copy, found) == (None, ())


def test_a_file_that_is_none_needs_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "water.gpkg"
    path.write_bytes(b"not a database")
    with closed_copy(path, LAYER, edition()) as (copy, found):
        assert (copy, found) == (None, ())


def test_a_table_that_is_not_there_needs_no_copy(tmp_path: Path) -> None:
    path = write(tmp_path / "water.gpkg", [("Z1", wkb_polygon(FAR))])
    with closed_copy(path, LAYER, edition(table="other")) as (copy, found):
        assert (copy, found) == (None, ())


@pytest.mark.parametrize("encoding", ["UTF-8", "ascii", "nonsense"])
def test_a_file_in_another_encoding_than_is_stated_needs_no_copy(tmp_path: Path, encoding: str) -> None:
    path = write_zones(tmp_path / "water.shp", [(box_m(0, 0, 10, 10), "析城山", "LEVEL-1")], crs="EPSG:4525")
    path.with_suffix(".cpg").unlink()
    with closed_copy(path, LAYER, edition("water.shp", encoding=encoding)) as (copy, found):
        assert (copy, found) == (None, ())


@pytest.mark.parametrize("told", [{"table": "other"}, {"encoding": "UTF-8"}])
def test_an_audit_says_of_such_a_layer_why_it_cannot_be_read(tmp_path: Path, told: dict[str, str]) -> None:
    zones: list[tuple[BaseGeometry | None, str, str | None]] = [(box_m(0, 0, 10, 10), "析城山", "LEVEL-1")]
    suffix = "gpkg" if "table" in told else "shp"
    path = write_zones(tmp_path / f"layers/data/water.{suffix}", zones, crs="EPSG:4525")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    definition = layer("water", crs="EPSG:4525", editions={"2020": edition(path.name, **told)})
    scene = Scene(catalogue(tmp_path, definition), PLANE, AuditPlan.model_validate({}), on=DAY)
    found = scene.layer("water")
    assert isinstance(found, Missing)
    assert path.name in found.reason.zh
    assert path.name in found.reason.en


def test_lines_have_no_rings_to_close(tmp_path: Path) -> None:
    path = write(tmp_path / "water.gpkg", [("Z1", wkb_polygon(FAR))])
    with closed_copy(path, layer("water", lines=True), edition()) as (copy, found):
        assert (copy, found) == (None, ())


def test_the_copy_is_a_geopackage_whatever_the_file_was(tmp_path: Path) -> None:
    path = write(tmp_path / "water.fgb", [("Z1", wkb_polygon([*FAR, FAR[0]]))])
    with closed_copy(path, LAYER, edition("water.fgb")) as (copy, _):
        assert copy is None


@pytest.mark.parametrize(
    ("zones", "ids", "without"),
    [
        ([("Z1", wkb_polygon([*FAR, FAR[0]]))], ("Z1",), 0),
        ([("Z1", wkb_polygon([*FAR, FAR[0]])), ("Z2", None)], ("Z1",), 1),
        ([("", wkb_polygon([*FAR, FAR[0]])), (None, wkb_polygon([*FAR, FAR[0]]))], ("", ""), 0),
        ([(" Z1 ", wkb_polygon([*FAR, FAR[0]])), ("Z1", None), ("Z3", None)], ("Z1",), 2),
    ],
)
def test_what_a_file_says_beyond_its_zones(
    tmp_path: Path, zones: list[tuple[str | None, bytes | None]], ids: tuple[str, ...], without: int
) -> None:
    path = write(tmp_path / "water.gpkg", zones)
    found = written_of(path, LAYER, edition())
    assert found is not None
    assert (tuple(one.strip() for one in found.ids), found.without_geometry) == (ids, without)


def test_records_of_a_parquet_file_are_counted(tmp_path: Path) -> None:
    import json

    import pyarrow as pa
    from pyarrow import parquet

    shape = shapely.to_wkb(shapely.box(112, 35, 112.1, 35.1))
    table = pa.table({"zone_id": ["Z1", "Z2", "Z3"], "geometry": [shape, None, shape]})
    meta = {"version": "1.0.0", "primary_column": "geometry",
            "columns": {"geometry": {"encoding": "WKB", "geometry_types": [], "crs": None}}}  # fmt: skip
    path = tmp_path / "water.parquet"
    parquet.write_table(table.replace_schema_metadata({"geo": json.dumps(meta)}), path)
    found = written_of(path, LAYER, edition("water.parquet"))
    assert found is not None
    assert (found.ids, found.without_geometry) == (("Z1", "Z3"), 1)


@pytest.mark.parametrize("content", [None, b"not a database"])
def test_a_file_that_cannot_be_read_says_nothing(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "water.gpkg"
    if content is not None:
        path.write_bytes(content)
    assert written_of(path, LAYER, edition()) is None


def test_a_file_without_the_field_of_ids_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "water.gpkg", [("Z1", wkb_polygon([*FAR, FAR[0]]))], field="other")
    assert written_of(path, LAYER, edition()) is None
