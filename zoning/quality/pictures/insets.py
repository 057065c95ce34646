"""Which faults are too small to be seen on the whole, and the window that shows each of them enlarged."""

from dataclasses import dataclass, replace

import numpy as np

from zoning.quality.outline import Floats
from zoning.quality.pictures.sketch import Mark, Scene
from zoning.texts import Text

MOST = 6
_SMALL = 0.12  # of the extent of the whole
_AROUND = 1.35
_LEAST_M = 0.003
_NO_INSET = ("duplicate-points", "open-ring", "long-edge", "adjoining-parts", "nested-parts")


@dataclass(frozen=True, slots=True)
class Inset:
    """A window around a fault: centre (2,) and half of its side, metres; or around the `rest` of the footprint."""

    mark: Mark
    centre: Floats
    radius_m: float
    rest: bool = False

    @property
    def title(self) -> Text:
        """What stands above it."""
        title = Text("其余各点", "the other vertices") if self.rest else self.mark.fault.title
        return Text(f"{self.mark.number} {title.zh}", f"{self.mark.number} {title.en}")

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        (x, y), r = self.centre.tolist(), self.radius_m
        return x - r, y - r, x + r, y + r


def insets_of(scene: Scene) -> list[Inset]:
    """Return at most six windows: faults that are small beside the whole, and the rest where one vertex is far away."""
    west, south, east, north = scene.bounds
    extent = max(east - west, north - south)
    found = []
    for mark in scene.marks:
        inset = _inset(mark, scene)
        if inset is not None and inset.radius_m * 2 < _SMALL * extent:
            found.append(inset)
    return _apart(found)[:MOST]


def _apart(insets: list[Inset]) -> list[Inset]:
    """Leave out windows that show what another one shows already."""
    kept: list[Inset] = []
    for inset in insets:
        near = (
            np.hypot(*(inset.centre - other.centre)) < other.radius_m / 2 and inset.radius_m > other.radius_m / 4
            for other in kept
        )
        if not any(near):
            kept.append(inset)
    return kept


def _inset(mark: Mark, scene: Scene) -> Inset | None:
    if mark.at is None or mark.fault.kind in _NO_INSET:
        return None
    if mark.piece is not None:
        west, south, east, north = mark.piece.bounds
        return _around(mark, np.array([[west, south], [east, north]]))
    rings = scene.sketches[mark.footprint].rings
    ring = mark.fault.places[0].ring
    if mark.fault.kind == "remote-vertex":
        return _rest(mark, np.concatenate([one.xy for one in rings]))
    own = next((one.xy for one in rings if one.number == ring), None)
    if mark.fault.kind in ("tiny-part", "sliver-part", "collapsed-part") and own is not None:
        return _around(mark, own)
    away = np.sort(np.hypot(*(np.concatenate([one.xy for one in rings]) - mark.at).T))
    away = away[away > _LEAST_M]
    if len(away) == 0:
        return None
    # The fourth vertex shows the edges that belong to a crossing; a spike is shown whole.
    radius = float(away[min(3, len(away) - 1)])
    size = mark.fault.amount if mark.fault.kind in ("spike", "self-overlap") else None
    if mark.fault.kind == "short-edge" and mark.fault.amount:
        radius = 4 * mark.fault.amount
    return Inset(mark, mark.at, max(radius, size or 0.0, _LEAST_M) * _AROUND)


def _around(mark: Mark, xy: Floats) -> Inset:
    low, high = xy.min(axis=0), xy.max(axis=0)
    return Inset(mark, (low + high) / 2, max(float((high - low).max()) / 2, _LEAST_M) * _AROUND)


def _rest(mark: Mark, xy: Floats) -> Inset | None:
    """Return the window of all vertices but the remote one."""
    rest = xy[(xy != mark.at).any(axis=1)]
    return replace(_around(mark, rest), rest=True) if len(rest) else None
