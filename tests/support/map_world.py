"""A site map made in code: a footprint by a river, the zones that a real sheet has, hostile names among them."""

import math
from datetime import date

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from map_verdict import LAT, LON, TITLES, class_entries, findings, layer_entry, verdict_of
from zoning.layers.catalogue import Coverage, Edition, Layer, ZoneClass
from zoning.maps.content import Box, Conflict, MapContent, MapLayer, MapZone
from zoning.maps.product import SiteMap
from zoning.maps.sheet import cut, sheet_of
from zoning.rules.verdict import (
    Decision,
    LayerEntry,
)
from zoning.texts import Text

KX, KY = 111_320 * math.cos(math.radians(LAT)), 110_950.0
HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror=alert(1)>"


def metres(geometry: BaseGeometry) -> BaseGeometry:
    """Return a shape given in metres around the centre as longitude and latitude."""
    return shapely.transform(geometry, lambda xy: np.column_stack([LON + xy[:, 0] / KX, LAT + xy[:, 1] / KY]))


def ragged(x: float, y: float, size: float, seed: int, *, wide: float = 1.0, points: int = 60) -> Polygon:
    """Return a natural-looking blob."""
    rng = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * math.pi, points, endpoint=False)
    waves = sum(rng.normal(0, 0.22 / k) * np.sin(k * angles + rng.uniform(0, 6)) for k in range(1, 9))
    radius = size * (1 + waves)
    return Polygon(zip(x + wide * radius * np.cos(angles), y + radius * np.sin(angles), strict=True)).buffer(0)


def river() -> LineString:
    """Return the axis of the river."""
    xs = np.linspace(-6000, 6000, 120)
    return LineString(zip(xs, 260 * np.sin(xs / 900) + 0.05 * xs - 250, strict=True))


def shapes() -> dict[str, list[tuple[str, str, str, BaseGeometry]]]:
    """Return layer -> (class, id, name, shape in metres)."""
    well = Point(150, 40)
    level_1 = ragged(150, 40, 190, 3)
    level_2 = ragged(150, 40, 560, 4, wide=1.3).difference(level_1)
    quasi = ragged(100, 0, 1200, 5, wide=1.5).difference(shapely.union_all([level_1, level_2]))
    frame = box(-7000, -7000, 7000, 7000)
    north = Polygon([(-7000, 900), (-3000, 700), (0, 1000), (2500, 800), (7000, 1100), (7000, 7000), (-7000, 7000)])
    east = Polygon(
        [(600, -7000), (400, -900), (900, -100), (700, 400), (1000, 880), (7000, 1100), (7000, -7000)]
    ).difference(north)
    fields: list[tuple[str, str, str, BaseGeometry]] = []
    rng = np.random.default_rng(8)
    for number in range(90):
        x, y = rng.uniform(-3200, 3200), rng.uniform(-900, 500)
        plot = affinity.rotate(box(x, y, x + rng.uniform(60, 220), y + rng.uniform(40, 120)), rng.uniform(-20, 20))
        fields.append(("field", f"NT{number:04d}", "", plot.difference(river().buffer(60)).buffer(-2)))
    assert level_1.contains(well)
    return {
        "drinking-water": [
            ("level-1", "SY08-1", "下孔村水源一级区", level_1),
            ("level-2", "SY08-2", "下孔村水源二级区", level_2),
            ("quasi", "SY08-3", "下孔村水源准保护区", quasi),
        ],
        "ecological-red-line": [("red-line", "HX01", "析城山生态保护红线", ragged(-1500, 2600, 1500, 11, wide=1.8))],
        "nature-reserves": [],
        "heritage": [("protection", "WW1", "砥洎城", ragged(2300, -1500, 160, 12))],
        "permanent-basic-farmland": fields,
        "town-boundary": [
            ("concentrated", "CZ1", "润城镇", ragged(2400, 200, 700, 13)),
            ("flexible", "CZ2", "", ragged(3300, 500, 250, 14)),
        ],
        "management-units": [
            ("priority", "ZH14052210003", "析城山", north),
            ("key", "ZH14052220001", "城区重点", east),
            ("general", "ZH14052230001", "一般管控", frame.difference(north).difference(east)),
        ],
        "contaminated-plots": [("registered", "WR<1>", HOSTILE, ragged(-330, -30, 90, 15))],
        "rivers": [("huoze", "R1", "获泽河", river().buffer(32))],
        "transport": [
            ("railway", "T1", "侯月铁路", LineString([(-6000, 1500), (-800, 620), (900, 700), (6000, 200)])),
            ("main-road", "T2", "省道331", LineString([(-6000, -700), (-500, -560), (1500, -300), (6000, -400)])),
        ],
    }


def layer_of(layer_id: str) -> Layer:
    """Return the definition of a layer."""
    group, title, classes = TITLES[layer_id]
    return Layer(
        id=layer_id,
        title=title,
        group=group,
        geometry="line" if layer_id == "transport" else "polygon",
        authority=Text("县级主管部门", "county office"),
        source=Text("示意", "made in code"),
        crs="EPSG:4490",
        schematic=True,
        accuracy_m=10,
        id_field="zone_id",
        name_field="name",
        class_field="class",
        attributes={"access": Text("准入要求", "access list")},
        classes={name: ZoneClass(title=text, codes=(name,)) for name, text in classes.items()},
        editions={"2022": Edition(file="x.gpkg", valid_from=date(2020, 1, 1))},
        coverage=Coverage(territories=("140522",)),
    )


def make_content(site: BaseGeometry, product: SiteMap) -> MapContent:
    """Return the content of the sheet around a footprint in metres."""
    sheet = sheet_of(metres(site), product.sheet)
    entries: dict[str, LayerEntry] = {}
    layers = []
    for layer_id, zones in shapes().items():
        nearest = min((site.distance(shape) for *_, shape in zones), default=None)
        entry = entries[layer_id] = layer_entry(layer_id, class_entries(layer_id, zones, site), nearest)
        drawn = tuple(
            zone for zone in (map_zone(z, site, sheet, layer_id) for z in zones) if not zone.geometry.is_empty
        )
        pieces = {
            c.class_: metres(shapely.union_all([site.intersection(s) for name, _, _, s in zones if name == c.class_]))
            for c in entry.classes
        }
        layers.append(MapLayer(layer_of(layer_id), entry, drawn, pieces))
    hits = findings(entries)
    return MapContent(
        verdict=verdict_of(tuple(entries.values()), site, hits),
        site=metres(site),
        sheet=sheet,
        layers=tuple(layers),
        conflicts=parts(site),
    )


def map_zone(zone: tuple[str, str, str, BaseGeometry], site: BaseGeometry, sheet: Box, layer_id: str) -> MapZone:
    """Return a zone as it is drawn."""
    class_id, zone_id, name, shape = zone
    touched = site.intersects(shape)
    piece = site.intersection(shape)
    return MapZone(
        id=zone_id,
        name=name,
        class_id=class_id,
        geometry=cut(metres(shape), sheet, detail_m=0.3),
        area_m2=shape.area or None,
        overlap_m2=piece.area if touched else None,
        length_m=piece.length if touched and not piece.area else None,
        touched=touched,
        attributes={"access": "空间布局约束：禁止新建化工园区 <b>&"} if layer_id == "management-units" else {},
    )


def parts(site: BaseGeometry) -> tuple[Conflict, ...]:
    """Return the parts of the site by decision, the strictest first."""
    zones = shapes()
    level_1 = site.intersection(zones["drinking-water"][0][3])
    level_2 = site.intersection(zones["drinking-water"][1][3]).difference(level_1)
    fields = shapely.union_all([site.intersection(shape) for *_, shape in zones["permanent-basic-farmland"]])
    rest = fields.difference(shapely.union_all([level_1, level_2]))
    found: list[tuple[Decision, BaseGeometry]] = [
        ("prohibited", level_1),
        ("undetermined", level_2),
        ("restricted", rest),
    ]
    return tuple(Conflict(decision, metres(shape)) for decision, shape in found if not shape.is_empty)


def footprint() -> Polygon:
    """Return a footprint of 24 ha, in metres, that meets a prohibition, an open question and a restriction."""
    return Polygon([(-420, -180), (-380, 150), (-60, 260), (120, 190), (180, -20), (60, -230), (-200, -260)])
