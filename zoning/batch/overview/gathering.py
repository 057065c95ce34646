"""What the map of a batch shows: every footprint at its place, with as much of its row as a page can carry."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from zoning.batch.columns import GEOMETRY, LayerColumns
from zoning.maps.steps import PER_DEGREE, SIMPLE_DEGREES, steps_of
from zoning.rules.wording.words import DECISIONS

KINDS = ("permitted", "restricted", "undetermined", "prohibited", "refused")
"""In the order in which they are drawn: the strictest on top."""

MOST_OUTLINES = 5_000
MOST_PLACES = 1_000_000
_DETAIL_BYTES = 10_000_000
_OUTLINE_BYTES = 3_000_000
_LONGEST = 120
_COLUMNS = ("number", "id", "name", "decision", "area_m2", "deciding_rules", "error_zh", "error_en", GEOMETRY)


@dataclass(slots=True)
class Overview:
    """All footprints of a batch for one page.

    Attributes
    ----------
    places
        (n, 2) longitude and latitude in millionths of a degree.
    kinds
        (n,) numbers into `KINDS`.
    numbers
        (n,) numbers of the records.
    details
        JSON of the rows in the same order, as many of the first as a page can carry:
        [id, name, m², combination of rules, of layers touched, of layers without data, sentence in both languages].
    outlines
        JSON of simplified outlines, for batches of at most `MOST_OUTLINES`.
    combinations
        Lists that rows share, by their number.
    placeless, left_out
        Records without a place; with one, but beyond what a page can carry.
    """

    places: list[np.ndarray[Any, Any]] = field(default_factory=list)
    kinds: list[np.ndarray[Any, Any]] = field(default_factory=list)
    numbers: list[np.ndarray[Any, Any]] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    outlines: list[str] = field(default_factory=list)
    combinations: dict[tuple[str, ...], int] = field(default_factory=dict)
    placeless: int = 0
    left_out: int = 0
    shown: int = 0


@dataclass(slots=True)
class Gatherer:
    """Adds rows to an overview.

    Attributes
    ----------
    total
        How many rows there will be: decides how much of each is shown.
    """

    layers: Sequence[LayerColumns]
    total: int
    overview: Overview = field(default_factory=Overview)
    _bytes: int = 0
    _outline_bytes: int = 0

    def add(self, table: pa.Table) -> None:
        """Add some rows."""
        shapes = shapely.from_wkb(table[GEOMETRY].to_numpy())
        boxes = shapely.bounds(shapes)
        placed = np.isfinite(boxes).all(axis=1)
        self.overview.placeless += int((~placed).sum())
        room = max(MOST_PLACES - self.overview.shown, 0)
        rows = np.flatnonzero(placed)
        self.overview.left_out += max(len(rows) - room, 0)
        rows = rows[:room]
        if len(rows) == 0:
            return
        centres = (boxes[rows, :2] + boxes[rows, 2:]) / 2
        self.overview.shown += len(rows)
        self.overview.places.append(np.rint(centres * PER_DEGREE).astype("<i4"))
        self.overview.kinds.append(_kinds(table["decision"])[rows])
        self.overview.numbers.append(np.asarray(table["number"])[rows].astype("<i4"))
        self._describe(table.take(rows))
        if self.total <= MOST_OUTLINES:
            self._draw(shapes[rows])

    def _describe(self, table: pa.Table) -> None:
        wanted = [*_COLUMNS[1:-1], *(columns.status for columns in self.layers)]
        for row in table.select(wanted).to_pylist() if self._bytes < _DETAIL_BYTES else ():
            text = json.dumps(self._row(row), ensure_ascii=False, separators=(",", ":"))
            self._bytes += len(text.encode())
            if self._bytes >= _DETAIL_BYTES:
                return
            self.overview.details.append(text)

    def _row(self, row: dict[str, Any]) -> list[Any]:
        touched = self._layers_that(row, "affected", "possible")
        unchecked = self._layers_that(row, "no_data")
        sentence = [(row[name] or "")[: 4 * _LONGEST] for name in ("error_zh", "error_en")]
        area = None if row["area_m2"] is None else round(row["area_m2"], 1)
        rules = self._combination(row["deciding_rules"] or [])
        names = [(row[name] or "")[:_LONGEST] for name in ("id", "name")]
        return [*names, area, rules, touched, unchecked, *([sentence] if any(sentence) else [])]

    def _layers_that(self, row: dict[str, Any], *statuses: str) -> int:
        return self._combination([columns.layer for columns in self.layers if row[columns.status] in statuses])

    def _combination(self, words: list[str]) -> int:
        known, key = self.overview.combinations, tuple(words)
        if key not in known:
            known[key] = len(known)
            self._bytes += sum(len(word) + 3 for word in words)
        return known[key]

    def _draw(self, shapes: np.ndarray[Any, Any]) -> None:
        for shape in shapely.simplify(shapes, SIMPLE_DEGREES):
            text = json.dumps(list(steps_of(shape)), separators=(",", ":"))
            self._outline_bytes += len(text)
            # Where there is no more room the place is drawn, as for large batches.
            self.overview.outlines.append(text if self._outline_bytes < _OUTLINE_BYTES else "[]")


def gather(tables: Callable[[], Iterable[pa.Table]], layers: Sequence[LayerColumns], *, total: int) -> Overview:
    """Return the overview of all rows; where a page cannot hold all, the strictest.

    Parameters
    ----------
    tables
        Called as often as the rows are to be gone through.
    """
    gatherer = Gatherer(layers, total)
    if total <= MOST_PLACES:
        for table in tables():
            gatherer.add(table)
        return gatherer.overview
    for kind in reversed(range(len(KINDS))):
        for table in tables():
            gatherer.add(table.filter(pa.array(_kinds(table["decision"]) == kind)))
    return gatherer.overview


def _kinds(decisions: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    numbers = {name: KINDS.index(name) for name in DECISIONS}
    refused = KINDS.index("refused")
    return np.array([numbers.get(name, refused) for name in decisions.to_pylist()], dtype=np.uint8)
