"""All peers by name: which process plays them, and with which settings."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers.interface import Peer

WITH_POSTGIS = Path(__file__).resolve().parents[2] / "with-postgis"
NOT_INSTALLED = 77
"""Exit code of `scripts/with-postgis` where there is no server to be had, and of a worker whose peer is missing."""
CORES = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One who takes part.

    Attributes
    ----------
    player
        Process that plays it; several may share one, with the same layers in memory.
    settings
        Attributes that the player gets before its turn.
    """

    player: str
    title: str
    settings: Mapping[str, int] = field(default_factory=dict)


ENTRIES = {
    "ours": Entry("ours", "ours", {"threads": CORES}),
    "ours-1": Entry("ours", "ours, one thread", {"threads": 1}),
    "c": Entry("plain", "c: STRtree, pieces, prepared, covers", {"threads": CORES, "cut_sites": False}),
    "c-1": Entry("plain", "c, one thread", {"threads": 1, "cut_sites": False}),
    "c-cut": Entry("plain", "c, long bands cut as well", {"threads": CORES, "cut_sites": True}),
    "c-cut-1": Entry("plain", "c, long bands cut, one thread", {"threads": 1, "cut_sites": True}),
    "geopandas": Entry("geopandas", "geopandas.overlay", {"join": False}),
    "sjoin": Entry("geopandas", "geopandas.sjoin + intersection", {"join": True}),
    "duckdb": Entry("duckdb", "DuckDB spatial"),
    "sedona": Entry("sedona", "SedonaDB"),
    "postgis": Entry("postgis", "PostGIS, ST_Subdivide + GiST"),
}


def _ours() -> Peer:
    from bench.peers.ours import Engine

    return Engine()


def _plain() -> Peer:
    from bench.peers.plain_shapely import PlainShapely

    return PlainShapely()


def _geopandas() -> Peer:
    from bench.peers.by_geopandas import GeoPandas

    return GeoPandas()


def _duckdb() -> Peer:
    from bench.peers.duckdb_spatial import DuckDB

    return DuckDB(threads=CORES)


def _sedona() -> Peer:
    from bench.peers.sedona import SedonaDB

    return SedonaDB()


def _postgis() -> Peer:
    from bench.peers.postgis import PostGIS

    return PostGIS(threads=CORES)


PLAYERS: dict[str, Callable[[], Peer]] = {
    "ours": _ours,
    "plain": _plain,
    "geopandas": _geopandas,
    "duckdb": _duckdb,
    "sedona": _sedona,
    "postgis": _postgis,
}
