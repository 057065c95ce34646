"""How parcels stand to protected zones: through the engine's overlay, with its certainty and its missing data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zoning.errors import UsageError, ZoningError
from zoning.layers.catalogue import Layer
from zoning.layers.datum import CGCS2000
from zoning.mines.elevation import around
from zoning.overlay.certainty import doubt_reach_m
from zoning.overlay.footprint import Footprint
from zoning.overlay.measure import measure
from zoning.overlay.overlap import LayerOverlap
from zoning.overlay.source import LayerSource
from zoning.registers.record import Record
from zoning.sites.site import Site
from zoning.texts import Text, joined

Answer = Literal["yes", "no", "not known"]
Progress = Callable[[int, int], None]
_SMALLEST_SHARE = 0.01  # as in the check of a site: of a small parcel this much is no sliver


@dataclass(frozen=True, slots=True)
class Relation:
    """A parcel against a layer; `overlap` None: it could not be measured."""

    layer: Layer
    overlap: LayerOverlap | None

    def answer(self, classes: Sequence[str]) -> Answer:
        """Tell whether the parcel overlaps zones of some classes (of any, when none is named).

        "no" only where the layer answers for the whole parcel.
        """
        overlap = self.overlap
        if overlap is None or overlap.status == "no_data":
            return "not known"
        hit = [one for one in overlap.classes if not classes or one.class_id in classes]
        if any(one.certainty == "certain" and not one.assumed for one in hit):
            return "yes"
        if hit or overlap.uncovered_m2 > 0 or (not classes and overlap.status == "possible"):
            return "not known"
        return "no"

    @property
    def covered_m(self) -> float:
        """How far around the parcel the layer is known to be complete; 0 where it does not answer for all of it."""
        overlap = self.overlap
        if overlap is None or overlap.status == "no_data" or overlap.uncovered_m2 > 0:
            return 0.0
        return overlap.covered_reach_m

    def wording(self, classes: Sequence[str]) -> Text:
        """Return layer and classes in words, of the classes those that are hit."""
        hit = [] if self.overlap is None else [one.class_id for one in self.overlap.classes if one.class_id in classes]
        named = [self.layer.classes[one].title for one in (hit or classes) if one in self.layer.classes]
        if not named:
            return self.layer.title
        listed = joined(named)
        return Text(f"{self.layer.title.zh}（{listed.zh}）", f"{self.layer.title.en} ({listed.en})")


def relations_of(
    parcels: Sequence[Record],
    layer_ids: Sequence[str],
    source: LayerSource,
    *,
    on: date,
    tolerance_m2: float,
    search_m: float = 0.0,
    progress: Progress = lambda _done, _of: None,
) -> tuple[Mapping[str, Relation], ...]:
    """Measure parcels against layers.

    Parameters
    ----------
    tolerance_m2
        For layers that state none: smaller overlaps are slivers.
    search_m
        How far around a parcel coverage and zones are looked at.

    Raises
    ------
    UsageError
        When there is no such layer.
    LayerError
        When a layer holds something that its definition does not know.
    """
    catalogue = source.catalogue
    unknown = [name for name in layer_ids if name not in catalogue.layers]
    if unknown:
        raise UsageError(
            f"mines/priority.yaml：工作空间没有图层 {'、'.join(unknown)}",
            f"mines/priority.yaml: there is no layer {'; '.join(unknown)}",
        )
    footprints = [_footprint(parcel, source) for parcel in parcels]
    lonlat = [one.lonlat for one in footprints if one is not None]
    found: list[dict[str, Relation]] = [{} for _ in parcels]
    for place, name in enumerate(layer_ids):
        layer = catalogue[name]
        reach = max(doubt_reach_m(layer.accuracy_m), search_m)
        window = source.layer(name, on=on, bounds=around(lonlat, 2 * reach)) if lonlat else None
        stated = tolerance_m2 if layer.tolerance is None else layer.tolerance
        for number, footprint in enumerate(footprints):
            overlap = None
            if footprint is not None and window is not None:
                tolerance = min(stated, _SMALLEST_SHARE * footprint.area_m2)
                overlap = measure(footprint, window, search_m=reach, tolerance_m2=tolerance)
            found[number][name] = Relation(layer, overlap)
            progress(place * len(parcels) + number + 1, len(layer_ids) * len(parcels))
    return tuple(found)


def _footprint(parcel: Record, source: LayerSource) -> Footprint | None:
    if parcel.geometry is None or parcel.geometry.is_empty:
        return None
    try:
        return Footprint.of(Site(parcel.id, parcel.name, parcel.geometry, CGCS2000, ""), source.plane)
    except ZoningError:
        # A parcel that cannot be measured is not known; it stops no other one.
        return None
