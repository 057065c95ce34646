"""Quantities: units read from content, and figures printed for people."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoning import quantities
from zoning.quantities import (
    format_area,
    format_length,
    format_share,
    hectares,
    mu,
    parse_area,
    parse_length,
)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("50 m", 50.0),
        ("50m", 50.0),
        ("50 米", 50.0),
        ("1 km", 1000.0),
        ("1.5 公里", 1500.0),
        (" 0.2 千米 ", 200.0),
        ("0 m", 0.0),
    ],
)
def test_lengths_are_read_in_metres(text: str, metres: float) -> None:
    assert parse_length(text) == metres


@pytest.mark.parametrize(
    ("text", "square_metres"),
    [
        ("1 m2", 1.0),
        ("1 m²", 1.0),
        ("12 平方米", 12.0),
        ("2 ha", 20_000.0),
        ("2 公顷", 20_000.0),
        ("15 亩", 10_000.0),
        ("3 km2", 3e6),
        ("3 km²", 3e6),
        ("3 平方公里", 3e6),
    ],
)
def test_areas_are_read_in_square_metres(text: str, square_metres: float) -> None:
    assert parse_area(text) == pytest.approx(square_metres, rel=1e-15)


@pytest.mark.parametrize(
    "text", ["", "50", "m", "-1 m", "1,5 km", "1 m2", "1 mile", "1 km 2", "one m", "1e3 m", "nan m"]
)
def test_what_is_no_length_is_refused_with_the_allowed_units(text: str) -> None:
    message = f"{text!r} is no length; write a number and one of: m, 米, km, 公里, 千米"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_length(text)


def test_what_is_no_area_is_refused_with_the_allowed_units() -> None:
    message = "'1 m' is no area; write a number and one of: m2, m², 平方米, ha, 公顷, mu, 亩, km2, km², 平方公里"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_area("1 m")


numbers = st.decimals(min_value=0, max_value=10**9, places=3).map(lambda number: f"{number:f}")


@given(number=numbers, unit=st.sampled_from(sorted(quantities._LENGTHS)), space=st.sampled_from(["", " ", "  "]))
def test_a_length_is_its_number_times_its_unit(number: str, unit: str, space: str) -> None:
    assert parse_length(f"{number}{space}{unit}") == float(number) * parse_length(f"1 {unit}")


@given(number=numbers, unit=st.sampled_from(sorted(quantities._AREAS)))
def test_an_area_is_its_number_times_its_unit(number: str, unit: str) -> None:
    assert parse_area(f"{number} {unit}") == float(number) * parse_area(f"1 {unit}")


@given(text=st.text())
def test_any_other_text_is_refused_and_never_guessed(text: str) -> None:
    try:
        metres = parse_length(text)
    except ValueError as error:
        assert str(error).startswith(f"{text!r} is no length")  # noqa: PT017 - the other outcome is asserted below
    else:
        assert metres >= 0
        assert any(text.strip().endswith(unit) for unit in quantities._LENGTHS)


@given(area=st.floats(min_value=0, max_value=1e12))
def test_hectares_and_mu_say_the_same_area(area: float) -> None:
    assert parse_area(f"{hectares(area):.12f} 公顷") == pytest.approx(area, rel=1e-9, abs=1e-7)
    assert parse_area(f"{mu(area):.12f} 亩") == pytest.approx(area, rel=1e-9, abs=1e-7)


def test_areas_are_printed_as_they_are_handed_in() -> None:
    # 33,980,000 m2 / 10,000 = 3,398 ha; x 15 = 50,970 mu
    assert format_area(33_980_000.0).zh == "3,398.0000 公顷（50,970.00 亩）"
    assert format_area(0.0).en == "0.0000 ha (0.00 mu)"


@pytest.mark.parametrize(
    ("area_m2", "zh"),
    [
        (0.5, "0.0001 公顷（0.00 亩）"),  # 0.5 m2 are 0.00005 ha: the next even fourth decimal would be 0.0000
        (0.49, "0.49 m²"),
        (0.01, "0.01 m²"),
        (0.004, "不足 0.01 m²"),
        (1e-12, "不足 0.01 m²"),
    ],
)
def test_an_area_is_never_printed_as_none_where_there_is_some(area_m2: float, zh: str) -> None:
    assert format_area(area_m2).zh == zh


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, "0.00 %"), (1.0, "100.00 %"), (0.00005, "0.01 %"), (0.5, "50.00 %")]
)
def test_shares_have_two_decimals(share: float, shown: str) -> None:
    assert format_share(share) == shown


@pytest.mark.parametrize(
    ("metres", "shown"),
    [(0.0, "0.00 m"), (9_999.99, "9,999.99 m"), (10_000.0, "10.00 km"), (1_234_567.0, "1,234.57 km")],
)
def test_lengths_turn_to_kilometres_at_ten(metres: float, shown: str) -> None:
    assert format_length(metres) == shown
