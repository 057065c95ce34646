"""Scene -> what the script of the zoning page knows: one JSON value, in both languages, and the packed layers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zoning.maps.audience import visible
from zoning.maps.map_product import MapProduct
from zoning.maps.scene import Scene, SceneLayer
from zoning.maps.web.legal import CitedRule, Legal
from zoning.maps.web.packing import Packed, Shapes, pack
from zoning.maps.web.shapes import parts_of, simplified
from zoning.maps.web.tiles import metres_per_unit
from zoning.maps.web.words import WORDS
from zoning.maps.wording import THEMES
from zoning.rules.access.words import DIMENSION_TITLES, LEVEL_TITLES
from zoning.rules.wording.words import EFFECTS
from zoning.styles.hatches import dash_array, needs_pattern, svg_pattern
from zoning.styles.legend import class_key, legend_title, pattern_id
from zoning.styles.stylebook import ClassStyle, ScaleRange, Stylebook
from zoning.texts import Text

TOLERANCES_M = (1.0, 4.0)
"""The second one where the page would be too large with the first."""

MOST_BYTES = 12_500_000
UNCOVERED = "uncovered"
_FRAME_TOLERANCE_M = 2.0
_TILE = re.compile(
    r'^<pattern id="[^"]*" width="([\d.]+)" height="[\d.]+" patternUnits="userSpaceOnUse">(.*)</pattern>$'
)

Pair = list[str]


@dataclass(frozen=True, slots=True)
class PageLayers:
    """All layers of a page, from the top of the stack to its bottom, and how far their borders are simplified."""

    layers: tuple[tuple[SceneLayer, Packed], ...]
    tolerance_m: float


def pair(text: Text) -> Pair:
    """Return a text as the page carries it."""
    return [text.zh, text.en]


def gather_layers(scene: Scene, product: MapProduct, stylebook: Stylebook, *, room: int = MOST_BYTES) -> PageLayers:
    """Pack the layers, with as little simplification as the size of the page allows.

    Raises
    ------
    TilesError
        When the tiles of a large layer cannot be made.
    """
    ordered = sorted(scene.layers, key=lambda found: (-stylebook.of_layer(found.layer.id).order, found.layer.id))
    tolerance_m = TOLERANCES_M[0]
    shapes = [Shapes.of(found, tolerance_m=tolerance_m) for found in ordered]
    if sum(ready.size for ready in shapes) > room:
        tolerance_m = TOLERANCES_M[1]
        shapes = [Shapes.of(found, tolerance_m=tolerance_m) for found in ordered]
    packed = tuple((ready.found, pack(ready, label=label_of(ready.found, product, stylebook))) for ready in shapes)
    return PageLayers(packed, tolerance_m)


def label_of(found: SceneLayer, product: MapProduct, stylebook: Stylebook) -> str:
    """Return what is written into the zones of a layer."""
    choice = visible(found.layer, product)
    told = choice.label if choice is not None else None
    return told or stylebook.of_layer(found.layer.id).label


def starts_on(found: SceneLayer, product: MapProduct, stylebook: Stylebook) -> bool:
    """Tell whether the page opens with a layer switched on: all that a product names, else what styles put forward."""
    if product.layers:
        return True
    return stylebook.of_layer(found.layer.id).visible in ("always", "touched")


def payload(
    scene: Scene, product: MapProduct, stylebook: Stylebook, legal: Legal, page: PageLayers, *, language: str
) -> dict[str, Any]:
    """Return the value that the page carries."""
    rules = sorted({rule for found in legal.rules.values() for rule in found}, key=lambda rule: rule.id)
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    frame = simplified([scene.frame.geometry], tolerance_m=_FRAME_TOLERANCE_M, lines=False)[0]
    west, south, east, north = scene.frame.geometry.bounds
    return {
        "words": {name: pair(text) for name, text in WORDS.items()},
        "language": language,
        "frame": {
            "name": scene.frame.name,
            "bounds": [west, south, east, north],
            "parts": parts_of(frame),
            "box": list(scene.box),
        },
        "paper": stylebook.outcomes.paper,
        "uncovered": _look(UNCOVERED, stylebook.outcomes.uncovered),
        "layers": [
            _layer(found, packed, product, stylebook, legal, numbers, page.tolerance_m) for found, packed in page.layers
        ],
        "rules": [_rule(rule) for rule in rules],
        "units": _units(legal),
        "neighbours": [[name, parts_of(shape)] for name, shape in scene.surroundings[1:]],
    }


def _layer(
    found: SceneLayer,
    packed: Packed,
    product: MapProduct,
    stylebook: Stylebook,
    legal: Legal,
    numbers: Mapping[str, int],
    tolerance_m: float,
) -> dict[str, Any]:
    layer, style = found.layer, stylebook.of_layer(found.layer.id)
    return {
        "id": layer.id,
        "title": pair(layer.title),
        "group": found.theme,
        "lines": layer.geometry == "line",
        "presence": found.presence,
        "on": starts_on(found, product, stylebook),
        "label": label_of(found, product, stylebook),
        "labelScale": scale_of(style.label_look.scale),
        "scale": None if style.scale == ScaleRange() else scale_of(style.scale),
        # A border is uncertain by its own accuracy, and here by what was simplified and rounded away.
        "doubt": layer.accuracy_m + tolerance_m + (metres_per_unit(0.0) if packed.kind == "tiles" else 0.0),
        "schematic": layer.schematic,
        "edition": found.edition or "",
        "validFrom": found.valid_from or "",
        "attributes": {name: pair(title) for name, title in layer.attributes.items()},
        "classes": [
            {
                "id": name,
                "title": pair(layer.classes[name].title),
                "legend": pair(legend_title(layer, name, stylebook)),
                "rules": [numbers[rule.id] for rule in legal.rules.get((layer.id, name), ())],
                "look": _look(class_key(layer.id, name), stylebook.of_class(layer.id, name)),
            }
            for name in found.drawn_classes
        ],
        "uncovered": None if found.uncovered is None else parts_of(found.uncovered),
        "kind": packed.kind,
        "zones": packed.zones,
    }


def scale_of(scale: ScaleRange) -> list[int]:
    """Return the denominators of the finest and the coarsest map, 0 for an end that is open."""
    return [scale.min_denominator or 0, scale.max_denominator or 0]


def _look(key: str, style: ClassStyle) -> dict[str, Any]:
    dash = dash_array(style)
    return {
        "fill": style.fill,
        "opacity": style.fill_opacity,
        "line": style.outline,
        "width": style.width,
        "dash": [float(part) for part in dash.split()] if dash else None,
        "hatch": tile_svg(key, style) if needs_pattern(style) else None,
    }


def tile_svg(key: str, style: ClassStyle) -> list[Any]:
    """Return side and picture of one tile of a hatch: the very shapes of the legend and of paper."""
    match = _TILE.match(svg_pattern(pattern_id(key), style))
    if match is None:
        msg = f"the hatch of {key} is no tile"
        raise ValueError(msg)
    return [float(match[1]), match[2]]


def _rule(rule: CitedRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": pair(rule.title),
        "effect": pair(EFFECTS[rule.effect]),
        "kind": rule.effect,
        "document": pair(rule.document),
        "number": rule.number,
        "section": rule.section,
        "verified": rule.verified,
    }


def _units(legal: Legal) -> dict[str, Any]:
    """Return the access lists; clauses that bind many units are written once."""
    texts: dict[tuple[Any, ...], int] = {}
    units: dict[str, Any] = {}
    for code, found in legal.units.items():
        rows = [
            texts.setdefault((c.level, c.dimension, c.number, c.text, c.edition), len(texts)) for c in found.clauses
        ]
        units[code] = [1 if found.own else 0, rows]
    return {
        "clauses": [list(key) for key in texts],
        "of": units,
        "levels": {name: pair(text) for name, text in LEVEL_TITLES.items()},
        "dimensions": {name: pair(text) for name, text in DIMENSION_TITLES.items()},
        "editions": {
            name: [pair(title), pair(issuer), number, schematic]
            for name, (title, issuer, number, schematic) in legal.editions.items()
        },
    }


@dataclass(frozen=True, slots=True)
class TreeLayer:
    """A layer in the tree of the page."""

    found: SceneLayer
    on: bool
    classes: tuple[tuple[str, Text, float | None, int], ...]


def groups(scene: Scene, product: MapProduct, stylebook: Stylebook) -> Iterator[tuple[Text, Sequence[TreeLayer]]]:
    """Yield the headings of the tree with their layers: what is drawn first, then what is not known."""
    rank = {"drawn": 0, "no_data": 1, "empty": 2}
    for group, title in THEMES.items():
        members = [found for found in scene.layers if found.theme == group]
        if members:
            members.sort(key=lambda found: rank[found.presence])
            yield title, [_tree_layer(found, product, stylebook) for found in members]


def _tree_layer(found: SceneLayer, product: MapProduct, stylebook: Stylebook) -> TreeLayer:
    sizes = found.class_areas_m2 or {}
    counts = {name: sum(zone.class_id == name for zone in found.zones) for name in found.drawn_classes}
    classes = tuple(
        (name, found.layer.classes[name].title, sizes.get(name), counts[name]) for name in found.drawn_classes
    )
    return TreeLayer(found, found.presence == "drawn" and starts_on(found, product, stylebook), classes)
