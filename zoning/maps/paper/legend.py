"""The legend in the panel: what is drawn in the look it is drawn in, and what is not drawn in words that say why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shapely.geometry import LineString

from zoning.maps.paper.content import Sheet
from zoning.maps.paper.flow import Row, line_height, paragraph, under
from zoning.maps.paper.format import Format
from zoning.maps.paper.hatching import dashes, hatching, points
from zoning.maps.paper.marks import HAIR, INK, QUIET, Page, Shape
from zoning.maps.paper.rectangle import Rectangle
from zoning.maps.paper.typeset import wrapped
from zoning.maps.paper.words import WORDS
from zoning.maps.paper.zones import OUTSIDE
from zoning.maps.scene import SceneLayer
from zoning.quantities import hectares
from zoning.styles.legend import LegendEntry, legend
from zoning.styles.stylebook import ClassStyle, Stylebook
from zoning.texts import Language

LEGEND_NAME = "legend"
_GROUND = "base"
Painter = Callable[[Page, Rectangle], None]


@dataclass(frozen=True)
class LegendWriter:
    """Makes the rows of a legend.

    Attributes
    ----------
    totals
        Whether the areas of the classes stand beside them.
    """

    page: Page
    paper: Format
    width: float
    stylebook: Stylebook
    language: Language
    totals: bool

    @property
    def _swatch(self) -> tuple[float, float]:
        return self.paper.size * 1.12, line_height(self.paper.size) * 0.74

    def say(self, key: str) -> str:
        """Return a word of the sheet."""
        return WORDS[key].get(self.language)

    def rows(self, sheet: Sheet) -> list[Row]:
        """Return all rows, the heading first."""
        found = [self._heading(sheet)]
        found.extend(self._own(sheet))
        entries = legend(((drawn.source.layer, drawn.classes) for drawn in sheet.layers), self.stylebook)
        sources = {drawn.id: drawn.source for drawn in sheet.layers}
        by_layer: dict[str, list[LegendEntry]] = {}
        for entry in entries:
            by_layer.setdefault(entry.layer, []).append(entry)
        # The subject of the map first, then the ground that it lies on.
        for layer_id, members in sorted(by_layer.items(), key=lambda pair: sources[pair[0]].theme == _GROUND):
            found.extend(self._layer(sources[layer_id], members, sheet))
        found.extend(self._gaps(sheet))
        found.extend(self._outside(sheet))
        found.extend(self._lists(sheet))
        return found

    def _heading(self, sheet: Sheet) -> Row:
        del sheet
        step = line_height(self.paper.head)

        def draw(page: Page, place: Rectangle) -> None:
            base = place.top - 0.74 * step
            page.write(self.say("legend"), place.left, base, self.paper.head, bold=True)
            if self.totals:
                share, area = self._stops(place)
                page.write(self.say("share"), share, base, self.paper.small, align="right", colour=QUIET)
                page.write(self.say("hectares"), area, base, self.paper.small, align="right", colour=QUIET)
            rule = LineString([(place.left, place.bottom + 0.3), (place.right, place.bottom + 0.3)])
            page.add(Shape(rule, stroke=HAIR, width=0.5))

        return Row(step + 0.6, draw, keeps=True, gap=2.4)

    def _stops(self, place: Rectangle) -> tuple[float, float]:
        """Return the right ends of the columns of share and area."""
        return place.right, place.right - self.page.wide("100.00 ", self.paper.size) - 0.8

    def _room(self) -> float:
        taken = self._swatch[0] + 1.6
        if self.totals:
            taken += self.page.wide("100.00  00,000.0000 ", self.paper.size)
        return self.width - taken

    def _own(self, sheet: Sheet) -> Iterable[Row]:
        """Yield the site and its pieces in conflict, which belong to no layer."""
        looks = self.stylebook.outcomes
        if sheet.site is None:
            return
        casing = ((looks.site.casing, looks.site.casing_width), (looks.site.outline, looks.site.width))
        yield self._line(self.say("site"), lambda page, box: _lines(page, box, casing))
        for decision in dict.fromkeys(conflict.decision for conflict in sheet.scene.conflicts):
            style = looks.decisions[decision]
            title = self.say("conflict").format(word=style.word.get(self.language))
            look = ClassStyle(
                fill=style.colour,
                outline=style.colour,
                fill_opacity=looks.conflict.fill_opacity,
                width=looks.conflict.width,
            )
            yield self._line(title, _painter(look))

    def _layer(self, source: SceneLayer, members: Sequence[LegendEntry], sheet: Sheet) -> Iterable[Row]:
        several = len(source.layer.classes) > 1
        style = self.stylebook.of_layer(source.layer.id)
        title = style.legend or source.layer.title
        heading = title.get(self.language)
        if several:
            yield self._group(heading)
        again = [self._group(self.say("continued").format(title=heading))] if several else []
        for entry in members:
            line = entry.geometry == "line"
            text = entry.title if several else title
            named = entry.style.legend or text
            row = self._line(
                named.get(self.language),
                _line_painter(entry.style) if line else _painter(entry.style),
                figures=self._figures(source, entry, sheet),
                gap=0.0 if several else 0.8,
                bold=False,
            )
            yield from under([row], again)

    def _group(self, heading: str) -> Row:
        return paragraph(self.page, heading, self.width, self.paper.size, colour=INK, bold=True, gap=0.8, keeps=True)

    def _figures(self, source: SceneLayer, entry: LegendEntry, sheet: Sheet) -> tuple[str, str]:
        areas: Mapping[str, float] | None = source.class_areas_m2
        if not self.totals or areas is None:
            return "", ""
        if entry.class_id not in areas:
            # On a page of an atlas: drawn around its unit, none in it.
            return "—", ""
        value = areas[entry.class_id]
        if entry.geometry == "line":
            return f"{value / 1000:,.2f} km", ""
        whole = sheet.scene.frame.area_m2
        share = value / whole * 100 if whole else 0.0
        small = 0.005
        return f"{hectares(value):,.4f}", "< 0.01" if 0 < share < small else f"{share:.2f}"

    def _line(
        self,
        title: str,
        paint: Painter,
        *,
        figures: tuple[str, str] = ("", ""),
        gap: float = 0.0,
        bold: bool = False,
        whole: bool = False,
    ) -> Row:
        size, (wide, high) = self.paper.size, self._swatch
        room = self.width - wide - 1.6 if whole else self._room()
        lines = wrapped(title, room, lambda text: self.page.wide(text, size, bold=bold))
        step = line_height(size)

        def draw(page: Page, place: Rectangle) -> None:
            middle = place.top - step / 2
            paint(page, Rectangle(place.left + 0.4, middle - high / 2, place.left + wide, middle + high / 2))
            for number, text in enumerate(lines):
                base = place.top - (number + 0.76) * step
                page.write(text, place.left + wide + 1.4, base, size, bold=bold, name=LEGEND_NAME)
            share, area = self._stops(place)
            base = place.top - 0.76 * step
            page.write(figures[0], area, base, size, align="right")
            page.write(figures[1], share, base, size, align="right")

        return Row(max(len(lines) * step, high + 0.9), draw, gap=gap)

    def _gaps(self, sheet: Sheet) -> Iterable[Row]:
        titles = {layer.layer.id: layer.layer.title.get(self.language) for layer in sheet.scene.layers}
        for gap in sheet.gaps:
            known = [name for name in titles if name not in {layer.layer.id for layer in sheet.missing}]
            names = (
                self.say("all_layers") if len(gap.layers) == len(known) else self._listed(titles[i] for i in gap.layers)
            )
            text = self.say("uncovered").format(layers=names)
            yield self._line(text, _painter(self.stylebook.outcomes.uncovered), gap=0.8, whole=True)

    def _outside(self, sheet: Sheet) -> Iterable[Row]:
        inner, kind = sheet.view.place.shape, sheet.scene.frame.kind
        tone = ClassStyle(fill=OUTSIDE, outline=HAIR, fill_opacity=1.0, width=0.6)
        if kind == "site":
            from shapely import box

            if not sheet.view.on_paper(box(*sheet.scene.box)).covers(inner):
                yield self._line(self.say("not_drawn"), _painter(tone), gap=0.8, whole=True)
            return
        if not sheet.land.covers(inner):
            key = "outside" if kind == "territory" else "outside_strip"
            yield self._line(self.say(key), _painter(tone), gap=0.8, whole=True)
        if sheet.frame is not sheet.land:
            faint = ClassStyle(fill="#FFFFFF", outline=HAIR, fill_opacity=1.0, width=0.6)
            yield self._line(self.say("outside_unit"), _painter(faint), whole=True)

    def _lists(self, sheet: Sheet) -> Iterable[Row]:
        if sheet.missing:
            yield self._title("no_data")
            for reason, titles in _by_reason(sheet.missing, self.language).items():
                yield self._text(self._listed(titles) + (f"（{reason}）" if self.language == "zh" else f" ({reason})"))
        for key, layers in (("out_of_scale", sheet.too_small), ("empty", sheet.empty)):
            if layers:
                yield self._title(key)
                yield self._text(self._listed(layer.layer.title.get(self.language) for layer in layers))

    def _title(self, key: str) -> Row:
        return paragraph(
            self.page, self.say(key), self.width, self.paper.size, colour=INK, bold=True, gap=1.4, keeps=True
        )

    def _text(self, text: str) -> Row:
        return paragraph(self.page, text, self.width, self.paper.small, colour=QUIET)

    def _listed(self, titles: Iterable[str]) -> str:
        return ("、" if self.language == "zh" else "; ").join(titles)


def _by_reason(layers: Iterable[SceneLayer], language: Language) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for layer in layers:
        reason = layer.reason.get(language) if layer.reason else WORDS["missing_table"].get(language)
        found.setdefault(reason, []).append(layer.layer.title.get(language))
    return found


def _painter(style: ClassStyle) -> Painter:
    def paint(page: Page, box: Rectangle) -> None:
        if style.fill_opacity > 0:
            page.add(Shape(box.shape, fill=style.fill, opacity=style.fill_opacity, name=LEGEND_NAME))
        hatch = hatching(style, box.shape, None)
        if hatch is not None:
            page.add(hatch)
        page.add(Shape(box.shape, stroke=style.outline, width=points(style.width), dash=dashes(style), butt=True))

    return paint


def _line_painter(style: ClassStyle) -> Painter:
    def paint(page: Page, box: Rectangle) -> None:
        page.add(Shape(_zigzag(box), stroke=style.outline, width=points(style.width), dash=dashes(style)))

    return paint


def _lines(page: Page, box: Rectangle, looks: Sequence[tuple[str, float]]) -> None:
    inner = box.grown(-0.4).shape
    for colour, width in looks:
        page.add(Shape(inner, stroke=colour, width=points(width), butt=True))


def _zigzag(box: Rectangle) -> LineString:
    third = box.width / 3
    low, high = box.bottom + 0.25 * box.height, box.top - 0.25 * box.height
    return LineString([(box.left, low), (box.left + third, high), (box.left + 2 * third, low), (box.right, high)])
