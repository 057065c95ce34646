"""The places that rules speak of: a spatial relation of the site to the zones of a layer.

`where:` holds one place or a list of them; inside `when:` the relation itself is the key:

    within: {layer: rivers, distance: {at_least: 300 m, below: 1 km}}
    any: [{inside: {layer: urban-areas}}, {overlaps: {layer: rivers, share: {above: 30 %}}}]
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, get_args

from pydantic import model_validator

from zoning.quantities import parse_area, parse_length
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import Mistake

Relation = Literal["overlaps", "within", "inside", "outside", "touches"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}

_KEYS: dict[Relation, tuple[str, ...]] = {
    "overlaps": ("zones", "area", "share", "length", "certainty"),
    "within": ("distance",),
    "inside": (),
    "outside": (),
    "touches": (),
}


class Band(Content):
    """Limits of a quantity, each a quantity with its unit or the name of a value of the rule."""

    at_least: str | None = None
    above: str | None = None
    at_most: str | None = None
    below: str | None = None

    def limits(self) -> tuple[tuple[str, str], ...]:
        """Return (relation, limit) for every limit that is set."""
        told = (("at_least", self.at_least), ("above", self.above), ("at_most", self.at_most), ("below", self.below))
        return tuple((relation, limit) for relation, limit in told if limit is not None)


class Where(Content):
    """A spatial relation of the site to the zones of a layer.

    overlaps: the site lies in a zone, at least partly; with `area`, `share`, `length` as far as the limits say, with
    `zones` in zones of these names, with `certainty: possible` already where the accuracy of the layer allows it.
    within: nearer than `distance` (half-open: exactly at the distance is outside), or in a band of distances.
    inside: the whole site lies in the zones. outside: a part of the site lies outside all of them.
    touches: overlaps, or shares a point of the boundary.
    `classes` left out means every class.
    """

    layer: str
    classes: tuple[str, ...] = ()
    relation: Relation = "overlaps"
    zones: tuple[str, ...] = ()
    distance: str | Band | None = None
    area: Band | None = None
    share: Band | None = None
    length: Band | None = None
    certainty: Literal["certain", "possible"] = "certain"

    @model_validator(mode="after")
    def _words_fit_relation(self) -> "Where":
        limited = {key for keys in _KEYS.values() for key in keys}
        told = {key for key in limited & self.model_fields_set if getattr(self, key) is not None}
        for key in sorted(told - set(_KEYS[self.relation])):
            raise Mistake(
                Text(f"“{key}”不能与 {self.relation} 同用", f"'{key}' does not belong to the relation {self.relation}"),
                (key,),
            )
        if self.relation == "within" and self.distance is None:
            raise Mistake(Text("within 须写明 distance，如 1 km", "'within' needs a distance such as 1 km"))
        return self

    def bands(self) -> Iterator[tuple[str, Band, Callable[[str], float]]]:
        """Yield the name of each limited quantity with its limits and how they are read."""
        if isinstance(self.distance, Band):
            yield "distance", self.distance, parse_length
        elif self.distance is not None:
            yield "distance", Band(below=self.distance), parse_length
        for name, band, read in (
            ("area", self.area, parse_area),
            ("share", self.share, parse_share),
            ("length", self.length, parse_length),
        ):
            if band is not None:
                yield name, band, read

    def limits(self, quantity: str, values: Mapping[str, str]) -> list[tuple[str, float]]:
        """Return (relation, limit) of a quantity in its unit: metres, square metres, a share of 1."""
        return [
            (relation, read(values.get(limit, limit)))
            for name, band, read in self.bands()
            if name == quantity
            for relation, limit in band.limits()
        ]

    def reach_m(self, values: Mapping[str, str]) -> float:
        """Return how far around a site the layer must be known for this relation, in metres."""
        return max((limit for _, limit in self.limits("distance", values)), default=0.0)

    def mistakes(self, values: Mapping[str, object]) -> list[Text]:
        """Return limits that are neither a quantity nor the name of a value."""
        found: list[Text] = []
        for name, band, read in self.bands():
            if not band.limits():
                found.append(Text(f"{name} 没有写界限", f"'{name}' has no limit"))
            for _, limit in band.limits():
                if limit in values:
                    continue
                try:
                    read(limit)
                except ValueError as error:
                    found.append(error.text if isinstance(error, Mistake) else Text(str(error), str(error)))
        return found


def parse_share(text: str) -> float:
    """Return a share of 1.

    >>> parse_share("30 %"), parse_share("0.3")
    (0.3, 0.3)
    """
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / (100.0 if number != text.strip() else 1.0)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise Mistake(Text(f"“{text}”不是占比；写 0.3 或 30 %", f"'{text}' is no share of the site; write 0.3 or 30 %"))
    return share
