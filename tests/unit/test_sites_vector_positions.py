"""Positions written as `x,y x,y,z`: grouped by commas and spaces, or refused where nobody knows how they are meant."""

import re

import numpy as np
import pytest

from zoning.sites.vector.position_text import is_spaced, positions

AT_ONCE = 50_000
LONGEST = 1_000


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("112.1,35.2", [[112.1, 35.2]]),
        ("112.1,35.2,0", [[112.1, 35.2, 0.0]]),
        ("112.1,35.2 112.3,35.4", [[112.1, 35.2], [112.3, 35.4]]),
        ("112.1,35.2,700 112.3,35.4,710.5", [[112.1, 35.2, 700.0], [112.3, 35.4, 710.5]]),
        ("-1.5e2,+0.25", [[-150.0, 0.25]]),
        ("\n\t112.1,35.2\r\n112.3,35.4\n", [[112.1, 35.2], [112.3, 35.4]]),
        ("１１２,３５", [[112.0, 35.0]]),
    ],
)
def test_each_word_is_one_position(text: str, rows: list[list[float]]) -> None:
    assert positions(text).tolist() == rows


@pytest.mark.parametrize(
    "text",
    ["112.1, 35.2 112.3, 35.4", "112.1 ,35.2 112.3 ,35.4", "112.1 , 35.2 112.3 , 35.4", "112.1,\n35.2 112.3\n,35.4"],
)
def test_spaces_around_a_comma_belong_to_the_position(text: str) -> None:
    assert positions(text).tolist() == [[112.1, 35.2], [112.3, 35.4]]


def test_a_comma_at_the_end_of_a_height_joins_nothing_else() -> None:
    assert positions("1, 2, 3 4, 5, 6").tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_a_text_without_words_has_no_positions(text: str) -> None:
    found = positions(text)
    assert found.shape == (0, 2)
    assert found.dtype == np.float64


def test_heights_that_only_some_positions_have_are_left_out() -> None:
    assert positions("1,2,3 4,5").tolist() == [[1.0, 2.0], [4.0, 5.0]]
    assert positions("1,2 4,5,6").tolist() == [[1.0, 2.0], [4.0, 5.0]]


@pytest.mark.parametrize(
    "text",
    [
        "112.1,",
        "1,2,3,4",
        "1,2 3,",
        "1,2 1,2,3,4",
        "1,2, 3,4",
        "1,,2",
        "1,2,",
        ",1,2",
        "1;2,3",
        "东,北",
        "1,2 x,3",
        "1_000,2",
        "1,2 3,4_0",
    ],
)
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^1,2|^112|^1|could not convert"):
        positions(text)


@pytest.mark.parametrize("text", ["112.1", "112.1 35.2", "1,2 3", "1,2,3,4," + "7" * 40, "_" + "7" * 40])
def test_the_refusal_quotes_the_beginning(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text[:30])) as caught:
        positions(text)
    assert str(caught.value) == text[:30]


def test_a_position_has_a_thousand_characters_at_most() -> None:
    longest = "1," + "0" * (LONGEST - 3) + "2"
    assert len(longest) == LONGEST
    assert positions(longest).tolist() == [[1.0, 2.0]]
    with pytest.raises(ValueError, match=r"^1,0+$"):
        positions("1,0" + longest[2:])


def test_the_length_is_that_of_one_position_and_not_of_the_text() -> None:
    assert len(positions("1.25,2.25 " * 300)) == 300


def test_many_positions_are_counted_before_the_next_ones_are_made() -> None:
    told: list[int] = []
    found = positions("1,2 " * (AT_ONCE + 1), told.append)
    assert told == [AT_ONCE, 1]
    assert found.shape == (AT_ONCE + 1, 2)


def test_a_full_portion_is_counted_once() -> None:
    told: list[int] = []
    positions("1,2 " * AT_ONCE, told.append)
    assert told == [AT_ONCE]


def test_portions_with_and_without_height_are_joined_without() -> None:
    found = positions("1,2,9 " * AT_ONCE + "3,4")
    assert found.shape == (AT_ONCE + 1, 2)
    assert found[[0, -1]].tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_the_counter_may_stop_the_reading() -> None:
    def stop(_: int) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        positions("1,2", stop)


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ("1,2 3,4", False),
        ("1, 2", True),
        ("1,\n2", True),
        ("1,\t2", True),
        ("1 ,2", False),
        ("", False),
        ("1,2,", False),
        ("1,2, ", True),
    ],
)
def test_only_a_space_behind_a_comma_is_told(text: str, *, spaced: bool) -> None:
    assert is_spaced(text) is spaced
