"""The same site measured against a layer read from its file, and against the prepared form of that layer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE
from random_world import CLASSES, CRS, World, random_places
from zoning.layers.datum import WORLD
from zoning.layers.reader import Unavailable
from zoning.overlay.footprint import Footprint
from zoning.overlay.measure import measure
from zoning.overlay.overlap import LayerOverlap
from zoning.overlay.plane_layer import STEP_M, PlaneLayer
from zoning.overlay.prepared.store import PreparedStore
from zoning.overlay.source import LayerSource
from zoning.sites.site import Site

ON = date(2024, 1, 1)
SEARCH_M = 3_000.0
TOLERANCE_M2 = 1.0
SELECTIONS = (frozenset(CLASSES[:1]), frozenset(CLASSES))
"""The classes outside of which a site is measured."""

NO_ANSWER = (shapely.GEOSException, AttributeError, TypeError, ValueError)
"""What comes out of a form that fails; a soak goes on."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One site against one layer that came out differently."""

    seed: int
    site: Site
    layer: str
    what: str


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One site against one layer, from the file and from its prepared form.

    Attributes
    ----------
    footprint
        As `measure` was given it for the file; `within` is the territory in the measuring plane.
    what
        What the two forms say differently, to the last bit.
    """

    seed: int
    site: Site
    footprint: Footprint
    within: BaseGeometry | None
    layer: PlaneLayer
    plain: LayerOverlap
    fast: LayerOverlap
    what: str | None

    def different(self, what: str) -> Difference:
        """Return the difference of some of what was measured."""
        return Difference(self.seed, self.site, self.layer.layer.id, what)


def both_sources(world: World, folder: Path) -> tuple[LayerSource, LayerSource]:
    """Return the source of windows and the source of prepared layers, prepared now."""
    store = PreparedStore(folder, world.catalogue, PLANE)
    outcomes = store.prepare()
    assert {outcome.state for outcome in outcomes} <= {"built", "current"}, outcomes
    return LayerSource(world.catalogue, PLANE), LayerSource(world.catalogue, PLANE, store)


def both_ways(world: World, sources: tuple[LayerSource, LayerSource], count: int) -> Iterator[Measured | Difference]:
    """Measure sites both ways, each against every layer; a difference is one that could not be measured at all."""
    plain, fast = ([_layer(source, name) for name in world.names] for source in sources)
    for place in random_places(world, 1, count):
        site = place.site
        # Each side makes its own footprint: nothing that one computed can reach the other.
        one, other = Footprint.of(site, PLANE), Footprint.of(site, PLANE)
        within = None if place.within is None else PLANE.to_plane([place.within], CRS, step_m=STEP_M)[0]
        for near, prepared in zip(plain, fast, strict=True):
            try:
                slow, quick = (
                    measure(footprint, layer, within=within, search_m=SEARCH_M, tolerance_m2=TOLERANCE_M2)
                    for footprint, layer in ((one, near), (other, prepared))
                )
                what = what_differs(slow, quick)
            except NO_ANSWER as error:
                yield Difference(world.seed, site, near.layer.id, f"no answer: {type(error).__name__}: {error}")
            else:
                yield Measured(world.seed, site, one, within, near, slow, quick, what)


def differences(world: World, sources: tuple[LayerSource, LayerSource], count: int) -> Iterator[Difference]:
    """Measure sites both ways; yield what is not the same to the last bit."""
    for each in both_ways(world, sources, count):
        if isinstance(each, Difference):
            yield each
            continue
        if each.what is not None:
            yield each.different(each.what)


def what_differs(plain: LayerOverlap, fast: LayerOverlap) -> str | None:
    """Name what of two overlaps is not the same to the last bit."""
    if plain != fast:
        names = [name for name in LayerOverlap.__slots__ if name != "beyond"]
        return ", ".join(name for name in names if getattr(plain, name) != getattr(fast, name))
    if plain.beyond is None or fast.beyond is None:
        return None if plain.beyond is fast.beyond else "beyond"
    for classes in SELECTIONS:
        if plain.beyond(classes, unleveled=True) != fast.beyond(classes, unleveled=True):
            return f"beyond {sorted(classes)}"
    return None


def _layer(source: LayerSource, name: str) -> PlaneLayer:
    found = source.layer(name, on=ON, bounds=WORLD)
    assert not isinstance(found, Unavailable), found
    return found
