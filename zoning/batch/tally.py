"""What a batch found, counted while its rows are written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zoning.batch.columns import LayerColumns
from zoning.rules.wording.words import DECISIONS, STATUSES

SCHEMA = "zoning.batch/1"
_TOP = 20


@dataclass(slots=True)
class LayerCount:
    """How many footprints a layer touches, and by how much: square metres, or metres where its zones are lines."""

    columns: LayerColumns
    statuses: Counter[str] = field(default_factory=Counter)
    amount: float = 0.0

    def add(self, table: pa.Table) -> None:
        """Count some rows."""
        self.statuses.update(_counts(table[self.columns.status]))
        self.amount += _sum(table[self.columns.amount])

    def as_plain(self) -> dict[str, Any]:
        """Return it for JSON."""
        name = "length_m" if self.columns.line else "overlap_m2"
        counts = {status: self.statuses[status] for status in STATUSES}
        return {"layer": self.columns.layer, **counts, name: round(self.amount, 4)}


@dataclass(slots=True)
class Tally:
    """Counts over all rows so far."""

    layers: tuple[LayerCount, ...]
    sites: int = 0
    area_m2: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    missing_layers: Counter[str] = field(default_factory=Counter)

    @property
    def refused(self) -> int:
        """How many records could not be checked."""
        return self.statuses["refused"]

    def add(self, table: pa.Table) -> None:
        """Count some rows."""
        self.sites += len(table)
        self.area_m2 += _sum(table["area_m2"])
        for counter, name in ((self.statuses, "status"), (self.decisions, "decision"), (self.errors, "error_code")):
            counter.update(_counts(table[name]))
        for counter, name in (
            (self.rules, "deciding_rules"),
            (self.facts, "missing_facts"),
            (self.missing_layers, "missing_layers"),
        ):
            counter.update(_counts(pc.list_flatten(table[name])))
        for layer in self.layers:
            layer.add(table)

    def as_plain(self) -> dict[str, Any]:
        """Return it for JSON: the same results always give the same text."""
        return {
            "schema": SCHEMA,
            "sites": self.sites,
            "checked": self.statuses["checked"],
            "refused": self.refused,
            "area_m2": round(self.area_m2, 4),
            "decisions": {name: self.decisions[name] for name in DECISIONS},
            "errors": [{"code": code, "sites": count} for code, count in _ranked(self.errors)],
            "layers": [layer.as_plain() for layer in self.layers],
            "deciding_rules": [{"rule": rule, "sites": count} for rule, count in _ranked(self.rules)[:_TOP]],
            "missing_facts": [{"fact": fact, "sites": count} for fact, count in _ranked(self.facts)[:_TOP]],
            "missing_layers": [{"layer": name, "sites": count} for name, count in _ranked(self.missing_layers)],
        }

    def top(self, counter: Mapping[str, int], most: int) -> list[tuple[str, int]]:
        """Return the most frequent entries; equally frequent ones by name."""
        return _ranked(counter)[:most]


def _ranked(counter: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(((name, count) for name, count in counter.items() if count), key=lambda one: (-one[1], one[0]))


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    return {one["values"]: one["counts"] for one in pc.value_counts(column.drop_null()).to_pylist()}


def _sum(column: pa.ChunkedArray) -> float:
    return float(np.nansum(column.to_numpy()))
