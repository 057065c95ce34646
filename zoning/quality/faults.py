"""A fault with its places, and the list in which faults are gathered: every one counted, not every one listed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from pyproj import Transformer

from zoning.quality.kinds import KINDS, ORDER, SEVERITIES, Severity
from zoning.sites.crs.identify import to_lonlat
from zoning.texts import Text

T = TypeVar("T")

_METRE_DIGITS, _DEGREE_DIGITS, _LONLAT_DIGITS = 4, 9, 8
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Parameters:
    """From where on something is a fault.

    Attributes
    ----------
    spike_degrees, spike_m
        A spike's angle is smaller, and its shorter side longer.
    remote_factor, remote_m, remote_error_m
        Both edges of a remote vertex are longer than `remote_m` and so many times longer than the median of all others;
        from `remote_error_m` on it cannot be meant.
    sliver_m
        Mean width: twice the area by the length of the border.
    stated_share
        Of the area by the coordinates.
    overlap_m2, overlap_width_m
        Overlaps of footprints that are smaller, or narrower, are no more than two renderings of one border.
    """

    spike_degrees: float = 1.0
    spike_m: float = 0.1
    short_m: float = 0.01
    long_m: float = 10_000.0
    remote_factor: float = 10.0
    remote_m: float = 1_000.0
    remote_error_m: float = 10_000.0
    tiny_m2: float = 1.0
    sliver_m: float = 0.5
    stated_share: float = 0.01
    least_overlap_m2: float = 0.01
    overlap_m2: float = 1.0
    overlap_width_m: float = 0.05


DEFAULTS = Parameters()


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of a footprint in its own coordinate system; ring and vertex counted from 1, None between vertices."""

    x: float
    y: float
    ring: int | None = None
    vertex: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A `Spot` for people.

    Attributes
    ----------
    x, y
        East and north, or longitude and latitude, in the coordinate system of the file.
    ring
        Rings are counted through all parts of a footprint, outlines and holes alike.
    vertex
        Vertices are counted in each ring, without the one that closes it.
    line
        Of a text file, where it is known.
    """

    x: float
    y: float
    lon: float
    lat: float
    ring: int | None = None
    vertex: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes
    ----------
    places
        The first is where a mark is put; empty where the fault has no place.
    amount
        Length in metres or area in m², whichever the kind speaks of.
    """

    kind: str
    severity: Severity
    text: Text
    places: tuple[Place, ...] = ()
    amount: float | None = None

    @property
    def title(self) -> Text:
        """The name of the kind."""
        return KINDS[self.kind].title


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    severity: Severity
    text: Text
    spots: tuple[Spot, ...]
    amount: float | None


@dataclass(slots=True)
class Gathering:
    """Faults as they are found; at most `MOST_LISTED` of a kind are kept, all are counted."""

    counts: Counter[str] = field(default_factory=Counter)
    worst: dict[str, Severity] = field(default_factory=dict)
    _found: list[_Found] = field(default_factory=list)
    _kept: Counter[str] = field(default_factory=Counter)

    def each(self, kind: str, items: Sequence[T]) -> Iterator[T]:
        """Count items of a kind, and yield as many as are still to be kept."""
        if items:
            self.counts[kind] += len(items)
        yield from items[: max(0, MOST_LISTED - self._kept[kind])]

    def keep(
        self,
        kind: str,
        text: Text,
        spots: Sequence[Spot] = (),
        *,
        amount: float | None = None,
        severity: Severity | None = None,
    ) -> None:
        """Keep a fault that `each` has counted."""
        self._kept[kind] += 1
        self._found.append(_Found(kind, severity or KINDS[kind].severity, text, tuple(spots), amount))

    def add(
        self,
        kind: str,
        text: Text,
        spots: Sequence[Spot] = (),
        *,
        amount: float | None = None,
        severity: Severity | None = None,
    ) -> None:
        """Count one fault, and keep it while there is room."""
        for _ in self.each(kind, (None,)):
            self.keep(kind, text, spots, amount=amount, severity=severity)

    def faults(self, crs: str, *, geographic: bool) -> tuple[Fault, ...]:
        """Return what was kept, worst first, with longitude and latitude."""
        worst = list(SEVERITIES)
        found = sorted(self._found, key=lambda f: (worst.index(f.severity), ORDER[f.kind]))
        places = iter(placed([spot for one in found for spot in one.spots], crs, geographic=geographic))
        return tuple(
            Fault(one.kind, one.severity, one.text, tuple(next(places) for _ in one.spots), one.amount) for one in found
        )


def placed(spots: list[Spot], crs: str, *, geographic: bool) -> list[Place]:
    """Return points of a footprint with longitude and latitude, rounded to a tenth of a millimetre."""
    if not spots:
        return []
    transformer: Transformer = to_lonlat(crs)
    xy = np.array([(spot.x, spot.y) for spot in spots])
    lon, lat = transformer.transform(xy[:, 0], xy[:, 1])
    digits = _DEGREE_DIGITS if geographic else _METRE_DIGITS
    return [
        Place(
            round(spot.x, digits),
            round(spot.y, digits),
            round(east, _LONLAT_DIGITS),
            round(north, _LONLAT_DIGITS),
            spot.ring,
            spot.vertex,
        )
        for spot, east, north in zip(spots, lon.tolist(), lat.tolist(), strict=True)
    ]


def spelled(place: Place) -> Text:
    """Name a place by its coordinates, north first as surveyors do.

    >>> spelled(Place(37627000.0, 3930000.0, 112.4, 35.5)).zh
    'X=3930000.000，Y=37627000.000'
    """
    if abs(place.x) <= 180 and abs(place.y) <= 90:  # noqa: PLR2004 - degrees
        return Text(f"{place.lon:.7f}°E，{place.lat:.7f}°N", f"{place.lon:.7f}°E, {place.lat:.7f}°N")
    return Text(f"X={place.y:.3f}，Y={place.x:.3f}", f"X={place.y:.3f} (north), Y={place.x:.3f} (east)")
