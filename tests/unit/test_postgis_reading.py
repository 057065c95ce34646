"""Layers in a database: the records of a window are those that a file gives, in text, shape and order."""

import json
import math
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pyogrio.raw
import pytest
import shapely

from geopackage_edits import changed_geopackage
from overlay_world import catalogue, layer, write_zones
from postgis_world import (
    BOX,
    Cluster,
    connect,
    load_file,
    read,
    reason,
    run_cluster,
    run_sql,
    water,
    write_table,
    zones,
)
from zoning.errors import LayerError
from zoning.layers.catalogue import ZoneClass
from zoning.layers.postgis.values import geometries_of
from zoning.texts import Text

WORLD = (-180.0, -90.0, 180.0, 90.0)
TITLE = Text("图层", "layer")


@pytest.fixture(scope="module")
def cluster(unavailable: Callable[[str, str], NoReturn]) -> Iterator[Cluster]:
    yield from run_cluster(unavailable)


def test_a_window_holds_the_zones_whose_boxes_meet_it(cluster: Cluster, tmp_path: Path) -> None:
    far = shapely.box(112.80, 35.80, 112.81, 35.81)
    beside = shapely.box(112.49, 35.59, 113.0, 36.0)
    zones(cluster, [BOX, far, beside, None, shapely.Polygon()])
    found = read(water(tmp_path, cluster))
    assert found.ids == ("Z0", "Z2")
    assert found.names == ("区0", "区2")
    assert found.class_ids == ("level-1", "level-1")
    assert (found.edition_id, found.crs, found.coverage_crs) == ("2020", "EPSG:4490", "EPSG:4490")
    assert shapely.equals_exact(found.geometries[0], BOX, 0)
    assert found.coverage.equals(shapely.box(112, 35, 113, 36))
    # A window beyond what a projection shows is the whole table.
    assert read(water(tmp_path, cluster), WORLD).ids == ("Z0", "Z1", "Z2")


def test_coordinates_are_the_same_to_the_last_bit(cluster: Cluster, tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    shapes = [
        shapely.Point(112.4 + rng.random() / 20, 35.4 + rng.random() / 20).buffer(rng.random() / 99) for _ in "12345"
    ]
    solid = shapely.force_3d(shapes[0], math.pi)
    zones(cluster, [*shapes, solid, shapely.MultiPolygon([shapes[1]])])
    found = read(water(tmp_path, cluster)).geometries
    assert [shape.wkb for shape in found] == [
        shape.wkb for shape in [*shapes, solid, shapely.MultiPolygon([shapes[1]])]
    ]


def test_records_come_in_the_order_of_the_key(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [shapely.box(112.4 + number / 1000, 35.4, 112.41, 35.41) for number in range(9, -3, -1)])
    run_sql(
        cluster,
        "CLUSTER gis.water USING water_geom_idx",
        "UPDATE gis.water SET fid = 100 - fid WHERE fid % 2 = 0",
        "UPDATE gis.water SET zone_id = '' WHERE fid = 3",
        "UPDATE gis.water SET zone_id = NULL WHERE fid = 98",
    )
    found = read(water(tmp_path, cluster))
    # Odd keys stay, even ones count down from 98; without an id the key stands in, as the number in a file does.
    assert found.ids == ("Z0", "3", "Z4", "Z6", "Z8", "Z10", "Z11", "Z9", "Z7", "Z5", "Z3", "98")


def test_a_key_of_several_columns(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX, BOX, BOX])
    run_sql(
        cluster,
        "ALTER TABLE gis.water DROP CONSTRAINT water_pkey, ADD county text DEFAULT 'b', ADD PRIMARY KEY (county, fid)",
        "UPDATE gis.water SET county = 'B' WHERE fid = 3",
        "UPDATE gis.water SET zone_id = ''",
    )
    assert read(water(tmp_path, cluster)).ids == ("B-3", "b-1", "b-2")


def test_a_view_without_a_key_is_ordered_by_id_and_content(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX, shapely.box(112.42, 35.42, 112.43, 35.43), BOX, BOX])
    run_sql(
        cluster,
        "UPDATE gis.water SET zone_id = 'A' WHERE fid = 4",
        "UPDATE gis.water SET zone_id = '' WHERE fid = 2",
        "CREATE OR REPLACE VIEW gis.some_water AS SELECT * FROM gis.water WHERE fid <> 3",
        "DROP MATERIALIZED VIEW IF EXISTS gis.kept_water",
        "CREATE MATERIALIZED VIEW gis.kept_water AS SELECT * FROM gis.some_water",
    )
    known = water(tmp_path, cluster, "gis.some_water")
    first = read(known)
    assert first.ids[0].startswith("#")
    assert first.ids[1:] == ("A", "Z0")
    run_sql(cluster, "CREATE TABLE other AS TABLE gis.water", "DELETE FROM gis.water")
    run_sql(cluster, "INSERT INTO gis.water SELECT * FROM other ORDER BY fid DESC", "DROP TABLE other")
    again = read(known)
    assert (again.ids, again.sha256) == (first.ids, first.sha256)
    kept = read(water(tmp_path, cluster, "gis.kept_water"))
    assert (kept.ids, kept.sha256) == (first.ids, first.sha256)
    run_sql(cluster, "DROP MATERIALIZED VIEW gis.kept_water", "DROP VIEW gis.some_water")


TYPES: list[tuple[str, Any, str]] = [
    ("integer", 7, "7"),
    ("bigint", 2**62, str(2**62)),
    ("double precision", 1.5, "1.5"),
    ("double precision", 12.0, "12"),
    ("double precision", 0.1 + 0.2, "0.30000000000000004"),
    ("double precision", 1e-7, "1e-07"),
    ("double precision", 1000000000000000.5, "1000000000000000.5"),
    ("double precision", 1e22, "10000000000000000000000"),
    ("double precision", math.nan, ""),
    ("real", 0.1, "0.1"),
    ("numeric(8,2)", 12.5, "12.5"),
    ("numeric(8,2)", 12, "12"),
    ("numeric(9,7)", "0.00001", "1e-05"),
    ("numeric", "12345678901234567890.120", "12345678901234567890.12"),
    ("boolean", True, "True"),
    ("boolean", False, "False"),
    ("date", date(2020, 1, 2), "2020-01-02"),
    ("timestamp", "2020-01-02 03:04:05", "2020-01-02T03:04:05"),
    ("timestamp", "2020-01-02 03:04:05.5", "2020-01-02T03:04:05.500"),
    ("timestamptz", "2020-01-02 03:04:05+08", "2020-01-01T19:04:05Z"),
    ("text", "  两 个  ", "两 个"),
    ("text", "引号'\"\\n", "引号'\"\\n"),
    ("char(12)", "abc", "abc"),
    ("varchar", "", ""),
    ("text", None, ""),
    ("integer", None, ""),
    ("boolean", None, ""),
    ("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("jsonb", json.dumps({"b": 1}), '{"b": 1}'),
    ("gis.share", 2.50, "2.5"),
]


def test_values_are_the_text_that_a_file_gives(cluster: Cluster, tmp_path: Path) -> None:
    run_sql(cluster, "CREATE SCHEMA IF NOT EXISTS gis", "DROP DOMAIN IF EXISTS gis.share CASCADE")
    run_sql(cluster, "CREATE DOMAIN gis.ratio AS numeric", "CREATE DOMAIN gis.share AS gis.ratio CHECK (VALUE < 9)")
    columns = {f"v{place}": (kind, [value]) for place, (kind, value, _) in enumerate(TYPES)}
    plain = {key: ("text", ["LEVEL-1"]) for key in ("zone_id", "name", "class")}
    write_table(cluster, "water", [BOX], {**plain, **columns})
    found = read(water(tmp_path, cluster, attributes=dict.fromkeys(columns, TITLE)))
    assert list(found.attributes[0].values()) == [text for _, _, text in TYPES]


def test_a_file_gives_the_same_text(cluster: Cluster, tmp_path: Path) -> None:
    columns = {
        "zone_id": np.array(["A", "B"], dtype=object),
        "name": np.array([" 两 个 ", None], dtype=object),
        "class": np.array(["LEVEL-1", ""], dtype=object),
        "whole": np.array([7, -(2**40)], dtype=np.int64),
        "some": np.array([12.0, np.nan]),
        "share": np.array([0.1 + 0.2, 1e-7]),
        "yes": np.array([True, False]),
        "day": np.array(["2020-01-02", "1999-12-31"], dtype="datetime64[D]"),
        "hour": np.array(["2020-01-02T03:04:05.500", "1999-12-31T00:00:00"], dtype="datetime64[ms]"),
    }
    path = tmp_path / "layers" / "data" / "water.gpkg"
    path.parent.mkdir(parents=True)
    wkb = shapely.to_wkb(np.array([BOX, BOX], dtype=object))
    pyogrio.raw.write(
        path, wkb, list(columns.values()), list(columns), driver="GPKG", geometry_type="Polygon", crs="EPSG:4490"
    )
    load_file(cluster, path, None, "water")
    run_sql(
        cluster,
        "ALTER TABLE gis.water ALTER day TYPE date USING day::date, ALTER hour TYPE timestamp USING hour::timestamp",
    )
    shown = dict.fromkeys(list(columns)[3:], TITLE)
    known = layer().model_copy(update={"attributes": shown})
    file = read(catalogue(tmp_path, known))
    table = read(water(tmp_path, cluster, attributes=shown))
    for one in ("ids", "names", "class_ids", "assumed", "attributes"):
        assert getattr(table, one) == getattr(file, one), one


@pytest.mark.parametrize("kind", ["integer", "double precision", "numeric(4,1)", "text"])
def test_class_codes_of_any_type(cluster: Cluster, tmp_path: Path, kind: str) -> None:
    plain = {key: ("text", ["A", "B"]) for key in ("zone_id", "name")}
    write_table(cluster, "water", [BOX, BOX], {**plain, "class": (kind, [2, None])})
    numbered = {name: ZoneClass(title=TITLE, codes=(code,)) for name, code in (("one", "1"), ("two", "2"))}
    found = read(water(tmp_path, cluster, classes=numbered))
    assert (found.class_ids, found.assumed) == (("two", "one"), (False, True))


CURVES = [
    "CURVEPOLYGON(CIRCULARSTRING(112.40 35.40,112.41 35.41,112.42 35.40,112.41 35.39,112.40 35.40))",
    (
        "MULTISURFACE(((112.4 35.4,112.41 35.4,112.41 35.41,112.4 35.4)),"
        "CURVEPOLYGON(COMPOUNDCURVE((112.44 35.4,112.46 35.4),CIRCULARSTRING(112.46 35.4,112.45 35.41,112.44 35.4))))"
    ),
    "POLYGON M((112.4 35.4 1,112.41 35.4 1,112.41 35.41 1,112.4 35.4 1))",
    "POLYGON ZM((112.4 35.4 1 2,112.41 35.4 1 2,112.41 35.41 1 2,112.4 35.4 1 2))",
    "POLYGON Z((112.4 35.4 1,112.41 35.4 1,112.41 35.41 1,112.4 35.4 1))",
    "GEOMETRYCOLLECTION(POINT(112.4 35.4),POLYGON((112.4 35.4,112.41 35.4,112.41 35.41,112.4 35.4)))",
]


def test_curves_and_measures_become_what_a_file_makes_of_them(cluster: Cluster, tmp_path: Path) -> None:
    """The same WKB in a GeoPackage, written without GDAL, and in a table."""
    write_table(cluster, "curves", [None] * len(CURVES), {"zone_id": ("text", CURVES)})
    with connect(cluster) as connection:
        connection.execute("UPDATE gis.curves SET geom = ST_GeomFromText(zone_id, 4490)")
        query = "SELECT ST_AsBinary(geom, 'NDR') FROM gis.curves ORDER BY fid"
        wkb = [bytes(row[0]) for row in connection.execute(query).fetchall()]
    run_sql(cluster, "ALTER TABLE gis.curves ADD name text, ADD class text")
    path = write_zones(tmp_path / "layers/data/water.gpkg", [(BOX, "", None) for _ in CURVES])
    _put(path, wkb)
    expected = read(catalogue(tmp_path, layer()))
    found = read(water(tmp_path, cluster, "gis.curves"))
    assert [shape.wkb for shape in found.geometries] == [shape.wkb for shape in expected.geometries]
    assert [shapely.get_num_coordinates(shape) for shape in found.geometries[:2]] == [91, 51]


def _put(path: Path, wkb: list[bytes]) -> None:
    head = b"GP\x00\x01" + (4490).to_bytes(4, "little")
    statement = "UPDATE zones SET geom = ? WHERE fid = ?"
    changed_geopackage(path, *((statement, (head + shape, fid)) for fid, shape in enumerate(wkb, start=1)))


def test_a_surface_of_triangles_is_no_zone(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX])
    tin = "TIN(((112.4 35.4 0,112.41 35.4 0,112.41 35.41 0,112.4 35.4 0)))"
    run_sql(cluster, f"UPDATE gis.water SET geom = ST_GeomFromText('{tin}', 4490)")  # noqa: S608 - made here
    assert reason(water(tmp_path, cluster)) == "zoning:gis.water: it holds a geometry that cannot be read"


CURVED = (
    "GEOMETRYCOLLECTION(POINT(112.4 35.4),"
    "CURVEPOLYGON(CIRCULARSTRING(112.40 35.40,112.41 35.41,112.42 35.40,112.41 35.39,112.40 35.40)))"
)


def test_a_curve_inside_a_collection_is_refused_wherever_it_is_stored(cluster: Cluster, tmp_path: Path) -> None:
    zones(cluster, [BOX])
    with connect(cluster) as connection:
        connection.execute("UPDATE gis.water SET geom = ST_GeomFromText(%s, 4490)", (CURVED,))
        found = connection.execute("SELECT ST_AsBinary(geom, 'NDR') FROM gis.water").fetchall()
    path = write_zones(tmp_path / "layers/data/water.gpkg", [(BOX, "", "LEVEL-1")])
    _put(path, [bytes(found[0][0])])
    said = "feature Z0 is a GeometryCollection with curves, layer water holds polygons"
    for known in (catalogue(tmp_path, layer()), water(tmp_path, cluster)):
        with pytest.raises(LayerError, match=said):
            read(known)


def test_no_geometries_are_no_geometries() -> None:
    assert geometries_of([None, None], "x").tolist() == [None, None]
    assert len(geometries_of([], "x")) == 0
