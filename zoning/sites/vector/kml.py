"""KML placemarks, read by an XML parser that knows no document type, no entity and no link.

Longitude and latitude WGS84 by the standard of the format.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from zoning.errors import SiteError
from zoning.sites.drawing import Coordinates, Drawing
from zoning.sites.limits import Options, Tally
from zoning.sites.raw import Declared, RawFile, RawSite
from zoning.sites.records import raw_site
from zoning.sites.vector.position_text import SPACES_LEFT_OUT, is_spaced, positions
from zoning.sites.vector.xml_walk import local_name, walk
from zoning.sites.where import Where
from zoning.texts import Text

_UNREADABLE = ("Model", "Track", "MultiTrack")
_SINGLE = ("LineString", "LinearRing", "Point")


@dataclass(slots=True)
class _Placemark:
    name: str = ""
    identifier: str = ""
    drawings: list[Drawing] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    rings: list[Coordinates] = field(default_factory=list)
    outlines: int = 0
    inner: int = 0
    unreadable: str = ""
    spaced: bool = False


@dataclass(slots=True)
class _Handler:
    """Collects placemarks while the file is walked through; no tree is built."""

    where: Where
    tally: Tally
    done: list[_Placemark] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    current: _Placemark | None = None
    key: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        name = local_name(tag)
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
        name = local_name(tag)
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
            self._positions(text, placemark)
        elif name == "Polygon" or (name in _SINGLE and "Polygon" not in self.stack):
            self._draw(name, placemark)
        elif name == "Placemark":
            self.done.append(placemark)
            self.tally.count("records", 1, self.where)
            self.current = None

    def _draw(self, name: str, placemark: _Placemark) -> None:
        self.tally.count("parts", 1, self.where)
        kind = {"Polygon": "polygon", "Point": "point"}.get(name, "line")
        # An element without coordinates stays visible as an empty drawing.
        rings = tuple(placemark.rings) or (np.empty((0, 2)),)
        if kind == "polygon":
            if placemark.outlines > 1 or (placemark.outlines == 0 and (placemark.inner or len(rings) > 1)):
                raise self._without_one_outline(placemark.outlines)
            placemark.outlines = placemark.inner = 0
            placemark.drawings.append(Drawing("polygon", rings))
        else:
            placemark.drawings += [Drawing("line" if kind == "line" else "point", (ring,)) for ring in rings]
        placemark.rings.clear()

    def _count(self, more: int) -> None:
        self.tally.count("vertices", more, self.where)

    def _without_one_outline(self, count: int) -> SiteError:
        return self.where.at_record(len(self.done) + 1).error(
            f"一个 Polygon 有 {count} 个 outerBoundaryIs，应正好有 1 个；请重新导出",
            f"a Polygon has {count} outerBoundaryIs, it must have exactly 1; export it again",
        )

    def _positions(self, text: str, placemark: _Placemark) -> None:
        try:
            ring = positions(text, self._count)
        except ValueError as error:
            record = self.where.at_record(len(self.done) + 1)
            raise record.error(
                f"坐标 “{text[:30].strip()}” 不是以空格分隔的 经度,纬度；请改正",
                f"the coordinates “{text[:30].strip()}” are not longitude,latitude pairs between spaces; correct them",
            ) from error
        placemark.spaced = placemark.spaced or is_spaced(text)
        if "outerBoundaryIs" in self.stack:
            # The outline comes first wherever it stands in the file.
            placemark.rings.insert(0, ring)
            placemark.outlines += 1
        else:
            placemark.rings.append(ring)
            placemark.inner += "innerBoundaryIs" in self.stack


def read_kml(path: Path, options: Options, where: Where | None = None) -> RawFile:
    """Read every placemark with a geometry.

    Raises
    ------
    SiteError
    """
    where = where or Where(path.name or str(path))
    handler = _Handler(where, Tally(options.limits))
    walk(path, handler, where, "KML")
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
    return raw_site(
        placemark.drawings,
        where,
        options,
        attributes={key: value for key, value in placemark.attributes.items() if key and value},
        stated_id=placemark.identifier,
        stated_name=placemark.name,
        warnings=(where.sentence(SPACES_LEFT_OUT.zh, SPACES_LEFT_OUT.en),) if placemark.spaced else (),
    )


def _skipped(handler: _Handler, where: Where) -> Iterator[Text]:
    count = sum(not (p.drawings or p.unreadable) for p in handler.done)
    if count:
        yield where.sentence(f"{count} 个地标没有图形，未读取", f"{count} placemarks without a geometry were left out")
