"""Geometries out of mapped arrays: any way of asking, equal to the last bit, and never too many in memory."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from prepared_world import DAY, catalogue_in, store_in
from zoning.errors import LayerError
from zoning.overlay.kernel.zones import PackedZones
from zoning.overlay.prepared import zone_arrays
from zoning.overlay.prepared.container import DamagedError
from zoning.overlay.prepared.soundness import check_kinds, check_zones
from zoning.overlay.prepared.zone_arrays import MappedZones, Room, arrays_of

COUNT = 50


def boxes() -> Any:
    west = np.arange(float(COUNT))
    return shapely.box(west, np.full(COUNT, 0.1), west + 0.7, west + 0.3)


@pytest.fixture
def zones() -> MappedZones:
    return MappedZones(PackedZones.of(boxes()), Room())


@pytest.mark.parametrize(
    "asked",
    [
        0,
        -1,
        np.int64(7),
        slice(3, 40, 5),
        slice(None),
        [1, 1, 49],
        np.asarray([4, -50, 3]),
        np.asarray([], dtype=np.int64),
        np.arange(COUNT) % 3 == 0,
        np.zeros(COUNT, dtype=bool),
    ],
)
def test_every_way_of_asking_gives_what_an_array_gives(zones: MappedZones, asked: Any) -> None:
    for _ in range(2):
        mine, theirs = zones[asked], boxes()[asked]
        assert np.shape(mine) == np.shape(theirs)
        assert np.all(shapely.to_wkb(mine) == shapely.to_wkb(theirs))
        assert np.all(shapely.is_prepared(mine))


@pytest.mark.parametrize("asked", [COUNT, -COUNT - 1, [0, COUNT], np.ones(COUNT - 1, dtype=bool)])
def test_zones_that_are_not_there(zones: MappedZones, asked: Any) -> None:
    with pytest.raises(IndexError):
        zones[asked]


def test_the_last_ones_are_kept_and_no_more_than_there_is_room_for(
    zones: MappedZones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone_arrays, "_MOST_VERTICES", 5 * 10)
    first = zones[0]
    assert zones[0] is first
    for number in range(1, 10):
        zones[number]
        assert zones[0] is first  # asked for again and again
    assert zones[9] is zones[[9]][0]
    zones[20:40]
    assert zones[0] is not first
    assert len(zones._room) <= 10
    assert zones._room.vertices == 5 * len(zones._room)


def test_all_layers_share_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone_arrays, "_MOST_VERTICES", 5 * 10)
    room = Room()
    layers = [MappedZones(PackedZones.of(boxes()), room) for _ in range(3)]
    for number in range(30):
        found = [layer[number] for layer in layers]
        # None of them is taken for that of another layer.
        assert len({id(zone) for zone in found}) == 3
        assert [shapely.to_wkb(zone) for zone in found] == [shapely.to_wkb(boxes()[number])] * 3
    assert (len(room), room.vertices) == (10, 50)


def test_the_layers_of_a_store_share_one_room(tmp_path: Path) -> None:
    catalogue = catalogue_in(tmp_path)
    store_in(catalogue).prepare()
    store = store_in(catalogue)
    opened = [store.open(name, DAY) for name in catalogue.layers]
    zones = [layer.geometries for layer in opened if layer is not None]
    rooms = [each._room for each in zones if isinstance(each, MappedZones)]
    assert len(rooms) == 4
    assert len({id(room) for room in rooms}) == 1


def test_one_zone_larger_than_the_room(zones: MappedZones, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone_arrays, "_MOST_VERTICES", 3)
    assert shapely.to_wkb(zones[5]) == shapely.to_wkb(boxes()[5])
    assert len(zones._room) == 0


def test_who_asks_for_very_many_gets_them_without_their_being_kept(
    zones: MappedZones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone_arrays, "_MOST_AT_ONCE", 10)
    assert shapely.to_wkb(zones[:]).tolist() == shapely.to_wkb(boxes()).tolist()
    assert len(zones._room) == 0


def test_threads_share_them(zones: MappedZones, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone_arrays, "_MOST_VERTICES", 5 * 7)
    wrong: list[int] = []

    def ask(seed: int) -> None:
        chance = np.random.default_rng(seed)
        for _ in range(200):
            wanted = chance.integers(0, COUNT, 4)
            if not (shapely.get_x(shapely.centroid(zones[wanted])).round(2) == (wanted + 0.35).round(2)).all():
                wrong.append(seed)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_zones_of_mixed_kinds_are_refused_with_a_sentence() -> None:
    mixed = np.asarray([shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])], dtype=object)
    with pytest.raises(LayerError, match="mixed kinds \\(LineString, Polygon\\)"):
        arrays_of([mixed], np.zeros(2, dtype=np.int64), np.zeros(2, dtype=bool))


HOLED: Any = shapely.box(0, 0, 1, 1).difference(shapely.box(0.2, 0.2, 0.3, 0.3))
KINDS: dict[str, list[BaseGeometry]] = {
    "round": [shapely.Point(n, n).buffer(0.3, quad_segs=40) for n in range(20)],
    "with holes": [HOLED, shapely.MultiPolygon([HOLED, shapely.box(2, 2, 3, 3)])],
    "empty": [shapely.Polygon(), shapely.MultiPolygon(), HOLED],
    "lines": [shapely.LineString([(n, 0), (n, 1), (n, 3)]) for n in range(20)],
    "lines of parts": [shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]), shapely.LineString()],
}


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("count", [0, 1, 2, 16, 17, 300])
def test_what_the_kernel_packs_is_sound(kind: str, count: int) -> None:
    """Who looks at strange files has to know how ours are laid out, in every case."""
    zones = np.empty(count, dtype=object)
    zones[:] = [KINDS[kind][n % len(KINDS[kind])] for n in range(count)]
    classes, assumed = np.arange(count) % 70, np.arange(count) % 2 == 0
    arrays = arrays_of([zones], classes, assumed)
    check_kinds(arrays)
    check_zones(arrays, classes, assumed, 70)
    if count > 1:
        with pytest.raises(DamagedError):
            check_zones(arrays, classes, ~assumed, 70)
        with pytest.raises(DamagedError):
            check_zones(arrays, classes, assumed, 1)
