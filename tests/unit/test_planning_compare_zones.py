"""Zones of two editions: matched by id, then by the ground they share; and what differs between partners."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely

from zoning.planning.compare.flows import Flow, Flows
from zoning.planning.compare.verdict_diff import chunks, sample
from zoning.planning.compare.zone_changes import Shared, ZoneTable, areas_of, zone_changes

Record = tuple[str, str, str, dict[str, str], shapely.Polygon]
BOX = shapely.box(0, 0, 10, 10)


def record(
    zone_id: str, shape: shapely.Polygon = BOX, name: str = "区", class_id: str = "one", **fields: str
) -> Record:
    return zone_id, name, class_id, fields, shape


def edition(*records: Record) -> Any:
    shapes = np.array([*(shape for *_, shape in records), None], dtype=object)[:-1]
    return SimpleNamespace(
        ids=[one[0] for one in records],
        names=[one[1] for one in records],
        class_ids=[one[2] for one in records],
        attributes=[one[3] for one in records],
        whole=lambda: shapes,
        layer=SimpleNamespace(geometry="polygon"),
    )


def compared(
    before: Sequence[Record], after: Sequence[Record], shared: dict[tuple[str, str], float] | None = None, **more: Any
) -> ZoneTable:
    """Compare two editions; what is not said to be shared is worked out from the shapes."""
    a, b = edition(*before), edition(*after)
    found: dict[tuple[str, str], float] = {}
    for one in before:
        for other in after:
            area = shapely.intersection(one[4], other[4]).area
            if area > 0:
                found[one[0], other[0]] = found.get((one[0], other[0]), 0.0) + area
    common = Shared(found if shared is None else shared)
    return zone_changes(a, b, common, (areas_of(a), areas_of(b)), **more)


def told(table: ZoneTable) -> list[tuple[str, str | None, str | None, tuple[str, ...]]]:
    return [(one.kind, one.id_a, one.id_b, one.what) for one in table.changes]


def test_an_edition_that_is_the_same_has_no_change() -> None:
    zones = [record("Z1"), record("Z2", shapely.box(20, 0, 30, 10), note="x")]
    table = compared(zones, zones)
    assert (table.changes, table.unchanged, table.redrawn) == ((), 2, 0)


def test_nothing_compared_with_nothing() -> None:
    assert compared([], []) == ZoneTable((), 0, 0)


@pytest.mark.parametrize(
    ("after", "kind", "what"),
    [
        (record("Z1", name="新名"), "renamed", ("name",)),
        (record("Z1", class_id="two"), "changed", ("class",)),
        (record("Z1", shapely.box(0, 0, 10, 9)), "changed", ("geometry",)),
        (record("Z1", note="x"), "changed", ("attribute:note",)),
        (record("Z1", name="新名", class_id="two"), "changed", ("name", "class")),
        (record("Z1", shapely.box(0, 0, 10, 9), "新名", "two", note="x"), "changed",
         ("name", "class", "geometry", "attribute:note")),
    ],
)  # fmt: skip
def test_what_differs_is_named(after: Record, kind: str, what: tuple[str, ...]) -> None:
    assert told(compared([record("Z1")], [after])) == [(kind, "Z1", "Z1", what)]


def test_attributes_that_differ_are_named_one_by_one() -> None:
    before, after = record("Z1", a="1", b="2", c="3"), record("Z1", a="1", b="4", d="5")
    assert told(compared([before], [after])) == [("changed", "Z1", "Z1", ("attribute:b", "attribute:c", "attribute:d"))]


def test_the_same_values_in_another_combination_name_all_fields_that_vary() -> None:
    before = [record("Z1", a="1", b="1"), record("Z1", a="2", b="2")]
    after = [record("Z1", a="1", b="2"), record("Z1", a="2", b="1")]
    assert told(compared(before, after, {("Z1", "Z1"): 200.0})) == [
        ("changed", "Z1", "Z1", ("attribute:a", "attribute:b"))
    ]


def test_other_vertices_on_the_same_ground_are_redrawn() -> None:
    finer = shapely.segmentize(BOX, 3.0)
    table = compared([record("Z1")], [record("Z1", finer)])
    assert (table.changes, table.unchanged, table.redrawn) == ((), 1, 1)
    both = compared([record("Z1")], [record("Z1", finer, "新名")])
    assert (told(both), both.unchanged, both.redrawn) == ([("renamed", "Z1", "Z1", ("name",))], 0, 1)


def test_a_zone_that_moved_elsewhere_has_other_borders_though_it_is_as_large() -> None:
    assert told(compared([record("Z1")], [record("Z1", shapely.box(50, 0, 60, 10))])) == [
        ("changed", "Z1", "Z1", ("geometry",))
    ]


@pytest.mark.parametrize(("wider", "what"), [(1e-8, ()), (1e-6, ("geometry",))])
def test_a_difference_that_rounding_makes_is_none(wider: float, what: tuple[str, ...]) -> None:
    table = compared([record("Z1")], [record("Z1", shapely.box(0, 0, 10 + wider, 10))])
    assert [one.what for one in table.changes] == ([what] if what else [])


def test_zones_without_a_partner_are_added_and_removed() -> None:
    table = compared(
        [record("Z1")], [record("Y2", shapely.box(50, 0, 60, 10)), record("Y1", shapely.box(90, 0, 95, 5))]
    )
    assert told(table) == [("added", None, "Y1", ()), ("added", None, "Y2", ()), ("removed", "Z1", None, ())]
    added = table.changes[0]
    assert (added.area_a, added.area_b, added.shared, added.matched_by) == (0.0, 25.0, 0.0, None)
    assert (added.name_a, added.name_b, added.classes_a, added.classes_b) == ("", "区", (), ("one",))


@pytest.mark.parametrize(
    ("after", "same"),
    [
        # Of 100 m² and 100 m²: in common 70 of 130, 67 of 133, 66 of 134.
        (shapely.box(3, 0, 13, 10), True),
        (shapely.box(3.3, 0, 13.3, 10), True),
        (shapely.box(3.4, 0, 13.4, 10), False),
        # Half of what both cover is not more than a half.
        (shapely.box(0, 0, 10, 5), False),
        (shapely.box(0, 0, 10, 5.001), True),
        (shapely.box(0, 0, 10, 20), False),
    ],
)
def test_zones_with_other_ids_are_the_same_where_they_share_more_than_half(after: shapely.Polygon, same: bool) -> None:
    table = compared([record("Z1")], [record("Y1", after)])
    assert [one.matched_by for one in table.changes] == (["area"] if same else [None, None])


def test_a_zone_that_only_got_another_id_is_renamed() -> None:
    (found,) = compared([record("Z1")], [record("Y1")]).changes
    assert (found.kind, found.matched_by, found.id_a, found.id_b, found.what) == (
        "renamed",
        "area",
        "Z1",
        "Y1",
        ("id",),
    )
    assert (found.area_a, found.area_b, found.shared) == (100.0, 100.0, 100.0)


def test_a_zone_that_kept_its_id_is_no_partner_of_another() -> None:
    before, after = [record("Z1")], [record("Z1", shapely.box(50, 0, 60, 10)), record("Y1")]
    assert told(compared(before, after)) == [
        ("added", None, "Y1", ()),
        ("changed", "Z1", "Z1", ("geometry",)),
    ]


def test_a_stricter_share_finds_fewer_partners() -> None:
    before, after = [record("Z1")], [record("Y1", shapely.box(2, 0, 12, 10))]
    assert len(compared(before, after).changes) == 1
    assert len(compared(before, after, share=0.9).changes) == 2


def test_records_of_one_id_are_one_zone() -> None:
    before = [record("Z1", shapely.box(0, 0, 10, 10), "甲"), record("Z1", shapely.box(20, 0, 30, 10), "乙", "two")]
    (found,) = compared(before, [record("Z1", shapely.box(0, 0, 10, 10), "甲")]).changes
    assert (found.name_a, found.classes_a, found.area_a) == ("乙 / 甲", ("one", "two"), 200.0)
    assert found.what == ("name", "class", "geometry")


def test_the_order_of_records_is_no_change() -> None:
    zones = [record("Z1", shapely.box(0, 0, 5, 10)), record("Z1", shapely.box(5, 0, 10, 10), "乙")]
    assert compared(zones, zones[::-1], {("Z1", "Z1"): 100.0}).changes == ()


def test_ground_is_shared_by_zones_that_are_the_same_and_by_pieces() -> None:
    a, b = edition(record("Z1"), record("Z2"), record("Z2")), edition(record("Y1"), record("Y2"))
    flows = Flows(
        np.array([[0, 0], [1, 0]]),
        (
            Flow("one", "one", 1, 1, 5.0, None),
            Flow("one", "two", 2, 1, 7.0, BOX),
            Flow("one", "none", 0, None, 9.0, BOX),
            Flow("none", "one", None, 1, 11.0, BOX),
        ),
    )
    found = Shared.of(a, b, flows, [100.0, 40.0, 60.0])
    assert found.by_ids == {("Z1", "Y1"): 100.0, ("Z2", "Y1"): 40.0, ("Z2", "Y2"): 12.0}


def test_areas_of_polygons_are_those_of_the_plane() -> None:
    assert areas_of(edition(record("Z1"), record("Z2", shapely.box(0, 0, 2, 3)))) == [100.0, 6.0]


@pytest.mark.parametrize(
    ("count", "size", "runs"), [(0, 3, []), (1, 3, [1]), (3, 3, [3]), (4, 3, [3, 1]), (7, 3, [3, 3, 1])]
)
def test_places_are_cut_into_runs_that_hold_each_once(count: int, size: int, runs: list[int]) -> None:
    found = list(chunks(range(count), size))
    assert [len(run) for run in found] == runs
    assert [place for run in found for place in run] == list(range(count))


@pytest.mark.parametrize(("count", "size"), [(0, 0), (3, 3), (10, 10), (50, 10)])
def test_a_sample_holds_no_more_than_there_is_and_is_the_same_again(count: int, size: int) -> None:
    untouched = list(range(5, 15))
    found = sample(untouched, count, seed=3)
    assert len(found) == size
    assert sorted(set(found)) == list(found)
    assert set(found) <= set(untouched)
    assert found == sample(untouched, count, seed=3)
    assert untouched == list(range(5, 15))


def test_another_seed_takes_another_sample() -> None:
    assert len({sample(range(1000), 5, seed) for seed in range(4)}) == 4
