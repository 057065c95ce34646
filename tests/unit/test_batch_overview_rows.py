"""What the map of a batch holds of each row: its place, its kind, what a click tells, and where room ends."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.batch.columns import GEOMETRY, LayerColumns
from zoning.batch.overview import gathering
from zoning.batch.overview.gathering import KINDS, MOST_OUTLINES, Gatherer, Overview, gather

TEXTS = pa.list_(pa.string())
WATER = LayerColumns("water", False, "water_status", "water_classes", "water_overlap_m2", "water_nearest_m")  # noqa: FBT003 - of a class
ROADS = LayerColumns("roads", True, "roads_status", "roads_classes", "roads_length_m", "roads_nearest_m")  # noqa: FBT003 - of a class
SCHEMA = pa.schema(
    [
        ("number", pa.int64()),
        ("id", pa.string()),
        ("name", pa.string()),
        ("decision", pa.string()),
        ("area_m2", pa.float64()),
        ("deciding_rules", TEXTS),
        ("error_zh", pa.string()),
        ("error_en", pa.string()),
        ("water_status", pa.string()),
        ("roads_status", pa.string()),
        (GEOMETRY, pa.large_binary()),
    ]
)
BOX = shapely.box(112.0, 35.0, 112.2, 35.1)
TRIANGLE = shapely.Polygon([(112.0, 35.0), (112.0, 35.4), (112.2, 35.0)])


def row(number: int, shape: BaseGeometry | None = BOX, **values: Any) -> dict[str, Any]:
    plain = {"id": f"D{number}", "name": f"地块{number}", "decision": "permitted", "area_m2": 10.0}
    packed = None if shape is None else shapely.to_wkb(shape)
    return {"number": number, **plain, GEOMETRY: packed, "water_status": "not_affected", **values}


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)


def gathered(*tables: pa.Table, total: int | None = None, layers: Sequence[LayerColumns] = (WATER, ROADS)) -> Overview:
    return gather(lambda: iter(tables), layers, total=sum(map(len, tables)) if total is None else total)


def details(overview: Overview) -> list[Any]:
    return [json.loads(text) for text in overview.details]


def words(overview: Overview, number: int) -> tuple[str, ...]:
    return list(overview.combinations)[number]


# --- places ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "place"),
    [
        (BOX, [112_100_000, 35_050_000]),
        (TRIANGLE, [112_100_000, 35_200_000]),
        (shapely.Point(112.000_000_4, 35.000_000_6), [112_000_000, 35_000_001]),
        (shapely.Point(-0.5, -0.000_001), [-500_000, -1]),
    ],
)
def test_a_row_lies_in_the_middle_of_its_box(shape: BaseGeometry, place: list[int]) -> None:
    assert np.concatenate(gathered(table(row(1, shape))).places).tolist() == [place]


def test_rows_of_all_tables_stand_in_their_order() -> None:
    overview = gathered(table(row(3), row(1)), table(row(2)))
    assert np.concatenate(overview.numbers).tolist() == [3, 1, 2]
    assert [detail[0] for detail in details(overview)] == ["D3", "D1", "D2"]
    assert (overview.shown, overview.placeless, overview.left_out) == (3, 0, 0)


@pytest.mark.parametrize("shape", [None, shapely.Polygon()])
def test_what_has_no_place_is_counted_and_not_drawn(shape: BaseGeometry | None) -> None:
    overview = gathered(table(row(1, shape), row(2), row(3, shape)), table(row(4, shape)))
    assert np.concatenate(overview.numbers).tolist() == [2]
    assert (overview.placeless, overview.shown, len(overview.outlines)) == (3, 1, 1)
    assert [detail[0] for detail in details(overview)] == ["D2"]


def test_a_batch_without_rows_is_an_empty_overview() -> None:
    overview = gathered()
    assert (overview.places, overview.details, overview.outlines) == ([], [], [])
    assert (overview.shown, overview.placeless, overview.left_out) == (0, 0, 0)


@pytest.mark.parametrize(
    ("decision", "kind"),
    [
        ("permitted", "permitted"),
        ("restricted", "restricted"),
        ("undetermined", "undetermined"),
        ("prohibited", "prohibited"),
        (None, "refused"),
    ],
)
def test_the_kind_of_a_row_is_its_decision(decision: str | None, kind: str) -> None:
    (found,) = np.concatenate(gathered(table(row(1, decision=decision))).kinds).tolist()
    assert KINDS[found] == kind


def test_the_strictest_decision_is_drawn_on_top_of_those_that_were_checked() -> None:
    assert KINDS == ("permitted", "restricted", "undetermined", "prohibited", "refused")


# --- what a click tells ---------------------------------------------------------------------------------------------


def test_a_row_is_told_with_its_rules_and_layers() -> None:
    overview = gathered(
        table(row(1, deciding_rules=["R042", "R083"], water_status="affected", roads_status="no_data", area_m2=12.345))
    )
    ((site_id, name, area, rules, touched, unchecked),) = details(overview)
    assert (site_id, name, area) == ("D1", "地块1", 12.3)
    assert words(overview, rules) == ("R042", "R083")
    assert (words(overview, touched), words(overview, unchecked)) == (("water",), ("roads",))


@pytest.mark.parametrize(
    ("water", "roads", "touched", "unchecked"),
    [
        ("affected", "possible", ("water", "roads"), ()),
        ("possible", "not_affected", ("water",), ()),
        ("not_affected", None, (), ()),
        ("no_data", "no_data", (), ("water", "roads")),
        (None, "affected", ("roads",), ()),
    ],
)
def test_possible_counts_as_touched_and_no_data_never_does(
    water: str | None, roads: str | None, touched: tuple[str, ...], unchecked: tuple[str, ...]
) -> None:
    overview = gathered(table(row(1, water_status=water, roads_status=roads)))
    (detail,) = details(overview)
    assert (words(overview, detail[4]), words(overview, detail[5])) == (touched, unchecked)


def test_rows_share_their_lists_and_their_order_counts() -> None:
    rules: tuple[list[str] | None, ...] = (["R1", "R2"], ["R1", "R2"], ["R2", "R1"], [], None)
    overview = gathered(table(*(row(n, deciding_rules=some) for n, some in enumerate(rules))))
    numbers = [detail[3] for detail in details(overview)]
    assert numbers[0] == numbers[1] != numbers[2]
    assert numbers[3] == numbers[4]
    assert [words(overview, number) for number in numbers] == [("R1", "R2"), ("R1", "R2"), ("R2", "R1"), (), ()]


def test_a_refused_row_says_why_in_both_languages() -> None:
    overview = gathered(table(row(1, decision=None, area_m2=None, error_zh="面积为零", error_en="no area")))
    ((_, _, area, *_, sentence),) = details(overview)
    assert (area, sentence) == (None, ["面积为零", "no area"])


def test_a_row_that_was_checked_has_no_sentence() -> None:
    ((*_, last),) = details(gathered(table(row(1))))
    assert isinstance(last, int)


def test_names_and_sentences_are_cut_where_they_would_fill_the_page() -> None:
    long = "长" * 1_000
    overview = gathered(table(row(1, id=long, name=long, decision=None, error_zh=long, error_en="short")))
    ((site_id, name, *_, sentence),) = details(overview)
    assert [len(text) for text in (site_id, name, *sentence)] == [120, 120, 480, 5]


def test_what_has_neither_id_nor_name_is_told_by_empty_ones() -> None:
    ((site_id, name, *_),) = details(gathered(table(row(1, id=None, name=None))))
    assert (site_id, name) == ("", "")


# --- outlines -------------------------------------------------------------------------------------------------------


def test_an_outline_is_drawn_in_steps_from_its_first_point() -> None:
    (path,) = json.loads(gathered(table(row(1))).outlines[0])
    corners = np.cumsum(np.reshape(path, (-1, 2)), axis=0).tolist()
    assert sorted(map(tuple, corners[:-1])) == [
        (112_000_000, 35_000_000),
        (112_000_000, 35_100_000),
        (112_200_000, 35_000_000),
        (112_200_000, 35_100_000),
    ]
    assert corners[0] == corners[-1]


@pytest.mark.parametrize(("total", "drawn"), [(MOST_OUTLINES, 2), (MOST_OUTLINES + 1, 0)])
def test_large_batches_have_places_alone(total: int, drawn: int) -> None:
    overview = gathered(table(row(1), row(2)), total=total)
    assert (len(overview.outlines), overview.shown) == (drawn, 2)


def test_an_outline_that_has_no_room_is_left_to_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    one = len(gathered(table(row(1))).outlines[0])
    monkeypatch.setattr(gathering, "_OUTLINE_BYTES", 2 * one + 1)
    outlines = gathered(table(row(1), row(2), row(3))).outlines
    assert [text == "[]" for text in outlines] == [False, False, True]


# --- where room ends ------------------------------------------------------------------------------------------------


def test_details_end_before_the_page_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = gathered(table(row(1), row(2), row(3)), table(row(4)))
    size = len(whole.details[0].encode())
    monkeypatch.setattr(gathering, "_DETAIL_BYTES", 2 * size + 1)
    overview = gathered(table(row(1), row(2), row(3)), table(row(4)))
    assert overview.details == whole.details[:2]
    assert overview.shown == 4


def test_words_of_combinations_need_room_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(number, deciding_rules=[f"R{number}{'0' * 40}"]) for number in range(3)]
    size = len(gathered(table(rows[0])).details[0].encode())
    monkeypatch.setattr(gathering, "_DETAIL_BYTES", 2 * size + 44 + 2)
    assert len(gathered(table(*rows)).details) == 1


@pytest.mark.parametrize(("most", "shown", "left"), [(5, 5, 0), (4, 4, 1), (2, 2, 3)])
def test_places_end_with_the_room_and_the_rest_is_counted(
    monkeypatch: pytest.MonkeyPatch, most: int, shown: int, left: int
) -> None:
    monkeypatch.setattr(gathering, "MOST_PLACES", most)
    gatherer = Gatherer((WATER, ROADS), 5)
    for one in (table(row(1), row(2), row(3)), table(row(4), row(5))):
        gatherer.add(one)
    overview = gatherer.overview
    assert (overview.shown, overview.left_out) == (shown, left)
    assert np.concatenate(overview.numbers).tolist() == [1, 2, 3, 4, 5][:shown]


def test_where_room_ends_the_strictest_are_shown_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_PLACES", 3)
    decisions = ["permitted", "prohibited", None, "restricted", "undetermined"]
    passes = 0

    def tables() -> Iterator[pa.Table]:
        nonlocal passes
        passes += 1
        yield table(*(row(n, decision=decision) for n, decision in enumerate(decisions)))

    overview = gather(tables, (WATER, ROADS), total=5)
    assert [KINDS[kind] for kind in np.concatenate(overview.kinds)] == ["refused", "prohibited", "undetermined"]
    assert (overview.left_out, passes) == (2, 5)
