"""The long proof of advice in short: some random sites of the built-in workspace, and that it notices what is wrong.

300 sites: scripts/soak_advice.py.
"""

import numpy as np
import pytest

import soak_advice
from long_runs import times
from soak_advice import TERMS, Bench, Ledger, one_site
from zoning.advice.placement import placements
from zoning.advice.scene import Scene
from zoning.advice.search import Displacement, Outcome, Search
from zoning.check import Refusal
from zoning.sites.site import Site


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench.open()


@pytest.fixture(autouse=True)
def _fewer_displacements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak_advice, "TRIED", times(6, soak_advice.TRIED))


# By chance: one whose unit's access list prohibits, one near another county, one that is free, one without a place.
@pytest.mark.parametrize("seed", [25, 5, 159, 19, 1, 22, 127][: times(4, 7)])
def test_advice_on_a_random_site_holds(bench: Bench, seed: int) -> None:
    ledger = Ledger()
    one_site(bench, seed, ledger)
    assert ledger.wrong == []
    assert ledger.sites == 1


@pytest.fixture(scope="module")
def moved(bench: Bench) -> int:
    """Return the seed of the first site that has to be moved and can be."""
    for seed in range(1, 60):
        chance = np.random.default_rng(seed)
        facts, site = bench.facts(chance), bench.site(chance, seed)
        examined = next(bench.second.check([(site, facts)]))
        if not isinstance(examined, Refusal) and examined.verdict.decision == "prohibited":
            found = placements(
                Scene.around(bench.content, examined.footprint, facts, 1_500.0, examined), TERMS, "known"
            )
            if found.moved is not None and found.moved.displacement.distance_m > 100:
                return seed
    raise AssertionError


def test_a_place_that_is_farther_than_it_need_be_is_noticed(
    bench: Bench, moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearest = Search.nearest

    def too_far(self: Search, shape: object, radius_m: float) -> Outcome:
        found = nearest(self, shape, radius_m)  # type: ignore[arg-type]  # bound to the double
        if found.displacement is None or found.displacement.distance_m == 0:
            return found
        return Outcome(None, found.resolution_m, found.squares)

    monkeypatch.setattr(Search, "nearest", too_far)
    ledger = Ledger()
    one_site(bench, moved, ledger)
    # Nothing was said to be there; of the displacements that are tried some are.
    assert any("nearer than the place and clear" in line for line in ledger.wrong)


def test_a_place_that_is_not_clear_is_never_written(bench: Bench, moved: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Search, "nearest", lambda *_: Outcome(Displacement(0.0, 0.0), 1.0, 1))
    ledger = Ledger()
    one_site(bench, moved, ledger)
    assert not any("said" in line for line in ledger.wrong)
    assert ledger.dropped > 0


def test_the_random_sites_are_of_every_kind(bench: Bench) -> None:
    chance = np.random.default_rng(3)
    sites: list[Site] = [bench.site(chance, number) for number in range(40)]
    kinds = {one.geometry.geom_type for one in sites}
    assert kinds == {"Polygon", "MultiPolygon"}
