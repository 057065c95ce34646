"""The sections of a DXF put in order: header, layers, blocks, model space, what is said about the coordinate system."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath

import numpy as np

from zoning.sites.cad.clips import Clips, handle_of
from zoning.sites.cad.curves import Line
from zoning.sites.cad.entities import LABELS, NO_PLACE, NOTES, OldPolyline, entities, mark
from zoning.sites.cad.shapes import Block, Entity, Insert, Layer, Mark, Note, Path, Unread
from zoning.sites.cad.tags import Tags, Value, read_tags
from zoning.sites.encodings import UTF_8, Statement, TableTexts, codec_name, settled_codec
from zoning.sites.limits import Options, Tally
from zoning.sites.where import Where
from zoning.texts import Text

_XREF = 4 | 8
_FROZEN = 1
_MOST_WORDS = 100_000
# Foreign letters as they are or in escapes, and the names of old datums in Latin letters.
_NO_PLAIN_WORD = re.compile(rb"[\x80-\xff]|\\[UM]\+|xi'?an|beijing|bj", re.IGNORECASE)
_NAMES, _NAME_TEXTS = Text("图层名和文字", "names and texts are"), Text("图层名或文字", "names or texts")
_UNICODE_SINCE = "AC1021"
_PAPER, _MODEL = ("*PAPER_SPACE", "$PAPER_SPACE"), ("*MODEL_SPACE", "$MODEL_SPACE")
_WKT = (b"PROJCS[", b"GEOGCS[", b"PROJCRS[", b"GEOGCRS[")


@dataclass(slots=True)
class Contents:
    """What a DXF holds.

    Attributes
    ----------
    model
        Entities of the model space.
    on_paper
        Number of lines in paper spaces.
    labels
        Number of entities of the model space that draw no line, by layer: lettering, dimensions, points, pictures.
    geodata
        Tags of the objects of that name.
    wkt
        Text of a coordinate system that a GIS put into the file.
    words
        Texts and names that are not plain ASCII, and those that may name an old datum.
    passed_over
        Layers with lines that did not matter.
    """

    header: dict[str, Value] = field(default_factory=dict)
    layers: list[Layer] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    model: list[Entity] = field(default_factory=list)
    on_paper: int = 0
    labels: Counter[bytes] = field(default_factory=Counter)
    geodata: list[Tags] = field(default_factory=list)
    wkt: bytes = b""
    words: set[bytes] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    passed_over: set[bytes] = field(default_factory=set)

    @property
    def version(self) -> str:
        """The version of the format, e.g. AC1015; R12 where the file says nothing."""
        value = self.header.get("$ACADVER", b"")
        return value.decode("latin-1") if isinstance(value, bytes) and value else "AC1009"


def read_contents(path: FilePath, where: Where, tally: Tally, keep: Callable[[bytes], bool]) -> Contents:
    """Read a DXF through once.

    Parameters
    ----------
    keep
        Whether entities of a layer matter; those in blocks always do.

    Raises
    ------
    SiteError
        When the structure is broken, the end of the entities is missing, or the limits are reached.
    """
    reader = _Reader(where, tally, keep)
    for tags in read_tags(path, where):
        reader.take(tags)
    contents = reader.contents
    if "ENTITIES" not in contents.seen:
        raise where.error(
            "没有 ENTITIES 段，不含图形；请重新导出 DXF", "it has no ENTITIES section; export the DXF again"
        )
    if reader.section:
        raise where.error(
            f"{reader.section} 段没有结束，文件不完整；请重新导出 DXF",
            f"the section {reader.section} does not end, the file was cut off; export the DXF again",
        )
    reader.mark_clipped()
    return contents


class _Reader:
    """Takes groups of tags one by one."""

    def __init__(self, where: Where, tally: Tally, keep: Callable[[bytes], bool]) -> None:
        self.contents = Contents()
        self.section = ""
        self._where, self._tally, self._keep = where, tally, keep
        self._table = ""
        self._clips = Clips()
        self._block: Block | None = None
        self._open: OldPolyline | None = None

    def take(self, tags: Tags) -> None:
        if tags.kind == "SECTION":
            self._begin(tags)
        elif tags.kind == "ENDSEC":
            self._end_polyline()
            self.section, self._block = "", None
        elif self.section == "TABLES":
            self._take_table(tags)
        elif self.section == "OBJECTS":
            self._take_object(tags)
        elif self.section in ("BLOCKS", "ENTITIES"):
            self._take_drawn(tags)

    def mark_clipped(self) -> None:
        """Mark the blocks that are shown in part; their clips stand behind them in the file."""
        clipped = self._clips.clipped()
        if clipped:
            for listed in (self.contents.model, *(block.entities for block in self.contents.blocks)):
                listed[:] = [_marked(entity, clipped) for entity in listed]

    def _begin(self, tags: Tags) -> None:
        if self.section:
            place = self._where.at_line(tags.line) if tags.line else self._where
            raise place.error(
                f"{self.section} 段没有结束就开始了新的段，文件已损坏；请重新导出 DXF",
                f"a new section begins before {self.section} ends, the file is damaged; export the DXF again",
            )
        name = tags.text(2).decode("latin-1").upper()
        self.section = name or "?"
        self.contents.seen.add(name)
        if name == "HEADER":
            self._take_header(tags)

    def _take_header(self, tags: Tags) -> None:
        name = ""
        for code, value in zip(tags.codes, tags.values, strict=True):
            value = value.strip() if isinstance(value, bytes) else value  # noqa: PLW2901 - the same value without blanks
            if code == 9 and isinstance(value, bytes):  # noqa: PLR2004 - DXF: a variable's name
                name = value.decode("latin-1").upper()
            elif name:
                self.contents.header.setdefault(name, value)

    def _take_table(self, tags: Tags) -> None:
        if tags.kind == "TABLE":
            self._table = tags.text(2).decode("latin-1").upper()
        elif tags.kind == "LAYER" and self._table == "LAYER":
            name = tags.text(2)
            self._word(name)
            flags, colour = _whole(tags, 70), _whole(tags, 62)
            self.contents.layers.append(Layer(name, bool(flags & _FROZEN), colour < 0))

    def _take_object(self, tags: Tags) -> None:
        self._clips.take(tags)
        if tags.kind == "GEODATA":
            self.contents.geodata.append(tags)
        elif tags.kind == "XRECORD":
            texts = [v.strip(b"\r\n") for v in tags.values if isinstance(v, bytes)]
            start = next((i for i, text in enumerate(texts) if text.startswith(_WKT)), None)
            if start is not None:
                self.contents.wkt = b"".join(texts[start:])

    def _take_drawn(self, tags: Tags) -> None:
        if tags.kind == "VERTEX" and self._open is not None:
            self._add_vertex(self._open, tags)
            return
        self._end_polyline()
        if tags.kind in ("SEQEND", "VERTEX"):
            return
        if self.section == "BLOCKS" and tags.kind in ("BLOCK", "ENDBLK"):
            self._block = self._begin_block(tags) if tags.kind == "BLOCK" else None
        elif tags.kind == "POLYLINE":
            self._open = OldPolyline(tags)
        else:
            self._draw(tags, lambda: entities(tags))

    def _add_vertex(self, polyline: OldPolyline, tags: Tags) -> None:
        self._tally.count("vertices", 1, self._where)
        try:
            polyline.add(tags)
        except ValueError:
            polyline.broken = True

    def _begin_block(self, tags: Tags) -> Block:
        name = tags.text(2)
        self._word(name)
        try:
            base = np.array(tags.point()) if 10 in tags.codes else np.zeros(3)  # noqa: PLR2004 - DXF: a point
        except ValueError:
            base = np.full(3, np.nan)
        block = Block(name, base, bool(_whole(tags, 70) & _XREF))
        self.contents.blocks.append(block)
        return block

    def _end_polyline(self) -> None:
        polyline, self._open = self._open, None
        if polyline is not None:
            self._draw(polyline.tags, lambda: [polyline.made()])

    def _draw(self, tags: Tags, make: Callable[[], list[Entity]]) -> None:
        layer = tags.text(8) or b"0"
        self._word(layer)
        try:
            made = make()
        except ValueError:
            made = [Unread(_safe_mark(tags), NO_PLACE, damaged=True)]
        if self._block is None and tags.kind in LABELS | NOTES and not _whole(tags, 67):
            self.contents.labels[layer] += 1
        for entity in made:
            self._put(entity, tags)

    def _put(self, entity: Entity, tags: Tags) -> None:
        if isinstance(entity, Note | Insert):
            self._word(entity.content if isinstance(entity, Note) else entity.block)
        if self._block is not None and not self._is_space(_MODEL):
            if self._is_space(_PAPER):
                self.contents.on_paper += isinstance(entity, Path)
                return
            self._count(entity)
            self._block.entities.append(entity)
        elif _whole(tags, 67):
            self.contents.on_paper += isinstance(entity, Path)
        elif isinstance(entity, Insert | Note) or self._keep(entity.mark.layer):
            self._count(entity)
            self.contents.model.append(entity)
        else:
            self.contents.passed_over.add(entity.mark.layer)

    def _is_space(self, names: tuple[str, ...]) -> bool:
        return self._block is not None and self._block.name.decode("latin-1").upper().startswith(names)

    def _count(self, entity: Entity) -> None:
        self._tally.count("parts", 1, self._where)
        if isinstance(entity, Path):
            points = sum(len(piece.points) for piece in entity.pieces if isinstance(piece, Line))
            self._tally.count("vertices", points + len(entity.pieces), self._where)

    def _word(self, text: bytes) -> None:
        if _NO_PLAIN_WORD.search(text) and len(self.contents.words) < _MOST_WORDS:
            self.contents.words.add(text)


def _marked(entity: Entity, clipped: frozenset[str]) -> Entity:
    if not isinstance(entity, Insert):
        return entity
    own = {handle_of(entity.mark.handle.encode("latin-1")), handle_of(entity.dictionary)}
    return entity if own.isdisjoint(clipped) else replace(entity, clipped=True)


def _whole(tags: Tags, code: int) -> int:
    try:
        return tags.whole(code)
    except ValueError:
        return 0


def _safe_mark(tags: Tags) -> Mark:
    try:
        return mark(tags)
    except ValueError:
        return Mark(tags.text(8) or b"0", tags.kind, tags.text(5).decode("latin-1"), tags.line)


def text_encoding(contents: Contents, options: Options, where: Where) -> tuple[str, tuple[Text, ...]]:
    """Return the codec of names and texts: UTF-8 from version 2007 on, whatever the code page says; else the code page.

    Raises
    ------
    SiteError
        When the user states one that does not fit.
    """
    page = contents.header.get("$DWGCODEPAGE", b"")
    named = page.decode("latin-1").lower().removeprefix("ansi_") if isinstance(page, bytes) else ""
    stated = UTF_8 if contents.version >= _UNICODE_SINCE else codec_name(named) if named else None
    said = Statement(options.encoding, stated, _NAMES, _NAME_TEXTS)
    texts = TableTexts(said.wanted)
    texts.add(contents.words)
    return settled_codec(texts, said, where)
