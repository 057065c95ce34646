"""geopandas: `overlay`, and the join with an intersection of what it found."""

from typing import Any

import numpy as np

from bench.peers.interface import Pairs, ordered
from bench.province.files import Province
from bench.province.layers import NAMES


class GeoPandas:
    """Layers and sites as tables."""

    join = False
    """False: `geopandas.overlay`, touching zones kept as lines and points; True: `sjoin`, then intersections."""

    def __init__(self) -> None:
        self._layers: dict[str, Any] = {}
        self._lines: set[str] = set()
        self._sites: Any = None

    def load(self, province: Province) -> None:
        """Read the layers; their indexes are built now."""
        import geopandas

        for name in NAMES:
            self._layers[name] = geopandas.read_parquet(province.parquet(name)).rename(columns={"id": "zone"})
            self._layers[name].sindex.query(self._layers[name].geometry.iloc[0])
            if province.layer(name).lines:
                self._lines.add(name)

    def take(self, province: Province, count: int) -> None:
        """Read the sites."""
        import geopandas

        self._sites = geopandas.read_parquet(province.sites_parquet(count)).rename(columns={"id": "site"})

    def overlay(self) -> dict[str, Pairs]:
        """Overlay all sites with all layers."""
        return {name: self._joined(name) if self.join else self._overlaid(name) for name in self._layers}

    def _overlaid(self, name: str) -> Pairs:
        import geopandas

        both = geopandas.overlay(self._sites, self._layers[name], how="intersection", keep_geom_type=False)
        return ordered(both["site"].to_numpy(), both["zone"].to_numpy(), both.geometry.area.to_numpy())

    def _joined(self, name: str) -> Pairs:
        import geopandas

        zones = self._layers[name]
        pairs = geopandas.sjoin(self._sites, zones, predicate="intersects")
        areas = np.zeros(len(pairs))
        if name not in self._lines:
            other = zones.geometry.iloc[pairs["index_right"].to_numpy()]
            areas = pairs.geometry.intersection(other, align=False).area.to_numpy()
        return ordered(pairs["site"].to_numpy(), pairs["zone"].to_numpy(), areas)
