"""The nine layers of the province."""

from dataclasses import dataclass

import numpy as np

from bench.province.chance import Chance, Floats, Whole, fractal, on_grid, places, starts
from bench.province.fields import fields
from bench.province.land import HEIGHT_M, SOUTH_M, VALLEYS, WEST_M, WIDTH_M, Valleys, cells
from bench.province.rings import Stars, holes, with_holes
from bench.province.units import COLUMNS, ROWS, units
from bench.province.zones import Layer, Ragged, lines, polygons

REDLINE_VERTICES = ((20_000, 20_001), (5_000, 16_000), (1_500, 5_000), (400, 1_500), (80, 400))
NAMES = ("units", "redline", "reserves", "water", "towns", "springs", "rivers", "mines", "farmland")
_REACH = 0.49  # of the side of a cell: neighbours keep apart
_FLOWS_M = 100.0
_MAIN_REACH = 100


@dataclass(frozen=True, slots=True)
class Size:
    """How much is drawn: the tests draw a share of the zones, with a share of their vertices."""

    fields: int
    share: float = 1.0
    columns: int = COLUMNS
    rows: int = ROWS


def draw_layers(seed: int, size: Size) -> tuple[dict[str, Layer], Ragged]:
    """Return all layers by name, and the outline of the province."""
    partition, province = units(seed, columns=size.columns, rows=size.rows)
    drawn = [
        partition,
        redline(seed, size.share),
        reserves(seed, size.share),
        water(seed, size.share),
        towns(seed, size.share),
        springs(seed, size.share),
        rivers(seed, size.share),
        mines(seed, size.share),
        fields(seed, size.fields),
    ]
    layers = {layer.name: layer for layer in drawn}
    return {name: layers[name] for name in NAMES}, province


def _drawn(chance: Chance, counts: Whole, low: Floats, high: Floats) -> Whole:
    unit = chance.uniform(0.0, 1.0, len(counts))
    return np.floor(low + (high - low) * unit).astype(np.int64)


def _some(counts: Whole, share: float) -> Whole:
    return np.asarray(np.maximum(np.floor(counts * share), 12.0), dtype=np.float64).astype(np.int64)


def redline(seed: int, share: float) -> Layer:
    """Return the ecological red line: about 3,000 zones of all sizes with holes, some of several parts."""
    chance = Chance(seed, "redline")
    used = (1.0, 0.9, 0.8, 0.55 * share, 0.3 * share)
    found = cells(chance, (0.05, 0.1, 0.25, 0.5, 1.0), used)
    span = np.array(REDLINE_VERTICES, dtype=np.float64)[found.levels]
    counts = _some(_drawn(chance, found.levels, span[:, 0], span[:, 1]), share)
    shells = Stars(chance, found.centres, found.sizes * _REACH, counts)
    most = np.where(chance.uniform(0.0, 1.0, len(counts)) < 0.5, 7 - found.levels, 1)
    inner, owner = holes(chance, shells, np.floor(chance.uniform(0.0, 1.0, len(counts)) * most).astype(np.int64))
    rings = polygons(*with_holes(shells, inner, owner))
    parts = np.where(chance.uniform(0.0, 1.0, len(counts)) < 0.1, chance.whole(2, 5, len(counts)), 1)
    ends = np.cumsum(parts)
    ends = np.append(ends[ends < len(counts)], len(counts)).astype(np.int64)
    zones = np.concatenate([np.zeros(1, dtype=np.int64), ends])
    return Layer("redline", Ragged(6, rings.xy, (*rings.offsets, zones)), np.full(len(ends), "redline"))


def reserves(seed: int, share: float) -> Layer:
    """Return nature reserves: a core, a buffer around it, an experimental zone around both, with the same borders."""
    chance = Chance(seed, "reserves")
    found = cells(chance, (0.02, 0.12, 1.0), (1.0, 0.7 * share, 0.1 * share))
    counts = _some(chance.spread(400.0, 5_000.0, len(found.sizes)).astype(np.int64), share)
    stars = Stars(chance, found.centres, found.sizes * _REACH, counts)
    core, middle, whole = stars.xy(0.4), stars.xy(0.7), stars.xy()
    number = len(counts)
    rings = [core, middle, core, whole, middle]
    first = starts(counts)
    # One reserve after the other: core, buffer with its hole, experimental zone with its hole.
    ring, place = places(np.repeat(counts, len(rings)))
    stacked = np.stack(rings)
    xy = stacked[ring % len(rings), first[ring // len(rings)] + place]
    shapes = polygons(xy, np.repeat(counts, len(rings)), np.tile(np.array([1, 2, 2], dtype=np.int64), number))
    return Layer("reserves", shapes, np.tile(np.array(["core", "buffer", "experimental"]), number))


def water(seed: int, share: float) -> Layer:
    """Return drinking-water zones: three levels that lie in each other."""
    chance = Chance(seed, "water")
    found = cells(chance, (0.0, 0.02, 0.3, 1.0), (0.0, 0.7, 0.4 * share, 0.12 * share))
    counts = chance.spread(60.0, 900.0, len(found.sizes)).astype(np.int64)
    stars = Stars(chance, found.centres, found.sizes * _REACH, counts)
    rings = np.stack([stars.xy(0.1), stars.xy(0.35), stars.xy()])
    levels = len(rings)
    ring, place = places(np.repeat(counts, levels))
    xy = rings[ring % levels, starts(counts)[ring // levels] + place]
    return Layer(
        "water",
        polygons(xy, np.repeat(counts, levels)),
        np.tile(np.array(["level-1", "level-2", "quasi"]), len(counts)),
    )


def towns(seed: int, share: float) -> Layer:
    """Return about 1,200 town development boundaries, some with holes."""
    chance = Chance(seed, "towns")
    found = cells(chance, (0.0, 0.01, 0.05, 0.2, 1.0), (0.0, 0.9, 0.7, 0.4 * share, 0.08 * share))
    counts = chance.spread(60.0, 1_500.0, len(found.sizes)).astype(np.int64)
    shells = Stars(chance, found.centres, found.sizes * _REACH, counts)
    inner, owner = holes(chance, shells, chance.whole(0, 3, len(counts)))
    return Layer("towns", polygons(*with_holes(shells, inner, owner)), np.full(len(counts), "town"))


def springs(seed: int, share: float) -> Layer:
    """Return about twenty spring catchments, as wide as a county."""
    chance = Chance(seed, "springs")
    found = cells(chance, (1.0,), (0.25,))
    counts = _some(chance.whole(3_000, 12_000, len(found.sizes)), share)
    stars = Stars(chance, found.centres, found.sizes * _REACH, counts)
    return Layer("springs", polygons(stars.xy(), counts), np.full(len(counts), "catchment"))


def mines(seed: int, share: float) -> Layer:
    """Return about 4,000 abandoned mine parcels of a few hectares up to some km²."""
    chance = Chance(seed, "mines")
    found = cells(chance, (0.0, 0.0, 0.0, 0.05, 1.0), (0.0, 0.0, 0.0, 0.5 * share, 0.18 * share))
    counts = chance.spread(8.0, 80.0, len(found.sizes)).astype(np.int64)
    reach = chance.spread(0.1, 1.0, len(found.sizes)) * found.sizes * _REACH
    return Layer(
        "mines", polygons(Stars(chance, found.centres, reach, counts).xy(), counts), np.full(len(counts), "mine")
    )


def rivers(seed: int, share: float) -> Layer:
    """Return rivers: the middles of the valleys in reaches of 10 km, and about 2,000 tributaries."""
    chance = Chance(seed, "rivers")
    steps = int(HEIGHT_M // _FLOWS_M)
    valley, step = places(np.full(VALLEYS, steps + 1, dtype=np.int64))
    north = np.asarray(SOUTH_M + step * _FLOWS_M, dtype=np.float64)
    main = on_grid(np.column_stack([Valleys.of(seed).x(valley, north), north]))
    begin = np.arange(0, steps, _MAIN_REACH)
    first = (np.arange(VALLEYS)[:, None] * (steps + 1) + begin).ravel()
    length = np.tile(np.minimum(begin + _MAIN_REACH, steps) - begin + 1, VALLEYS).astype(np.int64)
    reach, place = places(length)
    brooks = int(2_000 * share)
    counts = chance.whole(30, 160, brooks)
    corner = chance.uniform(0.0, 1.0, (brooks, 2)) * (WIDTH_M, HEIGHT_M) + (WEST_M, SOUTH_M)
    xy = np.concatenate(
        [main[first[reach] + place], winding(chance, counts, np.asarray(_FLOWS_M * counts, dtype=np.float64), corner)]
    )
    kinds = np.where(np.arange(len(length) + brooks) < len(length), "main", "tributary")
    return Layer("rivers", lines(xy, np.concatenate([length, counts])), kinds)


def winding(chance: Chance, counts: Whole, length_m: Floats, start: Floats) -> Floats:
    """Return winding lines that cannot cross themselves, each from its start in a direction of its own, (n, 2)."""
    owner, index = places(counts)
    along = length_m[owner] * index / (counts[owner] - 1)
    aside = length_m[owner] * 0.06 * fractal(chance, counts, first=2, fade=0.5, closed=False)
    cos, sin = chance.turns(len(counts))[owner].T
    return on_grid(np.column_stack([along * cos - aside * sin, along * sin + aside * cos]) + start[owner])
