"""Sites of every kind: parcels, linear projects, mines, exact touchers, sites inside and outside, repaired ones."""

from dataclasses import dataclass

import numpy as np
import shapely

from bench.province.chance import Chance, Floats, Whole, on_grid
from bench.province.fields import BLOCK, HIGH_M, WIDE_M, slots
from bench.province.fields import COLUMNS as FIELD_COLUMNS
from bench.province.fields import ROWS as FIELD_ROWS
from bench.province.land import HEIGHT_M, SOUTH_M, WEST_M, WIDTH_M, Valleys
from bench.province.linear import bands
from bench.province.rings import Stars
from bench.province.touchers import touchers
from bench.province.zones import Geometries, Layer, polygons
from zoning.overlay.repair import repair_polygons

AT_ONCE = 10_000
"""100,000 sites are ten times 10,000: the first of many are those of few."""

SHARES = {
    "parcel": 0.39,
    "valley-parcel": 0.38,
    "linear": 0.10,
    "mine": 0.02,
    "toucher": 0.06,
    "inside": 0.02,
    "outside": 0.01,
    "repaired": 0.02,
}
_PARCEL_M2 = (1_000.0, 500_000.0)
_MINE_M2 = (1e6, 8e6)
_SMALL_M2 = (1_000.0, 20_000.0)


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Sites in the measuring plane, valid, Polygon or MultiPolygon.

    Attributes
    ----------
    kinds
        (n,) what each is.
    layers, zones
        (n,) for touchers the zone that they touch; "" and -1 for the others.
    """

    geometries: Geometries
    kinds: np.ndarray
    layers: np.ndarray
    zones: Whole


def draw_sites(seed: int, layers: dict[str, Layer], count: int) -> Sites:
    """Return `count` sites in mixed order."""
    parts = [
        _block(seed, layers, number, min(AT_ONCE, count - begin))
        for number, begin in enumerate(range(0, count, AT_ONCE))
    ]
    return Sites(
        np.concatenate([part.geometries for part in parts]),
        np.concatenate([part.kinds for part in parts]),
        np.concatenate([part.layers for part in parts]),
        np.concatenate([part.zones for part in parts]),
    )


def _block(seed: int, layers: dict[str, Layer], number: int, count: int) -> Sites:
    chance = Chance(seed, f"sites {number}")
    wanted = {kind: int(share * count) for kind, share in SHARES.items() if kind != "parcel"}
    touching = touchers(chance, layers, wanted.pop("toucher"))
    drawn: dict[str, Geometries] = {"toucher": touching.sites}
    for kind, few in wanted.items():
        if few:
            drawn[kind] = _drawn(chance, seed, layers, kind, few)
    drawn["parcel"] = _drawn(chance, seed, layers, "parcel", count - sum(len(made) for made in drawn.values()))
    sites = np.concatenate(list(drawn.values()))
    kinds = np.concatenate([np.full(len(made), kind) for kind, made in drawn.items()])
    rest = count - len(touching.sites)
    kinds[: len(touching.kinds)] = touching.kinds
    names = np.concatenate([touching.layers, np.full(rest, "")])
    zones = np.concatenate([touching.zones, np.full(rest, -1)])
    order = chance.order(count)
    return Sites(sites[order], kinds[order], names[order], zones[order])


def _drawn(chance: Chance, seed: int, layers: dict[str, Layer], kind: str, count: int) -> Geometries:
    if kind == "linear":
        return bands(chance, count).geometries()
    anywhere = (WEST_M, SOUTH_M) + chance.uniform(0.0, 1.0, (count, 2)) * (WIDTH_M, HEIGHT_M)
    if kind == "mine":
        return _stars(chance, anywhere, chance.spread(*_MINE_M2, count), chance.whole(30, 201, count))
    if kind == "outside":
        anywhere[:, 0] -= WIDTH_M + 20_000.0
    if kind == "inside":
        return _stars(
            chance, _middles(chance, layers, count), chance.spread(*_SMALL_M2, count), chance.whole(4, 30, count)
        )
    if kind in {"valley-parcel", "repaired"}:
        anywhere = _farmed(chance, seed, len(layers["farmland"].shapes), count)
    area, corners = chance.spread(*_PARCEL_M2, count), chance.whole(4, 61, count)
    return _repaired(chance, anywhere, area, corners) if kind == "repaired" else _stars(chance, anywhere, area, corners)


def _stars(chance: Chance, centres: Floats, area_m2: Floats, counts: Whole) -> Geometries:
    return polygons(_outlines(chance, centres, area_m2, counts), counts).geometries()


def _outlines(chance: Chance, centres: Floats, area_m2: Floats, counts: Whole) -> Floats:
    stars = Stars(chance, on_grid(centres), np.sqrt(area_m2), counts)
    return stars.xy(np.sqrt(area_m2 / stars.areas_m2()))


def _farmed(chance: Chance, seed: int, fields: int, count: int) -> Floats:
    """Return places on and around blocks of fields."""
    valley, south = slots(seed)
    block = chance.whole(0, fields // BLOCK, count)
    y = south[block] + chance.uniform(-0.1, 1.1, count) * FIELD_ROWS * HIGH_M
    aside = chance.uniform(-0.6, 0.6, count) * FIELD_COLUMNS * WIDE_M
    return np.column_stack([Valleys.of(seed).x(valley[block], y) + aside, y])


def _middles(chance: Chance, layers: dict[str, Layer], count: int) -> Floats:
    """Return places in the middle of spring catchments: nothing small crosses a border there."""
    shapes = layers["springs"].shapes
    drawn = chance.whole(0, len(shapes), count)
    rings = shapes.offsets[0]
    boxes = [shapes.xy[rings[zone] : rings[zone + 1]] for zone in drawn.tolist()]
    return np.array([ring.mean(axis=0) for ring in boxes])


def _repaired(chance: Chance, centres: Floats, area_m2: Floats, counts: Whole) -> Geometries:
    """Return parcels that were drawn with faults (bow-ties, repeated vertices, spikes), as the product repairs them."""
    outlines = np.split(_outlines(chance, centres, area_m2, counts), np.cumsum(counts)[:-1])
    faults = chance.whole(0, 3, len(counts))
    made = []
    for outline, fault in zip(outlines, faults.tolist(), strict=True):
        broken = shapely.Polygon(FAULTS[fault](outline))
        made.append(repair_polygons(broken, lambda _: 0.0).geometry)
    return np.array(made, dtype=object)


def bow_tie(outline: Floats) -> Floats:
    """Exchange two vertices: the border crosses itself."""
    half = len(outline) // 2
    order = [*range(half - 1), half, half - 1, *range(half + 1, len(outline))]
    return outline[order]


def repeated(outline: Floats) -> Floats:
    """Write every second vertex twice."""
    return np.repeat(outline, 1 + np.arange(len(outline)) % 2, axis=0)


def spike(outline: Floats) -> Floats:
    """Run out from the first vertex and back."""
    tip = on_grid(outline[:1] + 2.0 * (outline[:1] - outline.mean(axis=0)))
    return np.concatenate([outline[:1], tip, outline])


FAULTS = (bow_tie, repeated, spike)
