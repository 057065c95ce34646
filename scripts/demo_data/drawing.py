"""Draws one territory: all its zones, in the order in which they depend on each other."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from demo_data import control, farming, forest, protected, redline, town, water
from demo_data.farming import Farms
from demo_data.ground import Ground, cover_of, ground_of
from demo_data.land import Land, land_of
from demo_data.neighbours import JINCHENG, XINJIANG, YANGQUAN
from demo_data.places import Territory
from demo_data.shapes import rounded, surface
from demo_data.town import Towns
from demo_data.tracing import burned, traced
from demo_data.yangcheng import YANGCHENG
from demo_data.zones import Zone

TERRITORIES: dict[str, Territory] = {t.code: t for t in (YANGCHENG, JINCHENG, XINJIANG, YANGQUAN)}
COUNTY = YANGCHENG.code


@dataclass
class Drawing:
    """The zones of one territory by table (`layer` or `layer.edition`), and its rasters."""

    land: Land
    ground: Ground
    tables: dict[str, list[Zone]] = field(default_factory=dict)
    cover: npt.NDArray[np.uint8] | None = None

    def united(self, *tables: str) -> MultiPolygon:
        """Return the surface of all zones of some tables."""
        shapes = [zone.geometry for table in tables for zone in self.tables.get(table, ())]
        return surface(shapely.union_all(shapes))

    def of_kind(self, table: str, *kinds: str) -> MultiPolygon:
        """Return the surface of the zones of some classes of a table."""
        return surface(shapely.union_all([z.geometry for z in self.tables.get(table, ()) if z.kind in kinds]))


def draw(code: str) -> Drawing:
    """Draw the territory with this code."""
    facts = TERRITORIES[code]
    land = land_of(facts, protected.within_border() if code == COUNTY else MultiPolygon())
    drawing = Drawing(land, ground_of(land))
    _base(drawing)
    _nature(drawing)
    towns, farms = _people(drawing)
    _red_line(drawing)
    _control(drawing, towns, farms)
    _cover(drawing, farms)
    return drawing


def _base(drawing: Drawing) -> None:
    land = drawing.land
    facts = land.facts
    codes = facts.county_codes or [f"{facts.code}{town}" for town in facts.town_codes]
    drawing.tables["territory"] = [
        Zone(facts.name, "territory", land.outline, (("area_km2", facts.area_km2),), facts.code)
    ]
    drawing.tables["townships"] = [
        Zone(name, "township", shape, (("county", facts.name),), code)
        for (name, _), shape, code in zip(facts.towns, land.towns, codes, strict=True)
    ]
    drawing.tables["rivers"] = [Zone(r.name, r.kind, r.surface, (("width_m", round(r.width, 1)),)) for r in land.rivers]
    drawing.tables["transport"] = town.routes_of(land)
    drawing.tables["urban-areas"] = town.urban_areas(land)


def _nature(drawing: Drawing) -> None:
    land, tables = drawing.land, drawing.tables
    if land.facts.code == COUNTY:
        tables["nature-reserves.1994"] = protected.reserves_1994(land)
        tables["nature-reserves.2026"] = protected.reserves_2026(land)
        tables["nature-parks"] = protected.parks_yangcheng(land)
    elif land.facts.code == XINJIANG.code:
        tables["nature-parks"] = protected.parks_xinjiang(land)
    else:
        tables["nature-parks"] = protected.small_parks(land)
    tables["drinking-water"] = water.drinking_water(land)
    tables["spring-catchments"] = water.spring_catchments(land)


def _people(drawing: Drawing) -> tuple[Towns, Farms]:
    land, ground, tables = drawing.land, drawing.ground, drawing.tables
    nature = drawing.united("nature-reserves.1994", "nature-parks")
    first = drawing.of_kind("drinking-water", "level-1")
    towns = town.towns_of(land, shapely.union(nature, rounded(first, 30)))
    keep_off = shapely.union_all([nature, rounded(first, 30), rounded(towns.surface, 15)])
    farms = farming.farms_of(land, ground, keep_off)
    tables["town-boundary"] = list(towns.boundary)
    tables["industrial-parks"] = list(towns.parks)
    tables["permanent-basic-farmland"] = farming.fields_of(land, farms)
    tables["farmland-quality"] = farming.quality_of(land, farms)
    busy = shapely.union_all([keep_off, rounded(farms.region, 12, detail=3), rounded(land.water(), 30)])
    tables["villages"] = town.villages_of(land, ground, farming.near_fields(farms, ground), busy)
    return towns, farms


def _red_line(drawing: Drawing) -> None:
    land, tables = drawing.land, drawing.tables
    forest_parks = ("national-forest-park", "provincial-forest-park")
    members = redline.Members(
        core=shapely.union(
            drawing.of_kind("nature-reserves.1994", "HXQ", "WFQ"), drawing.of_kind("drinking-water", "level-1")
        ),
        rest=shapely.union(
            drawing.of_kind("nature-reserves.1994", "HCQ", "SYQ"), drawing.of_kind("nature-parks", *forest_parks)
        ),
        avoid=_used(drawing),
    )
    line = redline.red_line(land, drawing.ground, members)
    tables["ecological-red-line.2022"] = redline.current(land, line)
    if land.facts.code != COUNTY:
        return
    tables["ecological-red-line.2017"] = redline.older(land, line, members)
    key = drawing.of_kind("spring-catchments", "key-protection")
    geopark = drawing.of_kind("nature-parks", "geopark")
    settled = drawing.united("town-boundary", "villages")
    tables["ecological-safety-control"] = redline.safety_control(land, line, shapely.union(key, geopark), settled)
    inside = shapely.union_all(
        [line, drawing.united("nature-parks"), drawing.of_kind("drinking-water", "level-1", "level-2")]
    )
    tables["ecological-control-line"] = redline.control_line(land, inside, settled)


def _used(drawing: Drawing) -> BaseGeometry:
    return shapely.union_all(
        [drawing.united("town-boundary", "villages"), *(z.geometry for z in drawing.tables["permanent-basic-farmland"])]
    )


def _control(drawing: Drawing, towns: Towns, farms: Farms) -> None:
    land, ground, tables = drawing.land, drawing.ground, drawing.tables
    code = land.facts.code
    line = drawing.united("ecological-red-line.2022")
    for layer in (
        "contaminated-plots", "groundwater-overdraft", "no-coal-zones", "livestock-zones", "heritage", "mine-parcels",
        "special-ecological-areas",
    ):  # fmt: skip
        tables[layer] = control.lobes(layer, land)
    if code in {COUNTY, JINCHENG.code}:
        tables["livestock-zones"] += control.no_breeding_at_water(tables["drinking-water"])
    used = shapely.union_all(
        [drawing.united("town-boundary", "villages"), rounded(farms.region, 3, detail=1), land.water()]
    )
    tables["forest-land"] = forest.forest_land(land, ground, used)
    wood = drawing.united("forest-land")
    tables["barren-hills"] = forest.barren_hills(land, ground, shapely.union_all([used, line, wood]))
    parks, reserves = drawing.united("nature-parks"), drawing.united("nature-reserves.1994")
    key = drawing.of_kind("spring-catchments", "key-protection")
    protect = shapely.union_all([line, parks, reserves, drawing.united("drinking-water"), key])
    intense = shapely.union_all(
        [towns.surface if code != COUNTY else _intense(drawing), drawing.united("industrial-parks")]
    )
    tables["management-units"] = control.management_units(land, protect, intense)
    if code == JINCHENG.code:
        tables["soil-risk-zones"] = control.soil_zones(land, towns.parks, farms.region)
    if code == COUNTY:
        dry = shapely.difference(land.outline, land.water())
        general = shapely.intersection(rounded(traced(ground.arable, ground.grid, 8e4), 25, detail=12), dry)
        woods = shapely.intersection(rounded(wood, 80, detail=15), dry)
        shapes = [line, towns.surface, farms.region, drawing.united("villages"), general, woods]
        tables["land-zones"] = forest.land_zones(land, shapes)


def _intense(drawing: Drawing) -> BaseGeometry:
    """Return the county town and the two large towns; small market towns stay in general units."""
    large = ("阳城县城", "北留镇区", "润城镇区")
    shapes = [z.geometry for z in drawing.tables["town-boundary"] if z.name.startswith(large)]
    return shapely.union_all(shapes)


def _cover(drawing: Drawing, farms: Farms) -> None:
    grid = drawing.ground.grid
    fields = burned(MultiPolygon(list(farms.fields)), grid)
    built = burned(drawing.united("town-boundary", "villages"), grid)
    drawing.cover = cover_of(drawing.ground, fields=fields, water=burned(drawing.land.water(), grid), built=built)
