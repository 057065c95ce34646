"""GeoPackage: the one layer with shapes, or the one that the user names."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from zoning.sites.limits import Options
from zoning.sites.raw import Declared, RawFile
from zoning.sites.vector.choosing import choose
from zoning.sites.vector.geopackage_schema import check_database
from zoning.sites.vector.vector_files import opened, read_records, record_site, with_curves
from zoning.sites.where import Where
from zoning.texts import Text

_TABLES = """
    SELECT g.table_name, g.column_name, g.srs_id FROM gpkg_geometry_columns AS g
    JOIN gpkg_contents AS c ON c.table_name = g.table_name
    WHERE c.data_type = 'features' ORDER BY g.table_name
"""
_UNDEFINED = (-1, 0)
# Size of the envelope between header and geometry, by the three bits in its flags.
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_CURVES = frozenset({8, 9, 10, 11, 12, 13, 14})


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    column: str
    srs_id: int
    rows: int


def read_geopackage(path: Path, options: Options) -> RawFile:
    """Read every record of the layer with the footprints.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    check_database(path, where)
    layer = _chosen(_layers(path, where), options, where)
    curves = _curves(path, layer, where)
    records = read_records(path, where, driver="GPKG", layer=layer.name, limits=options.limits, rows=layer.rows)
    sites = tuple(with_curves(record_site(record, where, options), record, curves) for record in records)
    return RawFile(
        sites,
        _declared(path, layer, where),
        silence=Text(f"图层 {layer.name} 没有坐标系", f"the layer {layer.name} has no coordinate system"),
        may_be_degrees=True,
    )


@contextmanager
def _database(path: Path, where: Where) -> Iterator[sqlite3.Connection]:
    try:
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            yield connection
    except (sqlite3.Error, UnicodeError) as error:
        raise where.error(
            "不是有效的 GeoPackage 或文件损坏；请重新导出", "it is no valid GeoPackage or damaged; export it again"
        ) from error


def _layers(path: Path, where: Where) -> list[_Layer]:
    with _database(path, where) as connection:
        found = connection.execute(_TABLES).fetchall()
        return [
            _Layer(name, column, srs, connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()[0])  # noqa: S608
            for name, column, srs in found
        ]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _chosen(layers: list[_Layer], options: Options, where: Where) -> _Layer:
    filled = [layer.name for layer in layers if layer.rows]
    name = choose(filled, options.layer, where, others=[layer.name for layer in layers if not layer.rows])
    return next(layer for layer in layers if layer.name == name)


def _declared(path: Path, layer: _Layer, where: Where) -> Declared | None:
    if layer.srs_id in _UNDEFINED:
        return None
    with opened(path, where, driver="GPKG", layer=layer.name) as source:
        text = source.crs_wkt
    return Declared(text) if text else None


def _curves(path: Path, layer: _Layer, where: Where) -> set[str]:
    """Return the keys of the records that hold curves: the driver turns them into lines without a word."""
    with _database(path, where) as connection:
        keys = [row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(layer.name)})") if row[5]]
        key = _quoted(keys[0]) if keys else "rowid"
        heads = connection.execute(
            f"SELECT {key}, substr({_quoted(layer.column)}, 1, 80) FROM {_quoted(layer.name)}"  # noqa: S608
        )
        return {str(identifier) for identifier, head in heads if head is not None and _is_curve(bytes(head))}


def _is_curve(head: bytes) -> bool:
    if len(head) < 13:  # noqa: PLR2004
        return False
    start = 8 + _ENVELOPES.get(head[3] >> 1 & 7, 0)
    order = "little" if head[start : start + 1] == b"\1" else "big"
    number = int.from_bytes(head[start + 1 : start + 5], "little" if order == "little" else "big")
    return (number & 0xFFFF) % 1000 in _CURVES
