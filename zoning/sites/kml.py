"""KML placemarks, read by an XML parser that knows no document type, no entity and no link.

Longitude and latitude WGS84 by the standard of the format.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

import numpy as np

from zoning.sites.drawing import Coordinates, Drawing
from zoning.sites.footprint_geometry import assemble
from zoning.sites.limits import Options
from zoning.sites.raw import Declared, RawFile, RawSite
from zoning.sites.where import Where
from zoning.texts import Text

_GBK_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](gb[-\w]*|cp936)["']""", re.IGNORECASE)
_CHUNK = 1 << 20
_UNREADABLE = ("Model", "Track", "MultiTrack")
_SINGLE = ("LineString", "LinearRing", "Point")


@dataclass(slots=True)
class _Placemark:
    name: str = ""
    identifier: str = ""
    drawings: list[Drawing] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    rings: list[Coordinates] = field(default_factory=list)
    unreadable: str = ""


@dataclass(slots=True)
class _Handler:
    """Collects placemarks while expat walks through the file; no tree is built."""

    where: Where
    done: list[_Placemark] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    current: _Placemark | None = None
    key: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        name = tag.rpartition(" ")[2]
        if not self.stack and name != "kml":
            raise self.where.error(
                f"XML 的根元素是 {name}，不是 KML；请另存为 KML",
                f"the root element of the XML is {name}, not kml; save it as KML",
            )
        self.stack.append(name)
        self.text.clear()
        if name == "Placemark":
            self.current = _Placemark(identifier=attributes.get("id", ""))
        elif name in ("Data", "SimpleData"):
            self.key = attributes.get("name", "")
        elif name == "NetworkLink":
            raise self.where.error(
                "含有网络链接（NetworkLink），内容在别处；请导出包含图形本身的 KML",
                "it holds a NetworkLink, its content is elsewhere; export a KML that holds the geometry itself",
            )
        elif name in _UNREADABLE and self.current is not None:
            self.current.unreadable = name

    def characters(self, text: str) -> None:
        """Keep the text of the element that is open."""
        self.text.append(text)

    def end(self, tag: str) -> None:
        """Leave an element."""
        name = tag.rpartition(" ")[2]
        self.stack.pop()
        text = "".join(self.text).strip()
        if self.current is not None:
            self._leave(name, text, self.current)
        self.text.clear()

    def _leave(self, name: str, text: str, placemark: _Placemark) -> None:
        parent = self.stack[-1] if self.stack else ""
        if name == "name" and parent == "Placemark":
            placemark.name = text
        elif name == "SimpleData" or (name == "value" and parent == "Data"):
            placemark.attributes[self.key] = text
        elif name == "coordinates":
            placemark.rings.append(self._positions(text))
        elif name == "Polygon" or (name in _SINGLE and "Polygon" not in self.stack):
            self._draw(name, placemark)
        elif name == "Placemark":
            self.done.append(placemark)
            self.current = None

    def _draw(self, name: str, placemark: _Placemark) -> None:
        kind = {"Polygon": "polygon", "Point": "point"}.get(name, "line")
        # An element without coordinates stays visible as an empty drawing.
        rings = tuple(placemark.rings) or (np.empty((0, 2)),)
        if kind == "polygon":
            placemark.drawings.append(Drawing("polygon", rings))
        else:
            placemark.drawings += [Drawing("line" if kind == "line" else "point", (ring,)) for ring in rings]
        placemark.rings.clear()

    def _positions(self, text: str) -> Coordinates:
        rows = [position.split(",") for position in text.split()]
        try:
            numbers = [[float(number) for number in row[:3]] for row in rows]
            if not numbers:
                return np.empty((0, 2))
            size = min(map(len, numbers))
            return np.array([row[:size] for row in numbers]) if size > 1 else self._wrong(text)
        except ValueError:
            self._wrong(text)

    def _wrong(self, text: str) -> NoReturn:
        record = self.where.at_record(len(self.done) + 1)
        raise record.error(
            f"坐标 “{text[:30].strip()}” 不是以空格分隔的 经度,纬度；请改正",
            f"the coordinates “{text[:30].strip()}” are not longitude,latitude pairs between spaces; correct them",
        )


def read_kml(path: Path, options: Options, where: Where | None = None) -> RawFile:
    """Read every placemark with a geometry.

    Raises
    ------
    SiteError
    """
    where = where or Where(path.name or str(path))
    handler = _Handler(where)
    _parse(path, handler)
    placemarks = [p for p in handler.done if p.drawings or p.unreadable]
    if not placemarks:
        raise where.error("没有带图形的地标；请重新导出", "it holds no placemark with a geometry; export it again")
    sites = tuple(_site(p, where.at_record(n), options) for n, p in enumerate(placemarks, 1))
    return RawFile(sites, Declared("EPSG:4326", implied=True), warnings=tuple(_skipped(handler, where)))


def _site(placemark: _Placemark, where: Where, options: Options) -> RawSite:
    if placemark.unreadable:
        raise where.error(
            f"含有 {placemark.unreadable}，不是面、线或点；请转换为面",
            f"it holds a {placemark.unreadable}, which is no polygon, line or point; convert it to a polygon",
        )
    made = assemble(placemark.drawings, where=where, width_m=options.width_m)
    return RawSite(
        where,
        made.geometry,
        attributes={key: value for key, value in placemark.attributes.items() if key and value},
        stated_id=placemark.identifier,
        stated_name=placemark.name,
        repairs=made.repairs,
        warnings=made.warnings,
    )


def _skipped(handler: _Handler, where: Where) -> Iterator[Text]:
    count = sum(not (p.drawings or p.unreadable) for p in handler.done)
    if count:
        yield where.sentence(f"{count} 个地标没有图形，未读取", f"{count} placemarks without a geometry were left out")


def _parse(path: Path, handler: _Handler) -> None:
    with path.open("rb") as file:
        start = file.read(200)
        file.seek(0)
        gbk = _GBK_DECLARED.match(start) is not None
        # expat knows no GBK: the text is handed over as UTF-8 and its declaration overruled.
        parser = expat.ParserCreate("utf-8" if gbk else None, namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.characters
        parser.StartDoctypeDeclHandler = _refuse_doctype(handler.where)
        pieces = iter(lambda: file.read(_CHUNK), b"")
        try:
            for piece in _as_utf8(pieces) if gbk else pieces:
                parser.Parse(piece, False)  # noqa: FBT003
            parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            raise handler.where.at_line(error.lineno).error(
                "XML 在此处不完整或有误；请重新导出", "the XML is cut off or wrong here; export it again"
            ) from error
        except (UnicodeError, LookupError, ValueError) as error:
            raise handler.where.error(
                "XML 的字符编码有误；请另存为 UTF-8", "the XML is not in the encoding it declares; save it as UTF-8"
            ) from error


def _as_utf8(pieces: Iterable[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    for piece in pieces:
        yield decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()


def _refuse_doctype(where: Where) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise where.error(
            "XML 带有 DOCTYPE/ENTITY 声明，可能引用外部内容；请重新导出不带声明的 KML",
            "the XML declares a DOCTYPE or ENTITY, which may pull in other content; export a KML without it",
        )

    return refuse
