"""How a table of zones is drawn, whatever program draws it: symbols by value of a field, labels, scales."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from zoning.layers.catalogue import Geometry, Layer
from zoning.rules.verdict import DECISIONS, Decision
from zoning.styles.hatches import hatch_tile
from zoning.styles.legend import legend_title
from zoning.styles.looks import ClassStyle, LabelLook, ScaleRange
from zoning.styles.measures import Marks, Parallels, dashes, hatch_parts, hatch_svg
from zoning.styles.stylebook import Outcomes, Stylebook
from zoning.texts import Language, Text

LABEL_FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei")
"""Tried in turn by the program that draws; the first is what Debian and the domestic systems have."""

_EVERY_SCALE = ScaleRange()
_VEIL, _FAINT = 0.6, 0.22
_OTHERS = Text("类别未知", "unknown class")


@dataclass(frozen=True, slots=True)
class Tint:
    """The area in one colour."""

    colour: str
    opacity: float


@dataclass(frozen=True, slots=True)
class HatchFill:
    """The area in a pattern; `svg` is one tile of it."""

    parts: tuple[Parallels | Marks, ...]
    colour: str
    opacity: float
    svg: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The border of an area, or the line itself; widths and dashes in points of 1/96 inch."""

    colour: str
    width: float
    dashes: tuple[float, ...] = ()


Part = Tint | HatchFill | Outline


@dataclass(frozen=True, slots=True)
class Category:
    """Rows that look the same: those whose class field holds one of `values`; without values, all other rows."""

    values: tuple[str, ...]
    title: str
    parts: tuple[Part, ...]

    @property
    def ink(self) -> str:
        """The colour of the outermost line, in which labels are written."""
        lines = [part.colour for part in self.parts if isinstance(part, Outline)]
        return lines[-1] if lines else "#111111"


@dataclass(frozen=True, slots=True)
class Labels:
    """What is written into the rows: the value of `field`."""

    field: str
    look: LabelLook


@dataclass(frozen=True, slots=True)
class Drawing:
    """A table and how its rows are drawn.

    `field` holds the class; None where all rows look the same.
    """

    title: str
    geometry: Geometry
    field: str | None
    categories: tuple[Category, ...]
    labels: Labels | None = None
    scale: ScaleRange = _EVERY_SCALE

    @property
    def kind(self) -> Literal["single", "categorized", "rules"]:
        """How a program tells the rows apart: not at all, by one value each, or by lists of values."""
        if self.field is None:
            return "single"
        return "categorized" if all(len(one.values) <= 1 for one in self.categories) else "rules"


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the columns that hold the class, the id and the name of a zone."""

    class_: str | None
    id: str
    name: str


def class_parts(style: ClassStyle, geometry: Geometry) -> tuple[Part, ...]:
    """Return what is drawn for a class, from below: tint, hatch, outline; of a line its outline only."""
    outline = Outline(style.outline, style.width, dashes(style))
    if geometry == "line":
        return (outline,)
    parts: list[Part] = []
    if style.fill_opacity > 0:
        parts.append(Tint(style.fill, style.fill_opacity))
    if style.hatch != "none":
        parts.append(HatchFill(hatch_parts(style), style.outline, hatch_tile(style).opacity, hatch_svg(style)))
    return (*parts, outline)


def layer_drawing(
    layer: Layer,
    stylebook: Stylebook,
    language: Language,
    fields: Fields,
    *,
    classes: Iterable[str] | None = None,
    label: Literal["none", "name", "code"] | None = None,
) -> Drawing:
    """Return how a table of a layer's zones is drawn, its class field holding the ids of the classes.

    Parameters
    ----------
    classes
        Those that get an entry; all of the layer where it is left out.
    label
        Instead of what the style says.
    """
    wanted = set(layer.classes if classes is None else classes)
    names = [name for name in layer.classes if name in wanted]
    return _drawing(layer, stylebook, language, fields, [(name, (name,)) for name in names], label)


def source_drawing(layer: Layer, stylebook: Stylebook, language: Language) -> Drawing:
    """Return how the file of a layer itself is drawn: its own fields, and the codes that mean each class.

    A code that nobody knows is drawn in the fallback: a zone that is not drawn would look like land that is free.
    """
    fields = Fields(layer.class_field, layer.id_field, layer.name_field)
    drawing = _drawing(layer, stylebook, language, fields, [(name, one.codes) for name, one in layer.classes.items()])
    if drawing.field is None:
        return drawing
    others = Category((), _OTHERS.get(language), class_parts(stylebook.outcomes.fallback, layer.geometry))
    return replace(drawing, categories=(*drawing.categories, others))


def _drawing(
    layer: Layer,
    stylebook: Stylebook,
    language: Language,
    fields: Fields,
    values: list[tuple[str, tuple[str, ...]]],
    label: Literal["none", "name", "code"] | None = None,
) -> Drawing:
    look = stylebook.of_layer(layer.id)
    categories = tuple(
        Category(
            codes if fields.class_ else (),
            legend_title(layer, name, stylebook).get(language),
            class_parts(stylebook.of_class(layer.id, name), layer.geometry),
        )
        for name, codes in values
    )
    written = look.label if label is None else label
    column = {"none": None, "name": fields.name, "code": fields.id}[written]
    return Drawing(
        title=(look.legend or layer.title).get(language),
        geometry=layer.geometry,
        field=fields.class_,
        categories=categories,
        labels=Labels(column, look.label_look) if column else None,
        scale=look.scale,
    )


def verdict_drawing(
    outcomes: Outcomes,
    language: Language,
    *,
    field: str,
    title: str,
    others: str | None = None,
    geometry: Geometry = "polygon",
    veil: bool = False,
    decisions: Iterable[Decision] = DECISIONS,
) -> Drawing:
    """Return how pieces or sites are drawn by decision: the colours of the verdict.

    Parameters
    ----------
    field
        Holds the decision: prohibited, undetermined, restricted or permitted.
    others
        Title of the rows that hold none of them (refused); they are drawn in the fallback. Left out only for tables
        that hold no such rows.
    veil
        Whether paper is laid over the zones beneath, as on a site map.
    decisions
        Those that get an entry.
    """
    categories = []
    wanted = set(decisions)
    for decision in (one for one in reversed(DECISIONS) if one in wanted):  # the strictest first
        style = outcomes.decisions[decision]
        parts: list[Part] = []
        if geometry == "polygon":
            if veil:
                parts.append(Tint(outcomes.paper, outcomes.conflict.veil))
            parts.append(Tint(style.colour, outcomes.conflict.fill_opacity))
        parts.append(Outline(style.colour, outcomes.conflict.width))
        categories.append(Category((decision,), style.word.get(language), tuple(parts)))
    if others is not None:
        categories.append(Category((), others, class_parts(outcomes.fallback, geometry)))
    return Drawing(title, geometry, field, tuple(categories))


def site_drawing(outcomes: Outcomes, title: str, geometry: Geometry = "polygon") -> Drawing:
    """Return how the outline of a site is drawn: a dark line on a light casing."""
    site = outcomes.site
    parts = (Outline(site.casing, site.casing_width), Outline(site.outline, site.width))
    return Drawing(title, geometry, None, (Category((), title, parts),))


def uncovered_drawing(outcomes: Outcomes, title: str) -> Drawing:
    """Return how land is drawn of which a layer says nothing."""
    return Drawing(title, "polygon", None, (Category((), title, class_parts(outcomes.uncovered, "polygon")),))


def frame_drawing(stylebook: Stylebook, title: str) -> Drawing:
    """Return how the outline of what a map is about is drawn: as the territory, without fill."""
    look = next(iter(stylebook.of_layer("territory").classes.values()), stylebook.outcomes.fallback)
    outline = Outline(look.outline, look.width, dashes(look))
    return Drawing(title, "polygon", None, (Category((), title, (outline,)),))


def outside_drawing(outcomes: Outcomes, title: str) -> Drawing:
    """Return how the land around a map is drawn, of which the map says nothing: paper, with a hatch that says so."""
    hatch = [part for part in class_parts(outcomes.uncovered, "polygon") if isinstance(part, HatchFill)]
    parts: list[Part] = [Tint(outcomes.paper, _VEIL)]
    parts.extend(replace(part, opacity=_FAINT) for part in hatch)
    return Drawing(title, "polygon", None, (Category((), title, tuple(parts)),))
