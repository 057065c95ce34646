"""Collections of features: what they are called, who sees them, what they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.texts import Text
from zoning.web.ogc.service.selection import Days, Selection

Kind = Literal["layers", "cases", "parcels"]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Field:
    """A property of features: what it is called and which JSON it is (`string`, `number`, `integer`, `boolean`)."""

    title: Text
    kind: str
    format: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature; `properties` are those that everybody who sees the collection may see."""

    id: str
    geometry: BaseGeometry | None
    properties: Mapping[str, Any]


@dataclass(slots=True, eq=False)
class Table:
    """Features that were read together, in an order that does not change."""

    ids: tuple[str, ...]
    geometries: NDArray[np.object_]
    properties: Sequence[Mapping[str, Any]]
    _tree: shapely.STRtree | None = field(default=None, repr=False)

    def meeting(self, area: BaseGeometry) -> NDArray[np.intp]:
        """Return the numbers (k,) of the features that meet an area (longitude, latitude), in their order."""
        if self._tree is None:
            self._tree = shapely.STRtree(self.geometries)
        near = np.sort(self._tree.query(area))
        shapely.prepare(area)
        valid = shapely.make_valid(self.geometries[near])
        return np.asarray(near[shapely.intersects(area, valid)])

    def chosen(self, selection: Selection) -> NDArray[np.intp]:
        """Return the numbers (k,) of the features that are selected, before paging."""
        found = np.arange(len(self.ids)) if selection.area is None else self.meeting(selection.area)
        for name, wanted in selection.equal.items():
            found = np.asarray([i for i in found if _text(self.properties[i].get(name)) == wanted], dtype=np.intp)
        return found

    def feature(self, number: int) -> Feature:
        """Return one feature."""
        return Feature(self.ids[number], self.geometries[number], self.properties[number])

    @property
    def bounds(self) -> Bounds | None:
        """West, south, east, north of all; None where nothing has a place."""
        if not any(geometry is not None for geometry in self.geometries):
            return None
        west, south, east, north = shapely.total_bounds(self.geometries)
        return None if np.isnan(west) else (float(west), float(south), float(east), float(north))


class Collection(Protocol):
    """Features of one kind."""

    @property
    def id(self) -> str:
        """Name in addresses."""
        ...

    @property
    def kind(self) -> Kind:
        """Decides who sees it."""
        ...

    @property
    def title(self) -> Text:
        """What people call it."""
        ...

    @property
    def description(self) -> Text:
        """What it is, from whom, how exact."""
        ...

    @property
    def fields(self) -> Mapping[str, Field]:
        """Properties of its features."""
        ...

    def tables(self, days: Days | None, today: date) -> Sequence[Table]:
        """Return the features of some days; of today where none are told."""
        ...

    def extent(self, today: date) -> tuple[Bounds | None, Days]:
        """Return where and when."""
        ...

    def get(self, feature: str, today: date) -> Feature | None:
        """Return one feature by its id."""
        ...


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
