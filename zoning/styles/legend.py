"""The legend of what is really drawn: no entry without a zone, no zone without an entry."""

from collections.abc import Iterable
from dataclasses import dataclass

from zoning.layers.catalogue import Geometry, Layer
from zoning.styles.hatches import dash_array, needs_pattern
from zoning.styles.stylebook import ClassStyle, Stylebook
from zoning.texts import Text


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend.

    Attributes
    ----------
    key
        `layer/class`, also what ties the entry to the drawn zones.
    title
        Of the class; of the layer where it has one class only; the words of the style where it has some.
    own_style
        False where the workspace has no style for the class and it is drawn in the neutral one.
    """

    key: str
    layer: str
    class_id: str
    title: Text
    layer_title: Text
    geometry: Geometry
    style: ClassStyle
    own_style: bool = True


def class_key(layer_id: str, class_id: str) -> str:
    """Return the name of a class within a whole workspace."""
    return f"{layer_id}/{class_id}"


def pattern_id(key: str) -> str:
    """Return the id of the SVG pattern of a class key.

    >>> pattern_id("drinking-water/level-1")
    'hatch-drinking-water-level-1'
    """
    return "hatch-" + "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in key)


def legend(drawn: Iterable[tuple[Layer, Iterable[str]]], stylebook: Stylebook) -> tuple[LegendEntry, ...]:
    """Return one entry per drawn class: what lies on top comes first, the classes of a layer strictest first.

    Parameters
    ----------
    drawn
        Layers with the ids of the classes of which at least one zone is drawn.
    """
    layers = sorted(drawn, key=lambda pair: (-stylebook.of_layer(pair[0].id).order, pair[0].id))
    return tuple(_entry(layer, name, stylebook) for layer, names in layers for name in _ordered(layer, names))


def _ordered(layer: Layer, names: Iterable[str]) -> list[str]:
    wanted = set(names)
    return [name for name in layer.classes if name in wanted]


def _entry(layer: Layer, name: str, stylebook: Stylebook) -> LegendEntry:
    return LegendEntry(
        key=class_key(layer.id, name),
        layer=layer.id,
        class_id=name,
        title=legend_title(layer, name, stylebook),
        layer_title=stylebook.of_layer(layer.id).legend or layer.title,
        geometry=layer.geometry,
        style=stylebook.of_class(layer.id, name),
        own_style=stylebook.has_style(layer.id, name),
    )


def legend_title(layer: Layer, name: str, stylebook: Stylebook) -> Text:
    """Return what a legend writes for a class: the words of its style, else its title, or that of its layer."""
    look = stylebook.of_layer(layer.id)
    own = stylebook.of_class(layer.id, name).legend
    if own is not None:
        return own
    return (look.legend or layer.title) if len(layer.classes) == 1 else layer.classes[name].title


def swatch_svg(entry: LegendEntry) -> str:
    """Return the sample of a legend entry as inline SVG of 30 x 16 pixels; the page must hold its pattern."""
    style = entry.style
    dash = dash_array(style)
    look = f'stroke="{style.outline}" stroke-width="{style.width:g}"' + (f' stroke-dasharray="{dash}"' if dash else "")
    if entry.geometry == "line":
        shape = f'<path d="M1 12L11 5L19 10L29 4" fill="none" {look}/>'
    else:
        fill = f'fill="{style.fill}" fill-opacity="{style.fill_opacity:g}"'
        if needs_pattern(style):
            fill = f'fill="url(#{pattern_id(entry.key)})"'
        shape = f'<rect x="1.5" y="1.5" width="27" height="13" {fill} {look}/>'
    return f'<svg class="swatch" viewBox="0 0 30 16" width="30" height="16" aria-hidden="true">{shape}</svg>'
