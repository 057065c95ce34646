"""The register of boundary adjustments against its demands, and against what really moved between two editions."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from change_world import COUNTY, Moved, change
from overlay_world import layer
from zoning.layers.catalogue import Catalogue
from zoning.planning.compare.adjustments import AdjustmentResult, Adjustments, check_moved, check_register
from zoning.texts import Text

CITED = {"document": "plan", "section": "第三章"}
Told = tuple[str, str, str]


def rule(**values: Any) -> dict[str, Any]:
    plain = {
        "title": {"zh": "调整", "en": "adjustment"},
        "citation": CITED,
        "layer": "water",
        "territories": ["140522"],
        "from": "2022-01-01",
    }
    return {**plain, **values}


def entry(on: str, taken_in: float = 1000.0, given_up: float = 1000.0, **values: Any) -> dict[str, Any]:
    plain = {"layer": "water", "territory": COUNTY, "on": on, "document": "批文"}
    return {**plain, "taken_in": taken_in, "given_up": given_up, **values}


def register(entries: list[dict[str, Any]], **values: Any) -> Adjustments:
    told = {f"E{number}": one for number, one in enumerate(entries)}
    title = {"zh": "登记", "en": "register"}
    return Adjustments.model_validate({"title": title, "rules": {"R": rule(**values)}, "adjustments": told})


def outcomes(results: tuple[AdjustmentResult, ...]) -> list[Told]:
    return [(one.check, one.outcome, "+".join(one.entries)) for one in results]


def yearly(*days: str, most: int = 1, **values: Any) -> list[Told]:
    return outcomes(check_register(register([entry(day) for day in days], most_per_year=most, **values)))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([], []),
        (["2023-05-01"], [("frequency", "met", "E0")]),
        (["2023-01-01", "2024-12-31"], [("frequency", "met", "E0+E1")]),
        (["2023-01-01", "2023-12-31"], [("frequency", "not_met", "E0+E1")]),
        (["2023-06-01", "2024-06-01"], [("frequency", "met", "E0+E1")]),
        (["2023-06-01", "2024-05-31"], [("frequency", "undetermined", "E0+E1")]),
        # Twelve months from the 1st of March 2023 end on the leap day.
        (["2023-03-01", "2024-02-29"], [("frequency", "undetermined", "E0+E1")]),
        (["2023-03-01", "2024-03-01"], [("frequency", "met", "E0+E1")]),
        (["2024-02-29", "2025-02-28"], [("frequency", "undetermined", "E0+E1")]),
        (["2024-02-29", "2025-03-01"], [("frequency", "met", "E0+E1")]),
        (["2022-11-01", "2024-02-01", "2024-11-01"], [("frequency", "not_met", "E1+E2")]),
    ],
)
def test_one_adjustment_a_year(days: list[str], told: list[Told]) -> None:
    assert yearly(*days) == told


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["2023-01-01", "2023-12-31"], [("frequency", "met", "E0+E1")]),
        (["2023-10-01", "2023-12-31", "2024-09-30"], [("frequency", "undetermined", "E0+E1+E2")]),
        (["2023-10-01", "2023-12-31", "2024-10-01"], [("frequency", "met", "E0+E1+E2")]),
        (["2023-01-01", "2023-05-01", "2023-12-31"], [("frequency", "not_met", "E0+E1+E2")]),
    ],
)
def test_two_adjustments_a_year(days: list[str], told: list[Told]) -> None:
    assert yearly(*days, most=2) == told


def test_years_are_judged_one_by_one() -> None:
    days = ["2022-02-01", "2022-03-01", "2023-02-01", "2024-04-01", "2024-05-01"]
    assert yearly(*days) == [("frequency", "not_met", "E0+E1"), ("frequency", "not_met", "E3+E4")]


def test_the_register_need_not_be_in_order() -> None:
    assert yearly("2024-05-31", "2023-06-01") == [("frequency", "undetermined", "E1+E0")]


def test_where_none_is_allowed_every_one_is_too_many() -> None:
    assert yearly("2023-05-01", most=0) == [("frequency", "not_met", "E0")]


def test_the_sentences_on_frequency() -> None:
    def told(*days: str, **values: Any) -> Text:
        entries = [entry(day) for day in days]
        return check_register(register(entries, most_per_year=1, **values))[0].reason

    over = told("2023-01-01", "2023-02-01")
    assert over == Text(
        "2023 年调整 2 次，规定一年不超过 1 次", "2 adjustments in 2023, no more than 1 a year are allowed"
    )
    softened = told("2023-01-01", "2023-02-01", in_principle=True)
    assert softened == Text(f"{over.zh}（“原则上”）", f"{over.en} (“in principle”)")
    assert told("2023-06-01", "2024-05-31").en.startswith(
        "not in one calendar year, but 2 adjustments within 12 months"
    )
    assert told("2023-06-01") == Text("每年不超过 1 次", "no more than 1 in any year")


@pytest.mark.parametrize(
    ("taken_in", "given_up", "tolerance", "outcome"),
    [
        (1000.0, 1000.0, None, "met"),
        (1100.0, 1000.0, None, "met"),
        (1100.1, 1000.0, None, "not_met"),
        (1000.0, 1100.0, None, "met"),
        (1000.0, 1100.1, None, "not_met"),
        (1000.5, 1000.0, "0 m2", "not_met"),
        (0.0, 5000.0, "1 ha", "met"),
    ],
)
def test_what_is_taken_in_equals_what_is_given_up(
    taken_in: float, given_up: float, tolerance: str | None, outcome: str
) -> None:
    more = {} if tolerance is None else {"tolerance": tolerance}
    (found,) = check_register(register([entry("2023-05-01", taken_in, given_up)], total_constant=True, **more))
    assert (found.check, found.outcome, found.entries) == ("total", outcome, ("E0",))
    assert found.reason.zh.startswith("调入 ")
    assert "given up" in found.reason.en


@pytest.mark.parametrize(
    ("entered", "outcome", "zh", "en"),
    [
        (True, "met", "已纳入", "it was entered"),
        (False, "not_met", "未纳入", "it was not entered"),
        (None, "undetermined", "未写明是否纳入", "whether it was entered is not stated"),
    ],
)
def test_every_adjustment_is_entered_in_the_monitoring_system(
    entered: bool | None, outcome: str, zh: str, en: str
) -> None:
    told = register([entry("2023-05-01", registered=entered)], must_be_registered=True)
    (found,) = check_register(told)
    assert (found.check, found.outcome, found.reason) == ("registered", outcome, Text(zh, en))


def test_a_demand_that_asks_for_nothing_finds_nothing() -> None:
    assert check_register(register([entry("2023-05-01", 5.0, 9e9)])) == ()


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({}, True),
        ({"on": "2022-01-01"}, True),
        ({"on": "2021-12-31"}, False),
        ({"layer": "town"}, False),
        ({"territory": "140521"}, False),
    ],
)
def test_a_demand_is_about_its_layer_its_territory_and_its_days(values: dict[str, Any], counts: bool) -> None:
    told = register([{**entry("2023-05-01"), **values}], must_be_registered=True)
    assert len(check_register(told)) == counts


@pytest.mark.parametrize(("on", "counts"), [("2024-06-30", True), ("2024-07-01", False)])
def test_a_demand_holds_to_its_last_day(on: str, counts: bool) -> None:
    assert len(check_register(register([entry(on)], must_be_registered=True, to="2024-06-30"))) == counts


def test_a_demand_of_the_province_holds_in_every_county_which_is_judged_alone() -> None:
    entries = [entry("2023-05-01", territory="140825"), entry("2023-06-01", territory="140522")]
    found = check_register(register(entries, most_per_year=1, territories=["14"]))
    assert [(one.territory, one.outcome) for one in found] == [("140522", "met"), ("140825", "met")]


AFTER, UNTIL = date(2023, 1, 1), date(2024, 1, 1)


def moved(cells: list[Moved], entries: list[dict[str, Any]], **values: Any) -> tuple[AdjustmentResult, ...]:
    known = values.pop("covered", (True, True))
    days = values.pop("days", (AFTER, UNTIL))
    told = change(cells, covered=known)
    return check_moved(register(entries, **values), told, after=days[0], until=days[1])


GAINED: list[Moved] = [("none", "level-1", 5000.0), ("level-1", "level-1", 9e6)]
LOST: list[Moved] = [("level-1", "none", 5000.0), ("level-1", "level-1", 9e6)]


@pytest.mark.parametrize(
    ("cells", "entries", "told"),
    [
        (GAINED, [entry("2023-05-01", 5000, 0)], [("gained", "met"), ("lost", "met")]),
        (GAINED, [entry("2023-05-01", 5100, 0)], [("gained", "met"), ("lost", "met")]),
        (GAINED, [entry("2023-05-01", 5101, 0)], [("gained", "not_met"), ("lost", "met")]),
        (GAINED, [entry("2023-05-01", 4000, 0), entry("2023-06-01", 1000, 0)], [("gained", "met"), ("lost", "met")]),
        (GAINED, [], [("gained", "not_met"), ("lost", "met")]),
        (LOST, [entry("2023-05-01", 0, 5000)], [("gained", "met"), ("lost", "met")]),
        (LOST, [entry("2023-05-01", 5000, 0)], [("gained", "not_met"), ("lost", "not_met")]),
        ([*GAINED, *LOST], [entry("2023-05-01", 5000, 5000)], [("gained", "met"), ("lost", "met")]),
        # Nothing moved, and something is registered.
        ([("level-1", "level-1", 9e6)], [entry("2023-05-01", 5000, 0)], [("gained", "not_met"), ("lost", "met")]),
        # Nothing moved, and nothing is registered: nothing to say.
        ([("level-1", "level-1", 9e6)], [], []),
        ([("none", "level-1", 100.0)], [], []),
        ([("none", "level-1", 100.1)], [], [("gained", "not_met"), ("lost", "met")]),
        # Another class of the layer is neither gained nor lost.
        ([("level-1", "level-2", 5000.0)], [], []),
    ],
)
def test_what_moved_is_what_is_registered(
    cells: list[Moved], entries: list[dict[str, Any]], told: list[tuple[str, str]]
) -> None:
    assert [(one.check, one.outcome) for one in moved(cells, entries)] == told


@pytest.mark.parametrize(
    ("on", "counts"),
    [("2023-01-01", False), ("2023-01-02", True), ("2024-01-01", True), ("2024-01-02", False)],
)
def test_adjustments_after_the_first_edition_and_up_to_the_second_count(on: str, counts: bool) -> None:
    found = moved(GAINED, [entry(on, 5000, 0)])
    assert (found[0].outcome == "met") is counts
    assert found[0].entries == (("E0",) if counts else ())


def test_a_boundary_that_moved_without_an_entry_says_so() -> None:
    found = moved(GAINED, [])
    assert found[0].reason == Text(
        "图层 0.5000 公顷（7.50 亩），登记 0.0000 公顷（0.00 亩）：边界有变动而没有登记",
        "0.5000 ha (7.50 mu) in the layer, 0.0000 ha (0.00 mu) in the register: it moved and nothing is registered",
    )
    assert "没有登记" not in moved(GAINED, [entry("2023-05-01", 1, 0)])[0].reason.zh


@pytest.mark.parametrize("wider", ["1405", "14", "CN"])
def test_an_adjustment_of_the_city_may_be_what_moved_in_a_county(wider: str) -> None:
    found = moved(GAINED, [entry("2023-05-01", 9000, 0, territory=wider)])
    assert [(one.check, one.outcome, one.entries) for one in found] == [
        ("gained", "undetermined", ("E0",)),
        ("lost", "met", ()),
    ]
    assert found[0].reason.zh.endswith("；另有登记给上级辖区的调整，没有写明各辖区的面积：E0")
    assert found[0].reason.en.endswith(
        "; adjustments of a territory that holds this one do not say how much lies in it: E0"
    )


@pytest.mark.parametrize(
    ("wider", "on", "layer"),
    [
        ("1408", "2023-05-01", "water"),  # another city
        ("14052", "2023-01-01", "water"),  # before the first edition
        ("1405", "2024-01-02", "water"),  # after the second
        ("1405", "2023-05-01", "town"),
    ],
)
def test_an_adjustment_elsewhere_or_at_another_time_explains_nothing(wider: str, on: str, layer: str) -> None:
    found = moved(GAINED, [{**entry(on, 9000, 0, territory=wider), "layer": layer}])
    assert (found[0].outcome, found[0].entries) == ("not_met", ())


def test_own_adjustments_that_tell_all_need_none_of_the_city() -> None:
    found = moved(GAINED, [entry("2023-05-01", 5000, 0), entry("2023-06-01", 9000, 0, territory="1405")])
    assert [(one.outcome, one.entries) for one in found] == [("met", ("E0",)), ("met", ("E0",))]


def test_own_adjustments_that_do_not_tell_all_are_named_with_those_of_the_city() -> None:
    found = moved(GAINED, [entry("2023-05-01", 4000, 0), entry("2023-06-01", 9000, 0, territory="1405")])
    assert (found[0].outcome, found[0].entries) == ("undetermined", ("E0", "E1"))


def test_a_class_that_the_demand_does_not_name_is_land_outside() -> None:
    cells: list[Moved] = [("level-1", "level-2", 5000.0), ("none", "level-2", 700.0)]
    found = moved(cells, [], classes=["level-1"])
    assert [(one.check, one.outcome) for one in found] == [("gained", "met"), ("lost", "not_met")]


@pytest.mark.parametrize("days", [(None, UNTIL), (AFTER, None), (None, None)])
def test_editions_without_a_day_are_undetermined(days: tuple[date | None, date | None]) -> None:
    found = moved(GAINED, [entry("2023-05-01", 5000, 0)], days=days)
    assert [one.outcome for one in found] == ["undetermined", "undetermined"]
    assert found[0].reason.en.endswith("; the days of the editions are not known")
    assert found[0].entries == ("E0",)


@pytest.mark.parametrize("covered", [(True, False), (False, True), (False, False)])
def test_an_edition_that_does_not_cover_the_territory_leaves_it_open(covered: tuple[bool, bool]) -> None:
    found = moved([], [], covered=covered, total_constant=True)
    assert [(one.check, one.outcome) for one in found] == [("gained", "undetermined"), ("lost", "undetermined")]
    assert found[0].reason.zh.endswith("；有一版没有覆盖整个辖区")


@pytest.mark.parametrize(
    ("gained", "lost", "outcome"), [(5000.0, 5000.0, "met"), (5000.0, 4900.0, "met"), (5000.0, 4899.0, "not_met")]
)
def test_the_total_of_the_layer_is_constant(gained: float, lost: float, outcome: str) -> None:
    cells: list[Moved] = [("none", "level-1", gained), ("level-1", "none", lost)]
    found = moved(cells, [], total_constant=True)
    assert (found[0].check, found[0].outcome) == ("total", outcome)
    assert found[0].reason.zh.startswith("图层调入 0.5000 公顷")


def test_a_demand_on_another_layer_territory_or_on_lines_is_not_compared() -> None:
    assert moved(GAINED, [], layer="town") == ()
    assert moved(GAINED, [], territories=["1403"]) == ()
    told = register([], must_be_registered=True)
    assert check_moved(told, change(GAINED, unit="m"), after=AFTER, until=UNTIL) == ()


def test_names_that_the_workspace_does_not_have_are_told() -> None:
    made = Catalogue(Path(), {"water": layer("water")}, "territory")
    told = register([entry("2023-05-01", layer="gone")], classes=["level-1", "level-9"])
    assert told.mistakes(made, {}) == [
        Text("R：没有文件“plan”", "R: there is no document 'plan'"),
        Text("R：图层 water 没有类别“level-9”", "R: layer water has no class 'level-9'"),
        Text("E0：没有图层“gone”", "E0: there is no layer 'gone'"),
    ]
    assert register([entry("2023-05-01")]).mistakes(made, {"plan": None}) == []
    assert register([], layer="other", classes=["x"]).mistakes(made, {"plan": None}) == []


@pytest.mark.parametrize("values", [{"most_per_year": -1}, {"layers": "x"}, {"from": "soon"}])
def test_a_demand_that_cannot_be_meant_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        register([], **values)
