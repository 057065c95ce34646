"""MapInfo tables (.tab with .dat, .map, .id) and exchange files (.mif with .mid) through GDAL's driver.

The driver guesses at texts, datums and damaged objects; what it could guess wrong is read here: texts come over as
bytes, the text of a .mif is checked before, the heads of a table beside.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import acos, ceil, pi
from pathlib import Path
from shutil import copyfileobj

import numpy as np

from zoning.sites.drawing import Drawing
from zoning.sites.encodings import GB18030, UTF_8, Statement, TableTexts, codec_name, decode_cut, settled_codec
from zoning.sites.limits import Options
from zoning.sites.raw import RawFile, RawSite
from zoning.sites.records import raw_site
from zoning.sites.refusals import NO_FEATURES, cut_off
from zoning.sites.site import Repair
from zoning.sites.vector import mif_text, tab_parts
from zoning.sites.vector.mapinfo_systems import Meaning, frame_of, meaning
from zoning.sites.vector.vector_files import Record, opened, read_records
from zoning.sites.where import Where
from zoning.texts import Text

_DRIVER = "MapInfo File"
_BYTES = "ISO-8859-1"
_CHARSETS = {
    "windowssimpchinese": GB18030,
    "windowstradchinese": "big5",
    "utf-8": UTF_8,
    "windowslatin1": "cp1252",
    "neutral": None,
    "": None,
}
_SAGITTA_M, _METRES_PER_DEGREE = 1e-4, 111_000.0
_MOST_CHORDS = 20_000
_COARSE_M = 0.005
_ATTRIBUTES, _ATTRIBUTE_TEXTS = Text("属性", "the attributes are"), Text("属性的文字", "texts of the attributes")
_CURVED = ("ellipse", "roundrect", "arc")
_ROUGH = Text("圆弧按每 2° 一段转为折线", "turned arcs into lines with chords of 2°")
_FINE = Text("椭圆已转为折线（弦高不超过 0.1 毫米）", "turned an ellipse into lines (within 0.1 mm of the curve)")


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as the driver sees it, and what was found out beside.

    Attributes
    ----------
    kinds
        By record number: what is no plain polygon, line or point.
    lines
        Where every object begins, of a .mif.
    """

    records: list[Record]
    meaning: Meaning
    charset: str
    kinds: dict[int, str]
    lines: tuple[int, ...] = ()
    warnings: tuple[Text, ...] = ()


def read_mapinfo(path: Path, options: Options) -> RawFile:
    """Read every object of a MapInfo file.

    Raises
    ------
    SiteError, CRSError
    """
    where = Where(path.name or str(path))
    source = (_read_mif if path.suffix.lower() == ".mif" else _read_tab)(path, where, options)
    codec, notes = _codec(source, options, where)
    labels = [record for record in source.records if source.kinds.get(record.number) == "text"]
    shapes = [record for record in source.records if source.kinds.get(record.number) != "text"]
    if not shapes:
        raise where.error_of(NO_FEATURES)
    if labels:
        notes = (*notes, _left(labels, where))
    sites = tuple(_site(record, codec, source, where, options) for record in shapes)
    found = source.meaning
    return RawFile(
        sites,
        found.declared,
        silence=found.silence,
        may_be_degrees=found.may_be_degrees,
        warnings=(*notes, *found.warnings, *source.warnings),
        encoding=codec,
    )


def _read_mif(path: Path, where: Where, options: Options) -> _Source:
    text = mif_text.scan(path, where, options.limits)
    beside = next(
        (
            file
            for file in sorted(path.parent.iterdir())
            if file.stem == path.stem and file.suffix.lower() == ".mid" and file.is_file()
        ),
        None,
    )
    _check_mid(beside, text, where)
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        private = Path(folder) / "boundary.mif"
        names = mif_text.plain_copy(path, private)
        if beside is not None:
            _copy(beside, private.with_suffix(".mid"))
        records, wkt = _through_driver(private, where, options)
    if len(records) != len(text.kinds):
        raise where.error_of(cut_off(len(text.kinds), len(records)))
    kinds = dict(enumerate(text.kinds, 1))
    found = meaning(frame_of(text.system), wkt, text.system, where)
    return _Source(_named(records, names), found, text.charset, kinds, tuple(text.lines))


def _check_mid(mid: Path | None, text: mif_text.MifText, where: Where) -> None:
    """Compare the rows of the attributes with the objects: the driver would go on with the wrong ones."""
    if text.columns == 0:
        return
    if mid is None:
        raise where.error(
            "旁边没有同名的 .mid 文件；请同时提供 .mif 和 .mid",
            "there is no .mid of the same name beside it; give both the .mif and the .mid",
        )
    with mid.open("rb") as file:
        rows = sum(1 for line in file if line.strip(b"\r\n\x1a"))
    if rows != len(text.kinds):
        raise where.error(
            f".mid 有 {rows} 行属性，.mif 有 {len(text.kinds)} 个图形，不相符；请重新导出",
            f"the .mid has {rows} rows but the .mif {len(text.kinds)} objects; export them again",
        )


def _read_tab(path: Path, where: Where, options: Options) -> _Source:
    parts = tab_parts.find_parts(path, where)
    head = tab_parts.read_head(parts, where, options.limits)
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        private = Path(folder) / "boundary.tab"
        text, names = tab_parts.plain_text(path.read_bytes())
        private.write_bytes(text)
        for name, file in parts.files.items():
            _copy(file, private.with_suffix(f".{name}"))
        tab_parts.make_names_plain(private.with_suffix(parts.table.suffix.lower()))
        records, wkt = _through_driver(private, where, options)
    expected = head.rows - sum(kind == "deleted" for kind in head.kinds.values())
    if len(records) != expected:
        raise where.error_of(cut_off(expected, len(records)))
    numbered = [replace(record, number=int(record.key)) for record in _named(records, names)]
    found = meaning(head.frame, wkt, "", where)
    warnings = _coarse(head.resolution, wkt, where)
    return _Source(numbered, found, parts.charset, head.kinds, warnings=warnings)


def _copy(file: Path, target: Path) -> None:
    with file.open("rb") as source, target.open("wb") as copy:
        copyfileobj(source, copy)


@contextmanager
def _open(path: Path, where: Where) -> Iterator[str]:
    with opened(path, where, driver=_DRIVER, encoding=_BYTES) as source:
        yield str(source.crs_wkt or "")


def _through_driver(path: Path, where: Where, options: Options) -> tuple[list[Record], str]:
    records = read_records(path, where, driver=_DRIVER, encoding=_BYTES, limits=options.limits)
    with _open(path, where) as wkt:
        return records, wkt


def _named(records: list[Record], names: list[bytes]) -> list[Record]:
    """Give the attributes back the names they have in the file, as bytes in Latin-1."""
    known = {f"F{number}": name.decode("latin-1") for number, name in enumerate(names, 1)}
    return [
        replace(record, attributes={known.get(k, k): v for k, v in record.attributes.items()}) for record in records
    ]


def _coarse(resolution: float, wkt: str, where: Where) -> tuple[Text, ...]:
    """Tell when the table rounds its coordinates so that a boundary could be missed."""
    step = resolution * (_METRES_PER_DEGREE if wkt.startswith("GEOGCS") else 1.0)
    if step <= _COARSE_M:
        return ()
    text = where.sentence(
        f"表内坐标的最小间隔约 {step:.2g} 米（坐标范围 Bounds 过大），界址点有相应的误差",
        f"the table stores coordinates in steps of about {step:.2g} m (its Bounds are too wide); vertices are off by "
        "as much",
    )
    return (text,)


def _codec(source: _Source, options: Options, where: Where) -> tuple[str, tuple[Text, ...]]:
    charset = source.charset.lower()
    named = _CHARSETS[charset] if charset in _CHARSETS else codec_name(charset)
    stated = Text(f"Charset 写的是 {source.charset}", f"the Charset states {source.charset}")
    said = Statement(options.encoding, named, _ATTRIBUTES, _ATTRIBUTE_TEXTS, stated)
    texts = TableTexts(said.wanted)
    for record in source.records:
        texts.add(text.encode("latin-1") for pair in record.attributes.items() for text in pair)
    return settled_codec(texts, said, where)


def _left(labels: list[Record], where: Where) -> Text:
    return where.sentence(f"{len(labels)} 个文字标注没有读取", f"{len(labels)} text labels were not read")


def _site(record: Record, codec: str, source: _Source, where: Where, options: Options) -> RawSite:
    def text(raw: str) -> str:
        return decode_cut(raw.encode("latin-1"), codec)

    place = where.at_line(source.lines[record.number - 1]) if source.lines else where.at_record(record.number)
    kind = source.kinds.get(record.number, "")
    drawings = [_ellipse(drawing) for drawing in record.drawings] if kind == "ellipse" else record.drawings
    attributes = {text(name): text(value) for name, value in record.attributes.items() if text(value)}
    repairs = (Repair("curve-to-line", 1, 0.0, _FINE if kind == "ellipse" else _ROUGH),) if kind in _CURVED else ()
    return raw_site(drawings, place, options, attributes=attributes, repairs=repairs)


def _ellipse(drawing: Drawing) -> Drawing:
    """Return an ellipse with chords within 0.1 mm; the driver gives it as many as it likes, whatever its size."""
    ring = drawing.rings[0][:, :2]
    # It closes the ring a second time.
    ring = ring[:-1] if np.array_equal(ring[-1], ring[-2]) else ring
    angles = np.linspace(0, 2 * pi, len(ring))
    turns = np.array([np.cos(angles), np.sin(angles)])
    # Centre and half axes are those of the line through x against cos and y against sin.
    (half_x, x), (half_y, y) = (np.polyfit(turns[axis], ring[:, axis], 1) for axis in (0, 1))
    longest = float(max(abs(half_x), abs(half_y)))
    made = np.column_stack([x + half_x * turns[0], y + half_y * turns[1]])
    sagitta = _SAGITTA_M / (_METRES_PER_DEGREE if np.abs(ring).max() <= 360 else 1.0)  # noqa: PLR2004 - degrees
    if not (np.abs(made - ring).max() <= sagitta < longest):
        return drawing
    chords = min(max(180, ceil(pi / acos(1 - sagitta / longest))), _MOST_CHORDS)
    angles = 2 * pi * np.arange(chords) / chords
    points = np.column_stack([x + half_x * np.cos(angles), y + half_y * np.sin(angles)])
    return Drawing("polygon", (np.vstack([points, points[:1]]),))
