"""Advice -> scene: what is left of a site, where it would fit, the best places of an area, on what prohibits there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, radians

import shapely
import shapely.affinity
from shapely.geometry.base import BaseGeometry

from zoning.advice.entries import Advice, MoveEntry, PieceEntry, PlacementEntry
from zoning.advice.selection.entries import PlaceEntry, SelectionEntry
from zoning.layers.catalogue import Catalogue, Layer
from zoning.maps.content import MapZone
from zoning.maps.gathering import LONLAT, WHOLE_EDGE_M
from zoning.maps.map_product import MapProduct
from zoning.maps.paper_window import detail_of, paper_window
from zoning.maps.scene import Frame, Scene, SceneLayer, layer_without_file
from zoning.maps.scene_layers import outlines, scene_layers
from zoning.maps.scene_zones import Ground
from zoning.overlay.source import LayerSource
from zoning.quantities import format_area
from zoning.texts import Language, Text

ADVICE = "advice"
CLASSES = {
    "site": Text("原地块", "the site itself"),
    "area": Text("选址范围", "search area"),
    "remainder": Text("剩余部分", "what is left"),
    "moved": Text("平移后的位置", "nearest place, moved"),
    "turned": Text("平移并旋转后的位置", "nearest place, moved and turned"),
    "open": Text("无禁止，但有待补充信息", "nothing prohibits it so far, questions are open"),
    "mark": Text("选出的位置（序号为名次）", "places chosen, by rank"),
    "place": Text("选出的位置的范围", "outline of a place"),
}
_MARK = 0.012
"""Radius of the ring around a place, as a part of the longer side of the search area."""
_MARGIN = 0.03
_WINDS = (
    Text("北", "N"),
    Text("东北", "NE"),
    Text("东", "E"),
    Text("东南", "SE"),
    Text("南", "S"),
    Text("西南", "SW"),
    Text("西", "W"),
    Text("西北", "NW"),
)


@dataclass(frozen=True, slots=True)
class Advised:
    """What a map of advice is about: shapes in longitude and latitude, named in one language.

    Attributes
    ----------
    territories
        Codes of those that it lies in: their outlines show where the sheet is.
    wide
        It is a whole search area: no land around it needs to be seen.
    """

    code: str
    name: str
    area_m2: float
    zones: tuple[MapZone, ...]
    territories: tuple[str, ...] = ()
    wide: bool = False

    @classmethod
    def of_advice(cls, advice: Advice, site: BaseGeometry, language: Language) -> "Advised":
        """Return the shapes of an advice: what is clear, and apart from it what only nothing prohibits so far."""
        zones = [MapZone("site", advice.site_name, "site", site, advice.area_m2)]
        for left in advice.remainder:
            zones += [
                _zone(f"remainder-{left.level}-{number}", _size(piece, language), "remainder", piece)
                for number, piece in enumerate(left.pieces, start=1)
            ]
        for placed in advice.placements:
            for kind, place in (("moved", placed.moved), ("turned", placed.turned)):
                if place is not None and (place.move.distance_m or place.turn_deg):
                    zones.append(_zone(f"{kind}-{placed.level}", _told(place, language), kind, place))
        return cls(advice.site_id, advice.site_name, advice.area_m2, tuple(zones))

    @classmethod
    def of_selection(cls, found: SelectionEntry, area: BaseGeometry, area_m2: float) -> "Advised":
        """Return the places of a selection, numbered by rank, and the area that they were looked for in."""
        zones = [MapZone("area", found.area_name, "area", area, area_m2)]
        places = [_zone(f"place-{one.rank}", "", "place", one) for one in found.places]
        west, south, east, north = area.bounds
        radius = _MARK * max(east - west, north - south)
        marks = [_mark(f"{one.rank}", zone, radius) for one, zone in zip(found.places, places, strict=True)]
        return cls("selection", found.area_name, area_m2, (*zones, *marks, *places), wide=True)


def fitting(product: MapProduct, advised: Advised) -> MapProduct:
    """Return the product with as little land around as a whole search area needs."""
    return product.model_copy(update={"margin": min(product.margin, _MARGIN)}) if advised.wide else product


def advice_scene(
    source: LayerSource,
    catalogue: Catalogue,
    product: MapProduct,
    advised: Advised,
    *,
    on: date,
    detail_m: float | None = None,
) -> Scene:
    """Return the scene of an advice: its shapes on the layers of the product.

    Raises
    ------
    LayerError
        When the territories, or a layer's content, cannot be read.
    """
    plane = source.plane
    whole = shapely.union_all([zone.geometry for zone in advised.zones])
    box = paper_window(whole, product)
    land = plane.to_plane([shapely.box(*box)], LONLAT, step_m=WHOLE_EDGE_M)[0]
    shapely.prepare(land)
    ground = Ground(plane, land, detail_of(product.paper, box) if detail_m is None else detail_m)
    stored = tuple(choice for choice in product.layers if choice.layer != ADVICE)
    layers = scene_layers(source, catalogue, product.model_copy(update={"layers": stored}), ground, on=on)
    known = source.territories(on)
    return Scene(
        frame=Frame("site", advised.code, advised.name, whole, advised.area_m2),
        box=box,
        on=on.isoformat(),
        latitude=plane.latitude,
        layers=(*layers, SceneLayer(_layer(advised.zones), None, None, "drawn", advised.zones, own_theme=ADVICE)),
        surroundings=outlines(known, *advised.territories),
    )


def _zone(zone_id: str, name: str, class_id: str, found: PieceEntry | PlacementEntry | PlaceEntry) -> MapZone:
    """Return a shape; what has open questions must never look like what is clear."""
    shown = class_id if found.recheck.clear else "open"
    return MapZone(zone_id, name, shown, shapely.geometry.shape(found.geometry))


def _size(piece: PieceEntry, language: Language) -> str:
    return format_area(piece.area_m2).get(language)


def _mark(name: str, zone: MapZone, radius: float) -> MapZone:
    """Return a ring around a place, which may be too small to be seen on the map of a whole county."""
    middle = shapely.centroid(zone.geometry)
    around = shapely.affinity.scale(middle.buffer(radius), xfact=1 / cos(radians(middle.y)), yfact=1.0)
    return MapZone(f"mark-{name}", name, "mark", shapely.union(around, zone.geometry))


def _told(place: PlacementEntry, language: Language) -> str:
    wind = wind_of(place.move).get(language)
    far = f"{place.move.distance_m:,.0f} m"
    turn = f" {place.turn_deg:g}°" if place.turn_deg else ""
    return f"{wind} {far}{turn}"


def wind_of(move: MoveEntry) -> Text:
    """Return the point of the compass that a move goes to.

    >>> wind_of(MoveEntry(east_m=1, north_m=1, distance_m=2, bearing_deg=45.0)).en
    'NE'
    """
    return _WINDS[round(move.bearing_deg / 45) % len(_WINDS)]


def _layer(zones: Sequence[MapZone]) -> Layer:
    made = Text("由程序推算，逐一复核", "found by the program, each place checked again")
    drawn = {zone.class_id for zone in zones}
    classes = {name: title for name, title in CLASSES.items() if name in drawn}
    return layer_without_file(ADVICE, Text("建议", "advice"), classes, made, class_field="class")
