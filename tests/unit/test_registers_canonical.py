"""One spelling for what is hashed: the digests of a log written in any year must still fit."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from zoning.registers.canonical import canonical, digest, moment, plain, sha256

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, "{}"),
        ([], "[]"),
        (None, "null"),
        ("", '""'),
        ("矿坑“一”", '"矿坑“一”"'),
        ('quote " and \\', '"quote \\" and \\\\"'),
        ("line\nend", '"line\\nend"'),
        ({"b": 1, "a": {"d": True, "c": None}}, '{"a":{"c":null,"d":true},"b":1}'),
        ([1, 1.0, "1"], '[1,1.0,"1"]'),
        (("a", "b"), '["a","b"]'),
        (0.1, "0.1"),
        (1e22, "1e+22"),
    ],
)
def test_a_value_has_one_spelling(value: Any, expected: str) -> None:
    assert canonical(value) == expected


def test_the_order_in_which_keys_were_written_does_not_matter() -> None:
    assert digest({"x": 1, "y": {"b": 2, "a": 3}}) == digest({"y": {"a": 3, "b": 2}, "x": 1})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_json_has_no_number_for_is_never_written(value: Any) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(value)


def test_digests_are_those_of_the_standard() -> None:
    # FIPS 180-2, appendix B.1.
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256(b"abc") == abc
    # The digest of a value is that of its text in UTF-8.
    assert digest("矿") == hashlib.sha256(b'"\xe7\x9f\xbf"').hexdigest()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 1, 1, 7, 59, 59, 999_999, CHINA), "2025-12-31T23:59:59.999999+00:00"),
        (datetime(2026, 1, 1, 8, tzinfo=CHINA), "2026-01-01T00:00:00.000000+00:00"),
        (datetime(2026, 6, 1, 12, 0, 0, 5, UTC), "2026-06-01T12:00:00.000005+00:00"),
        (datetime(2026, 6, 1, tzinfo=timezone(timedelta(hours=-5))), "2026-06-01T05:00:00.000000+00:00"),
    ],
)
def test_moments_are_written_in_utc_with_microseconds(at: datetime, expected: str) -> None:
    assert moment(at) == expected
    # All have the same length: as texts they sort as moments do.
    assert len(moment(at)) == 32


def test_dates_of_a_row_become_texts_and_the_row_stays_as_it_is() -> None:
    row = {"day": date(2026, 3, 1), "number": 2, "none": None, "text": "x"}
    assert plain(row) == {"day": "2026-03-01", "number": 2, "none": None, "text": "x"}
    assert row["day"] == date(2026, 3, 1)
