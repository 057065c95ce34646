"""One coordinate in a cell: words before and behind it, headings that say 度分秒, parts in cells of their own."""

import pytest

from zoning.sites.tables.measures import NotationError, from_parts, measure
from zoning.sites.tables.signs import plain


@pytest.mark.parametrize(
    ("text", "degrees", "axis"),
    [
        ("112°30′", 112.5, ""),
        ("东经112°30′", 112.5, "east"),
        ("经度：112°30′E", 112.5, "east"),
        ("西经112°30′", -112.5, "east"),
        ("南纬35°30′", -35.5, "north"),
        ("纬度 35°30′", 35.5, "north"),
    ],
)
def test_an_angle_with_its_words(text: str, degrees: float, axis: str) -> None:
    found = measure(plain(text))
    assert found is not None
    assert found.value == pytest.approx(degrees)
    assert (found.axis, found.is_angle) == (axis, True)


@pytest.mark.parametrize("text", ["东经112°30′N", "纬度：35°30′E"])
def test_words_before_and_behind_an_angle_may_not_contradict(text: str) -> None:
    with pytest.raises(NotationError) as caught:
        measure(plain(text))
    assert "contradict each other" in caught.value.text.en
    assert "前后的方位字互相矛盾" in caught.value.text.zh


@pytest.mark.parametrize("text", ["112.6130", "112.1860", "112"])
def test_a_heading_of_minutes_and_seconds_refuses_other_numbers(text: str) -> None:
    with pytest.raises(NotationError) as caught:
        measure(text, packed=True)
    assert f"the heading says degrees, minutes and seconds but “{text}” is not ddd.mmss" in caught.value.text.en
    assert f"表头说明是度分秒，“{text}” 却不是 度.分秒" in caught.value.text.zh


def test_a_number_that_the_heading_calls_packed_is_an_angle() -> None:
    found = measure("112.24305", packed=True)
    assert found is not None
    assert found.is_angle
    assert found.value == pytest.approx(112 + 24 / 60 + 30.5 / 3600)


@pytest.mark.parametrize(
    ("parts", "degrees", "unit"),
    [
        (("112", "24", "30.5"), 112 + 24 / 60 + 30.5 / 3600, 0.1 / 3600),
        (("112°", "24'", '30.50"'), 112 + 24 / 60 + 30.5 / 3600, 0.01 / 3600),
        (("112度", "24分", "30秒"), 112 + 24 / 60 + 30 / 3600, 1 / 3600),
        (("112", "24", ""), 112.4, 1 / 60),
        (("35", "59", "59.999"), 35 + 59 / 60 + 59.999 / 3600, 0.001 / 3600),
    ],
)
def test_parts_in_cells_of_their_own(parts: tuple[str, str, str], degrees: float, unit: float) -> None:
    found = from_parts(*parts)
    assert found.is_angle
    assert found.value == pytest.approx(degrees)
    assert found.unit == pytest.approx(unit)


@pytest.mark.parametrize(
    "parts", [("112.5", "24", "30"), ("112", "24.5", "30"), ("", "24", "30"), ("112", "", "30"), ("112", "24", "x")]
)
def test_parts_that_are_no_whole_degrees_and_minutes(parts: tuple[str, str, str]) -> None:
    with pytest.raises(NotationError) as caught:
        from_parts(*parts)
    assert "not whole degrees and minutes and then seconds; correct them" in caught.value.text.en
    assert "不是整数的度和分加上秒；请改正" in caught.value.text.zh


@pytest.mark.parametrize("parts", [("112", "60", "0"), ("112", "0", "60"), ("112", "59", "60.0")])
def test_sixty_minutes_or_seconds_are_refused(parts: tuple[str, str, str]) -> None:
    with pytest.raises(NotationError, match="minutes or seconds of 60 or more"):
        from_parts(*parts)


def test_an_angle_over_180_degrees_is_refused() -> None:
    assert from_parts("180", "0", "0").value == 180.0
    with pytest.raises(NotationError, match="is over 180°"):
        from_parts("180", "0", "0.1")
