"""What a table holds: the digest of all of it, and the records of a window."""

import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from zoning.layers.datum import Bounds
from zoning.layers.formats import Table
from zoning.layers.postgis.relation import Relation
from zoning.layers.postgis.snapshot import DIGEST_S, Snapshot
from zoning.layers.postgis.values import geometries_of, text_value

if TYPE_CHECKING:
    from psycopg.sql import Composable, Composed

# The hash of every record, by whichever worker of the server; then of the hashes of 256 parts, each in its own order.
# OFFSET 0 keeps the server from working out a hash twice.
_DIGEST = """
SELECT get_byte(record, 0), sha256(string_agg(record, ''::bytea ORDER BY record)), min(srid), max(srid),
  min(ST_XMin(box)), min(ST_YMin(box)), max(ST_XMax(box)), max(ST_YMax(box))
FROM (
  SELECT {record} AS record, ST_SRID({geometry}) AS srid, {geometry}::box3d AS box FROM {relation} zone OFFSET 0
) records GROUP BY 1 ORDER BY 1
"""
_WINDOW = "SELECT {columns}, ST_AsBinary({geometry}, 'NDR') FROM {relation} zone WHERE {meets} ORDER BY {order}"
_ZONE = "zone"  # every column is named with it: a result of the same name would come before it in ORDER BY
_SYSTEM = "SELECT auth_name::text, auth_srid, srtext::text FROM spatial_ref_sys WHERE srid = {srid}"
_EPSG = ("EPSG", "ESRI")
_FORM = "zoning table 1"
_TOLD = 12  # digits of the hash of a record that has no key


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that a layer uses."""

    relation: Relation
    geometry: str
    fields: tuple[str, ...]

    @property
    def hashed(self) -> tuple[str, ...]:
        """The columns of which every record is made, key first."""
        return tuple(dict.fromkeys((*self.relation.key, *self.fields)))


@dataclass(frozen=True, slots=True)
class Content:
    """What all records of a table come to.

    Attributes
    ----------
    sha256
        Of the used columns, the key and the geometries, whatever their order.
    srids
        The smallest and the largest SRID of the geometries; None where there is none.
    extent
        Box of all geometries; None where there is none.
    """

    sha256: str
    srids: tuple[int, int] | None
    extent: Bounds | None


def content_of(snapshot: Snapshot, columns: Columns) -> Content:
    """Return digest, SRID and extent of a whole table, worked out by the server in one pass.

    A record is hashed over the hash of the JSON list of its texts and its EWKB.
    """
    from psycopg import sql

    query = sql.SQL(_DIGEST.strip()).format(
        record=_record(columns), geometry=sql.Identifier(_ZONE, columns.geometry), relation=columns.relation.identifier
    )
    parts = snapshot.rows(query, columns.relation.origin, limit_s=DIGEST_S)
    types = columns.relation.types
    form = [_FORM, [[name, types[name]] for name in columns.hashed], list(columns.relation.key)]
    digest = hashlib.sha256(json.dumps(form, ensure_ascii=False).encode())
    for first, part, *_ in parts:
        digest.update(bytes([first]) + part)
    there = [part[2:] for part in parts if part[2] is not None]
    srids = (min(part[0] for part in there), max(part[1] for part in there)) if there else None
    return Content(digest.hexdigest(), srids, _extent([part[2:] for part in there]))


def _extent(boxes: list[tuple[float | None, ...]]) -> Bounds | None:
    known = [tuple(float(edge) for edge in box if edge is not None) for box in boxes]
    full = [box for box in known if len(box) == 4 and all(map(math.isfinite, box))]  # noqa: PLR2004 - the four edges
    if not full:
        return None
    west, south, east, north = zip(*full, strict=True)
    return min(west), min(south), max(east), max(north)


def system_of(snapshot: Snapshot, relation: Relation, srid: int) -> str | None:
    """Return the coordinate system that an SRID means; None where it means none."""
    from psycopg import sql

    if srid == 0:
        return None
    found = snapshot.rows(sql.SQL(_SYSTEM).format(srid=sql.Literal(srid)), relation.origin)
    if not found:
        return f"SRID {srid}"
    authority, code, text = found[0]
    return f"{authority}:{code}" if authority in _EPSG else text or f"SRID {srid}"


def window_of(snapshot: Snapshot, columns: Columns, box: Bounds | None, srid: int, content: Content) -> Table:
    """Return the records whose geometry meets a box in the system of the table; all of them for None.

    They come in the order of the primary key; without one in that of the first field (the id), and of the hash of the
    record, which then is its key as well.
    """
    relation = columns.relation
    key = len(relation.key) or 1
    origin = relation.origin
    texts: list[tuple[Any, ...]] = []
    geometries: list[Any] = [np.empty(0, dtype=object)]
    for portion in snapshot.portions(_window_query(columns, box, srid), origin):
        found = geometries_of([row[-1] for row in portion], origin)
        kept = ~(shapely.is_missing(found) | shapely.is_empty(found))
        geometries.append(found[kept])
        texts += [row[:-1] for row, there in zip(portion, kept, strict=True) if there]
    fids = tuple(_fid(row[:key], relation) for row in texts)
    values = {
        name: tuple(text_value(row[key + place], relation.types[name]) for row in texts)
        for place, name in enumerate(columns.fields)
    }
    return Table(np.concatenate(geometries), values, fids, None, content.extent)


def _window_query(columns: Columns, box: Bounds | None, srid: int) -> "Composed":
    from psycopg import sql

    relation, geometry = columns.relation, sql.Identifier(_ZONE, columns.geometry)
    meets = sql.SQL("{} IS NOT NULL").format(geometry)
    if box is not None:
        edges = sql.SQL(", ").join([sql.Literal(edge) for edge in box])
        meets = sql.SQL("{} && ST_MakeEnvelope({}, {})").format(geometry, edges, sql.Literal(srid))
    record = sql.SQL("encode({}, 'hex')").format(_record(columns))
    keys = [_text(name) for name in relation.key] or [record]
    first = [sql.SQL('{} COLLATE "C"').format(_text(name)) for name in columns.fields[:1]]
    order = [_ordered(name, relation) for name in relation.key] or [*first, record]
    return sql.SQL(_WINDOW).format(
        columns=sql.SQL(", ").join([*keys, *(_text(name) for name in columns.fields)]),
        geometry=geometry,
        relation=relation.identifier,
        meets=meets,
        order=sql.SQL(", ").join(order),
    )


def _record(columns: Columns) -> "Composable":
    """Return the SQL of the hash of one record."""
    from psycopg import sql

    geometry = sql.Identifier(_ZONE, columns.geometry)
    shape = sql.SQL("coalesce(ST_AsEWKB({}, 'NDR'), ''::bytea)").format(geometry)
    if not columns.hashed:
        return sql.SQL("sha256({})").format(shape)
    texts = sql.SQL(", ").join([_text(name) for name in columns.hashed])
    listed = sql.SQL("convert_to(to_json(ARRAY[{}])::text, 'UTF8')").format(texts)
    return sql.SQL("sha256(sha256({}) || {})").format(listed, shape)


def _text(name: str) -> "Composable":
    from psycopg import sql

    return sql.SQL("{}::text").format(sql.Identifier(_ZONE, name))


def _ordered(name: str, relation: Relation) -> "Composable":
    """Return a column of the key to order by, numbers as numbers, text the same on every server."""
    from psycopg import sql

    if relation.types[name] in ("text", "varchar", "bpchar", "name"):
        return sql.SQL('{} COLLATE "C"').format(sql.Identifier(_ZONE, name))
    return sql.Identifier(_ZONE, name)


def _fid(key: tuple[str, ...], relation: Relation) -> str:
    if not relation.key:
        return f"#{key[0][:_TOLD]}"
    return "-".join(text_value(text, relation.types[name]) for text, name in zip(key, relation.key, strict=True))
