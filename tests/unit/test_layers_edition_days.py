"""Which edition of a layer holds on a day."""

from datetime import date

import pytest

from layer_definitions import made, with_editions
from zoning.layers.catalogue import Edition, Layer


@pytest.mark.parametrize(
    ("day", "valid"),
    [
        (date(2019, 12, 31), False),
        (date(2020, 1, 1), True),
        (date(2021, 6, 1), True),
        (date(2022, 12, 31), True),
        (date(2023, 1, 1), False),
    ],
)
def test_an_edition_holds_from_its_first_to_its_last_day(day: date, valid: bool) -> None:
    edition = Edition(file="a.gpkg", valid_from=date(2020, 1, 1), valid_to=date(2022, 12, 31))
    assert edition.valid_on(day) is valid


def test_an_edition_without_an_end_holds_for_ever() -> None:
    assert Edition(file="a.gpkg", valid_from=date(2020, 1, 1)).valid_on(date(9999, 12, 31))


# --- the edition of a day


def edition_of(layer: Layer, day: str) -> str | None:
    found = layer.edition_on(date.fromisoformat(day))
    return None if found is None else found[0]


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        ("2009-12-31", None),
        ("2010-01-01", "2010"),
        ("2019-12-31", "2010"),
        ("2020-01-01", "2020"),
        ("2030-01-01", "2020"),
    ],
)
def test_of_several_editions_that_hold_the_last_one_is_taken(day: str, edition: str | None) -> None:
    layer = with_editions(e2020={"valid_from": "2020-01-01"}, e2010={"valid_from": "2010-01-01"})
    assert edition_of(layer, day) == edition


@pytest.mark.parametrize(
    ("day", "edition"), [("2019-12-31", "2010"), ("2020-01-01", "2020"), ("2020-12-31", "2020"), ("2021-01-01", None)]
)
def test_what_was_superseded_does_not_come_back_when_its_successor_ends(day: str, edition: str | None) -> None:
    layer = with_editions(
        e2010={"valid_from": "2010-01-01", "superseded_by": "2020"},
        e2020={"valid_from": "2020-01-01", "valid_to": "2020-12-31"},
    )
    assert edition_of(layer, day) == edition


def test_what_was_superseded_twice_over_does_not_hold_either() -> None:
    layer = with_editions(
        e2010={"valid_from": "2010-01-01", "superseded_by": "2030"},
        e2030={"valid_from": "2030-01-01", "superseded_by": "2020"},
        e2020={"valid_from": "2020-01-01", "valid_to": "2020-12-31"},
    )
    assert edition_of(layer, "2025-01-01") is None


def test_editions_that_supersede_each_other_do_not_hang_the_program() -> None:
    layer = with_editions(
        e2010={"valid_from": "2010-01-01", "superseded_by": "2020"},
        e2020={"valid_from": "2020-01-01", "superseded_by": "2010"},
    )
    assert edition_of(layer, "2015-01-01") is None


def test_between_two_editions_with_a_gap_none_holds() -> None:
    layer = with_editions(
        e2010={"valid_from": "2010-01-01", "valid_to": "2014-12-31"}, e2020={"valid_from": "2020-01-01"}
    )
    assert [edition_of(layer, day) for day in ("2014-12-31", "2015-01-01", "2019-12-31")] == ["2010", None, None]


def test_the_edition_comes_with_its_id() -> None:
    layer = made()
    assert layer.edition_on(date(2024, 1, 1)) == ("2020", layer.editions["2020"])
