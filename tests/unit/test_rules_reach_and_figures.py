"""How far around a site a layer must be known, and figures of rules that cannot be read."""

from typing import Any

import pytest

from override_world import ANY, ON, ONE, book, rule
from zoning.rules.figures import figure_mistakes
from zoning.rules.reach import reach_m
from zoning.rules.rule import Rule


def own(**changes: Any) -> Rule:
    return rule("R042", "prohibit", changes.pop("where", ONE), **changes)


# --- how far a layer must be known


def within(distance: object, layer: str = "water") -> dict[str, object]:
    return {"layer": layer, "relation": "within", "distance": distance}


@pytest.mark.parametrize(
    ("places", "reach"),
    [
        ([], 500.0),
        ([within("1 km")], 1020.0),
        # Up to the far limit of a band, or its near one when there is no other.
        ([within({"at_least": "2 km", "below": "3 km"})], 3020.0),
        ([within({"above": "2 km"})], 2020.0),
        ([within("1 km"), within("3 km"), within("2 km")], 3020.0),
        # Never less than what is searched in any case.
        ([within("10 m")], 500.0),
        ([within("480 m")], 500.0),
        ([within("481 m")], 501.0),
        ([within("9 km", "farm")], 500.0),
        ([ONE], 500.0),
    ],
)
def test_reach(places: list[dict[str, object]], reach: float) -> None:
    rules = [own(where=place) for place in places]
    assert reach_m(book(*rules), "water", accuracy_m=10.0, search_m=500.0, on=ON) == reach


@pytest.mark.parametrize(
    ("in_force", "reach"),
    [
        ({"from": "2026-06-01"}, 1020.0),
        ({"from": "2026-06-02"}, 500.0),
        ({"from": "2023-01-01", "to": "2026-06-01"}, 1020.0),
        ({"from": "2023-01-01", "to": "2026-05-31"}, 500.0),
    ],
)
def test_a_rule_reaches_on_its_days_only(in_force: dict[str, str], reach: float) -> None:
    one = own(where=within("1 km"), in_force=in_force)
    assert reach_m(book(one), "water", accuracy_m=10.0, search_m=500.0, on=ON) == reach


def test_places_in_conditions_and_provisos_reach_as_far() -> None:
    asked = own(where=(), scope="attribute", when={"not": {"within": {"layer": "water", "distance": "2 km"}}})
    lifted = own(provisos=[{"when": {"within": {"layer": "farm", "distance": "3 km"}}, "effect": "none"}])
    reach = [reach_m(book(asked, lifted), name, accuracy_m=0.0, search_m=0.0, on=ON) for name in ("water", "farm")]
    assert reach == [2000.0, 3000.0]


# --- figures of a rule


def figures(**values: str) -> dict[str, object]:
    return {
        name: {"title": ANY, "unit": "m", "in_force": {"2023-01-01": {"value": value, "source": ANY}}}
        for name, value in values.items()
    }


@pytest.mark.parametrize(
    ("changes", "value", "zh"),
    [
        ({"where": within("far")}, "3 kg", "“3 kg”不是长度"),
        ({"where": within({"at_least": "far"})}, "far", "“far”不是长度"),
        ({"where": {**ONE, "area": {"above": "far"}}}, "3 m", "“3 m”不是面积"),
        ({"where": {**ONE, "share": {"above": "far"}}}, "130 %", "“130 %”不是占比"),
        ({"where": {**ONE, "length": {"above": "far"}}}, "3 m2", "“3 m2”不是长度"),
        ({"when": {"within": within("far") | {"classes": []}}}, "3 kg", "“3 kg”不是长度"),
    ],
)
def test_a_figure_must_be_what_it_is_compared_with(changes: dict[str, Any], value: str, zh: str) -> None:
    if "when" in changes:
        place = {key: word for key, word in changes["when"]["within"].items() if key != "relation"}
        changes = {"when": {"within": place}}
    (mistake,) = figure_mistakes(own(**changes, values=figures(far=value)))
    assert mistake.at == ("values", "far", "in_force", "2023-01-01", "value")
    assert mistake.text.zh.startswith(zh)


def test_a_number_is_compared_with_a_plain_number() -> None:
    asked = own(when={"size": {"above": "most"}}, values=figures(most="3 t"))
    (mistake,) = figure_mistakes(asked)
    assert mistake.at == ("values", "most", "in_force", "2023-01-01", "value")
    assert figure_mistakes(own(when={"size": {"above": "most"}}, values=figures(most="3.5"))) == []


def test_a_figure_that_nothing_names_is_not_read_and_one_named_twice_is_told_once() -> None:
    assert figure_mistakes(own(values=figures(unused="anything"))) == []
    twice = own(where=[within("far"), within({"above": "far"})], values=figures(far="3 kg"))
    assert len(figure_mistakes(twice)) == 1


def test_every_day_of_a_figure_is_read() -> None:
    days = {
        "2023-01-01": {"value": "1 km", "source": ANY},
        "2024-01-01": {"value": "1", "source": ANY},
        "2025-01-01": {"value": "很远", "source": ANY},
    }
    one = own(where=within("far"), values={"far": {"title": ANY, "unit": "m", "in_force": days}})
    assert [mistake.at[3] for mistake in figure_mistakes(one)] == ["2024-01-01", "2025-01-01"]
