"""A layer as its definition may say it, to be changed in one place at a time."""

from collections.abc import Mapping
from typing import Any

from zoning.layers.catalogue import Layer

T = {"zh": "图层", "en": "layer"}
CLASS = {"title": T, "codes": ("1",)}
PLAIN: dict[str, Any] = {
    "id": "water",
    "title": T,
    "group": "protection",
    "authority": T,
    "source": T,
    "crs": "EPSG:4490",
    "schematic": False,
    "accuracy_m": 5.0,
    "id_field": "zone_id",
    "name_field": "name",
    "class_field": "class",
    "classes": {"level-1": CLASS, "level-2": {"title": T, "codes": ("2", "2a")}},
    "editions": {"2020": {"file": "data/water.gpkg", "valid_from": "2020-01-01"}},
    "coverage": {"territories": ["140522"]},
}


def made(**other: Any) -> Layer:
    return Layer.model_validate({**PLAIN, **other})


def with_editions(**editions: Mapping[str, Any]) -> Layer:
    return made(editions={name[1:]: {"file": "data/a.gpkg", **edition} for name, edition in editions.items()})
