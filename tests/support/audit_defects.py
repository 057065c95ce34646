"""Defects that are planted in the county of `audit_world`; each changes the world and says what is to be found."""

from collections.abc import Callable

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from audit_world import CLASSES, EAST, HIGH, WIDE, Expected, World, Zone
from overlay_world import box_m, metres


def _box_overlap(world: World, layer: str, zone_id: str, other: str, other_id: str) -> Expected:
    """Put a new zone of 60 x 40 m over the middle of another layer's zone."""
    middle = world.zone(other, other_id).shape.centroid
    piece = shapely.box(middle.x - 30, middle.y - 20, middle.x + 30, middle.y + 20)
    world.layers[layer].append(Zone(zone_id, "新区", CLASSES[layer][0].upper(), piece))
    return Expected("lines-overlap", (other, layer), (other_id, zone_id), piece, piece.area)


def town_over_red(world: World) -> Expected:
    return _box_overlap(world, "town", "U-X", "red", "R1")


def town_over_farm(world: World) -> Expected:
    return _box_overlap(world, "town", "U-Y", "farm", "F5")


def _moved_out(world: World, layer: str, zone_id: str, within: str) -> Expected:
    zone = world.zone(layer, zone_id)
    zone.shape = affinity.translate(zone.shape, 0, 400)
    return Expected("not-inside", (layer, within), (zone_id,), zone.shape, zone.shape.area)


def reserve_outside_red(world: World) -> Expected:
    return _moved_out(world, "reserves", "N2", "red")


def second_reserve_outside_red(world: World) -> Expected:
    return _moved_out(world, "reserves", "N6", "red")


def _bitten(world: World, layer: str, zone_id: str, bite: BaseGeometry) -> Expected:
    zone = world.zone(layer, zone_id)
    zone.shape = zone.shape.difference(bite)
    return Expected("gap", (layer,), (), bite, bite.area)


def gap_in_units(world: World) -> Expected:
    return _bitten(world, "units", "ZH14052210001", box_m(500, 900, 600, 950))


def gap_in_townships(world: World) -> Expected:
    return _bitten(world, "townships", "T4", box_m(9000, 700, 9060, 740))


def _grown(world: World, layer: str, zone_id: str, more: BaseGeometry, over: BaseGeometry, other: str) -> Expected:
    zone = world.zone(layer, zone_id)
    zone.shape = zone.shape.union(more)
    return Expected("overlap", (layer,), (zone_id, other), over, over.area)


def overlap_in_units(world: World) -> Expected:
    over = box_m(1000, 2000, 1080, 2030)
    return _grown(world, "units", "ZH14052210001", box_m(1000, 1990, 1080, 2030), over, "ZH14052220001")


def overlap_in_townships(world: World) -> Expected:
    over = box_m(9000, 2000, 9050, 2020)
    return _grown(world, "townships", "T4", box_m(9000, 1990, 9050, 2020), over, "T5")


def sliver_gap(world: World) -> Expected:
    strip = box_m(5000, 2000, 5400, 2000.3)
    zone = world.zone("units", "ZH14052230002")
    zone.shape = zone.shape.difference(strip)
    return Expected("sliver", ("units",), (), strip, strip.area)


def sliver_zone(world: World) -> Expected:
    strip = box_m(600, 3050, 900, 3050.2)
    world.layers["farm"].append(Zone("F-S", "窄条", "FIELD", strip))
    return Expected("sliver", ("farm",), ("F-S",), strip, strip.area)


def _spiked(world: World, layer: str, zone_id: str) -> Expected:
    zone = world.zone(layer, zone_id)
    points = shapely.get_coordinates(zone.shape)[:-1]
    one, other = points[0], points[1]
    middle = (one + other) / 2
    across = np.array([(other - one)[1], -(other - one)[0]]) / np.linalg.norm(other - one)
    outward = 1 if not shapely.intersects(zone.shape, shapely.Point(middle + across)) else -1
    tip = middle + outward * 40 * across
    zone.shape = shapely.Polygon([one, middle, tip, middle, *points[1:]])
    return Expected("spike", (layer,), (zone_id,), shapely.Point(tip))


def spike_on_farm(world: World) -> Expected:
    return _spiked(world, "farm", "F3")


def spike_on_heritage(world: World) -> Expected:
    return _spiked(world, "heritage", "H2")


def open_ring(world: World) -> Expected:
    zone = world.zone("water", "W3")
    zone.open_ring = True
    return Expected("unclosed", ("water",), ("W3",), shapely.Point(shapely.get_coordinates(zone.shape)[0]))


def open_line(world: World) -> Expected:
    zone = world.zone("lines", "L0")
    points = shapely.get_coordinates(zone.shape)
    points[-1] += (0, 5)
    zone.shape = shapely.LineString(points)
    return Expected("unclosed", ("lines",), ("L0",), shapely.Point(points[-1]))


def bow_tie(world: World) -> Expected:
    corners = ((3400, 3000), (3500, 3060), (3500, 3000), (3400, 3060))
    world.layers["farm"].append(Zone("F-B", "蝴蝶结", "FIELD", shapely.Polygon([metres(*at) for at in corners])))
    return Expected("invalid-ring", ("farm",), ("F-B",), shapely.Point(metres(3450, 3030)))


def hole_outside(world: World) -> Expected:
    shell, hole = box_m(3400, 3700, 3500, 3760), box_m(3600, 3700, 3620, 3720)
    shape = shapely.Polygon(shell.exterior, [hole.exterior])
    world.layers["town"].append(Zone("U-H", "内圈在外", "BUILT", shape))
    # The repair makes a part of the hole: its area is added where it was taken away.
    return Expected("invalid-ring", ("town",), ("U-H",), hole, 2 * hole.area)


def _same_id(world: World, layer: str, zone_id: str, other: str) -> Expected:
    zone = world.zone(layer, other)
    zone.id = zone_id
    return Expected("duplicate-id", (layer,), (zone_id,), zone.shape)


def id_twice_in_heritage(world: World) -> Expected:
    return _same_id(world, "heritage", "H0", "H3")


def id_twice_in_parks(world: World) -> Expected:
    return _same_id(world, "parks", "P1", "P6")


def wrong_class_digit(world: World) -> Expected:
    zone = world.zone("units", "ZH14052230001")
    zone.code = "KEY"
    return Expected("class-code", ("units",), (zone.id,), zone.shape)


def code_that_is_none(world: World) -> Expected:
    zone = world.zone("units", "ZH14082530001")
    zone.id = "ZH14082540001"
    return Expected("class-code", ("units",), (zone.id,), zone.shape)


def name_missing(world: World) -> Expected:
    zone = world.zone("parks", "P3")
    zone.name = ""
    return Expected("attribute-missing", ("parks",), ("P3",), zone.shape)


def class_missing(world: World) -> Expected:
    zone = world.zone("water", "W6")
    zone.code = ""
    return Expected("attribute-missing", ("water",), ("W6",), zone.shape)


def _beyond(world: World, layer: str, zone_id: str, box: BaseGeometry, outside: BaseGeometry) -> Expected:
    world.layers[layer].append(Zone(zone_id, "界外", CLASSES[layer][0].upper(), box))
    return Expected("outside-coverage", (layer,), (zone_id,), outside, outside.area)


def farm_beyond_north(world: World) -> Expected:
    return _beyond(world, "farm", "F-N", box_m(5000, 3900, 5200, 4150), box_m(5000, 4000, 5200, 4150))


def town_beyond_south(world: World) -> Expected:
    return _beyond(world, "town", "U-S", box_m(6000, -120, 6100, 80), box_m(6000, -120, 6100, 0))


def _without(world: World, layer: str, west: float, east: float) -> Expected:
    inside = box_m(west, 0, east, HIGH)
    world.layers[layer] = [zone for zone in world.layers[layer] if not inside.contains(zone.shape.centroid)]
    return Expected("no-zones", (layer,), (), inside)


def heritage_without_second(world: World) -> Expected:
    return _without(world, "heritage", WIDE, EAST)


def western_water_missing(world: World) -> Expected:
    return _without(world, "water", 0, WIDE)


def _resized(world: World, layer: str, zone_id: str) -> Expected:
    zone = world.zone(layer, zone_id)
    zone.shape = affinity.scale(zone.shape, 0.96, 0.96, origin="centroid")
    return Expected("stated-area", (layer,), (zone_id,), zone.shape, zone.shape.area)


def reserve_too_small(world: World) -> Expected:
    return _resized(world, "reserves", "N5")


def park_too_small(world: World) -> Expected:
    return _resized(world, "parks", "P5")


def units_do_not_meet(world: World) -> Expected:
    strip = box_m(WIDE, 300, WIDE + 3, 1700)
    zone = world.zone("units", next(z.id for z in world.layers["units"] if z.name == "单元4"))
    zone.shape = zone.shape.difference(strip)
    return Expected("border-mismatch", ("units",), (), strip, strip.area)


def counties_do_not_meet(world: World) -> Expected:
    strip = box_m(WIDE, 2500, WIDE + 2, 3500)
    zone = world.zone("east", "CE")
    zone.shape = zone.shape.difference(strip)
    return Expected("border-mismatch", ("west", "east"), (), strip, strip.area)


def _shifted(world: World, west: float, east: float, by: tuple[float, float]) -> Expected:
    inside = box_m(west, 0, east, HIGH)
    for zone in world.layers["eco"]:
        if inside.contains(zone.shape):
            zone.shape = affinity.translate(zone.shape, *by)
    return Expected("shift", ("red", "eco"), (), inside, shift=by)


def eco_shifted_in_first(world: World) -> Expected:
    return _shifted(world, 0, WIDE, (20.0, 0.0))


def eco_shifted_in_second(world: World) -> Expected:
    return _shifted(world, WIDE, EAST, (-12.0, 16.0))


def _twice(world: World, layer: str, zone_id: str, new: str) -> Expected:
    zone = world.zone(layer, zone_id)
    world.layers[layer].append(Zone(new, zone.name, zone.code, zone.shape))
    return Expected("duplicate-zone", (layer,), (zone_id, new), zone.shape, zone.shape.area)


def farm_drawn_twice(world: World) -> Expected:
    return _twice(world, "farm", "F6", "F-T")


def town_drawn_twice(world: World) -> Expected:
    return _twice(world, "town", "U4", "U-T")


DEFECTS: tuple[Callable[[World], Expected], ...] = (
    town_over_red, town_over_farm, reserve_outside_red, second_reserve_outside_red, gap_in_units, gap_in_townships,
    overlap_in_units, overlap_in_townships, sliver_gap, sliver_zone, spike_on_farm, spike_on_heritage, open_ring,
    open_line, bow_tie, hole_outside, id_twice_in_heritage, id_twice_in_parks, wrong_class_digit, code_that_is_none,
    name_missing, class_missing, farm_beyond_north, town_beyond_south, heritage_without_second, western_water_missing,
    reserve_too_small, park_too_small, units_do_not_meet, counties_do_not_meet, eco_shifted_in_first,
    eco_shifted_in_second, farm_drawn_twice, town_drawn_twice,
)  # fmt: skip
"""Two of each kind. `western_water_missing` removes the zones in which others are planted: it is planted alone."""

TO_PLANT = tuple(defect for defect in DEFECTS if defect is not western_water_missing)
"""Those that can all be there at once."""
