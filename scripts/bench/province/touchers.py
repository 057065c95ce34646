"""Sites that touch zones exactly: with the same edge, the same vertex, the same outline."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from bench.province.chance import Chance, Floats, Whole, on_grid
from bench.province.zones import Geometries, Layer

KINDS = ("beside-edge", "at-vertex", "inside-edge", "same")
_LAYERS = ("farmland", "towns", "mines", "redline", "units")
_TRIES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Touchers:
    """Sites, and the zone that each was made from.

    Attributes
    ----------
    kinds, layers, zones
        (n,) how each touches, which zone of which layer.
    """

    sites: Geometries
    kinds: np.ndarray
    layers: np.ndarray
    zones: Whole


def touchers(chance: Chance, layers: dict[str, Layer], count: int) -> Touchers:
    """Return sites that touch; each was looked at, so that it really does."""
    sites: list[object] = []
    kinds: list[str] = []
    names: list[str] = []
    zones: list[int] = []
    for number in range(len(KINDS) * len(_LAYERS)):
        kind, name = KINDS[number % len(KINDS)], _LAYERS[number // len(KINDS)]
        wanted = (count + number) // (len(KINDS) * len(_LAYERS))
        drawn = chance.whole(0, len(layers[name].shapes), _TRIES * wanted + _TRIES)
        made, of = _made(chance, kind, layers[name], drawn)
        sites += list(made[:wanted])
        kinds += [kind] * len(made[:wanted])
        names += [name] * len(made[:wanted])
        zones += of[:wanted].tolist()
    return Touchers(np.array(sites, dtype=object), np.array(kinds), np.array(names), np.array(zones, dtype=np.int64))


def _made(chance: Chance, kind: str, layer: Layer, drawn: Whole) -> tuple[Geometries, Whole]:
    zones = _taken(layer, drawn)
    if kind == "same":
        return zones, drawn
    before, here, after = _corners(chance, zones)
    sites = np.asarray(shapely.polygons(on_grid(_SHAPES[kind](before, here, after))), dtype=object)
    test = shapely.covers if kind == "inside-edge" else shapely.touches
    fits = test(zones, sites) & shapely.is_valid(sites)
    return sites[fits], drawn[fits]


def _taken(layer: Layer, drawn: Whole) -> Geometries:
    """Return the zones that were drawn, of several parts the first."""
    return np.asarray(shapely.get_geometry(layer.shapes.some(drawn), 0), dtype=object)


def _corners(chance: Chance, zones: Geometries) -> tuple[Floats, Floats, Floats]:
    """Return three vertices of each zone's outline, one after the other."""
    rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_exterior_ring(zones)]
    at = np.floor(chance.uniform(0.0, 1.0, len(rings)) * [len(ring) for ring in rings]).astype(np.int64)
    pick = [[ring[(k + step) % len(ring)] for ring, k in zip(rings, at, strict=True)] for step in (-1, 0, 1)]
    return np.array(pick[0]), np.array(pick[1]), np.array(pick[2])


def _beside(side: float) -> Callable[[Floats, Floats, Floats], Floats]:
    """Return quadrangles with the edge from the middle vertex on; outlines run counter-clockwise."""

    def shape(_: Floats, here: Floats, after: Floats) -> Floats:
        edge = after - here
        out = side * 0.3 * np.column_stack([edge[:, 1], -edge[:, 0]])
        return np.stack([here, here + 0.2 * edge + out, here + 0.8 * edge + out, after], axis=1)

    return shape


def _at_vertex(before: Floats, here: Floats, after: Floats) -> Floats:
    """Return triangles opposite of a corner."""
    return np.stack([here, here + 0.5 * (here - before), here + 0.5 * (here - after)], axis=1)


_SHAPES = {"beside-edge": _beside(1.0), "inside-edge": _beside(-1.0), "at-vertex": _at_vertex}
