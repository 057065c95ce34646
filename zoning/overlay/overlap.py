"""What the overlay finds: site x zone, per class and per layer."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from shapely.geometry.base import BaseGeometry

from zoning.sites.site import Repair
from zoning.texts import Text

Status = Literal["affected", "not_affected", "no_data", "possible"]
Certainty = Literal["certain", "possible"]


def accuracy_text(accuracy_m: float, site_accuracy_m: float) -> Text:
    """Name an accuracy: that of the layer, or of layer and site together.

    >>> accuracy_text(5.0, 0.0).en, accuracy_text(15.0, 10.0).zh
    ("layer's accuracy (5 m)", '图层与地块位置精度之和（15 m）')
    """
    if site_accuracy_m == 0:
        return Text(f"图层精度（{accuracy_m:g} m）", f"layer's accuracy ({accuracy_m:g} m)")
    return Text(
        f"图层与地块位置精度之和（{accuracy_m:g} m）", f"accuracies of layer and site together ({accuracy_m:g} m)"
    )


@dataclass(frozen=True, slots=True)
class ZoneOverlap:
    """One zone that the site overlaps, or may overlap within the accuracy.

    Attributes
    ----------
    piece
        site x zone in the measuring plane; empty where the zone is only possibly touched.
    zone
        The zone in the measuring plane, as far as it was read.
    """

    id: str
    name: str
    overlap_m2: float
    length_m: float
    piece: BaseGeometry
    zone: BaseGeometry
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class ClassOverlap:
    """The site against all zones of one class, unioned: nothing is counted twice.

    Attributes
    ----------
    class_id
        Class of the layer.
    assumed
        The zones bear no class; the strictest of the edition was assumed.
    overlap_m2, share, length_m
        Area on the ellipsoid, share (0..1) of what was measured: the site, or its part in one territory; length of
        lines inside it. Slivers included.
    certainty
        `certain` when the site shrunk by the layer's accuracy still overlaps.
    flips_at_m
        The smallest accuracy at which the certainty would change.
    nearby
        Zones of the class beside those overlapped that the site may touch within the accuracy.
    """

    class_id: str
    assumed: bool
    zones: tuple[ZoneOverlap, ...]
    overlap_m2: float
    share: float
    length_m: float
    certainty: Certainty
    flips_at_m: float | None
    nearby: tuple[ZoneOverlap, ...] = ()


@dataclass(frozen=True, slots=True)
class Slivers:
    """Parts of the overlap below the layer's tolerance: never dropped silently.

    Attributes
    ----------
    count, sum_m2
        Parts and the sum of their areas.
    uncovered_m2
        Part of the site outside the coverage, where it is too small to count as uncovered.
    """

    count: int = 0
    sum_m2: float = 0.0
    uncovered_m2: float = 0.0


@dataclass(frozen=True, slots=True)
class Beyond:
    """The part of a site outside some zones.

    Attributes
    ----------
    certain, possible
        Whether a part stays outside wherever the borders lie within the layer's accuracy, and whether one can.
    """

    area_m2: float
    certain: bool
    possible: bool


class BeyondZones(Protocol):
    """Measures the part of a site outside the zones of some classes."""

    def __call__(self, classes: frozenset[str], *, unleveled: bool) -> Beyond:
        """Measure; `unleveled` tells whether zones that bear no class count as zones of `classes`."""
        ...


@dataclass(frozen=True, slots=True)
class LayerOverlap:
    """The site against one layer.

    Attributes
    ----------
    accuracy_m
        What decides the certainty: accuracy of the layer and of the site together. The sum and not the root of the
        squares: the one is no chance error of the other, and a wrong "not affected" is worse than a doubt too many.
    site_accuracy_m
        The part of it that the site brings: what a conversion of its coordinates added.
    reason
        Why there is no data, or why the answer is only possible.
    uncovered_m2
        Part of the site outside the layer's coverage.
    distances_m
        Geodesic distance to the nearest zone of each class, as far as `searched_m`; 0 where it touches.
    unleveled_m
        The same to the nearest zone that bears no class: its class in `distances_m` is only assumed.
    beyond
        Measures what lies outside zones; None where the zones are lines.
    covered_m2
        Part of the site inside the coverage.
    covered_reach_m
        How far around the site the coverage is complete (distance from the site to the nearest place without data; 0
        when a part of the site itself is uncovered, at most `searched_m`). A rule on distances can be denied no farther
        than this.
    of_part
        Only the part of the site in one territory was measured: shares are of that part.
    """

    layer: str
    edition: str | None
    status: Status
    accuracy_m: float
    classes: tuple[ClassOverlap, ...] = ()
    distances_m: dict[str, float] | None = None
    unleveled_m: float | None = None
    beyond: BeyondZones | None = field(default=None, compare=False, repr=False)
    searched_m: float = 0.0
    slivers: Slivers = Slivers()
    uncovered_m2: float = 0.0
    covered_m2: float = 0.0
    covered_reach_m: float = 0.0
    reason: Text | None = None
    repairs: tuple[Repair, ...] = ()
    sha256: str | None = None
    site_accuracy_m: float = 0.0
    of_part: bool = False

    @property
    def accuracy(self) -> Text:
        """The accuracy in words: whose it is, and how large."""
        return accuracy_text(self.accuracy_m, self.site_accuracy_m)

    @property
    def nearest_m(self) -> float | None:
        """Distance to the nearest zone of any class; None when none lies within `searched_m`."""
        return min(self.distances_m.values()) if self.distances_m else None

    def class_overlap(self, class_id: str) -> ClassOverlap | None:
        """Return the overlap with `class_id`, None when there is none."""
        return next((found for found in self.classes if found.class_id == class_id), None)
