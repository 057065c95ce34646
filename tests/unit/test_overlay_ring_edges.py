"""The edges of one ring: where it turns back on its own way, and which of its edges meet."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
import shapely

from zoning.errors import TangledError
from zoning.overlay.ring_edges import meeting_edges, out_and_back, refuse_tangle

Points = Sequence[tuple[float, float]]


def spikes(ring: Points) -> list[list[int]]:
    return out_and_back(np.asarray(ring, dtype=float))


def meetings(ring: Points) -> list[list[int]]:
    return sorted(meeting_edges(np.asarray(ring, dtype=float)).tolist())


def brute_meetings(ring: Points) -> list[list[int]]:
    """Return the pairs of edges that meet, each asked by itself."""
    count = len(ring)
    edges = [shapely.LineString([ring[number], ring[(number + 1) % count]]) for number in range(count)]
    apart = [pair for pair in combinations(range(count), 2) if (pair[1] - pair[0]) % count not in (1, count - 1)]
    return [list(pair) for pair in apart if edges[pair[0]].intersects(edges[pair[1]])]


def star(count: int, step: int) -> list[tuple[float, float]]:
    angles = 2 * np.pi * np.arange(count) * step / count
    return list(zip((1000 * np.cos(angles)).tolist(), (1000 * np.sin(angles)).tolist(), strict=True))


SQUARE: Points = [(0, 0), (10, 0), (10, 10), (0, 10)]


# --- out and back


@pytest.mark.parametrize(
    "ring",
    [
        SQUARE,
        [(0, 0), (5, 0), (10, 0), (10, 10), (0, 10)],
        [(0, 0), (10, 0), (5, 1e-6), (10, 10)],
        [(0, 0), (10, 0), (0, 10)],
    ],
)
def test_a_ring_that_never_turns_back_has_no_spikes(ring: Points) -> None:
    assert spikes(ring) == []


def test_a_spike_goes_with_its_tip_and_the_way_back() -> None:
    # Vertex 3 is the tip; 4 is where the spike began, written once more.
    assert spikes([(0, 0), (10, 0), (10, 5), (18, 5), (10, 5), (10, 10), (0, 10)]) == [[3, 4]]


def test_a_spike_whose_root_is_not_written_twice_loses_its_tip_alone() -> None:
    assert spikes([(0, 0), (10, 0), (10, 5), (10, 3), (0, 10)]) == [[2]]


def test_what_becomes_a_tip_when_a_tip_is_taken_goes_as_well() -> None:
    ring = [(0, 0), (10, 0), (10, 5), (14, 5), (18, 5), (14, 5), (10, 5), (10, 10), (0, 10)]
    (found,) = spikes(ring)
    assert found[0] == 4
    assert sorted(found) == [3, 4, 5, 6]


def test_a_spike_around_a_corner_is_one() -> None:
    ring = [(0, 0), (10, 0), (10, 5), (14, 5), (14, 9), (14, 5), (10, 5), (10, 10), (0, 10)]
    (found,) = spikes(ring)
    assert sorted(found) == [3, 4, 5, 6]


def test_a_spike_at_the_end_of_the_list_is_found_as_well() -> None:
    assert spikes([(0, 0), (10, 0), (10, 10), (0, 10), (0, -4)]) == [[4]]


def test_several_spikes_come_in_the_order_of_their_tips() -> None:
    ring = [(0, 0), (5, 0), (5, -3), (5, 0), (10, 0), (10, 10), (5, 10), (5, 13), (5, 10), (0, 10)]
    assert [found[0] for found in spikes(ring)] == [2, 7]


@pytest.mark.parametrize("ring", [[(0, 0), (10, 0), (5, 0)], [(0, 0), (10, 0), (20, 0), (10, 0)], [(0, 0), (1, 1)]])
def test_of_a_ring_that_is_nothing_but_a_spike_three_vertices_are_left(ring: Points) -> None:
    taken = [vertex for spike in spikes(ring) for vertex in spike]
    assert len(ring) - len(taken) == min(3, len(ring))


@pytest.mark.parametrize(("aside", "spike"), [(0.0, True), (0.9e-6, True), (1.1e-6, False), (1e-3, False)])
def test_a_micrometre_beside_ten_kilometres_is_the_same_way(aside: float, spike: bool) -> None:
    # Sine of the angle at the tip: the distance aside by the length.
    ring = [(0, 0), (10_000, 0), (0, aside), (-500, 5000), (-5000, 0)]
    assert (spikes(ring) != []) is spike


def test_the_vertices_are_not_changed() -> None:
    xy = np.asarray([(0, 0), (10, 0), (10, 5), (18, 5), (10, 5), (10, 10)], dtype=float)
    before = xy.copy()
    out_and_back(xy)
    assert (xy == before).all()


# --- edges that meet


@pytest.mark.parametrize("ring", [SQUARE, [(0, 0), (10, 0), (0, 10)], star(40, 1)])
def test_edges_that_follow_each_other_do_not_count(ring: Points) -> None:
    assert meetings(ring) == []


@pytest.mark.parametrize(
    ("ring", "pairs"),
    [
        ([(0, 0), (10, 10), (10, 0), (0, 10)], [[0, 2]]),
        # A corner on an edge meets with both of its edges.
        ([(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)], [[0, 2], [0, 3]]),
        # Two corners at one place.
        ([(0, 0), (5, 5), (10, 0), (10, 10), (5, 5), (0, 10)], [[0, 3], [0, 4], [1, 3], [1, 4]]),
    ],
)
def test_each_pair_is_told_once_the_smaller_first(ring: Points, pairs: list[list[int]]) -> None:
    assert meetings(ring) == pairs


@pytest.mark.parametrize(("count", "step"), [(5, 2), (7, 3), (11, 4), (41, 20)])
def test_stars_agree_with_asking_every_pair(count: int, step: int) -> None:
    ring = star(count, step)
    assert meetings(ring) == brute_meetings(ring)
    # Every edge of {n/k} crosses 2 (k - 1) others.
    assert len(meetings(ring)) == count * (step - 1)


@pytest.mark.parametrize("seed", range(6))
def test_random_rings_agree_with_asking_every_pair(seed: int) -> None:
    ring = np.random.default_rng(seed).integers(0, 12, (14, 2)).tolist()
    distinct = [point for number, point in enumerate(ring) if point != ring[number - 1]]
    assert meetings(distinct) == brute_meetings(distinct)


def test_as_many_meetings_as_allowed_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = star(11, 4)  # 33 meetings
    monkeypatch.setattr("zoning.overlay.ring_edges.MOST_MEETINGS", 33)
    assert len(meetings(ring)) == 33
    monkeypatch.setattr("zoning.overlay.ring_edges.MOST_MEETINGS", 32)
    with pytest.raises(TangledError) as caught:
        meetings(ring)
    assert "32" in caught.value.get("zh")
    assert "32" in caught.value.get("en")


def test_a_long_tangle_is_refused_by_a_sample_of_its_edges() -> None:
    ring = np.asarray(star(2001, 1000))
    with pytest.raises(TangledError):
        refuse_tangle(ring)
    with pytest.raises(TangledError):
        meeting_edges(ring)


def test_a_long_plain_border_is_no_tangle() -> None:
    ring = np.asarray(star(2500, 1))
    refuse_tangle(ring)
    assert len(meeting_edges(ring)) == 0
