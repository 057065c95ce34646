"""Which sites a change of layers or rules can reach: the others need no second check.

A site is affected when anything that differs lies within the largest distance that any rule asks, any nearest zone is
looked for, or any accuracy carries a border; or when it lies in a territory in which a changed rule binds. Where it
cannot be told, all sites are affected, and the reason says so.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely

from zoning.advice.ground import Content
from zoning.citations import binds_in
from zoning.layers.datum import WORLD
from zoning.layers.reader import Unavailable
from zoning.overlay.certainty import doubt_reach_m
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane import Geometries
from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.compare.differing import differing_shapes
from zoning.rules.reach import reach_m
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.texts import Text

_BOX = 3.0  # what lies outside zones is measured in a box of three times the reach of a doubt
_SPARE = 1.01
_SPARE_M = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class LayerDifference:
    """The geometries on which a layer differs, and how far around a site they matter."""

    layer: str
    shapes: Geometries
    tree: shapely.STRtree
    accuracy_m: float
    reach_m: float

    def touches(self, footprint: Footprint) -> bool:
        """Tell whether any of them lies near enough to matter."""
        doubt = _BOX * doubt_reach_m(self.accuracy_m + footprint.site.accuracy_m)
        reach = max(self.reach_m + 2 * footprint.site.accuracy_m, doubt) * _SPARE + _SPARE_M
        return bool(len(self.tree.query(shapely.box(*footprint.box(reach)), predicate="intersects")))


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """All that differs between two states.

    Attributes
    ----------
    everywhere
        Why every site is concerned; empty where it can be told which are.
    rules
        Ids of the rules that differ.
    lands
        (n,) territories in which they bind, in the measuring plane.
    """

    everywhere: tuple[Text, ...]
    layers: tuple[LayerDifference, ...]
    rules: tuple[str, ...]
    lands: Geometries = field(default_factory=lambda: np.empty(0, dtype=object))

    @property
    def nothing(self) -> bool:
        """Whether nothing differs at all."""
        return not (self.everywhere or self.layers or self.rules)

    def reach(self, footprint: Footprint) -> bool:
        """Tell whether a site may come out otherwise."""
        if self.everywhere or any(layer.touches(footprint) for layer in self.layers):
            return True
        if not len(self.lands):
            return False
        near = shapely.box(*footprint.box(footprint.site.accuracy_m + _SPARE_M))
        return bool(shapely.intersects(near, self.lands).any())


def differences(a: Content, b: Content) -> Differences:
    """Compare two states of a workspace.

    Raises
    ------
    LayerError
        When a layer holds something that its definition does not know.
    """
    reasons = [*_settings(a, b), *_basis(a, b)]
    rules, unclear = _changed_rules(a.rulebook, b.rulebook)
    reasons += unclear
    found: list[LayerDifference] = []
    for name in b.catalogue.layers if not reasons else ():
        one, other = (side.source.layer(name, on=side.on, bounds=WORLD) for side in (a, b))
        shapes, reason = differing_shapes(one, other)
        if reason is not None:
            reasons.append(reason)
        elif len(shapes):
            found.append(_difference(name, shapes, (a, b)))
    lands = np.empty(0, dtype=object)
    if rules and not reasons:
        lands, reason = _lands(a, b, rules)
        reasons += [] if reason is None else [reason]
    return Differences(tuple(reasons), tuple(found), tuple(sorted({rule.id for rule in rules})), lands)


def _difference(name: str, shapes: Geometries, sides: tuple[Content, Content]) -> LayerDifference:
    accuracy = max(side.catalogue[name].accuracy_m for side in sides)
    reach = max(
        reach_m(side.rulebook, name, accuracy_m=accuracy, search_m=side.settings.search_m, on=side.on) for side in sides
    )
    shapes = shapes[~shapely.is_empty(shapes)]
    return LayerDifference(name, shapes, shapely.STRtree(shapes), accuracy, reach)


def _settings(a: Content, b: Content) -> list[Text]:
    one, other = a.settings, b.settings
    if (one.latitude, one.search_m, one.tolerance_m2) == (other.latitude, other.search_m, other.tolerance_m2):
        return []
    return [
        Text("工作空间设置不同：纬度、查找距离或容差", "the settings differ: latitude, search distance or tolerance")
    ]


def _basis(a: Content, b: Content) -> list[Text]:
    reasons = []
    if a.on != b.on:
        reasons.append(Text(f"研判日期不同：{a.on}、{b.on}", f"the days of the check differ: {a.on}, {b.on}"))
    if set(a.catalogue.layers) != set(b.catalogue.layers) or a.catalogue.territory_layer != b.catalogue.territory_layer:
        lone = ", ".join(sorted(set(a.catalogue.layers) ^ set(b.catalogue.layers))) or b.catalogue.territory_layer
        reasons.append(Text(f"图层不同：{lone}", f"the layers are not the same: {lone}"))
    elif list(a.catalogue.layers) != list(b.catalogue.layers):
        reasons.append(Text("图层的次序不同", "the layers stand in another order"))
    return reasons


def _changed_rules(a: Rulebook, b: Rulebook) -> tuple[list[Rule], list[Text]]:
    """Return the rules that only one side has in this form; reasons where more than rules differs."""
    if a.sha256 == b.sha256:
        return [], []
    same = (
        a.vocabulary == b.vocabulary
        and a.access_lists.sha256 == b.access_lists.sha256
        and dict(a.lists) == dict(b.lists)
        and dict(a.complete_from) == dict(b.complete_from)
    )
    if not same:
        return [], [
            Text(
                "事实词表、名录、准入清单或规则完整起始日不同",
                "facts, lists, access lists or the days of completeness differ",
            )
        ]
    documents = {name for name in {*a.documents, *b.documents} if a.documents.get(name) != b.documents.get(name)}
    one, other = ({rule.id: rule for rule in book.rules} for book in (a, b))
    found = [
        rule
        for mine, theirs in ((one, other), (other, one))
        for rule in mine.values()
        if theirs.get(rule.id) != rule or documents & {rule.document, *(c.document for c in rule.citations)}
    ]
    return found, []


def _lands(a: Content, b: Content, rules: list[Rule]) -> tuple[Geometries, Text | None]:
    for layer in b.catalogue.layers:
        accuracy = max(side.catalogue[layer].accuracy_m for side in (a, b))
        one, other = (
            reach_m(side.rulebook, layer, accuracy_m=accuracy, search_m=side.settings.search_m, on=side.on)
            for side in (a, b)
        )
        if one != other:
            return np.empty(0, dtype=object), Text(
                "规则查看的距离不同", "the rules look farther, or less far, than before"
            )
    shapes = []
    for side in (a, b):
        layer_ = side.source.layer(side.catalogue.territory_layer, on=side.on, bounds=WORLD)
        if isinstance(layer_, Unavailable):
            return np.empty(0, dtype=object), Text("辖区图层不可用", "the territory layer cannot be used")
        shapes += _binding(layer_, rules)
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    shapely.prepare(found)
    return found, None


def _binding(territories: PlaneLayer, rules: list[Rule]) -> list[object]:
    codes = [code for code in dict.fromkeys(territories.ids) if any(binds_in(rule.territories, code) for rule in rules)]
    return [territories.zone(code) for code in codes]
