"""What a batch found, counted: by status, decision, layer, rule; refused records and rows without a value as well."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from overlay_world import layer
from zoning.batch.columns import LayerColumns, layer_columns
from zoning.batch.tally import LayerCount, Tally
from zoning.layers.catalogue import Catalogue

TEXTS = pa.list_(pa.string())
WATER, ROADS = layer_columns(
    Catalogue(Path(), {"water": layer("water"), "roads": layer("roads", lines=True)}, "territory")
)
FIELDS = {
    "status": pa.string(),
    "decision": pa.string(),
    "area_m2": pa.float64(),
    "error_code": pa.string(),
    "deciding_rules": TEXTS,
    "missing_facts": TEXTS,
    "missing_layers": TEXTS,
    "water_status": pa.string(),
    "water_overlap_m2": pa.float64(),
    "roads_status": pa.string(),
    "roads_length_m": pa.float64(),
}


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=pa.schema(list(FIELDS.items())))


def checked(decision: str, area_m2: float = 100.0, **more: Any) -> dict[str, Any]:
    return {"status": "checked", "decision": decision, "area_m2": area_m2, **more}


def refused(code: str) -> dict[str, Any]:
    return {"status": "refused", "error_code": code}


def tally(*tables: pa.Table, columns: Sequence[LayerColumns] = ()) -> Tally:
    made = Tally(tuple(LayerCount(one) for one in columns))
    for one in tables:
        made.add(one)
    return made


def test_nothing_counted_is_nought_everywhere() -> None:
    assert tally(columns=(WATER,)).as_plain() == {
        "schema": "zoning.batch/1",
        "sites": 0,
        "checked": 0,
        "refused": 0,
        "area_m2": 0.0,
        "decisions": {"prohibited": 0, "undetermined": 0, "restricted": 0, "permitted": 0},
        "errors": [],
        "layers": [
            {"layer": "water", "affected": 0, "possible": 0, "not_affected": 0, "no_data": 0, "overlap_m2": 0.0}
        ],
        "deciding_rules": [],
        "missing_facts": [],
        "missing_layers": [],
    }


def test_an_empty_table_counts_nothing() -> None:
    assert tally(table()).as_plain() == tally().as_plain()


def test_decisions_are_counted_and_told_strictest_first() -> None:
    rows = [checked(name) for name in ("permitted", "prohibited", "permitted", "restricted")]
    found = tally(table(*rows)).as_plain()["decisions"]
    assert list(found.items()) == [("prohibited", 1), ("undetermined", 0), ("restricted", 1), ("permitted", 2)]


def test_what_was_refused_is_a_site_without_a_decision_and_without_an_area() -> None:
    found = tally(table(checked("permitted", 12.5), refused("site"), refused("crs"), refused("site")))
    plain = found.as_plain()
    assert (plain["sites"], plain["checked"], plain["refused"], found.refused) == (4, 1, 3, 3)
    assert plain["area_m2"] == 12.5
    assert sum(plain["decisions"].values()) == 1
    assert plain["errors"] == [{"code": "site", "sites": 2}, {"code": "crs", "sites": 1}]


def test_tables_add_up_in_whatever_pieces_they_come() -> None:
    rows = [checked("permitted", 1.0), refused("site"), checked("restricted", 2.0, deciding_rules=["R1"])]
    whole = tally(table(*rows))
    apart = tally(*(table(row) for row in rows))
    assert whole.as_plain() == apart.as_plain()


def test_areas_are_told_to_a_tenth_of_a_square_millimetre() -> None:
    assert tally(table(checked("permitted", 0.12344), checked("permitted", 0.12344))).as_plain()["area_m2"] == 0.2469


@pytest.mark.parametrize(
    ("name", "key", "word"),
    [
        ("deciding_rules", "deciding_rules", "rule"),
        ("missing_facts", "missing_facts", "fact"),
        ("missing_layers", "missing_layers", "layer"),
    ],
)
def test_what_stands_in_lists_is_counted_once_per_site_that_names_it(name: str, key: str, word: str) -> None:
    lists = [["R2", "R1"], ["R1"], [], None, ["R3", "R2"]]
    rows = [{**checked("restricted"), name: words} for words in lists]
    # The most frequent first, equally frequent ones by name.
    assert tally(table(*rows)).as_plain()[key] == [
        {word: "R1", "sites": 2},
        {word: "R2", "sites": 2},
        {word: "R3", "sites": 1},
    ]


@pytest.mark.parametrize(("name", "most"), [("deciding_rules", 20), ("missing_facts", 20), ("missing_layers", 25)])
def test_of_many_rules_and_facts_the_twenty_most_frequent_are_told_of_layers_all(name: str, most: int) -> None:
    rows = [{**checked("restricted"), name: [f"R{number:02}"]} for number in range(25)]
    assert len(tally(table(*rows)).as_plain()[name]) == most


def test_a_layer_is_counted_by_status_with_its_area() -> None:
    rows = [
        checked("restricted", water_status="affected", water_overlap_m2=10.5),
        checked("restricted", water_status="affected", water_overlap_m2=0.25),
        checked("permitted", water_status="not_affected", water_overlap_m2=0.0),
        checked("undetermined", water_status="no_data"),
        refused("site"),
    ]
    (water,) = tally(table(*rows), columns=[WATER]).as_plain()["layers"]
    assert water == {
        "layer": "water",
        "affected": 2,
        "possible": 0,
        "not_affected": 1,
        "no_data": 1,
        "overlap_m2": 10.75,
    }


def test_lines_are_counted_in_metres() -> None:
    rows = [checked("restricted", roads_status="possible", roads_length_m=100.0)]
    water, roads = tally(table(*rows), columns=[WATER, ROADS]).as_plain()["layers"]
    assert (roads["length_m"], roads["possible"]) == (100.0, 1)
    assert "overlap_m2" not in roads
    assert water["overlap_m2"] == 0.0


@pytest.mark.parametrize(("most", "names"), [(0, []), (1, ["b"]), (2, ["b", "a"]), (9, ["b", "a", "c"])])
def test_the_most_frequent_are_told_and_none_that_never_occurs(most: int, names: list[str]) -> None:
    counts = {"c": 1, "a": 2, "b": 3, "d": 0}
    assert tally().top(counts, most) == [(name, counts[name]) for name in names]
