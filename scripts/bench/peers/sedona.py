"""SedonaDB: a spatial join in SQL, everything in memory."""

from typing import Any

import numpy as np

from bench.peers.interface import MissingError, Pairs, ordered
from bench.province.files import Province
from bench.province.layers import NAMES

_JOIN = """
    SELECT s.id AS site, z.id AS zone, {area} AS area
    FROM sites s JOIN {layer} z ON ST_Intersects(z.geometry, s.geometry)
"""


class SedonaDB:
    """Layers and sites as tables in memory."""

    def __init__(self) -> None:
        try:
            import sedonadb
        except ImportError as error:
            raise MissingError("sedonadb is not installed: scripts/setup bench") from error
        self._base: Any = sedonadb.connect()
        self._lines: set[str] = set()

    def load(self, province: Province) -> None:
        """Read the layers; the join builds its own index while it runs."""
        for name in NAMES:
            self._read(name, str(province.parquet(name)))
            if province.layer(name).lines:
                self._lines.add(name)

    def take(self, province: Province, count: int) -> None:
        """Read the sites."""
        self._read("sites", str(province.sites_parquet(count)))

    def overlay(self) -> dict[str, Pairs]:
        """Overlay all sites with all layers."""
        import pyarrow as pa

        found = {}
        for name in NAMES:
            area = "CAST(0 AS DOUBLE)" if name in self._lines else "ST_Area(ST_Intersection(z.geometry, s.geometry))"
            rows = pa.RecordBatchReader.from_stream(self._base.sql(_JOIN.format(area=area, layer=name))).read_all()
            sites, zones, areas = (np.asarray(rows[column].to_numpy()) for column in ("site", "zone", "area"))
            found[name] = ordered(sites, zones, areas)
        return found

    def _read(self, table: str, path: str) -> None:
        self._base.read_parquet(path).to_memtable().to_view(table, overwrite=True)
