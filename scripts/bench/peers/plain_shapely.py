"""`c`: the best plain form that shapely offers, the yardstick.

Zones are cut into pieces of at most 128 vertices, kept in one STRtree per layer, and prepared. A query with prepared
sites finds the pieces that really meet; where a piece covers the site or the site covers a piece, the area is known;
only what crosses a border is intersected. `c-cut` also cuts long bands, whose boxes would meet half a county.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import STRtree

from bench.peers.interface import Floats, Near, Pairs, Whole, ordered
from bench.peers.pieces import cut, emptier_and_longer_than, more_vertices_than
from bench.province.files import Province
from bench.province.zones import Geometries

VERTICES = 128
LONGEST_M = 2_000.0
FULL = 0.1
_SHARES_PER_THREAD = 8
_FIRST_REACH = 5


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """Zones in pieces, prepared."""

    pieces: Geometries
    owner: Whole
    tree: STRtree
    areas_m2: Floats
    boxes: Floats
    lines: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Some:
    """Some sites, prepared."""

    pieces: Geometries
    owner: Whole
    areas_m2: Floats
    boxes: Floats


class PlainShapely:
    """STRtree, pieces, prepared predicates, covers shortcut."""

    threads = 1
    """GEOS works without the interpreter's lock: sites are shared among so many threads."""
    cut_sites = False
    """Whether long bands are cut as well."""

    def __init__(self) -> None:
        self.layers: dict[str, _Layer] = {}
        self._sites: Geometries = np.empty(0, dtype=object)

    def load(self, province: Province) -> None:
        """Cut, index and prepare the zones."""
        for name, layer in province.layers.items():
            zones = layer.shapes.geometries()
            self.add(name, zones, lines=layer.lines)

    def add(self, name: str, zones: Geometries, *, lines: bool) -> None:
        """Keep one layer ready."""
        pieces, owner = (zones, np.arange(len(zones))) if lines else cut(zones, more_vertices_than(VERTICES))
        shapely.prepare(pieces)
        areas = np.asarray(shapely.area(pieces))
        self.layers[name] = _Layer(pieces, owner, STRtree(pieces), areas, shapely.bounds(pieces), lines)

    def take(self, province: Province, count: int) -> None:
        """Read so many sites."""
        self._sites = province.sites(count).geometries

    def give(self, sites: Geometries) -> None:
        """Take these sites."""
        self._sites = sites

    def share(self, other: "PlainShapely") -> None:
        """Take over from another what is not loaded here."""
        self.layers = {**other.layers, **self.layers}

    def overlay(self) -> dict[str, Pairs]:
        """Overlay all sites with all layers."""
        # Each run begins with sites that are not prepared.
        shapely.destroy_prepared(self._sites)
        if self.threads == 1:
            return self._some(self._sites, np.arange(len(self._sites)))
        shares = np.array_split(np.arange(len(self._sites)), self.threads * _SHARES_PER_THREAD)
        with ThreadPoolExecutor(self.threads) as pool:
            parts = list(pool.map(lambda share: self._some(self._sites[share], share), shares))
        return {
            name: Pairs(
                *(np.concatenate([getattr(part[name], column) for part in parts]) for column in Pairs.__slots__)
            )
            for name in self.layers
        }

    def one(self, site: int) -> None:
        """Overlay one site, as a service would: what it is given is not prepared yet."""
        alone = self._sites[site : site + 1]
        shapely.destroy_prepared(alone)
        self._some(alone, np.zeros(1, dtype=np.int64))

    def _some(self, sites: Geometries, numbers: Whole) -> dict[str, Pairs]:
        pieces, owner = self._pieces(sites, numbers)
        shapely.prepare(pieces)
        some = _Some(pieces, owner, np.asarray(shapely.area(pieces)), shapely.bounds(pieces))
        return {name: _layer(some, layer) for name, layer in self.layers.items()}

    def nearest(self, limit_m: float) -> dict[str, Near]:
        """Find the nearest zone: those that meet are at distance 0, only the others are searched for."""
        shapely.destroy_prepared(self._sites)
        shares = np.array_split(np.arange(len(self._sites)), self.threads * _SHARES_PER_THREAD)
        with ThreadPoolExecutor(self.threads) as pool:
            parts = list(pool.map(lambda share: self._near(share, limit_m), shares))
        return {name: _near_together([part[name] for part in parts]) for name in self.layers}

    def _near(self, share: Whole, limit_m: float) -> dict[str, Near]:
        pieces, owner = self._pieces(self._sites[share], np.arange(len(share)))
        shapely.prepare(pieces)
        found = {}
        for name, layer in self.layers.items():
            distances = np.full(len(share), np.inf)
            distances[owner[layer.tree.query(pieces, predicate="intersects")[0]]] = 0.0
            # Measured: far quicker than `query_nearest`, which measures band after band against what it meets.
            for reach_m in (limit_m / _FIRST_REACH, limit_m):
                left = np.flatnonzero(np.isinf(distances[owner]))
                site, zone = layer.tree.query(pieces[left], predicate="dwithin", distance=reach_m)
                metres = shapely.distance(layer.pieces[zone], pieces[left[site]])
                np.minimum.at(distances, owner[left[site]], metres)
            near = np.flatnonzero(np.isfinite(distances))
            found[name] = Near(share[near], distances[near])
        return found

    def _pieces(self, sites: Geometries, numbers: Whole) -> tuple[Geometries, Whole]:
        if not self.cut_sites:
            return sites, numbers
        pieces, of = cut(sites, emptier_and_longer_than(FULL, LONGEST_M))
        return pieces, numbers[of]


def _together(parts: list[Pairs]) -> Pairs:
    columns = [(part.sites, part.zones, part.areas_m2) for part in parts]
    sites, zones, areas = (np.concatenate(column) for column in zip(*columns, strict=True))
    return Pairs(sites, zones, areas)


def _near_together(parts: list[Near]) -> Near:
    return Near(np.concatenate([part.sites for part in parts]), np.concatenate([part.distances_m for part in parts]))


def _layer(some: _Some, layer: _Layer) -> Pairs:
    site, piece = layer.tree.query(some.pieces, predicate="intersects")
    areas = np.zeros(len(site))
    if not layer.lines:
        _measure(some, layer, site, piece, areas)
    return ordered(some.owner[site], layer.owner[piece], areas)


def _measure(some: _Some, layer: _Layer, site: Whole, piece: Whole, areas: Floats) -> None:
    mine, other = some.boxes[site], layer.boxes[piece]
    # Only what lies in the box can lie in the shape.
    inside = np.flatnonzero((mine[:, :2] >= other[:, :2]).all(axis=1) & (mine[:, 2:] <= other[:, 2:]).all(axis=1))
    inside = inside[shapely.covers(layer.pieces[piece[inside]], some.pieces[site[inside]])]
    around = np.flatnonzero((mine[:, :2] <= other[:, :2]).all(axis=1) & (mine[:, 2:] >= other[:, 2:]).all(axis=1))
    around = around[shapely.covers(some.pieces[site[around]], layer.pieces[piece[around]])]
    crossing = np.ones(len(site), dtype=bool)
    crossing[inside] = crossing[around] = False
    areas[inside] = some.areas_m2[site[inside]]
    areas[around] = layer.areas_m2[piece[around]]
    rest = np.flatnonzero(crossing)
    areas[rest] = shapely.area(shapely.intersection(layer.pieces[piece[rest]], some.pieces[site[rest]]))
