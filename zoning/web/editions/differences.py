"""What a comparison says, in the few rows of the preview."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from zoning.layers.catalogue import Layer
from zoning.planning.compare.flows import NO_DATA, NONE
from zoning.planning.compare.layer_change import KINDS
from zoning.planning.compare.tables import WORDS, ZONE_KINDS
from zoning.texts import Text

_MOST_ZONES: Final = 200
_LEAST: Final = 0.005
"""m2 or m: less is what rounding leaves."""

ZONE_WORDS: Final = ZONE_KINDS
PIECES: Final[Mapping[str, tuple[str, str, Text]]] = {
    "gained": ("#7FB0E0", "#143F75", KINDS["gained"]),
    "lost": ("#F2A25C", "#8A3B00", KINDS["lost"]),
    "reclassified": ("#D9C6EC", "#4B2A7B", KINDS["reclassified"]),
    "unknown_before": ("#DADADA", "#6B6B6B", KINDS["unknown_before"]),
    "unknown_after": ("#B9B9B9", "#3F3F3F", KINDS["unknown_after"]),
}
"""Kind of a piece -> fill, outline, word: as in the GeoPackage of `zoning compare`."""


def kind_of_piece(word: str) -> str:
    """Return the kind of a piece by its word in either language."""
    return next((kind for kind, (_, _, text) in PIECES.items() if word in (text.zh, text.en)), "reclassified")


@dataclass(frozen=True, slots=True)
class Flow:
    """Land that changes: class before and after, and how much (m2, or m of lines)."""

    before: Text
    after: Text
    kind: str
    amount: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A comparison of two editions of a layer.

    Attributes
    ----------
    flows
        The largest first.
    zones
        As in `zoning.comparison/1`; `kinds` counts all of them.
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    unit: str
    flows: tuple[Flow, ...]
    zones: tuple[Mapping[str, Any], ...]
    kinds: Mapping[str, int]
    unchanged: int
    lost_cover: tuple[str, ...]


def difference_of(document: Mapping[str, Any], layer: Layer) -> Difference | Text:
    """Return what a comparison says of a layer, or why it could not be compared."""
    found = next(one for one in document["layers"] if one["layer"] == layer.id)
    if not found["compared"]:
        return Text(**found["reason"])
    zones = sorted(found["zones"], key=lambda zone: -abs(zone["area_b"] - zone["area_a"]))
    lost = tuple(code for code, known in found["covered"].items() if known["before"] and not known["after"])
    return Difference(
        found["before"],
        found["after"],
        found["unit"],
        _flows(found["territories"]["cells"], layer),
        tuple(zones[:_MOST_ZONES]),
        Counter(zone["kind"] for zone in zones),
        found["zones_unchanged"],
        lost,
    )


def _flows(cells: Any, layer: Layer) -> tuple[Flow, ...]:
    sums: dict[tuple[str, str], float] = {}
    for cell in cells:
        key = (cell["before"], cell["after"])
        if key[0] != key[1]:
            sums[key] = sums.get(key, 0.0) + cell["amount"]
    flows = [
        Flow(_name(layer, before), _name(layer, after), _kind(before, after), amount)
        for (before, after), amount in sums.items()
        if amount >= _LEAST
    ]
    return tuple(sorted(flows, key=lambda flow: -flow.amount))


def _name(layer: Layer, name: str) -> Text:
    return WORDS[name] if name in WORDS else layer.classes[name].title if name in layer.classes else Text(name, name)


def _kind(before: str, after: str) -> str:
    if NO_DATA in (before, after):
        return "unknown"
    if before == NONE:
        return "gained"
    return "lost" if after == NONE else "reclassified"
