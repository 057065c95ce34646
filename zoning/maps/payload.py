"""What the script of the page knows: figures and texts of the zones, ready to be shown, as one JSON value."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import shapely

from zoning.maps.content import MapContent, MapLayer, MapZone
from zoning.maps.findings import FindingCard, by_class
from zoning.maps.sheet import FOR_DISPLAY, geojson, label_place
from zoning.maps.web.content import UNCOVERED, scale_of
from zoning.maps.web.words import WORDS as ZONING_WORDS
from zoning.maps.wording import WORDS, amount_text, area_text, share_text
from zoning.styles.hatches import needs_pattern
from zoning.styles.legend import class_key, pattern_id
from zoning.styles.stylebook import ScaleRange, Stylebook
from zoning.texts import Language, Text

Row = tuple[str, str] | tuple[str, str, str]

_PAIRS = (
    "measured_distance",
    "measured_area",
    "measured_perimeter",
    "measure_hint",
    "measure_clear",
    "close",
    "search_none",
    "search_more",
    "place",
    "language",
    "map_label",
    "zone",
    "scale_from",
    "scale_to",
    "scale_between",
)
"""Words of the tools: the script has them in both languages."""

_SURROUNDINGS, _MOST_SURROUNDINGS = 0.003, 0.05
"""How far the first view reaches beyond a small site and beyond a long one, in degrees: about 300 m, 5 km."""


def payload(
    content: MapContent, stylebook: Stylebook, cards: Sequence[FindingCard], language: Language
) -> dict[str, Any]:
    """Return the value; zones stand in the order in which `numbered` gives them their numbers."""
    west, south, east, north = content.sheet
    rules = by_class(cards)
    used = {index for indices in rules.values() for index in indices}
    return {
        "words": _words(stylebook, language),
        "pairs": {name: [ZONING_WORDS[name].zh, ZONING_WORDS[name].en] for name in _PAIRS},
        "language": language,
        "colours": {name: style.colour for name, style in stylebook.outcomes.decisions.items()},
        "window": [[south, west], [north, east]],
        "view": _view(content),
        "land": geojson(shapely.box(*content.sheet) if content.land is None else content.land, digits=FOR_DISPLAY),
        "zones": [_zone(layer, zone, content, language) for layer, zone in numbered(content)],
        "classes": dict(_classes(content, stylebook, language)),
        "rules": rules,
        "findings": [_finding(card) if card.index in used else None for card in cards],
        "pieces": _pieces(content, {card.key for card in cards if card.light == "piece" and card.section != "clear"}),
        "labels": _labels(content, stylebook),
        "labelScales": _scales(content, stylebook, labels=True),
        "scales": _scales(content, stylebook, labels=False),
        "uncovered": [
            {"layers": gap.layers, "shape": geojson(gap.geometry, digits=FOR_DISPLAY)} for gap in content.gaps
        ],
        "gaps": _gap_names(content, language),
        "hatch": pattern_id(UNCOVERED),
    }


def as_script(value: Any) -> str:
    r"""Return JSON that can stand inside a script element: no `<` can end it, whatever a zone is called.

    >>> as_script({"name": "</script>"})
    '{"name":"\\u003c/script>"}'
    """
    return in_script(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def in_script(text: str) -> str:
    """Return JSON text as `as_script` gives it."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def numbered(content: MapContent) -> Iterator[tuple[MapLayer, MapZone]]:
    """Return all drawn zones in a fixed order; the number of a zone is its place in it."""
    for layer in content.layers:
        for zone in layer.zones:
            yield layer, zone


def _words(stylebook: Stylebook, language: Language) -> dict[str, str]:
    words: dict[str, Text] = {name: style.word for name, style in stylebook.outcomes.decisions.items()}
    words |= {
        name: WORDS[name] for name in ("layer", "schematic", "nothing_here", "off_sheet", "zone", "unchecked_here")
    }
    return {name: text.get(language) for name, text in words.items()}


def _gap_names(content: MapContent, language: Language) -> list[list[str]]:
    titles = {layer.layer.id: layer.layer.title.get(language) for layer in content.layers}
    return [[titles[name] for name in gap.layers] for gap in content.gaps]


def _pieces(content: MapContent, wanted: set[str]) -> dict[str, Any]:
    return {
        key: geojson(piece)
        for layer in content.layers
        for name, piece in layer.pieces.items()
        if (key := class_key(layer.layer.id, name)) in wanted
    }


def _view(content: MapContent) -> list[list[float]]:
    # More than the site: its surroundings tell where it is.
    west, south, east, north = content.site.bounds
    wide, high = (min(max(side * 0.7, _SURROUNDINGS), _MOST_SURROUNDINGS) for side in (east - west, north - south))
    return [[south - high, west - wide], [north + high, east + wide]]


def _zone(layer: MapLayer, zone: MapZone, content: MapContent, language: Language) -> dict[str, Any]:
    return {
        "key": class_key(layer.layer.id, zone.class_id),
        "id": zone.id,
        "name": zone.name,
        "touched": zone.touched,
        "rows": list(_rows(layer, zone, content, language)),
    }


def _rows(layer: MapLayer, zone: MapZone, content: MapContent, language: Language) -> Iterator[Row]:
    if zone.touched:
        amount = amount_text(zone.overlap_m2, zone.length_m, language)
        yield WORDS["in_site"].get(language), amount or WORDS["possibly"].get(language), "strong"
        if zone.overlap_m2:
            yield WORDS["share"].get(language), share_text(zone.overlap_m2 / content.verdict.site.area_m2)
    yield WORDS["zone_id"].get(language), zone.id
    if zone.area_m2:
        yield WORDS["zone_area"].get(language), area_text(zone.area_m2, language)
    attributes = zone.attributes or {}
    told = layer.layer.responsible
    if told is not None:
        person = told.of(attributes)
        yield person.title.get(language), person.text.get(language)
    for name, value in attributes.items():
        if value and (told is None or name not in told.fields):
            yield layer.layer.attributes[name].get(language), value


def _classes(content: MapContent, stylebook: Stylebook, language: Language) -> Iterator[tuple[str, dict[str, Any]]]:
    for layer in content.layers:
        for name in layer.drawn_classes:
            key = class_key(layer.layer.id, name)
            style = stylebook.of_class(layer.layer.id, name)
            yield (
                key,
                {
                    "title": layer.layer.classes[name].title.get(language),
                    "layerTitle": layer.layer.title.get(language),
                    "order": stylebook.of_layer(layer.layer.id).order,
                    "schematic": layer.entry.schematic,
                    "swatch": pattern_id(key),
                    "outlineOnly": style.fill_opacity == 0 and not needs_pattern(style),
                },
            )


def _finding(card: FindingCard) -> dict[str, Any]:
    return {
        "rule": card.finding.rule,
        "effect": card.effect,
        "decision": card.decision,
        "title": card.title,
        "cite": card.citation,
    }


def _scales(content: MapContent, stylebook: Stylebook, *, labels: bool) -> dict[str, list[int]]:
    """Return the scales at which layers, or their names, are drawn; those without limits are left out."""
    found = {}
    for layer in content.layers:
        style = stylebook.of_layer(layer.layer.id)
        scale = style.label_look.scale if labels else style.scale
        if scale != ScaleRange():
            found[layer.layer.id] = scale_of(scale)
    return found


def _labels(content: MapContent, stylebook: Stylebook) -> list[dict[str, Any]]:
    found = []
    for layer in sorted(content.layers, key=lambda layer: -stylebook.of_layer(layer.layer.id).order):
        label = stylebook.of_layer(layer.layer.id).label
        for zone in layer.zones if label != "none" else ():
            text = zone.id if label == "code" else zone.name
            if text:
                at, size = label_place(zone.geometry)
                found.append({"text": text, "at": at, "size": size, "layer": layer.layer.id})
    return found
