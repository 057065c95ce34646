"""What the overlay found of one site of a hectare, made by hand: squares of which area and border are known."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from shapely.geometry import Polygon, box

from layer_definitions import made
from zoning.layers.catalogue import Layer
from zoning.overlay.overlap import ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.rules.facts import FactSheet
from zoning.rules.places import Where
from zoning.rules.relations import decide_where
from zoning.rules.situation import Situation
from zoning.rules.truth import Place

ON = date(2026, 6, 1)
HECTARE = 10_000.0


def titled(zh: str, en: str, code: str, **other: object) -> dict[str, object]:
    return {"title": {"zh": zh, "en": en}, "codes": [code], **other}


WATER = made(
    title={"zh": "水源", "en": "water"},
    classes={
        "level-1": titled("一级", "level 1", "1"),
        "level-2": titled("二级", "level 2", "2"),
        "unlevelled": titled("未分级", "no level", "0", may_be=["level-1"]),
        "old": titled("旧区", "old", "9"),
    },
    editions={
        "past": {"file": "a", "valid_from": "2000-01-01", "valid_to": "2019-12-31", "classes": ["old"]},
        "new": {"file": "b", "valid_from": "2020-01-01", "classes": ["level-1", "level-2", "unlevelled"]},
    },
)
ROADS = made(title={"zh": "道路", "en": "roads"}, geometry="line")


def zone(side_m: float = 0.0, *, at: float = 0.0, id_: str = "z1", name: str = "下芹") -> ZoneOverlap:
    """Return a zone of which a square lies in the site; a square without a side is touched possibly at most."""
    piece = box(at, 0, at + side_m, side_m) if side_m else Polygon()
    return ZoneOverlap(id_, name, side_m**2, 0.0, piece, piece, {})


def hit(class_id: str, *zones: ZoneOverlap, **changes: Any) -> ClassOverlap:
    area = sum(one.overlap_m2 for one in zones)
    found = ClassOverlap(class_id, False, zones, area, area / HECTARE, 0.0, "certain", None)  # noqa: FBT003 - of a class
    return replace(found, **changes)


def square(side_m: float, class_id: str = "level-1", **changes: Any) -> ClassOverlap:
    return hit(class_id, zone(side_m), **changes)


def overlap(*classes: ClassOverlap, accuracy_m: float = 0.0, **changes: Any) -> LayerOverlap:
    found = LayerOverlap(
        "water",
        "new",
        "affected" if classes else "not_affected",
        accuracy_m,
        classes,
        covered_m2=HECTARE,
        covered_reach_m=5000.0,
        searched_m=5000.0,
    )
    return replace(found, **changes)


def decide(found: LayerOverlap | None, relation: str, *classes: str, **words: Any) -> Place:
    values: Mapping[str, str] = words.pop("values", {})
    tolerance_m2: float = words.pop("tolerance_m2", 1.0)
    layer: Layer = words.pop("layer", WATER)
    where = Where.model_validate({"layer": "water", "classes": classes, "relation": relation, **words})
    overlaps = {} if found is None else {"water": found}
    here = Situation("t", HECTARE, overlaps, {"water": layer}, FactSheet({}), ON, tolerance_m2)
    return decide_where(where, here, values)


def clear(**changes: Any) -> LayerOverlap:
    return overlap(**changes)
