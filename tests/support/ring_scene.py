"""Points of a table as rings of four corners each, with labels, further columns and breaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.tables.grid import Break, Track
from zoning.sites.tables.heading_words import Role
from zoning.sites.tables.segments import Segmented, segmented
from zoning.sites.where import Where

Place = tuple[float, float]

# Four rings of four corners each, far apart; the letter is the ring, the number the corner.
# Ring I lies inside of ring A, ring X crosses it.
_WEST, _SOUTH = 37_600_000.0, 3_900_000.0
_SQUARES = {
    "A": (0, 0, 100),
    "B": (1000, 0, 100),
    "C": (2000, 0, 100),
    "D": (3000, 0, 100),
    "I": (20, 20, 40),
    "X": (50, 50, 100),
}
CORNERS: dict[str, Place] = {
    f"{letter}{number}": (_WEST + east + i * side, _SOUTH + north + j * side)
    for letter, (east, north, side) in _SQUARES.items()
    for number, (i, j) in enumerate([(0, 0), (0, 1), (1, 1), (1, 0)], 1)
}


@dataclass
class Scene:
    """Points by the names of `CORNERS`, in rows from 10 on; with labels, further columns and breaks."""

    points: str
    labels: str = ""
    columns: Mapping[Role, Sequence[str]] = field(default_factory=dict)
    breaks: Sequence[tuple[int, str]] = ()
    above: Sequence[tuple[int, str]] = ()

    def track(self) -> Track:
        """Return the points as a track; rows are counted without the lines of the breaks."""
        count = len(self.points.split())
        track = Track(Where("a.csv"), labels=self.labels.split() or [""] * count)
        track.rows.extend(range(10, 10 + count))
        track.fields.update({role: list(values) for role, values in self.columns.items()})
        track.breaks.extend(Break(index, 9 + index, text) for index, text in self.breaks)
        for line, text in self.above:
            track.statements.add(line, text)
        return track

    def cut(self, *, off: float = 0.0) -> Segmented:
        """Take it apart; `off` moves every point that was there before, in metres."""
        seen: set[str] = set()
        places = []
        for name in self.points.split():
            x, y = CORNERS[name]
            places.append((x + (off if name in seen else 0.0), y))
            seen.add(name)
        xy = np.array(places)
        return segmented(self.track(), xy[:, 0], xy[:, 1], degrees=False)

    def rings(self, *, off: float = 0.0) -> list[list[int]]:
        """Return how many points every ring of every parcel has."""
        return [[len(ring) for ring in parcel.rings] for parcel in self.cut(off=off).parcels]

    def refused(self) -> tuple[str, str]:
        """Return the sentences of the refusal."""
        return both(self.cut, SiteError)
