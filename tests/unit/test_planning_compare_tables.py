"""The tables of a comparison: each figure in its column, in words of either language."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import shapely

from change_world import Moved, change, zone
from zoning.citations import Citation
from zoning.planning.compare.adjustments import AdjustmentResult
from zoning.planning.compare.document import SCHEMA, document, to_json
from zoning.planning.compare.flows import NO_DATA, NONE
from zoning.planning.compare.keeps import KeepResult, SmallerZone
from zoning.planning.compare.layer_change import EditionLabel, LayerChange, LayerGap, Piece, Slivers, kind_of
from zoning.planning.compare.matrix import Cell, Matrix, Total
from zoning.planning.compare.tables import Sheet, class_sums, class_title, place_name, sheets_of, told
from zoning.texts import Language, Text

CITED = Citation(document="plan", section="第三章", lines="L7", anchor="三不")
LABEL = EditionLabel("2020", "water.gpkg", "0" * 64, 3, 0.0)
LATER = EditionLabel("2024", "water-2024.gpkg", "1" * 64, 4, 2.5)


def townships(*cells: tuple[str, str, str, float], unit: Any = "m2", **values: Any) -> LayerChange:
    """Return a change whose townships hold cells; totals are their sums."""
    sums: list[dict[tuple[str, str], float]] = [{}, {}]
    for place, before, after, amount in cells:
        for side, name in zip(sums, (before, after), strict=True):
            if name not in {NONE, NO_DATA}:
                side[place, name] = side.get((place, name), 0.0) + amount
    before_, after_ = (tuple(Total(*key, amount) for key, amount in side.items()) for side in sums)
    matrix = Matrix(tuple(Cell(*cell) for cell in cells), before_, after_)
    return change([], townships=matrix, unit=unit, before=LABEL, after=LATER, slivers=Slivers(0, 0.0), **values)


def sheets(found: Any, language: Language = "zh", **more: Any) -> dict[str, Sheet]:
    made = sheets_of(found, more.get("keeps", ()), more.get("adjustments", ()), language)
    return {sheet.key: sheet for sheet in made}


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("level-1", "图层", "layer"),
        (NONE, "不在任何区内", "in no zone"),
        (NO_DATA, "数据缺失", "no data"),
        # A class that the later definition no longer has.
        ("level-9", "level-9", "level-9"),
    ],
)
def test_classes_are_called_as_people_call_them(name: str, zh: str, en: str) -> None:
    one = change([])
    assert (class_title(one, name, "zh"), class_title(one, name, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("place", "territory", "zh", "en"),
    [
        ("140522", False, "阳城县", "阳城县"),
        ("140522100", False, "140522100", "140522100"),
        ("nameless", True, "nameless", "nameless"),
        ("", False, "（在各乡镇之外）", "(in no township)"),
        ("", True, "（在各辖区之外）", "(in no territory)"),
    ],
)
def test_places_are_called_by_their_names(place: str, territory: bool, zh: str, en: str) -> None:
    one = change([], places={"140522": "阳城县", "nameless": ""})
    assert place_name(one, place, "zh", territory=territory) == zh
    assert place_name(one, place, "en", territory=territory) == en


@pytest.mark.parametrize(
    ("cells", "sums"),
    [
        ([], {}),
        # before, after, gained, lost, from other, to other, no data before, no data after
        ([("W", "level-1", "level-1", 5.0)], {"level-1": (5, 5, 0, 0, 0, 0, 0, 0)}),
        ([("W", NONE, "level-1", 5.0)], {"level-1": (0, 5, 5, 0, 0, 0, 0, 0)}),
        ([("W", "level-1", NONE, 5.0)], {"level-1": (5, 0, 0, 5, 0, 0, 0, 0)}),
        ([("W", NO_DATA, "level-1", 5.0)], {"level-1": (0, 5, 0, 0, 0, 0, 5, 0)}),
        ([("W", "level-1", NO_DATA, 5.0)], {"level-1": (5, 0, 0, 0, 0, 0, 0, 5)}),
        ([("W", "level-1", "level-2", 5.0)],
         {"level-1": (5, 0, 0, 0, 0, 5, 0, 0), "level-2": (0, 5, 0, 0, 5, 0, 0, 0)}),
        # All places add up.
        ([("W", NONE, "level-2", 5.0), ("E", NONE, "level-2", 7.0), ("E", "level-2", "level-2", 1.0)],
         {"level-2": (1, 13, 12, 0, 0, 0, 0, 0)}),
        # A class that only the earlier edition had.
        ([("W", "level-9", "level-1", 5.0)],
         {"level-1": (0, 5, 0, 0, 5, 0, 0, 0), "level-9": (5, 0, 0, 0, 0, 5, 0, 0)}),
    ],
)  # fmt: skip
def test_sums_of_a_class(cells: Sequence[tuple[str, str, str, float]], sums: dict[str, tuple[float, ...]]) -> None:
    assert class_sums(townships(*cells)) == sums


@pytest.mark.parametrize("seed", range(4))
def test_what_a_class_has_after_is_what_it_had_and_got_without_what_it_lost(seed: int) -> None:
    words = ("level-1", "level-2", NONE, NO_DATA)
    pairs = [(one, other) for one in words for other in words if not {one, other} <= {NONE, NO_DATA}]
    cells = [("W", one, other, float(1 + (seed * 7 + n * n) % 11)) for n, (one, other) in enumerate(pairs)]
    for before, after, gained, lost, came, went, unknown_before, unknown_after in class_sums(
        townships(*cells)
    ).values():
        assert after == before + gained - lost + came - went + unknown_before - unknown_after


def test_classes_without_ground_on_either_side_are_not_listed() -> None:
    rows = sheets({"water": townships(("W", "level-2", "level-2", 3.0))})["classes"].rows
    assert rows == (("图层", "图层", 3.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),)


def test_the_matrix_says_square_metres_and_hectares() -> None:
    made = townships(("140522", "level-1", NONE, 12_345.0), ("", "level-1", "level-2", 5.0))
    found = sheets({"water": made})["matrix"]
    assert found.rows == (
        ("图层", "140522", "阳城县", "图层", "不在任何区内", 12_345.0, 1.2345, None),
        ("图层", "", "（在各乡镇之外）", "图层", "图层", 5.0, 0.0005, None),
    )


def test_the_matrix_of_lines_says_metres() -> None:
    found = sheets({"water": townships(("", "level-1", NO_DATA, 250.0), unit="m")}, "en")["matrix"]
    assert found.rows == (("layer", "", "(in no township)", "layer", "no data", None, None, 250.0),)


def test_the_territories_have_a_matrix_of_their_own() -> None:
    cells: list[Moved] = [("level-1", "level-2", 5.0)]
    made = change(cells, place="", before=LABEL, after=LATER)
    found = sheets({"water": made})
    assert found["matrix"].rows == ()
    assert found["territories"].rows == (("图层", "", "（在各辖区之外）", "图层", "图层", 5.0, 0.0005, None),)


@pytest.mark.parametrize(
    ("one", "row"),
    [
        (zone("Z1", 30.0, 20.0),
         ("改变", "编号", "Z1", "Z1", "区Z1", "区Z1", "图层", "图层", 30.0, 20.0, 20.0, "geometry")),
        (zone("Z1", 30.0, 30.0, kind="renamed", matched_by="area", id_b="Y1", name_b="新区", what=("id", "name")),
         ("改名", "共有面积", "Z1", "Y1", "区Z1", "新区", "图层", "图层", 30.0, 30.0, 30.0, "id; name")),
        (zone(None, 0.0, 20.0, kind="added", matched_by=None, id_b="Y2", name_a="", name_b="区", classes_a=(),
              classes_b=("level-1", "level-9"), what=()),
         ("新增", None, None, "Y2", "", "区", "", "图层; level-9", 0.0, 20.0, 0.0, "")),
        (zone("Z3", 8.0, 0.0, kind="removed", matched_by=None, id_b=None, name_b="", classes_b=(), what=()),
         ("删除", None, "Z3", None, "区Z3", "", "图层", "", 8.0, 0.0, 0.0, "")),
    ],
)  # fmt: skip
def test_zones_stand_with_what_they_were_and_are(one: Any, row: tuple[Any, ...]) -> None:
    assert sheets({"water": change([], zones=[one])})["zones"].rows == (("图层", *row),)


@pytest.mark.parametrize(
    ("kind", "en"), [("added", "added"), ("removed", "removed"), ("renamed", "renamed"), ("changed", "changed")]
)
def test_zones_in_english(kind: str, en: str) -> None:
    (row,) = sheets({"water": change([], zones=[zone("Z1", 1.0, 2.0, kind=kind)])}, "en")["zones"].rows
    assert row[:3] == ("layer", en, "id")


KEPT = KeepResult("keep-1", CITED, "140522", "water", "area", "not_kept", 123_456.0, 100_000.0,
                  Text("少了", "less"), zones=(SmallerZone("Z1", "区", 20_000.0, 12_345.0),
                                            SmallerZone("Z2", "区", 10.0, 0.0)))  # fmt: skip
ASKED = KeepResult("keep-1", Citation(document="law", section="12"), "140522", "water", "function", "undetermined",
                   0.0, 0.0, Text("不知道", "unknown"), Text("查功能", "ask"))  # fmt: skip


def test_keeps_stand_with_reason_question_and_citation() -> None:
    found = sheets({}, keeps=(KEPT, ASKED))["keeps"]
    assert found.rows == (
        ("keep-1", "140522", "water", "面积不减少", "未保持", 12.3456, 10.0, "少了", None,
         "Z1 2.0000 -> 1.2345; Z2 0.0010 -> 0.0000", "plan 第三章 L7"),
        ("keep-1", "140522", "water", "功能不降低", "待判定", 0.0, 0.0, "不知道", "查功能", "", "law 12"),
    )  # fmt: skip


def test_adjustments_stand_with_their_entries() -> None:
    one = AdjustmentResult("adj", CITED, "140522", "total", "not_met", Text("多了", "more"), ("A1", "A2"))
    other = AdjustmentResult("adj", Citation(document="law", section="12"), "140522", "lost", "met", Text("好", "fine"))
    found = sheets({}, "en", adjustments=(one, other))["adjustments"]
    assert found.rows == (
        ("adj", "140522", "constant total", "not met", "more", "A1; A2", "plan 第三章 L7"),
        ("adj", "140522", "lost as registered", "met", "fine", "", "law 12"),
    )


GAP = LayerGap("rivers", Text("河流", "rivers"), "after", Text("读不了", "cannot be read"))


def test_layers_that_could_not_be_compared_are_listed() -> None:
    found = sheets({"rivers": GAP, "water": change([])})["not-compared"]
    assert (found.title.zh, found.title.en) == ("未能比较", "not compared")
    assert found.rows == (("rivers", "after", "读不了"),)


def test_tables_are_there_where_there_is_something_to_say() -> None:
    always = ["classes", "matrix", "territories", "zones"]
    assert list(sheets({})) == always
    assert list(sheets({"w": change([])})) == always
    one = AdjustmentResult("adj", CITED, "140522", "total", "met", Text("好", "fine"))
    full = sheets({"rivers": GAP}, keeps=(KEPT,), adjustments=(one,))
    assert list(full) == [*always, "keeps", "adjustments", "not-compared"]


def test_every_row_has_a_field_for_each_column() -> None:
    one = AdjustmentResult("adj", CITED, "140522", "total", "met", Text("好", "fine"))
    made = townships(("W", "level-1", "level-2", 5.0), zones=[zone("Z1", 1.0, 2.0)])
    for sheet in sheets({"w": made, "rivers": GAP}, keeps=(KEPT,), adjustments=(one,)).values():
        assert {len(row) for row in sheet.rows} <= {len(sheet.columns)}, sheet.key
        keys = [column.key for column in sheet.columns]
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, None), ("permitted", "permitted"), ("", ""), (1.0, "1.0000"), (1234.56789, "1234.5679"), (0.0, "0.0000")],
)
def test_what_stood_in_a_verdict(value: str | float | None, text: str | None) -> None:
    assert told(value) == text


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("level-1", "level-1", None), (NONE, NONE, None), (NO_DATA, NO_DATA, None),
        ("level-1", "level-2", "reclassified"),
        (NONE, "level-1", "gained"), ("level-1", NONE, "lost"),
        (NO_DATA, "level-1", "unknown_before"), ("level-1", NO_DATA, "unknown_after"),
        # What nobody knows is never told as gained or lost.
        (NO_DATA, NONE, "unknown_before"), (NONE, NO_DATA, "unknown_after"),
    ],
)  # fmt: skip
def test_the_kind_of_a_piece(before: str, after: str, kind: str | None) -> None:
    assert kind_of(before, after) == kind


PIECE = Piece("gained", NONE, "level-1", None, "Z1", 5.0, shapely.box(112, 35, 112.1, 35.1))


@pytest.mark.parametrize(
    ("values", "differs"),
    [({}, False), ({"zones": [zone("Z1", 1.0, 2.0)]}, True), ({"pieces": (PIECE,)}, True)],
)
def test_a_layer_differs_where_a_zone_or_a_piece_does(values: dict[str, Any], differs: bool) -> None:
    assert change([], **values).differs is differs


def test_a_document_holds_every_figure() -> None:
    made = townships(
        ("140522", "level-1", NONE, 5.0),
        zones=[zone("Z1", 30.0, 25.0)],
        pieces=(PIECE,),
    )
    made = replace(made, covered={"140525": (True, False), "140522": (True, True)})
    found = document(("2020", "2024"), {"water": made, "rivers": GAP}, (KEPT,), (), Text("说明", "notice"))
    assert {key: found[key] for key in ("schema", "notice", "before", "after")} == {
        "schema": SCHEMA, "notice": {"zh": "说明", "en": "notice"}, "before": "2020", "after": "2024",
    }  # fmt: skip
    gap, layer = found["layers"]
    assert gap == {
        "layer": "rivers", "compared": False, "side": "after", "reason": {"zh": "读不了", "en": "cannot be read"},
    }  # fmt: skip
    assert list(layer["covered"]) == ["140522", "140525"]
    assert layer["covered"]["140525"] == {"before": True, "after": False}
    assert layer["townships"] == {
        "cells": [{"place": "140522", "before": "level-1", "after": NONE, "amount": 5.0}],
        "totals_before": [{"place": "140522", "class_id": "level-1", "amount": 5.0}],
        "totals_after": [],
        "off_by": 0.0,
    }
    assert (layer["layer"], layer["compared"], layer["unit"], layer["pieces"]) == ("water", True, "m2", 1)
    assert layer["before"]["edition"] == "2020"
    assert layer["after"] == {
        "edition": "2024", "origin": "water-2024.gpkg", "sha256": "1" * 64, "zones": 4, "overlap_m2": 2.5,
    }  # fmt: skip
    assert (layer["zones"][0]["id_a"], layer["zones_unchanged"], layer["zones_redrawn"]) == ("Z1", 0, 0)
    assert (layer["schematic"], layer["accuracy_m"], layer["slivers"]) == (False, 0.0, {"count": 0, "amount": 0.0})


def test_a_document_holds_the_citation_of_a_demand() -> None:
    one = AdjustmentResult("adj", CITED, "140522", "total", "met", Text("好", "fine"), ("A1",))
    found = document(("a", "b"), {}, (KEPT,), (one,), Text("说明", "notice"))
    (kept,), (adjusted,) = found["keeps"], found["adjustments"]
    assert kept["citation"] == {
        "document": "plan", "section": "第三章", "lines": "L7", "anchor": "三不", "verified": True,
    }  # fmt: skip
    assert kept["zones"][0] == {"id": "Z1", "name": "区", "before_m2": 20_000.0, "after_m2": 12_345.0}
    assert (adjusted["check"], adjusted["outcome"], adjusted["entries"]) == ("total", "met", ("A1",))


def test_layers_of_a_document_stand_by_their_ids_and_text_keeps_its_letters() -> None:
    one, other = townships(("W", "level-1", "level-1", 1.0)), GAP
    there = document(("a", "b"), {"water": one, "rivers": other}, (), (), Text("说明", "notice"))
    back = document(("a", "b"), {"rivers": other, "water": one}, (), (), Text("说明", "notice"))
    assert to_json(there) == to_json(back)
    assert "说明" in to_json(there)
