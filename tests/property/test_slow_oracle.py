"""Fast answers are those of a slow oracle that takes no short cut; `make soak` asks for 10,000 sites.

Planted faults show that the comparison would find the real ones: each is one that a wrong short cut would make.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from numpy.typing import NDArray

from long_runs import times
from random_world import random_world
from three_ways import Ledger, three_ways
from two_forms import both_sources
from zoning.overlay import certainty, measure, meeting, robust
from zoning.overlay.footprint import Footprint

Patch = Callable[[pytest.MonkeyPatch], None]


def wrong(seed: int, root: Path, sites: int, ledger: Ledger) -> Iterator[tuple[str, str, str]]:
    """Yield site, layer and what differs, of one world."""
    world = random_world(seed, root)
    for each in three_ways(world, both_sources(world, root / ".prepared"), sites, ledger):
        yield each.site.id, each.layer, each.what


@pytest.mark.parametrize("seed", range(1000, times(1002, 1003)))
def test_three_ways_give_the_same_answers(seed: int, tmp_path: Path) -> None:
    ledger = Ledger()
    assert list(wrong(seed, tmp_path, times(8, 12), ledger)) == []
    assert ledger.compared["certainty of"] > 10
    assert sum(ledger.tolerated.values()) < 0.01 * sum(ledger.compared.values())


def edges_too_near(patch: pytest.MonkeyPatch) -> None:
    real = certainty._near_edges
    patch.setattr(certainty, "_near_edges", lambda lines, place, m: real(lines, place, m / 2))


def surroundings_too_small(patch: pytest.MonkeyPatch) -> None:
    real = Footprint.surroundings
    patch.setattr(Footprint, "surroundings", lambda self, m: real(self, m / 10))


def last_zone_dropped(patch: pytest.MonkeyPatch) -> None:
    def meet(zones: Any, place: Any) -> NDArray[Any]:
        found = meeting.meet(zones, place)
        found[-1:] = False
        return found

    patch.setattr(measure, "meet", meet)


def deep_too_soon(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(measure, "doubt_reach_m", lambda accuracy_m: accuracy_m / 2)


def land_lost(patch: pytest.MonkeyPatch) -> None:
    real = robust.union
    patch.setattr(robust, "union", lambda shapes, grid_m=None: real(shapes[:-1] if len(shapes) > 1 else shapes, grid_m))


# Each in a world that shows it with one of its first sites.
FAULTS: list[tuple[Patch, int]] = [
    (edges_too_near, 1003),
    (surroundings_too_small, 1003),
    (last_zone_dropped, 1001),
    (deep_too_soon, 1003),
    (land_lost, 1001),
]


@pytest.mark.parametrize(("fault", "seed"), FAULTS)
def test_a_planted_fault_is_found(fault: Patch, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch)
    _, _, what = next(wrong(seed, tmp_path, 24, Ledger()))
    assert what.startswith("oracle: ")


def test_without_a_fault_the_same_sites_are_in_order(tmp_path: Path) -> None:
    assert list(wrong(1003, tmp_path, 3, Ledger())) == []
