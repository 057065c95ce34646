"""All peers of the benchmark that are installed agree on a small province."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely

from bench import contest, growth
from bench.conductor import Stage
from bench.differences import Compared, compare, differing_distances
from bench.peers.interface import MissingError, Near, Pairs, Peer
from bench.peers.ours import Engine
from bench.peers.pieces import cut, emptier_and_longer_than, more_vertices_than
from bench.peers.plain_shapely import PlainShapely
from bench.peers.register import ENTRIES, PLAYERS
from bench.province.files import Province
from bench.province.layers import NAMES
from bench.province.zones import Geometries
from bench_world import SITES, small_province

ALWAYS = {"ours", "plain", "geopandas"}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    return small_province(tmp_path_factory.mktemp("province"))


@pytest.fixture(scope="module")
def installed(province: Province) -> dict[str, Peer]:
    found = {}
    for name, make in PLAYERS.items():
        try:
            peer = make()
        except MissingError:
            continue
        peer.load(province)
        peer.take(province, SITES)
        found[name] = peer
    return found


@pytest.fixture(scope="module")
def plainest(province: Province) -> dict[str, Pairs]:
    """Every pair by the slowest way there is: no index, no pieces."""
    sites = province.sites(SITES).geometries
    shapely.prepare(sites)
    found = {}
    for name in NAMES:
        zones = province.geometries(name)
        site, zone = np.nonzero(shapely.intersects(sites[:, None], zones[None]))
        areas = np.asarray(shapely.area(shapely.intersection(sites[site], zones[zone])))
        found[name] = Pairs(site, zone, areas)
    return found


def disputes(province: Province, ours: dict[str, Pairs], theirs: dict[str, Pairs]) -> Compared:
    sites = province.sites(SITES).geometries
    found = Compared("peer")
    for name in NAMES:
        compare(found, name, ours[name], theirs[name], (sites, province.layer(name).shapes.one))
    return found


def test_the_peers_that_need_nothing_more_are_there(installed: dict[str, Peer]) -> None:
    assert installed.keys() >= ALWAYS


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_installed_peer_finds_the_same(
    province: Province, installed: dict[str, Peer], plainest: dict[str, Pairs], entry: str
) -> None:
    peer = installed.get(ENTRIES[entry].player)
    if peer is None:
        # Optional, not needed for any other test: said by the benchmark, not skipped here.
        assert ENTRIES[entry].player not in ALWAYS
        return
    for name, value in ENTRIES[entry].settings.items():
        setattr(peer, name, value)
    found = disputes(province, peer.overlay(), plainest)
    assert found.pairs > 1_000
    assert (found.wrong_by_us, found.wrong_by_them) == (0, 0)


def test_our_relations_are_those_of_geos(province: Province, installed: dict[str, Peer]) -> None:
    from bench.peers.ours import relation_by_geos

    ours = installed["ours"]
    assert isinstance(ours, Engine)
    sites = province.sites(SITES).geometries
    seen: set[int] = set()
    for name, pairs in ours.overlay().items():
        zones = province.layer(name).shapes.some(pairs.zones)
        assert ours.relations[name].tolist() == relation_by_geos(sites[pairs.sites], zones).tolist(), name
        seen.update(ours.relations[name].tolist())
    assert seen == {0, 1, 2, 3}


def test_the_nearest_zones_are_those_of_the_plainest_way(province: Province, installed: dict[str, Peer]) -> None:
    some = 40
    sites = province.sites(SITES).geometries[:some]
    expected = {}
    for name in ("water", "rivers"):
        metres = shapely.distance(sites[:, None], province.geometries(name)[None]).min(axis=1)
        near = np.flatnonzero(metres <= contest.LIMIT_M)
        assert len(near)
        expected[name] = Near(near, metres[near])
    for entry in ("ours", "c", "c-cut"):
        peer = installed[ENTRIES[entry].player]
        assert isinstance(peer, Engine | PlainShapely)
        for name, value in ENTRIES[entry].settings.items():
            setattr(peer, name, value)
        found = peer.nearest(contest.LIMIT_M)
        for name, nearest in expected.items():
            first = found[name].sites < some
            mine = Near(found[name].sites[first], found[name].distances_m[first])
            assert differing_distances(mine, nearest) == 0


def test_a_wrong_answer_of_ours_fails_the_contest(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    true = Stage.pairs

    def planted(stage: Stage, entry: str) -> dict[str, Pairs]:
        found = true(stage, entry)
        if entry == "ours":
            units = found["units"]
            wrong = units.areas_m2.copy()
            wrong[np.where(wrong > 100, wrong, np.inf).argmin()] *= 1 + 3e-9
            found["units"] = Pairs(units.sites, units.zones, wrong)
        return found

    monkeypatch.setattr(Stage, "pairs", planted)
    result = contest.hold(province, 30, 1, ("ours", "plain"), say=lambda _: None)
    assert "1 pairs differ from c and exact arithmetic" in result.faults
    assert {(one.wrong_by_us, one.wrong_by_them) for one in result.compared} == {(1, 0)}
    assert any(row.what.startswith("ours against c") for row in contest.rows(result, "test"))


def test_growth_compares_the_same_parcels(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "_ROUNDS", 1)
    measured = growth.measure(province.cache, (1_000, 2_000), province.size)
    assert {way: list(by) for way, by in measured.items()} == {"ours": [1_000, 2_000], "c": [1_000, 2_000]}


@pytest.mark.parametrize(
    ("test", "shape"),
    [
        (more_vertices_than(16), shapely.Point(0, 0).buffer(1_000, quad_segs=64)),
        (emptier_and_longer_than(0.1, 200.0), shapely.LineString([(0, 0), (3_000, 2_500)]).buffer(10)),
    ],
)
def test_pieces_make_up_the_whole(test: Callable[[Geometries], np.ndarray], shape: shapely.Polygon) -> None:
    pieces, owner = cut(np.array([shape], dtype=object), test)
    assert len(pieces) > 8
    assert not test(pieces).any()
    assert set(owner.tolist()) == {0}
    assert shapely.area(pieces).sum() == pytest.approx(shape.area, rel=1e-12)
