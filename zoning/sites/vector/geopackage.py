"""GeoPackage: the one layer with shapes, or the one that the user names."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from zoning.sites.crs.extent import Boxes
from zoning.sites.limits import Options
from zoning.sites.raw import Declared, RawFile
from zoning.sites.refusals import NO_FEATURES
from zoning.sites.streams.sliced import UnclearError
from zoning.sites.vector.choosing import choose
from zoning.sites.vector.geopackage_schema import check_database, opened_database
from zoning.sites.vector.geopackage_systems import SystemPlaces, contradiction
from zoning.sites.vector.geopackage_texts import Lost, lost_texts, restored, with_lost
from zoning.sites.vector.hurried_boxes import wkb_boxes
from zoning.sites.vector.layer_slices import LayerSlices
from zoning.sites.vector.vector_files import RecordStream, field_names, opened, record_site, with_curves
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
_SHORTEST, _EXTENDED = 8, 0b10_0000
_DRIVER = "GPKG"
_KEYS_AT_ONCE, _BLOBS_AT_ONCE = 500, 1_000


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    column: str
    srs_id: int
    rows: int
    told: tuple[Text, ...] = ()


def read_geopackage(path: Path, options: Options) -> RawFile:
    """Read every record of the layer with the footprints.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    layer = _checked(path, options, where)
    curves, lost = _curves(path, layer, where), _lost(path, layer, where)
    stream = RecordStream(path, where, driver=_DRIVER, layer=layer.name, stated=layer.rows, counted=True)
    with closing(stream):
        records = stream.whole(options.limits)
    made = (with_curves(record_site(restored(record, lost), where, options), record, curves) for record in records)
    sites = tuple(with_lost(site, lost, where) for site in made)
    return replace(_head(path, layer, where), sites=sites)


@contextmanager
def sliced_geopackage(path: Path, options: Options) -> Iterator[LayerSlices]:
    """Open the layer with the footprints, to read its records in slices.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    layer = _checked(path, options, where)
    if layer.rows == 0:
        raise where.error_of(NO_FEATURES)
    lost = _lost(path, layer, where)
    yield LayerSlices(
        path,
        where,
        options,
        _DRIVER,
        _head(path, layer, where),
        layer.rows,
        field_names(path, where, driver=_DRIVER, layer=layer.name),
        layer=layer.name,
        counted=True,
        hurried=lambda: _boxes(path, layer, where),
        curves=lambda: _Curves(path, layer, where),
        decode=lambda record: restored(record, lost),
        change=lambda site: with_lost(site, lost, where),
    )


def _checked(path: Path, options: Options, where: Where) -> _Layer:
    check_database(path, where)
    layer = _chosen(_layers(path, where), options, where)
    return replace(layer, told=_contradictions(path, layer, options, where))


def _head(path: Path, layer: _Layer, where: Where) -> RawFile:
    return RawFile(
        (),
        _declared(path, layer, where),
        silence=Text(f"图层 {layer.name} 没有坐标系", f"the layer {layer.name} has no coordinate system"),
        may_be_degrees=True,
        warnings=layer.told,
    )


def _contradictions(path: Path, layer: _Layer, options: Options, where: Where) -> tuple[Text, ...]:
    """Refuse a layer that states two systems, unless the user says which one holds."""
    with opened_database(path, where) as connection:
        names = _quoted(layer.name), _quoted(layer.column), _key(connection, layer)
        found = contradiction(connection, SystemPlaces(layer.name, *names, layer.srs_id), where)
    if found is None:
        return ()
    if options.crs is None:
        raise where.crs_error(
            f"{found.zh}；请向提供单位问明，统一后重新导出，或用 --crs 说明",
            f"{found.en}; ask whoever made the file and export it again, or state the system with --crs",
        )
    return (where.sentence(f"{found.zh}；按用户说明的读取", f"{found.en}; it was read as the user stated"),)


def _layers(path: Path, where: Where) -> list[_Layer]:
    with opened_database(path, where) as connection:
        found = connection.execute(_TABLES).fetchall()
        return [
            _Layer(name, column, srs, connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()[0])  # noqa: S608 - quoted
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
    with opened(path, where, driver=_DRIVER, layer=layer.name) as source:
        text = source.crs_wkt
    return Declared(text) if text else None


def _lost(path: Path, layer: _Layer, where: Where) -> Lost:
    with opened_database(path, where) as connection:
        return lost_texts(connection, _quoted(layer.name), _key(connection, layer), layer.column)


def _curves(path: Path, layer: _Layer, where: Where) -> set[str]:
    """Return the keys of the records that hold curves: the driver turns them into lines without a word."""
    with opened_database(path, where) as connection:
        heads = connection.execute(_heads(connection, layer))
        return {str(key) for key, head in heads if _is_curve(head)}


@dataclass(frozen=True, slots=True)
class _Curves:
    """Asks the table for the records of one slice, which it finds by their keys."""

    path: Path
    layer: _Layer
    where: Where

    def among(self, keys: Sequence[str]) -> set[str]:
        found: set[str] = set()
        with opened_database(self.path, self.where) as connection:
            heads = _heads(connection, self.layer)
            for start in range(0, len(keys), _KEYS_AT_ONCE):
                some = [int(key) for key in keys[start : start + _KEYS_AT_ONCE]]
                query = f"SELECT * FROM ({heads}) WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608 - question marks
                rows = connection.execute(query, some)
                found |= {str(key) for key, head in rows if _is_curve(head)}
        return found

    def close(self) -> None:
        """Do nothing: nothing stays open."""


def _key(connection: sqlite3.Connection, layer: _Layer) -> str:
    keys = [row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(layer.name)})") if row[5]]
    return _quoted(keys[0]) if keys else "rowid"


def _heads(connection: sqlite3.Connection, layer: _Layer) -> str:
    key = _key(connection, layer)
    return f"SELECT {key} AS key, substr({_quoted(layer.column)}, 1, 80) FROM {_quoted(layer.name)}"  # noqa: S608 - quoted


def _boxes(path: Path, layer: _Layer, where: Where) -> Iterator[Boxes]:
    with opened_database(path, where) as connection:
        blobs = connection.execute(f"SELECT {_quoted(layer.column)} FROM {_quoted(layer.name)}")  # noqa: S608 - quoted
        while some := blobs.fetchmany(_BLOBS_AT_ONCE):
            yield wkb_boxes([None if blob is None else _wkb(blob) for (blob,) in some])


def _wkb(blob: object) -> bytes:
    """Return the geometry without the header that a GeoPackage puts before it."""
    if not isinstance(blob, bytes) or not blob.startswith(b"GP") or len(blob) < _SHORTEST or blob[3] & _EXTENDED:
        raise UnclearError
    return blob[8 + _ENVELOPES.get(blob[3] >> 1 & 7, 0) :]


def _is_curve(head: object) -> bool:
    # Any value may stand in any column.
    if not isinstance(head, bytes) or len(head) < 13:  # noqa: PLR2004 - the header and a type
        return False
    start = 8 + _ENVELOPES.get(head[3] >> 1 & 7, 0)
    order = "little" if head[start : start + 1] == b"\1" else "big"
    number = int.from_bytes(head[start + 1 : start + 5], "little" if order == "little" else "big")
    return (number & 0xFFFF) % 1000 in _CURVES
