"""The same site measured against a layer read from its file, and against the prepared form of that layer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from overlay_world import PLANE
from random_world import CLASSES, World, random_sites
from zoning.layers.datum import WORLD
from zoning.layers.reader import Unavailable
from zoning.overlay.footprint import Footprint
from zoning.overlay.measure import measure
from zoning.overlay.overlap import LayerOverlap
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.prepared.store import PreparedStore
from zoning.overlay.source import LayerSource
from zoning.sites.site import Site

ON = date(2024, 1, 1)
SEARCH_M = 3_000.0
_SOME = (frozenset(CLASSES[:1]), frozenset(CLASSES))


@dataclass(frozen=True, slots=True)
class Difference:
    """One site against one layer that came out differently."""

    seed: int
    site: Site
    plain: LayerOverlap
    fast: LayerOverlap
    what: str


def both_sources(world: World, folder: Path) -> tuple[LayerSource, LayerSource]:
    """Return the source of windows and the source of prepared layers, prepared now."""
    store = PreparedStore(folder, world.catalogue, PLANE)
    outcomes = store.prepare()
    assert {outcome.state for outcome in outcomes} <= {"built", "current"}, outcomes
    return LayerSource(world.catalogue, PLANE), LayerSource(world.catalogue, PLANE, store)


def differences(world: World, sources: tuple[LayerSource, LayerSource], count: int) -> Iterator[Difference]:
    """Measure sites both ways; yield what is not the same to the last bit."""
    plain, fast = ([_layer(source, name) for name in world.names] for source in sources)
    for site in random_sites(world, 1, count):
        # Each side makes its own footprint: nothing that one computed can reach the other.
        one, other = Footprint.of(site, PLANE), Footprint.of(site, PLANE)
        for near, prepared in zip(plain, fast, strict=True):
            slow = measure(one, near, search_m=SEARCH_M, tolerance_m2=1.0)
            quick = measure(other, prepared, search_m=SEARCH_M, tolerance_m2=1.0)
            what = _what_differs(slow, quick)
            if what is not None:
                yield Difference(world.seed, site, slow, quick, what)


def _layer(source: LayerSource, name: str) -> PlaneLayer:
    found = source.layer(name, on=ON, bounds=WORLD)
    assert not isinstance(found, Unavailable), found
    return found


def _what_differs(slow: LayerOverlap, quick: LayerOverlap) -> str | None:
    if slow != quick:
        names = [name for name in LayerOverlap.__slots__ if name != "beyond"]
        return ", ".join(name for name in names if getattr(slow, name) != getattr(quick, name))
    if slow.beyond is None or quick.beyond is None:
        return None if slow.beyond is quick.beyond else "beyond"
    for classes in _SOME:
        if slow.beyond(classes, unleveled=True) != quick.beyond(classes, unleveled=True):
            return f"beyond {sorted(classes)}"
    return None
