"""What a table of the database is: its columns, their types, its key and the coordinate system of its geometry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoning.layers.formats import UnreadableError
from zoning.layers.postgis import failures
from zoning.layers.postgis.address import Address
from zoning.layers.postgis.snapshot import Snapshot
from zoning.texts import Text

if TYPE_CHECKING:
    from psycopg.sql import Identifier

_KINDS = {"r": "lock", "p": "lock", "v": "lock", "m": "refresh"}
# Domains are what they stand for.
_COLUMNS = """
WITH RECURSIVE found AS (
  SELECT c.oid, c.relkind::text AS kind, has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
    AS readable
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = {schema} AND c.relname = {name} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
), base AS (
  SELECT a.attnum, a.attname::text AS name, a.atttypmod AS modifier, t.oid, t.typname::text AS type, t.typbasetype,
    t.typtypmod
  FROM pg_attribute a JOIN found ON found.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
  WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT b.attnum, b.name, b.typtypmod, t.oid, t.typname::text, t.typbasetype, t.typtypmod
  FROM base b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typbasetype <> 0
)
SELECT found.kind, found.readable, base.name, base.type, coalesce(k.place, 0)::int,
  CASE WHEN base.type = 'geometry' THEN postgis_typmod_srid(base.modifier) ELSE 0 END
FROM found LEFT JOIN base ON base.typbasetype = 0
LEFT JOIN (SELECT i.indrelid, p.attnum, p.place FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY
  AS p (attnum, place) WHERE i.indisprimary) k ON k.indrelid = found.oid AND k.attnum = base.attnum
ORDER BY base.attnum
"""


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, a view or a materialised view.

    Attributes
    ----------
    types
        Column -> name of its type, in the order of the table; domains are what they stand for.
    key
        The columns of the primary key; empty where there is none.
    declared
        Geometry column -> SRID that its definition demands, 0 where it demands none.
    """

    address: Address
    schema: str
    name: str
    types: Mapping[str, str]
    key: tuple[str, ...]
    declared: Mapping[str, int]

    @property
    def origin(self) -> str:
        """What sentences call it."""
        return f"{self.address.name}:{self.schema}.{self.name}"

    @property
    def identifier(self) -> "Identifier":
        """Its name as SQL, quoted."""
        from psycopg import sql

        return sql.Identifier(self.schema, self.name)

    def demand(self, fields: tuple[str, ...]) -> None:
        """Raise an UnreadableError where a column is missing."""
        missing = [field for field in fields if field not in self.types]
        if missing:
            raise UnreadableError(
                Text(
                    f"{self.origin}：缺少字段 {', '.join(missing)}；表中有：{', '.join(self.types)}",
                    f"{self.origin}: the field {', '.join(missing)} is missing; the table has: {', '.join(self.types)}",
                )
            )

    def geometry_column(self, stated: str | None) -> str:
        """Return the geometry column: the stated one, else the only one.

        Raises
        ------
        UnreadableError
            When it is missing, is no geometry, or when there are several.
        """
        found = tuple(self.declared)
        if stated is None:
            if len(found) == 1:
                return found[0]
            raise self._no_geometry(found)
        self.demand((stated,))
        if stated not in found:
            raise UnreadableError(
                Text(
                    f"{self.origin}：字段 {stated} 的类型是 {self.types[stated]}，须为 geometry",
                    f"{self.origin}: the field {stated} is of type {self.types[stated]}; it must be geometry",
                )
            )
        return stated

    def _no_geometry(self, found: tuple[str, ...]) -> UnreadableError:
        if found:
            listed = ", ".join(found)
            return UnreadableError(
                Text(
                    f"{self.origin}：有几个几何字段，须在 geometry_field 中写明：{listed}",
                    f"{self.origin}: say which geometry with 'geometry_field'; the table has: {listed}",
                )
            )
        return UnreadableError(
            Text(
                f"{self.origin}：没有 geometry 类型的字段（geography 须先转换）；表中有：{', '.join(self.types)}",
                f"{self.origin}: no column is of type geometry (geography is to be converted first); "
                f"the table has: {', '.join(self.types)}",
            )
        )


def describe(snapshot: Snapshot, table: str) -> Relation:
    """Return what a table (schema.table) is.

    Raises
    ------
    UnreadableError
        When there is none of that name, it cannot be read, or it is of a kind whose state cannot be held fast.
    """
    from psycopg import sql

    schema, _, name = table.partition(".")
    origin = f"{snapshot.address.name}:{table}"
    query = sql.SQL(_COLUMNS.strip()).format(schema=sql.Literal(schema), name=sql.Literal(name))
    found = snapshot.rows(query, origin)
    if not found:
        raise UnreadableError(
            Text(
                f"{origin}：数据库中没有这个数据表；请核对 table（区分大小写）",
                f"{origin}: the database has no such table; check 'table' (capitals count)",
            )
        )
    kind, readable = found[0][:2]
    if not readable:
        raise failures.not_allowed(origin)
    if kind not in _KINDS:
        raise UnreadableError(
            Text(
                f"{origin}：是外部表，读取期间无法保证内容不变；请改用普通表、视图或物化视图",
                f"{origin}: a foreign table may change while it is read; use a table, a view or a materialised view",
            )
        )
    if _KINDS[kind] == "lock" and table not in snapshot.locked:
        # It came, or was opened to this user, only after the state was taken.
        raise snapshot.failed[table].anew() if table in snapshot.failed else failures.too_new(origin)
    columns = [row[2:] for row in found if row[2] is not None]
    key = sorted((place, column) for column, _, place, _ in columns if place)
    return Relation(
        address=snapshot.address,
        schema=schema,
        name=name,
        types={column: kind for column, kind, _, _ in columns},
        key=tuple(column for _, column in key),
        declared={column: srid for column, kind, _, srid in columns if kind == "geometry"},
    )
