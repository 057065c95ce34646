"""What differs in one layer between two states of a workspace, as geometry: only sites near it can come out otherwise.

Records are compared to the last bit. What cannot be told by geometry (accuracy, classes, order of the records, a layer
that cannot be read) is said to concern every site: a site checked once too often costs a moment, a site left out would
keep an old verdict.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.layers.catalogue import Layer
from zoning.layers.reader import Unavailable
from zoning.overlay import beside
from zoning.overlay.plane import Geometries
from zoning.overlay.plane_layer import PlaneLayer
from zoning.planning.compare.ground import objects
from zoning.texts import Text

_ASIDE: Any = {
    "title": True,
    "authority": True,
    "source": True,
    "notes": True,
    "public": True,
    "public_attributes": True,
    "editions": True,
    "coverage": True,
    "crs": True,
    "schematic": True,
    "id_field": True,
    "name_field": True,
    "class_field": True,
    "group": True,
    "classes": {"__all__": {"note", "title"}},
}
"""Remarks and names, and how to read the file: what was read is compared itself."""


def definition_change(a: Layer, b: Layer, classes: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
    """Tell whether a layer is defined in another way: accuracy, tolerance, classes or their order, attributes."""
    one, other = (layer.model_dump(mode="json", exclude=_ASIDE) for layer in (a, b))
    return one != other or list(a.classes) != list(b.classes) or classes[0] != classes[1]


def differing_shapes(a: PlaneLayer | Unavailable, b: PlaneLayer | Unavailable) -> tuple[Geometries, Text | None]:
    """Return the geometries (n,) in the measuring plane on which two states of a layer differ.

    Returns
    -------
    tuple
        The geometries, and a reason why every site is concerned; None where only those near the geometries are.
    """
    if isinstance(a, Unavailable) or isinstance(b, Unavailable):
        return objects([]), _unavailable(a, b)
    if definition_change(a.layer, b.layer, (a.class_order, b.class_order)):
        name = b.layer.title
        return objects([]), Text(
            f"图层“{name.zh}”的定义不同（精度、容差、类别或字段）",
            f"layer '{name.en}' is defined in another way (accuracy, tolerance, classes or fields)",
        )
    if a.has_assumed != b.has_assumed:
        name = b.layer.title
        return objects([]), Text(
            f"图层“{name.zh}”只有一方有未标类别的区",
            f"layer '{name.en}' has zones without a class on one side only",
        )
    shapes = [*_records(a, b), *_coverage(a, b)]
    return objects(shapes), None


def _unavailable(a: PlaneLayer | Unavailable, b: PlaneLayer | Unavailable) -> Text | None:
    both = isinstance(a, Unavailable) and isinstance(b, Unavailable) and not (a.passing or b.passing)
    if both and not definition_change(a.layer, b.layer, ((), ())):
        return None
    name = a.layer.title
    return Text(f"图层“{name.zh}”有一方不可用", f"layer '{name.en}' cannot be used on one side")


def _records(a: PlaneLayer, b: PlaneLayer) -> Iterable[Any]:
    """Return the zones of the records that only one side has."""
    one, other = _keys(a), _keys(b)
    if one == other:
        return []
    common = _count(one, other)
    # What both sides have must stand in the same order: else nothing is taken for the same.
    order_a, order_b = _kept(one, common), _kept(other, common)
    if [one[n] for n in order_a] != [other[n] for n in order_b]:
        return [*a.whole(), *b.whole()]
    rest_a, rest_b = set(range(len(one))) - set(order_a), set(range(len(other))) - set(order_b)
    return [*(a.whole()[sorted(rest_a)]), *(b.whole()[sorted(rest_b)])]


_Key = tuple[bytes, str, str, str, bool, tuple[tuple[str, str], ...]]


def _keys(layer: PlaneLayer) -> list[_Key]:
    rows = zip(
        shapely.to_wkb(layer.whole()).tolist(),
        layer.ids,
        layer.names,
        layer.class_ids,
        layer.assumed.tolist(),
        layer.attributes,
        strict=True,
    )
    return [(wkb, i, n, c, bool(s), tuple(sorted(attributes.items()))) for wkb, i, n, c, s, attributes in rows]


def _count(one: list[_Key], other: list[_Key]) -> dict[_Key, int]:
    from collections import Counter

    return dict(Counter(one) & Counter(other))


def _kept(keys: list[_Key], common: dict[_Key, int]) -> list[int]:
    left = dict(common)
    kept: list[int] = []
    for number, key in enumerate(keys):
        if left.get(key, 0) > 0:
            left[key] -= 1
            kept.append(number)
    return kept


def _coverage(a: PlaneLayer, b: PlaneLayer) -> Iterable[Any]:
    """Return the land that only one side speaks of, and the edges of the border that only one side has."""
    one, other = a.coverage.area, b.coverage.area
    if shapely.to_wkb(one) == shapely.to_wkb(other):
        return []
    edges_a, edges_b = _edges(one), _edges(other)
    lone = [*_lone(edges_a, edges_b), *_lone(edges_b, edges_a)]
    return [beside.difference(one, other), beside.difference(other, one), *lone]


def _edges(area: Any) -> NDArray[np.float64]:
    """Return the edges (n, 4) of a border, each with its smaller end first."""
    xy, owner = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(area)), return_index=True)
    first = np.flatnonzero(owner[1:] == owner[:-1])
    ends = np.column_stack([xy[first], xy[first + 1]])
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    return ends


def _lone(edges: NDArray[np.float64], others: NDArray[np.float64]) -> Iterable[Any]:
    known = {row.tobytes() for row in others}
    rows = [row.reshape(2, 2) for row in edges if row.tobytes() not in known]
    return objects([shapely.LineString(row) for row in rows])
