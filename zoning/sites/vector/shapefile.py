"""Shapefiles with everything that stands beside them: .shx, .dbf in an unstated encoding, .prj that may be missing."""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.sites.encodings import GB18030, Statement, TableTexts, codec_name, decode_cut, settled_codec
from zoning.sites.limits import Options, Tally
from zoning.sites.raw import Declared, RawFile, RawSite, Regrouped
from zoning.sites.refusals import NO_FEATURES
from zoning.sites.rings import CrossingError, regroup
from zoning.sites.vector.layer_slices import LayerSlices
from zoning.sites.vector.shape_boxes import shape_boxes
from zoning.sites.vector.vector_files import Record, counted_records, field_names, read_records, record_site
from zoning.sites.where import Where
from zoning.texts import Text

_NO_PRJ = Text("没有 .prj 文件", "there is no .prj file")
_TABLE, _TABLE_TEXTS = Text("属性表", "the table is"), Text("属性表的文字", "texts of the table")
_EMPTY_PRJ = Text(".prj 文件是空的", "the .prj file is empty")
_HEADER = 100
# Of a record: its own header of 8 bytes, type, box, number of parts (or points), number of points.
_COUNTS_END = 52
_LONGEST_NOTE = 65_536
_MOST_TABLE_HEAD = 65_536
_END_OF_FIELDS = 0x0D
# Points, lines and polygons, each also with Z and M; 0 is a file without any shape, 31 holds three-dimensional bodies.
_TYPES = frozenset({1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28})
_NESTED_SHARE = 0.999
# Every byte is a character in Latin-1 and comes back as the same byte: the texts are decoded here, not by the driver.
_BYTES = "ISO-8859-1"
_DRIVER = "ESRI Shapefile"


@dataclass(frozen=True, slots=True)
class _Parts:
    """The files of one shapefile."""

    shp: Path
    shx: Path
    dbf: Path | None
    prj: Path | None
    cpg: Path | None


def read_shapefile(path: Path, options: Options, where: Where | None = None) -> RawFile:
    """Read every record of a shapefile.

    Raises
    ------
    SiteError, CRSError
    """
    where = where or Where(path.name or str(path))
    parts = _checked(path, where)
    shapes, unlisted = _check_lengths(parts, Tally(options.limits), where)
    records = read_records(parts.shp, where, driver=_DRIVER, encoding=_BYTES, limits=options.limits)
    codec, warnings = _codec(parts, [[record.attributes for record in records]], options, where)
    sites = tuple(_regrouped(record_site(_decoded(record, codec), where, options)) for record in records)
    return replace(_head(parts, (*warnings, *_left_out(shapes - len(records), unlisted, where))), sites=sites)


@contextmanager
def sliced_shapefile(path: Path, options: Options, where: Where | None = None) -> Iterator[LayerSlices]:
    """Open a shapefile, to read its records in slices.

    Raises
    ------
    SiteError, CRSError
    """
    where = where or Where(path.name or str(path))
    parts = _checked(path, where)
    shapes, unlisted = _check_lengths(parts, _EachAlone(options.limits), where)
    count = counted_records(parts.shp, where, driver=_DRIVER, encoding=_BYTES)
    if count == 0:
        raise where.error_of(NO_FEATURES)
    slices = LayerSlices(
        parts.shp,
        where,
        options,
        _DRIVER,
        _head(parts, ()),
        count,
        (),
        encoding=_BYTES,
        # Among the numbers of shapes are those that were deleted.
        counted=count < shapes,
        hurried=lambda: shape_boxes(parts.shp, parts.shx),
        change=_regrouped,
    )
    texts = ([label.attributes for label in labels] for labels in slices.labels(count))
    codec, warnings = _codec(parts, texts, options, where)
    fields = tuple(_text(name, codec) for name in field_names(parts.shp, where, driver=_DRIVER, encoding=_BYTES))
    yield replace(
        slices,
        head=_head(parts, (*warnings, *_left_out(shapes - count, unlisted, where))),
        fields=fields,
        decode=lambda record: _decoded(record, codec),
    )


class _EachAlone(Tally):
    """Counts the points of one shape at a time: others are not in memory then."""

    def count(self, name: str, more: int, where: Where) -> None:
        """See `Tally`."""
        if name == "vertices":
            self.vertices = 0
        super().count(name, more, where)


def _checked(path: Path, where: Where) -> _Parts:
    parts = _parts(path, where)
    _check_notes(parts, where)
    return parts


def _head(parts: _Parts, warnings: tuple[Text, ...]) -> RawFile:
    return RawFile(
        (),
        _declared(parts.prj),
        silence=_NO_PRJ if parts.prj is None else _EMPTY_PRJ,
        may_be_degrees=True,
        warnings=warnings,
    )


def _left_out(deleted: int, unlisted: int, where: Where) -> Iterator[Text]:
    if deleted > 0:
        yield _deleted(deleted, where)
    if unlisted > 0:
        yield _unlisted(unlisted, where)


def _parts(path: Path, where: Where) -> _Parts:
    beside = {
        file.suffix.lower(): file
        for file in sorted(path.parent.iterdir())
        if file.stem.lower() == path.stem.lower() and file != path and file.is_file()
    }
    shx = beside.get(".shx")
    if shx is None:
        raise where.error(
            "旁边没有同名的 .shx 索引文件；请提供完整的 Shapefile（.shp、.shx、.dbf、.prj）",
            "there is no .shx of the same name beside it; give the whole shapefile (.shp, .shx, .dbf, .prj)",
        )
    return _Parts(path, shx, beside.get(".dbf"), beside.get(".prj"), beside.get(".cpg"))


def _check_notes(parts: _Parts, where: Where) -> None:
    for file in (parts.prj, parts.cpg):
        if file is not None and file.stat().st_size > _LONGEST_NOTE:
            raise where.error(
                f"{file.suffix} 有 {file.stat().st_size} 字节，不是坐标系或编码说明；请重新导出",
                f"the {file.suffix} has {file.stat().st_size} bytes and is no such note; export it again",
            )


def _deleted(count: int, where: Where) -> Text:
    return where.sentence(
        f"{count} 个图形在属性表中已标为删除，未读取",
        f"{count} shapes are marked as deleted in the table and were left out",
    )


def _unlisted(size: int, where: Where) -> Text:
    # Editing in place leaves such shapes behind, and so does an index older than the file.
    return where.sentence(
        f".shp 中有 {size} 字节不在 .shx 索引之内（编辑后留下的旧图形，或索引已过时），未读取；请核对图形是否齐全",
        f"{size} bytes of the .shp are not in its .shx (shapes that editing left behind, or an index out of date) and "
        "were not read; check that no shape is missing",
    )


def _check_lengths(parts: _Parts, tally: Tally, where: Where) -> tuple[int, int]:
    """Refuse a cut file: the driver would return what is left of it.

    Returns
    -------
    Number of shapes, and how many bytes of the .shp the index does not list.
    """
    shape_type, length = 0, 0
    for file in (parts.shp, parts.shx):
        with file.open("rb") as stream:
            head = stream.read(_HEADER)
        size = file.stat().st_size
        stated = struct.unpack(">i", head[24:28])[0] * 2 if len(head) == _HEADER else _HEADER
        if size < stated:
            raise where.error(
                f"{file.suffix} 只有 {size} 字节，文件头记录为 {stated} 字节，文件不完整；请重新导出",
                f"the {file.suffix} has {size} of {stated} bytes, it was cut off; export it again",
            )
        length = length or stated  # of the .shp, which comes first
        shape_type = struct.unpack("<i", head[32:36])[0]
    if shape_type not in _TYPES:
        raise where.error(
            f"图形类型 {shape_type} 不是面、线或点；请转换为面",
            f"the shape type {shape_type} is no polygon, line or point; convert it to polygons",
        )
    _check_table(parts, where)
    return (parts.shx.stat().st_size - _HEADER) // 8, length - _HEADER - _check_points(parts, tally, where)


def _check_points(parts: _Parts, tally: Tally, where: Where) -> int:
    """Add up the points that the records state, before the driver makes room for them; return the bytes they take."""
    size = 0
    with parts.shx.open("rb") as index, parts.shp.open("rb") as shapes:
        index.seek(_HEADER)
        while len(place := index.read(8)) == 8:  # noqa: PLR2004 - one record of the index
            tally.count("records", 1, where)
            start, words = struct.unpack(">2I", place)
            size += 8 + 2 * words
            shapes.seek(2 * start)
            head = shapes.read(_COUNTS_END)
            if len(head) == _COUNTS_END:
                kind, first, second = struct.unpack_from("<i", head, 8)[0] % 10, *struct.unpack_from("<2I", head, 44)
                tally.count("vertices", {3: second, 5: second, 8: first}.get(kind, 1), where)
    return size


def _check_table(parts: _Parts, where: Where) -> None:
    if parts.dbf is None:
        return
    with parts.dbf.open("rb") as stream:
        head = stream.read(_MOST_TABLE_HEAD)
    rows, first, width = struct.unpack("<IHH", head[4:12]) if len(head) > 12 else (0, 0, 0)  # noqa: PLR2004 - up to the widths
    shapes = (parts.shx.stat().st_size - _HEADER) // 8
    if rows != shapes or parts.dbf.stat().st_size < first + rows * width:
        raise where.error(
            f".dbf 属性表（{rows} 行）与 {shapes} 个图形不符或不完整；请重新导出",
            f"the .dbf table ({rows} rows) does not match the {shapes} shapes or was cut off; export it again",
        )
    if _row_width(head[32:first]) != width:
        raise where.error(
            ".dbf 属性表的字段说明有误；请重新导出",
            "the fields of the .dbf table are described wrongly; export it again",
        )


def _row_width(fields: bytes) -> int:
    """Return the bytes of a row: the mark of deletion and every field; long texts have the higher byte beside."""
    width = 1
    for start in range(0, len(fields) - 31, 32):
        if fields[start] == _END_OF_FIELDS:
            break
        width += fields[start + 16] + (256 * fields[start + 17] if fields[start + 11 : start + 12] == b"C" else 0)
    return width


def _declared(prj: Path | None) -> Declared | None:
    if prj is None:
        return None
    data = prj.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode(GB18030, errors="replace")
    text = text.strip().strip("\0")
    return Declared(text) if text else None


def _codec(
    parts: _Parts, pieces: Iterable[Sequence[Mapping[str, str]]], options: Options, where: Where
) -> tuple[str, tuple[Text, ...]]:
    """Return the codec of the table, from the attributes of all its rows."""
    stated = parts.cpg.read_text("latin-1").strip() if parts.cpg else ""
    named = codec_name(stated) if stated else None
    source = Text(f".cpg 写的编码是 {stated}", f"the .cpg states {stated}")
    said = Statement(options.encoding, named, _TABLE, _TABLE_TEXTS, source)
    texts = TableTexts(said.wanted)
    for rows in pieces:
        texts.add(text.encode("latin-1") for row in rows for pair in row.items() for text in pair)
    return settled_codec(texts, said, where)


def _decoded(record: Record, codec: str) -> Record:
    texts = {_text(name, codec): text for name, raw in record.attributes.items() if (text := _text(raw, codec))}
    return Record(record.number, record.drawings, texts, record.key)


def _text(raw: str, codec: str) -> str:
    return decode_cut(raw.encode("latin-1"), codec)


def _regrouped(site: RawSite) -> RawSite:
    """Decide by containment which rings are holes where their directions contradict it.

    The driver takes rings by their direction: one that runs the wrong way round becomes a part inside another part, or
    the outline a hole of its own hole.
    """
    geometry = site.geometry
    parts = shapely.get_parts(geometry)
    if geometry.geom_type not in ("Polygon", "MultiPolygon") or not (_has_nested_part(parts) or _has_loose_hole(parts)):
        return site
    rings = [(ring, number > 0) for part in parts for number, ring in enumerate(shapely.get_rings(part))]
    try:
        grouped = regroup([shapely.get_coordinates(ring) for ring, _ in rings])
    except CrossingError:
        return site  # overlapping parts: the overlay unites them and reports the area
    changed = sum(before != now for (_, before), now in zip(rings, grouped.is_hole, strict=True))
    return replace(site, geometry=grouped.geometry(), regrouped=Regrouped(changed, geometry))


def _has_nested_part(polygons: NDArray[np.object_]) -> bool:
    parts = shapely.make_valid(polygons)
    tree = shapely.STRtree(parts)
    for i, j in tree.query(parts, predicate="intersects").T.tolist():
        if i != j and parts[i].area <= parts[j].area:
            shared = shapely.intersection(parts[i], parts[j]).area
            if shared > _NESTED_SHARE * parts[i].area > 0:
                return True
    return False


def _has_loose_hole(parts: NDArray[np.object_]) -> bool:
    """Tell whether a hole lies around its outline, or beside it."""
    for part in parts:
        west, south, east, north = part.exterior.bounds
        if any(
            w < west or s < south or e > east or n > north for w, s, e, n in (hole.bounds for hole in part.interiors)
        ):
            return True
    return False
