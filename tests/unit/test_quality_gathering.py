"""Faults as they are gathered: all counted, a hundred kept, worst first, each with its place on the map."""

import pytest
from pyproj import Transformer

from zoning.quality.faults import MOST_LISTED, Fault, Gathering, Place, Spot, placed, spelled
from zoning.quality.kinds import KINDS, ORDER, REPAIRED_BY, SEVERITIES
from zoning.texts import Text

SAID = Text("某", "some")
ZONE = "EPSG:4525"


def gathered(faults: Gathering) -> list[tuple[str, str]]:
    return [(fault.kind, fault.severity) for fault in faults.faults(ZONE, geographic=False)]


# --- counting and keeping


@pytest.mark.parametrize(("count", "kept"), [(0, 0), (1, 1), (99, 99), (100, 100), (101, 100), (250, 100)])
def test_all_are_counted_and_a_hundred_kept(count: int, kept: int) -> None:
    faults = Gathering()
    yielded = []
    for item in faults.each("spike", list(range(count))):
        faults.keep("spike", SAID)
        yielded.append(item)
    assert yielded == list(range(kept))
    assert faults.counts["spike"] == count
    assert len(gathered(faults)) == kept
    assert MOST_LISTED == 100


def test_what_was_not_found_is_not_counted_at_all() -> None:
    faults = Gathering()
    assert list(faults.each("spike", [])) == []
    assert dict(faults.counts) == {}


def test_items_come_in_several_goes() -> None:
    faults = Gathering()
    for start in (0, 60):
        for _ in faults.each("spike", list(range(start, start + 60))):
            faults.keep("spike", SAID)
    assert faults.counts["spike"] == 120
    assert len(gathered(faults)) == 100


def test_kinds_do_not_take_room_from_each_other() -> None:
    faults = Gathering()
    for kind in ("spike", "long-edge"):
        for _ in range(101):
            faults.add(kind, SAID)
    assert dict(faults.counts) == {"spike": 101, "long-edge": 101}
    assert [kind for kind, _ in gathered(faults)] == ["spike"] * 100 + ["long-edge"] * 100


def test_a_fault_that_was_added_is_whole() -> None:
    faults = Gathering()
    faults.add("long-edge", SAID, [Spot(37_627_000.0, 3_930_000.0, 2, 5)], amount=12.5)
    (found,) = faults.faults(ZONE, geographic=False)
    assert (found.kind, found.severity, found.text, found.amount) == ("long-edge", "warning", SAID, 12.5)
    assert [(place.ring, place.vertex) for place in found.places] == [(2, 5)]
    assert found.title == Text("过长的边", "very long edge")


def test_the_severity_is_that_of_the_kind_unless_it_is_said() -> None:
    faults = Gathering()
    faults.add("spike", SAID)
    faults.add("spike", SAID, severity="note")
    assert gathered(faults) == [("spike", "error"), ("spike", "note")]


def test_worst_come_first_then_the_order_of_kinds_then_as_found() -> None:
    faults = Gathering()
    given = ["short-edge", "long-edge", "spike", "self-crossing", "tiny-part", "spike"]
    for number, kind in enumerate(given):
        faults.add(kind, Text(str(number), str(number)))
    found = faults.faults(ZONE, geographic=False)
    assert [(fault.kind, fault.text.en) for fault in found] == [
        ("self-crossing", "3"),
        ("spike", "2"),
        ("spike", "5"),
        ("tiny-part", "4"),
        ("long-edge", "1"),
        ("short-edge", "0"),
    ]


def test_places_go_with_their_faults_when_these_are_sorted() -> None:
    faults = Gathering()
    faults.add("short-edge", SAID, [Spot(37_627_001.0, 3_930_001.0), Spot(37_627_002.0, 3_930_002.0)])
    faults.add("stated-area", SAID)
    faults.add("spike", SAID, [Spot(37_627_003.0, 3_930_003.0)])
    found = faults.faults(ZONE, geographic=False)
    assert [[place.x - 37_627_000 for place in fault.places] for fault in found] == [[3.0], [], [1.0, 2.0]]


# --- places


def test_no_spots_are_no_places() -> None:
    assert placed([], "no system at all", geographic=False) == []


def test_a_place_knows_its_longitude_and_latitude() -> None:
    lon, lat = Transformer.from_crs(4525, 4490, always_xy=True).transform(37_627_000.0, 3_930_000.0)
    (found,) = placed([Spot(37_627_000.0, 3_930_000.0, 1, 2)], ZONE, geographic=False)
    assert (found.lon, found.lat) == pytest.approx((lon, lat), abs=6e-9)
    assert (found.x, found.y, found.ring, found.vertex, found.line) == (37_627_000.0, 3_930_000.0, 1, 2, None)


@pytest.mark.parametrize(
    ("geographic", "x", "rounded"),
    [(False, 37_627_000.123449, 37_627_000.1234), (False, 0.00005001, 0.0001), (True, 112.1234567894, 112.123456789)],
)
def test_places_are_rounded_to_a_tenth_of_a_millimetre(geographic: bool, x: float, rounded: float) -> None:
    crs = "EPSG:4490" if geographic else ZONE
    (found,) = placed([Spot(x, 35.0 if geographic else 3_930_000.0)], crs, geographic=geographic)
    assert found.x == rounded
    assert found.lon == round(found.lon, 8)


@pytest.mark.parametrize(
    ("x", "y", "degrees"),
    [
        (112.4, 35.5, True),
        (180.0, 90.0, True),
        (-180.0, -90.0, True),
        (180.1, 35.0, False),
        (112.0, 90.1, False),
        (37_627_000.0, 3_930_000.0, False),
        (-180.1, 0.0, False),
    ],
)
def test_degrees_are_spelled_as_degrees_and_metres_north_first(x: float, y: float, degrees: bool) -> None:
    found = spelled(Place(x, y, 112.4, 35.5))
    if degrees:
        assert found == Text("112.4000000°E，35.5000000°N", "112.4000000°E, 35.5000000°N")
    else:
        assert found == Text(f"X={y:.3f}，Y={x:.3f}", f"X={y:.3f} (north), Y={x:.3f} (east)")


# --- the kinds


def test_errors_are_listed_before_warnings_and_those_before_notes() -> None:
    worst = list(SEVERITIES)
    assert worst == ["error", "warning", "note"]
    ranks = [worst.index(kind.severity) for kind in KINDS.values()]
    assert ranks == sorted(ranks)


def test_every_kind_has_a_place_in_the_order_and_a_name_of_its_own() -> None:
    assert sorted(ORDER, key=ORDER.__getitem__) == list(KINDS)
    for language in ("zh", "en"):
        assert len({kind.title.get(language) for kind in KINDS.values()}) == len(KINDS)


def test_repairs_answer_kinds_that_there_are() -> None:
    assert {kind for kinds in REPAIRED_BY.values() for kind in kinds} <= set(KINDS)


@pytest.mark.parametrize(
    "kind", ["self-crossing", "spike", "hole-outside", "nested-parts", "overlapping-parts", "collapsed-part"]
)
def test_faults_that_change_the_area_are_answered_by_a_repair(kind: str) -> None:
    assert any(kind in kinds for kinds in REPAIRED_BY.values())


def test_a_fault_without_a_place_has_none() -> None:
    assert Fault("stated-area", "warning", SAID).places == ()
