"""What the preview says of two editions: what is gained, lost and reclassified, and where coverage is lost."""

from typing import Any

import pytest

from layer_definitions import made
from zoning.texts import Text
from zoning.web.editions.differences import PIECES, Difference, Flow, difference_of, kind_of_piece

LAYER = made(
    classes={
        "level-1": {"title": {"zh": "一级区", "en": "level 1"}, "codes": ("1",)},
        "level-2": {"title": {"zh": "二级区", "en": "level 2"}, "codes": ("2",)},
    }
)
ONE, TWO = Text("一级区", "level 1"), Text("二级区", "level 2")
NOWHERE, UNKNOWN = Text("不在任何区内", "in no zone"), Text("数据缺失", "no data")


def cell(before: str, after: str, amount: float) -> dict[str, Any]:
    return {"before": before, "after": after, "amount": amount}


def zone(kind: str, before: float, after: float) -> dict[str, Any]:
    return {"kind": kind, "area_a": before, "area_b": after}


def document(*cells: dict[str, Any], zones: Any = (), covered: Any = None, **more: Any) -> dict[str, Any]:
    about = {
        "layer": "water",
        "compared": True,
        "before": {"edition": "2020"},
        "after": {"edition": "2026"},
        "unit": "m2",
        "territories": {"cells": list(cells)},
        "zones": list(zones),
        "zones_unchanged": 7,
        "covered": covered or {},
        **more,
    }
    return {"layers": [{"layer": "roads", "compared": False, "reason": {"zh": "别的", "en": "other"}}, about]}


def found(*cells: dict[str, Any], **more: Any) -> Difference:
    told = difference_of(document(*cells, **more), LAYER)
    assert isinstance(told, Difference)
    return told


def test_what_could_not_be_compared_says_why() -> None:
    told = {"layers": [{"layer": "water", "compared": False, "reason": {"zh": "读不出", "en": "unreadable"}}]}
    assert difference_of(told, LAYER) == Text("读不出", "unreadable")


def test_both_editions_and_the_unit_are_told() -> None:
    told = found()
    assert (told.before, told.after, told.unit, told.unchanged) == ({"edition": "2020"}, {"edition": "2026"}, "m2", 7)
    assert (told.flows, told.zones, told.kinds, told.lost_cover) == ((), (), {}, ())


@pytest.mark.parametrize(
    ("before", "after", "flow"),
    [
        ("none", "level-1", Flow(NOWHERE, ONE, "gained", 10.0)),
        ("level-1", "none", Flow(ONE, NOWHERE, "lost", 10.0)),
        ("level-1", "level-2", Flow(ONE, TWO, "reclassified", 10.0)),
        ("none", "no_data", Flow(NOWHERE, UNKNOWN, "unknown", 10.0)),
        ("no_data", "none", Flow(UNKNOWN, NOWHERE, "unknown", 10.0)),
        ("no_data", "level-1", Flow(UNKNOWN, ONE, "unknown", 10.0)),
        ("level-1", "no_data", Flow(ONE, UNKNOWN, "unknown", 10.0)),
        ("level-9", "level-1", Flow(Text("level-9", "level-9"), ONE, "reclassified", 10.0)),
    ],
)
def test_land_that_changes_is_told_by_what_it_was_and_becomes(before: str, after: str, flow: Flow) -> None:
    (told,) = found(cell(before, after, 10.0)).flows
    assert told == flow


def test_land_that_stays_is_not_told() -> None:
    assert found(cell("level-1", "level-1", 1e9), cell("none", "none", 1e9), cell("no_data", "no_data", 5)).flows == ()


def test_territories_are_added_up_and_the_largest_comes_first() -> None:
    told = found(
        cell("none", "level-1", 3.0),
        cell("level-1", "level-2", 9.0),
        cell("none", "level-1", 4.0),
        cell("level-2", "none", 8.0),
        cell("none", "level-2", 1.0),
    )
    assert [(flow.kind, flow.amount) for flow in told.flows] == [
        ("reclassified", 9.0),
        ("lost", 8.0),
        ("gained", 7.0),
        ("gained", 1.0),
    ]


@pytest.mark.parametrize(
    ("amounts", "is_told"), [((0.005,), True), ((0.0049,), False), ((0.003, 0.003), True), ((0.0,), False)]
)
def test_what_rounding_leaves_is_not_told(amounts: tuple[float, ...], is_told: bool) -> None:
    assert bool(found(*(cell("none", "level-1", amount) for amount in amounts)).flows) is is_told


def test_zones_come_with_the_largest_change_first_whether_more_or_less() -> None:
    zones = [zone("changed", 5, 6), zone("removed", 100, 0), zone("added", 0, 30), zone("renamed", 4, 4)]
    told = found(zones=zones)
    assert [one["kind"] for one in told.zones] == ["removed", "added", "changed", "renamed"]
    assert told.kinds == {"removed": 1, "added": 1, "changed": 1, "renamed": 1}


@pytest.mark.parametrize(("count", "shown"), [(199, 199), (200, 200), (201, 200)])
def test_two_hundred_zones_are_shown_and_all_are_counted(count: int, shown: int) -> None:
    told = found(zones=[zone("added", 0, n) for n in range(count)])
    assert (len(told.zones), told.kinds["added"]) == (shown, count)
    assert told.zones[0]["area_b"] == count - 1


@pytest.mark.parametrize(
    ("before", "after", "is_lost"),
    [(True, False, True), (True, True, False), (False, False, False), (False, True, False)],
)
def test_a_territory_that_was_covered_and_is_not_is_named(before: bool, after: bool, is_lost: bool) -> None:
    told = found(covered={"140500": {"before": True, "after": True}, "140522": {"before": before, "after": after}})
    assert told.lost_cover == (("140522",) if is_lost else ())


def test_the_document_stays_as_it_is() -> None:
    zones = [zone("changed", 5, 6), zone("removed", 100, 0)]
    told = document(cell("none", "level-1", 1.0), zones=zones)
    difference_of(told, LAYER)
    assert told == document(cell("none", "level-1", 1.0), zones=zones)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("新增", "gained"),
        ("gained", "gained"),
        ("减少", "lost"),
        ("lost", "lost"),
        ("类别改变", "reclassified"),
        ("前一版本数据缺失", "unknown_before"),
        ("no data before", "unknown_before"),
        ("后一版本数据缺失", "unknown_after"),
        ("no data after", "unknown_after"),
        ("别的", "reclassified"),
    ],
)
def test_the_kind_of_a_piece_is_known_by_its_word_in_either_language(word: str, kind: str) -> None:
    assert kind_of_piece(word) == kind


def test_every_kind_of_a_piece_is_drawn_otherwise() -> None:
    assert len({(fill, outline) for fill, outline, _ in PIECES.values()}) == len(PIECES)
