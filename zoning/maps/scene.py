"""What every map is drawn from, on paper and on the screen: layers on a window, in longitude and latitude."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shapely.geometry.base import BaseGeometry

from zoning.layers.catalogue import Coverage, Layer, ZoneClass
from zoning.maps.content import Box, Conflict, MapZone, Picture, classes_drawn
from zoning.rules.verdict import Verdict
from zoning.texts import Text

Presence = Literal["drawn", "empty", "no_data"]
"""Zones are on the sheet; the layer is loaded and has none there; nobody knows (no edition, not readable)."""


@dataclass(frozen=True, slots=True)
class SceneLayer:
    """One layer on a sheet.

    Attributes
    ----------
    edition
        Id of the edition; None where there is none.
    valid_from
        First day of the edition, ISO 8601; None where there is none.
    presence, reason
        Whether its zones can be seen, and why not. Paper that shows nothing must say which of the two it means.
    uncovered
        The part of the framed land (see `Scene`) outside the layer's coverage; None where all is covered.
    class_areas_m2
        Area on the ellipsoid of all zones of a class within the frame, from the engine; nothing counted twice.
        Lines: their geodesic length, metres.
    own_theme
        Its theme in the trees of layers, where that is none of the groups of layers: what the program advises is no
        part of the situation.
    """

    layer: Layer
    edition: str | None
    valid_from: str | None
    presence: Presence
    zones: tuple[MapZone, ...] = ()
    reason: Text | None = None
    uncovered: BaseGeometry | None = None
    class_areas_m2: Mapping[str, float] | None = None
    own_theme: str = ""

    @property
    def theme(self) -> str:
        """Under which heading of a tree of layers it stands."""
        return self.own_theme or self.layer.group

    @property
    def drawn_classes(self) -> tuple[str, ...]:
        """The classes of which a zone is drawn, strictest first."""
        return classes_drawn(self.layer, self.zones)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a map is about: a territory, a site, or a strip along a river. The sheet is the frame and a margin.

    Attributes
    ----------
    code
        Of the territory, or the id of the site or river.
    geometry
        Longitude and latitude, exact.
    area_m2
        On the ellipsoid.
    """

    kind: Literal["territory", "site", "strip"]
    code: str
    name: str
    geometry: BaseGeometry
    area_m2: float


@dataclass(frozen=True, slots=True)
class Listing:
    """A table beside or under the map that no layer holds, such as the contacts of a river.

    `missing` says in words why there are no rows; it is printed in their place.
    """

    id: str
    title: Text
    heads: tuple[Text, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    missing: Text | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything on a sheet.

    Attributes
    ----------
    box
        The window, degrees of longitude and latitude on CGCS2000.
    on
        The day whose editions are drawn, ISO 8601.
    latitude
        Parallel of true scale of the measuring plane: areas were taken there.
    verdict, site, conflicts
        Of a site map; else None, None and ().
    surroundings
        Outlines for the small map of the location: (name, geometry), the framed one first; on the sheet itself the
        neighbours of the framed land are drawn from them as light outlines.
    listings
        Tables that do not come from layers.
    """

    frame: Frame
    box: Box
    on: str
    latitude: float
    layers: tuple[SceneLayer, ...]
    relief: Picture | None = None
    verdict: Verdict | None = None
    site: BaseGeometry | None = None
    conflicts: tuple[Conflict, ...] = ()
    surroundings: tuple[tuple[str, BaseGeometry], ...] = ()
    listings: tuple[Listing, ...] = ()

    @property
    def schematic(self) -> bool:
        """Whether any layer on the sheet is schematic."""
        return any(layer.layer.schematic for layer in self.layers if layer.presence == "drawn")


def layer_without_file(
    layer_id: str, title: Text, classes: Mapping[str, Text], origin: Text, *, class_field: str | None = None
) -> Layer:
    """Return a layer that no file holds: what the program draws itself, or the workspace does not have.

    Parameters
    ----------
    classes
        Their titles by id.
    origin
        Who answers for it and where it comes from.
    """
    return Layer(
        id=layer_id,
        title=title,
        group="base",
        authority=origin,
        source=origin,
        crs="EPSG:4490",
        schematic=False,
        accuracy_m=0,
        id_field="id",
        name_field="name",
        class_field=class_field,
        classes={name: ZoneClass(title=titled, codes=()) for name, titled in classes.items()},
        editions={},
        coverage=Coverage(territories=("none",)),
    )


def valid_from(layer: Layer, edition: str | None) -> str | None:
    """Return the first day of an edition, ISO 8601; None where the layer has none of that id."""
    return layer.editions[edition].valid_from.isoformat() if edition in layer.editions else None
