"""Files that want to do harm, written byte by byte."""

import json
import os
import sqlite3
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import boundary_writers as bw

Maker = Callable[[Path], Path]
SQUARE = [list(point) for point in bw.SQUARE]
VRT = (
    "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/vsicurl/http://localhost/a.shp</SrcDataSource>"
    "</OGRVRTLayer></OGRVRTDataSource>"
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12))


def text(name: str, content: str | bytes) -> Maker:
    """Return a maker of one file."""
    return lambda folder: bw.write(folder / name, content)


def geojson(coordinates: str, kind: str = "Polygon", properties: str = "null") -> Maker:
    """Return a maker of a GeoJSON whose coordinates are written as they are."""
    geometry = f'{{"type":"{kind}","coordinates":{coordinates}}}'
    return text("a.geojson", f'{{"type":"Feature","properties":{properties},"geometry":{geometry}}}')


def with_vertex(x: str, y: str = "35.41") -> Maker:
    """Return a maker of the usual square whose third vertex has other numbers."""
    return geojson(f"[[[112.3,35.4],[112.31,35.4],[{x},{y}],[112.3,35.41],[112.3,35.4]]]")


def collections(depth: int) -> Maker:
    """Return a maker of a polygon in `depth` collections."""
    inner = json.dumps({"type": "Polygon", "coordinates": [SQUARE]})
    return text("a.geojson", '{"type":"GeometryCollection","geometries":[' * depth + inner + "]}" * depth)


def wkb_collections(depth: int) -> Maker:
    """Return a maker of WKB with a polygon in `depth` collections."""
    head = struct.pack("<BIII", 1, 7 | 0x20000000, 4490, 1) + struct.pack("<BII", 1, 7, 1) * (depth - 1)
    ring = b"".join(struct.pack("<2d", *point) for point in bw.SQUARE)
    return text("a.wkb", head + struct.pack("<BIII", 1, 3, 1, 5) + ring)


def wkb_that_states(points: int) -> Maker:
    """Return a maker of WKB that says it has many points and has five."""
    ring = b"".join(struct.pack("<2d", *point) for point in bw.SQUARE)
    return text("a.wkb", struct.pack("<BIIII", 1, 3 | 0x20000000, 4490, 1, points) + ring)


def many_features(count: int, *, name: str = "一") -> Maker:
    """Return a maker of `count` squares with one attribute each."""
    polygons = [bw.polygon([bw.shifted(bw.SQUARE, number * 1e-4)]) for number in range(count)]
    return text("a.geojson", bw.geojson(*polygons, properties={"name": name}))


def random_order(count: int) -> Maker:
    """Return a maker of a ring whose vertices come in random order."""
    chance = Random(1)  # noqa: S311 - the same ring on every run
    ring = [[chance.uniform(112.3, 112.4), chance.uniform(35.4, 35.5)] for _ in range(count)]
    return geojson(json.dumps([[*ring, ring[0]]]))


def rings_in_each_other(count: int) -> Maker:
    """Return a maker of a coordinate TXT of one parcel whose rings lie in each other."""
    rings = [
        [(112.4 + sx * r, 35.4 + sy * r) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
        for r in (1e-5 * (number + 1) for number in range(count))
    ]
    return lambda folder: bw.write(folder / "a.txt", bw.txt(bw.txt_rows(rings, "EPSG:4525")))


def shapefile_beside(name: str, put: Callable[[Path], object]) -> Maker:
    """Return a maker of a shapefile with something of your own in the place of one of its parts."""

    def make(folder: Path) -> Path:
        shp = bw.write_shapefile(folder / "a.shp", [bw.SQUARE])
        (folder / name).unlink(missing_ok=True)
        put(folder / name)
        return shp

    return make


def pipe(path: Path) -> None:
    """Make a named pipe."""
    os.mkfifo(path)


def piped(path: Path) -> Path:
    """Make a named pipe and return its path."""
    pipe(path)
    return path


def geopackage(*statements: str) -> Maker:
    """Return a maker of a GeoPackage on which further SQL was run."""

    def make(folder: Path) -> Path:
        path = bw.write_gpkg(folder / "a.gpkg", [bw.SQUARE], layer="d")
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return path

    return make


def endless_view() -> Sequence[str]:
    """Return SQL for a layer that is a view without end."""
    return (
        (
            "CREATE VIEW v AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) "
            "SELECT i AS fid, (SELECT geom FROM d LIMIT 1) AS geom FROM r"
        ),
        (
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
            "SELECT 'v', 'features', 'v', srs_id FROM gpkg_contents LIMIT 1"
        ),
        (
            "INSERT INTO gpkg_geometry_columns SELECT 'v', column_name, geometry_type_name, srs_id, z, m "
            "FROM gpkg_geometry_columns LIMIT 1"
        ),
    )


def unsaved(folder: Path) -> Path:
    """Write a GeoPackage whose last changes are still in a file beside it."""
    path = geopackage()(folder)
    path.with_name("a.gpkg-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(100))
    return path


def xml(name: str, root: str, *, external: bool = False) -> Maker:
    """Return a maker of XML with entities."""
    entities = '<!ENTITY x SYSTEM "file:///etc/passwd">' if external else LAUGHS
    return text(name, f'<?xml version="1.0"?><!DOCTYPE a [{entities}]>{root}')
