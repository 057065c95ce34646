"""GeoParquet: tables whose metadata say which column is the geometry and in which system; read in small batches."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zoning.errors import SiteError, ZoningError
from zoning.sites.drawing import Drawing, MalformedError
from zoning.sites.limits import Options, Tally
from zoning.sites.raw import Declared, RawFile, RawSite
from zoning.sites.records import raw_site
from zoning.sites.refusals import NO_FEATURES
from zoning.sites.streams.sliced import UnclearError
from zoning.sites.vector.arrow_geometry import ENCODINGS, native_drawings
from zoning.sites.vector.choosing import listed
from zoning.sites.vector.parquet_footer import Chunk, Footer, read_footer
from zoning.sites.vector.vector_files import as_text
from zoning.sites.vector.wkb_geometry import take_apart
from zoning.sites.where import Where
from zoning.texts import Text

_CRS84 = "OGC:CRS84"
_LARGEST_METADATA = 1_000_000
_MOST_COLUMNS = 1_000
BATCH = 1_024
"""Rows that are decoded at a time."""
_BUFFER = 1_000_000
_LIMITS = {"thrift_string_size_limit": 10_000_000, "thrift_container_size_limit": 10_000_000}


@dataclass(frozen=True, slots=True)
class Column:
    """The geometry column, as the metadata describe it."""

    name: str
    encoding: str
    declared: Declared | None
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose footer and metadata were found sound.

    Attributes
    ----------
    texts
        Names of the attribute columns.
    repeated
        Columns that are read as dictionaries: a value repeated a million times takes its bytes once.
    """

    path: Path
    where: Where
    footer: Footer
    column: Column
    texts: list[str]
    repeated: list[str]


def read_geoparquet(path: Path, options: Options) -> RawFile:
    """Read every row.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    with parquet_words(where):
        table = described(path, where)
        _check_size(table, options)
        tally = Tally(options.limits)
        with parquet(table, dictionaries=True) as file:
            batches = file.iter_batches(batch_size=BATCH, columns=[table.column.name, *table.texts], use_threads=False)
            rows = (row for batch in batches for row in rows_of(batch, table, tally))
            sites = tuple(row.site(where.at_record(number), options, tally) for number, row in enumerate(rows, 1))
    return replace(head_of(table), sites=sites)


@contextmanager
def parquet_words(where: Where) -> Iterator[None]:
    """Turn what pyarrow raises about a file into a sentence.

    Raises
    ------
    SiteError
        When pyarrow, or what reads the footer, stumbles over the file.
    """
    try:
        yield
    except (ZoningError, MemoryError, UnclearError):
        raise
    except Exception as error:
        # pyarrow raises anything from ArrowInvalid to UnicodeDecodeError, depending on what it stumbles over.
        raise where.error(
            "文件损坏或不是有效的 Parquet；请重新导出", "it is damaged or no valid Parquet; export it again"
        ) from error


def head_of(table: Table) -> RawFile:
    """Return what a file says of itself, without records."""
    return RawFile(
        (),
        table.column.declared,
        silence=Text("GeoParquet 的 crs 为 null", "the crs of the GeoParquet is null"),
        may_be_degrees=True,
        warnings=tuple(_notes(table.column, table.where)),
    )


def _notes(column: Column, where: Where) -> Iterator[Text]:
    if column.others:
        names = listed(column.others)
        yield where.sentence(
            f"有 {len(column.others) + 1} 个几何列，读取主列 {column.name}，未读取：{names.zh}",
            f"it has {len(column.others) + 1} geometry columns; the primary one, {column.name}, was read, not: "
            f"{names.en}",
        )


def described(path: Path, where: Where) -> Table:
    """Read the footer and the metadata of a file.

    Raises
    ------
    SiteError
        When it has no metadata of GeoParquet, wrong ones, no such column, too many columns, or edges on the sphere.
    FooterError
        When the footer is cut off, too large, or none.
    Exception
        Of pyarrow, when the file is damaged; `parquet_words` puts it into words.
    """
    import pyarrow.parquet as pq

    footer = read_footer(path)
    with pq.ParquetFile(path, **_LIMITS) as file:
        column = _column(file.metadata.metadata or {}, where)
        schema = file.schema_arrow
        if column.name not in schema.names:
            raise where.error(
                f"没有几何列 {column.name}；请重新导出", f"there is no geometry column {column.name}; export it again"
            )
        texts = _attribute_columns(schema, {column.name, *column.others}, where)
    repeated = [name for name in (column.name, *texts) if _is_text(schema.field(name).type)]
    return Table(path, where, footer, column, texts, repeated)


def parquet(table: Table, *, dictionaries: bool) -> Any:
    """Open a file for reading its rows."""
    import pyarrow.parquet as pq

    # Dictionaries grow from batch to batch: for a file read in slices each value is read where it stands.
    more = {"read_dictionary": table.repeated} if dictionaries else {"buffer_size": _BUFFER, "pre_buffer": False}
    return pq.ParquetFile(table.path, page_checksum_verification=True, **more, **_LIMITS)


def _column(metadata: dict[bytes, bytes], where: Where) -> Column:
    """Return what the metadata `geo` say; see geoparquet.org, versions 0.1 to 1.1."""
    raw = metadata.get(b"geo")
    if raw is None:
        raise where.error(
            "是 Parquet 表，但没有 GeoParquet 元数据（geo），不知道哪一列是图形；请导出为 GeoParquet",
            "it is a Parquet table without the metadata of GeoParquet (geo), so the geometry column is unknown; export "
            "it as GeoParquet",
        )
    try:
        geo = json.loads(raw) if len(raw) <= _LARGEST_METADATA else {}
        name = geo["primary_column"]
        described = geo["columns"][name]
        encoding = str(described["encoding"])
        others = tuple(str(other) for other in geo["columns"] if other != name)
        edges = described.get("edges", "planar")
        column = Column(str(name), encoding, _declared(described), others)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise where.error(
            "GeoParquet 元数据（geo）不完整或有误；请重新导出",
            "its GeoParquet metadata (geo) are incomplete or wrong; export it again",
        ) from error
    if edges != "planar":
        raise _bent(edges, where)
    return column


def _bent(edges: object, where: Where) -> SiteError:
    """Return the error for edges that are geodesics: a footprint with straight ones is another footprint."""
    told = edges if isinstance(edges, str) else json.dumps(edges)
    return where.error(
        f"元数据写明边是大地线（edges={told}），按直线读取会偏移；请在长边上加点后改为平面边（edges=planar），重新导出",
        f"its metadata say that edges are geodesics (edges={told}), straight lines would lie "
        "elsewhere; add points along long edges and write it again with planar edges (edges=planar)",
    )


def _declared(described: dict[str, Any]) -> Declared | None:
    if "crs" not in described:
        return Declared(_CRS84, implied=True)
    crs = described["crs"]
    if crs is None:
        return None
    return Declared(crs if isinstance(crs, str) else json.dumps(crs))


def _attribute_columns(schema: Any, geometry: set[str], where: Where) -> list[str]:
    import pyarrow.types as kinds

    if len(schema.names) > _MOST_COLUMNS or len(set(schema.names)) < len(schema.names):
        raise where.error(
            f"有 {len(schema.names)} 列（上限 {_MOST_COLUMNS} 列，列名不得重复）；请只导出项目范围",
            f"it has {len(schema.names)} columns (at most {_MOST_COLUMNS}, each with its own name); export the "
            "footprint alone",
        )
    flat = (kinds.is_integer, kinds.is_floating, kinds.is_boolean, kinds.is_date, kinds.is_timestamp, kinds.is_decimal)
    return [
        field.name
        for field in schema
        if field.name not in geometry and (_is_string(field.type) or any(test(field.type) for test in flat))
    ]


def _is_string(kind: Any) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_string(kind) or kinds.is_large_string(kind))


def _is_text(kind: Any) -> bool:
    import pyarrow.types as kinds

    return _is_string(kind) or bool(kinds.is_binary(kind) or kinds.is_large_binary(kind))


def _check_size(table: Table, options: Options) -> None:
    """Compare what the footer states with the limits before anything is decoded."""
    check_rows(table, options)
    chunks = read_chunks(table)
    check_unpacked(sum(chunk.unpacked_bytes for chunk in chunks), table, options)
    Tally(options.limits).count("vertices", max((chunk.values for chunk in chunks), default=0), table.where)


def check_rows(table: Table, options: Options) -> None:
    """Refuse a file without rows, or with too many.

    Raises
    ------
    SiteError
        When it is such a file.
    """
    if table.footer.rows == 0:
        raise table.where.error_of(NO_FEATURES)
    Tally(options.limits).count("records", table.footer.rows, table.where)


def read_chunks(table: Table) -> list[Chunk]:
    """Return the pieces of the columns that are read."""
    return [chunk for chunk in table.footer.chunks if chunk.column in (table.column.name, *table.texts)]


def check_unpacked(size: int, table: Table, options: Options) -> None:
    """Refuse `size` bytes that would have to be decoded when they are too many.

    Raises
    ------
    SiteError
        When they are.
    """
    if size > options.limits.unpacked_bytes:
        big, allowed = size / 1e6, options.limits.unpacked_bytes / 1e6
        raise table.where.error(
            f"解压后有 {big:.0f} MB，超过上限 {allowed:.0f} MB；请只导出项目范围",
            f"it unpacks to {big:.0f} MB, more than the allowed {allowed:.0f} MB; export the footprint alone",
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A row, not yet put together: what its geometry holds is known when it is asked."""

    shape: list[Drawing] | bytes | None
    attributes: dict[str, str]

    def site(self, record: Where, options: Options, tally: Tally) -> RawSite:
        """Return the row as a footprint.

        Raises
        ------
        SiteError
            When its geometry is damaged, no footprint or beyond the limits.
        """
        return raw_site(self._drawings(tally, record), record, options, attributes=self.attributes)

    def _drawings(self, tally: Tally, record: Where) -> list[Drawing]:
        if self.shape is None:
            return []
        if isinstance(self.shape, list):
            return self.shape
        try:
            return take_apart(self.shape, tally, record).drawings
        except MalformedError as error:
            raise record.error_of(error.text) from error


def rows_of(batch: Any, table: Table, tally: Tally) -> Iterator[Row]:
    """Yield the rows of a batch.

    Raises
    ------
    SiteError
        When the limits are reached, or the encoding of the geometry column is not read.
    Exception
        Of pyarrow, when the column is built otherwise than its encoding says.
    """
    shapes = _shapes(batch.column(table.column.name), table.column, tally, table.where)
    for shape, own in zip(shapes, attributes_of(batch, table.texts), strict=True):
        yield Row(shape, own)


def attributes_of(batch: Any, texts: list[str]) -> list[dict[str, str]]:
    """Return the attributes of every row of a batch, those that are not empty."""
    columns = [(name, _values(batch.column(name))) for name in texts]
    return [
        {name: as_text(values[row]) for name, values in columns if values[row] not in (None, "")}
        for row in range(len(batch))
    ]


def _values(array: Any) -> list[Any]:
    """Return the values of one batch; equal texts are one object."""
    import pyarrow as pa

    if not isinstance(array, pa.DictionaryArray):
        return list(array.to_pylist())
    distinct = [*array.dictionary.to_pylist(), None]
    return [distinct[-1 if index is None else index] for index in array.indices.to_pylist()]


def _shapes(array: Any, column: Column, tally: Tally, where: Where) -> Iterator[list[Drawing] | bytes | None]:
    if column.encoding in ENCODINGS:
        yield from native_drawings(array, column.encoding, tally, where)
        return
    if column.encoding != "WKB":
        raise where.error(
            f"几何列的编码 {column.encoding} 不能读取；请以 WKB 编码导出",
            f"the encoding {column.encoding} of the geometry column is not read; export it as WKB",
        )
    for data in _values(array):
        yield None if data is None else bytes(data)
