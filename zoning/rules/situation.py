"""What the rules are applied to: the overlaps and facts of a site, or of its part in one territory, on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zoning.layers.catalogue import Layer
from zoning.overlay.overlap import LayerOverlap
from zoning.rules.facts import FactSheet


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known about a site, or about the part of it in one territory.

    Attributes
    ----------
    area_m2
        Area of the part.
    overlaps
        Layer id -> the part against that layer.
    layers
        The layers that `overlaps` speaks of.
    tolerance_m2
        Area below which a part outside a zone does not count.
    """

    territory: str
    area_m2: float
    overlaps: Mapping[str, LayerOverlap]
    layers: Mapping[str, Layer]
    facts: FactSheet
    on: date
    tolerance_m2: float = 1.0
