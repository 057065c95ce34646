"""How the time for one site grows with the number of fields: the same parcels at 10k, 100k, 1M, in turns."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.peers.ours import prepared
from bench.peers.plain_shapely import PlainShapely
from bench.province.files import Province
from bench.province.layers import NAMES, Size
from bench.province.zones import Geometries
from bench.rows import Row, at_most
from zoning.overlay.kernel import engine
from zoning.overlay.kernel.shapes import Shapes
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.prepared.container import open_arrays

FIELDS = (10_000, 100_000, 1_000_000)
SITES = 200
TARGET = 2.0
_ROUNDS = 5
_SIZE = Size(FIELDS[-1])
_KINDS = ("parcel", "valley-parcel")


def measure(cache: Path, sizes: tuple[int, ...] = FIELDS, size: Size = _SIZE) -> dict[str, dict[int, float]]:
    """Return milliseconds for one site with all nine layers, by way and number of fields (medians).

    The parcels lie where the smallest province has its fields; so they meet the same fields in all.

    Parameters
    ----------
    size
        How much there is of the other layers.
    """
    provinces = {fields: Province(cache, replace(size, fields=fields)) for fields in sizes}
    drawn = provinces[sizes[0]].sites(10 * SITES)
    sites = drawn.geometries[np.isin(drawn.kinds, _KINDS)][:SITES]
    ways = {"ours": _ours(provinces, sites), "c": _plain(provinces, sites)}
    taken: dict[str, dict[int, list[float]]] = {way: {fields: [] for fields in sizes} for way in ways}
    for _ in range(_ROUNDS):
        for way, one in ways.items():
            for site in range(len(sites)):
                for fields in sizes:
                    start = time.perf_counter()
                    one(fields, site)
                    taken[way][fields].append((time.perf_counter() - start) * 1000)
    return {way: {fields: median(all_ms) for fields, all_ms in by.items()} for way, by in taken.items()}


def rows(measured: dict[str, dict[int, float]]) -> list[Row]:
    """Return the table."""
    found = []
    for way, by in measured.items():
        listed = ", ".join(f"{ms:.3f}" for ms in by.values())
        found.append(Row(f"    one site, {way}, ms at {', '.join(f'{n:,}' for n in by)} fields", listed))
    sizes = list(measured["ours"])
    ratio = measured["ours"][sizes[-1]] / measured["ours"][sizes[0]]
    found.append(at_most(f"one site, {sizes[-1]:,} fields against {sizes[0]:,}", ratio, TARGET, unit="x"))
    return found


def _ours(provinces: dict[int, Province], sites: Geometries) -> Callable[[int, int], Any]:
    largest = list(provinces.values())[-1]
    others = [_mapped(largest, name) for name in NAMES if name != "farmland"]
    layers = {fields: [*others, _mapped(province, "farmland")] for fields, province in provinces.items()}

    def one(fields: int, site: int) -> None:
        alone = Shapes.of(sites[site : site + 1])
        for zones in layers[fields]:
            engine.overlay(alone, zones)

    return one


def _mapped(province: Province, name: str) -> PackedZones:
    return PackedZones.from_arrays(open_arrays(prepared(province, name))[0])


def _plain(provinces: dict[int, Province], sites: Geometries) -> Callable[[int, int], Any]:
    peers = {}
    for fields, province in provinces.items():
        peer = peers[fields] = PlainShapely()
        if fields == max(provinces):
            peer.load(province)
        else:
            peer.add("farmland", province.geometries("farmland"), lines=False)
        peer.give(sites)
    whole = peers[max(provinces)]
    for peer in peers.values():
        peer.share(whole)

    def one(fields: int, site: int) -> None:
        peers[fields].one(site)

    return one
