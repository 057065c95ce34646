"""Values of the database as the text and the geometry that a file would give."""

import re
import sqlite3
import struct
import warnings
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.layers.formats import UnreadableError, text_of
from zoning.texts import Text

_FLOATS = ("float4", "float8")
_TIMES = ("timestamp", "timestamptz")
_YES_NO = {"true": "True", "false": "False"}
_TIME = re.compile(r"(?P<day>\S+) (?P<time>\d\d:\d\d:\d\d)(?P<part>\.\d+)?(?P<zone>\+00)?")
_PLAIN_TYPES = range(1, 7)  # point to multipolygon; the rest goes the way of the files
_ISO_M = 2000


def text_value(text: str | None, kind: str) -> str:
    """Return the text of a value, as a file with the same value gives it.

    Parameters
    ----------
    text
        As PostgreSQL writes it; None for NULL.
    kind
        Name of the type.

    >>> text_value("12.50", "numeric"), text_value("7", "float8"), text_value("true", "bool"), text_value(None, "text")
    ('12.5', '7', 'True', '')
    >>> text_value("2020-01-02 03:04:05.5", "timestamp")
    '2020-01-02T03:04:05.500'
    """
    if text is None:
        return ""
    if kind == "numeric":
        return _decimal(text)
    if kind in _FLOATS:
        return text_of(float(text))
    if kind == "bool":
        return _YES_NO[text]
    if kind in _TIMES:
        return _time(text)
    return text_of(text)


def _decimal(text: str) -> str:
    number = float(text)
    # Files hold numbers as floats; digits that a float would lose are kept.
    if not np.isfinite(number) or Decimal(repr(number)) == Decimal(text):
        return text_of(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _time(text: str) -> str:
    found = _TIME.fullmatch(text)
    if found is None:
        return text  # infinity, years before Christ
    part = (found["part"] or "").ljust(4, "0") if found["part"] else ""
    return f"{found['day']}T{found['time']}{part}{'Z' if found['zone'] else ''}"


def geometries_of(wkb: Sequence[bytes | None], what: str) -> NDArray[np.object_]:
    """Return geometries from WKB, coordinates bit by bit; curves become chords as they do when a file is read.

    Raises
    ------
    UnreadableError
        When one of them is of a type that no layer can have.
    """
    array = np.empty(len(wkb), dtype=object)
    array[:] = wkb
    odd = np.flatnonzero([one is not None and _type(one) not in _PLAIN_TYPES for one in wkb])
    try:
        if len(odd):
            array[odd] = _as_from_file([wkb[index] for index in odd.tolist()])
        return np.asarray(shapely.from_wkb(array), dtype=object)
    except shapely.errors.GEOSException as error:
        raise UnreadableError(
            Text(f"{what}：含有无法读取的几何", f"{what}: it holds a geometry that cannot be read")
        ) from error


def _type(wkb: bytes) -> int:
    """Return the ISO type of WKB; with M it is none of the plain ones."""
    order = "<" if wkb[0] == 1 else ">"
    code: int = struct.unpack_from(f"{order}I", wkb, 1)[0]
    return code if code >= _ISO_M else code % 1000


def _as_from_file(wkb: Sequence[bytes | None]) -> NDArray[np.object_]:
    """Return WKB of plain types, made by GDAL while it reads a GeoPackage in memory.

    What becomes of arcs and of M values is the business of GDAL: asking it gives the very chords that a file gives.
    """
    import pyogrio.raw

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that M values are left out: of a file as well
        _, fids, found, _ = pyogrio.raw.read(_geopackage(wkb), layer="zones", return_fids=True, force_2d=False)
    if len(found) != len(wkb):
        raise shapely.errors.GEOSException("GDAL gave back another number of geometries")
    ordered: NDArray[np.object_] = found[np.argsort(fids)]
    return ordered


def _geopackage(wkb: Sequence[bytes | None]) -> bytes:
    # GP, version 0, little endian without an envelope, no coordinate system.
    head = b"GP\x00\x01" + struct.pack("<i", 0)
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(
            """
            PRAGMA application_id = 0x47504B47;
            PRAGMA user_version = 10300;
            CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
                organization_coordsys_id INTEGER, definition TEXT, description TEXT);
            INSERT INTO gpkg_spatial_ref_sys VALUES ('undefined', 0, 'NONE', 0, 'undefined', NULL);
            CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT,
                last_change TEXT, min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id INTEGER);
            INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, srs_id)
                VALUES ('zones', 'features', 'zones', '2000-01-01T00:00:00.000Z', 0);
            CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT,
                srs_id INTEGER, z INTEGER, m INTEGER);
            INSERT INTO gpkg_geometry_columns VALUES ('zones', 'geom', 'GEOMETRY', 0, 2, 2);
            CREATE TABLE zones (fid INTEGER PRIMARY KEY, geom BLOB);
            """
        )
        connection.executemany("INSERT INTO zones (geom) VALUES (?)", [(head + bytes(one or b""),) for one in wkb])
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()
