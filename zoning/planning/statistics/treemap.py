"""The combinations of a territory as a treemap: every rectangle is as large as the land of its combination."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from zoning.layers.catalogue import GROUPS, Catalogue
from zoning.maps.fonts import typeface
from zoning.maps.made import Made
from zoning.maps.paper.marks import INK, MM_PER_POINT, QUIET, Page, Shape
from zoning.maps.paper.painter import DPI, To
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.render import finish
from zoning.planning.statistics.entries import ClassRef, CombinationRow, Statistics
from zoning.planning.statistics.squares import squarified
from zoning.quantities import format_share, hectares
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language, Text

WIDTH_MM, HEIGHT_MM = 297.0, 210.0
_MARGIN, _HEAD, _FOOT, _TITLE = 8.0, 16.0, 12.0, 5.0
_SMALLEST_SHARE = 0.002
_FREE, _PAPER = "#ECEAE4", "#FFFFFF"
_SIZES = (8.0, 7.0, 6.0, 5.0)
_LEAST_SIDE_MM = 3.0
_SLACK = 0.93  # in a picture small letters stand on whole pixels, and take more room than they were measured

_NONE = Text("不在任何图层的分区之内", "in no zone of any layer")


@dataclass(frozen=True, slots=True)
class _Tile:
    text: str
    area_m2: float


@dataclass(frozen=True, slots=True)
class _Family:
    """Combinations with the same leading class."""

    title: str
    colour: str
    tiles: tuple[_Tile, ...]

    @property
    def area_m2(self) -> float:
        return sum(tile.area_m2 for tile in self.tiles)


def treemap(
    statistics: Statistics,
    catalogue: Catalogue,
    stylebook: Stylebook,
    language: Language,
    made: Made,
    *,
    to: Sequence[To],
) -> dict[To, bytes]:
    """Return the picture in some formats, laid out once.

    Combinations are put together by their leading class: the first by group of layers (protection, agriculture, town,
    control, risk, base), then the one that lies on top of a map. Those below 0.2 % of the territory share one rectangle
    in each family, and are in the table.

    Raises
    ------
    ZoningError
        When a character is in no font.
    """
    page = Page(WIDTH_MM, HEIGHT_MM, typeface(language))
    title = Text(f"{statistics.name} 分区组合面积", f"{statistics.name}: area of every combination of zones")
    page.add(Shape(shapely.box(0, 0, WIDTH_MM, HEIGHT_MM), fill=_PAPER, name="paper"))
    page.write(title.get(language), _MARGIN, HEIGHT_MM - _MARGIN - 4, 14, bold=True)
    said = _Words(statistics, catalogue, stylebook, language)
    page.write(said.subtitle(), _MARGIN, HEIGHT_MM - _MARGIN - 10, 7.5, colour=QUIET)
    place = Rectangle(_MARGIN, _MARGIN + _FOOT, WIDTH_MM - _MARGIN, HEIGHT_MM - _MARGIN - _HEAD + 2)
    families = said.families()
    for family, box in zip(families, squarified([one.area_m2 for one in families], place), strict=True):
        _draw_family(page, family, box)
    for number, line in enumerate(_wrapped(page, said.foot(), 6, WIDTH_MM - 2 * _MARGIN)[:4]):
        page.write(line, _MARGIN, _MARGIN + _FOOT - 4 - number * 2.9, 6, colour=QUIET)
    return {kind: finish([page], made, language, to=kind, title=title.get(language), dpi=DPI) for kind in to}


@dataclass(frozen=True, slots=True)
class _Words:
    statistics: Statistics
    catalogue: Catalogue
    stylebook: Stylebook
    language: Language

    def say(self, text: Text) -> str:
        return text.get(self.language)

    def subtitle(self) -> str:
        area = f"{hectares(self.statistics.area_m2):,.2f}"
        count = len(self.statistics.combinations)
        return self.say(
            Text(
                f"{self.statistics.on}　总面积 {area} 公顷　{count:,} 种组合；方块面积与土地面积成比例，#号对应组合表",
                f"{self.statistics.on}   {area} ha in all   {count:,} combinations; rectangles are in proportion to "
                "land, # is the number in the table",
            )
        )

    def foot(self) -> str:
        missing = [self.say(one.title) for one in self.statistics.missing]
        partly = [self.say(one.title) for one in self.statistics.layers if one.uncovered_m2 > 0]
        joint = "、" if self.language == "zh" else ", "
        texts = [self.say(self.statistics.notice)]
        if any(one.schematic for one in self.statistics.layers):
            texts.append(self.say(Text("示意数据，非法定边界。", "Schematic data, no legal boundaries.")))
        if missing:
            names = joint.join(missing)
            texts.append(self.say(Text(f"数据缺失、未计入：{names}。", f"No data, not counted: {names}.")))
        if partly:
            names = joint.join(partly)
            texts.append(self.say(Text(f"只覆盖一部分：{names}。", f"Covers a part only: {names}.")))
        return " ".join(texts)

    def families(self) -> list[_Family]:
        found: dict[ClassRef | None, list[CombinationRow]] = {}
        for row in self.statistics.combinations:
            found.setdefault(self._leading(row.classes), []).append(row)
        families = [self._family(lead, rows) for lead, rows in found.items()]
        return sorted(families, key=lambda one: -one.area_m2)

    def _leading(self, refs: Sequence[ClassRef]) -> ClassRef | None:
        return min(refs, key=self._rank, default=None)

    def _rank(self, ref: ClassRef) -> tuple[int, int, str, int]:
        layer = self.catalogue[ref.layer]
        order = self.stylebook.of_layer(ref.layer).order
        return list(GROUPS).index(layer.group), -order, layer.id, list(layer.classes).index(ref.class_)

    def _family(self, lead: ClassRef | None, rows: Sequence[CombinationRow]) -> _Family:
        title = self.say(_NONE if lead is None else self.statistics.title_of(lead))
        colour = _FREE if lead is None else self.stylebook.of_class(lead.layer, lead.class_).fill
        shown = [row for row in rows if row.share >= _SMALLEST_SHARE]
        small = [row for row in rows if row.share < _SMALLEST_SHARE]
        tiles = [_Tile(self._text(row, lead), row.area_m2) for row in shown]
        if small:
            area = sum(row.area_m2 for row in small)
            share = format_share(area / self.statistics.area_m2)
            more = Text(f"另 {len(small):,} 种组合 {share}", f"{len(small):,} more, {share}")
            tiles.append(_Tile(self.say(more), area))
        return _Family(title, colour, tuple(sorted(tiles, key=lambda tile: -tile.area_m2)))

    def _text(self, row: CombinationRow, lead: ClassRef | None) -> str:
        others = [ref for ref in sorted(row.classes, key=self._rank) if ref != lead]
        joint = " + " if others else ""
        names = " + ".join(self.say(self.statistics.title_of(ref)) for ref in others)
        unknown = [self.say(self.statistics.layer(name).title) for name in row.no_data]
        tail = ""
        if unknown:
            listed = ("、" if self.language == "zh" else ", ").join(unknown)
            tail = self.say(Text(f"（数据缺失：{listed}）", f" (no data: {listed})"))
        return f"#{row.number} {format_share(row.share)}{joint}{names}{tail}"


def _draw_family(page: Page, family: _Family, box: Rectangle) -> None:
    titled = box.height > 3 * _TITLE and box.width > 12.0  # noqa: PLR2004 - room for a few signs
    inner = Rectangle(box.left, box.bottom, box.right, box.top - (_TITLE if titled else 0))
    page.add(Shape(box.shape, fill=family.colour, opacity=1.0, name="family"))
    for tile, place in zip(family.tiles, squarified([one.area_m2 for one in family.tiles], inner), strict=True):
        page.add(Shape(place.shape, fill=_PAPER, opacity=0.55, stroke="#FFFFFF", width=0.6, butt=True, name="tile"))
        _write_inside(page, tile.text, place)
    page.add(Shape(box.shape, stroke=INK, width=0.8, butt=True, name="family border"))
    if titled:
        strip = Rectangle(box.left, box.top - _TITLE, box.right, box.top)
        page.add(Shape(strip.shape, fill=_PAPER, opacity=0.75, name="title"))
        text = _cut(page, family.title, 7.5, box.width - 2)
        page.write(text, box.left + 1, box.top - _TITLE + 1.4, 7.5, bold=True)


def _write_inside(page: Page, text: str, place: Rectangle) -> None:
    """Write a text into a rectangle in the largest size that fits, or only its beginning, or nothing."""
    if place.width < _LEAST_SIDE_MM * 2 or place.height < _LEAST_SIDE_MM:
        return
    for size in _SIZES:
        high = size * MM_PER_POINT * 1.25
        lines = _wrapped(page, text, size, place.width - 2)
        room = int((place.height - 1) / high)
        if len(lines) <= room or size == _SIZES[-1]:
            if len(lines) > room > 0:
                lines = [*lines[: room - 1], _cut(page, lines[room - 1] + "…", size, place.width - 2)]
            for number, line in enumerate(lines[:room]):
                page.write(line, place.left + 1, place.top - 0.4 - high * (number + 0.85), size)
            return


def _wrapped(page: Page, text: str, size: float, width: float) -> list[str]:
    """Break a text where it is too wide: between words, and between any two Chinese characters."""
    width *= _SLACK
    lines = [""]
    for word in _words(text):
        if page.wide(lines[-1] + word.rstrip(), size) <= width:
            lines[-1] += word
        elif page.wide(word, size) <= width:
            lines.append(word.lstrip())
        else:
            for sign in word:
                if lines[-1] and page.wide(lines[-1] + sign, size) > width:
                    lines.append("")
                lines[-1] += sign
    return [line.strip() for line in lines if line.strip()]


def _words(text: str) -> list[str]:
    found: list[str] = []
    for sign in text:
        plain = sign.isascii() and sign != " "
        if sign == "%" and len(found) > 1 and found[-1] == " ":
            # A figure and its unit stay together.
            found[-2:] = ["".join(found[-2:]) + sign]
        elif (sign == "·" and found) or (found and plain and found[-1][-1].isascii() and found[-1][-1] != " "):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _cut(page: Page, text: str, size: float, width: float) -> str:
    width *= _SLACK
    if page.wide(text, size, bold=True) <= width:
        return text
    while text and page.wide(text.rstrip("…") + "…", size, bold=True) > width:
        text = text.rstrip("…")[:-1]
    return f"{text.rstrip('…')}…"
