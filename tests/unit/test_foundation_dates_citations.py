"""Periods of validity, values that change on dates, and citations."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from zoning.citations import Citation, Document
from zoning.dated_values import Period, value_on

days = st.dates(date(1990, 1, 1), date(2030, 12, 31))
ends = st.none() | days


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first, last = draw(ends), draw(ends)
    assume(first is None or last is None or first <= last)
    return Period(first, last)


def test_both_ends_belong_to_the_period() -> None:
    first, last = date(2021, 12, 28), date(2026, 3, 14)
    period = Period(first, last)
    one_day = timedelta(days=1)
    inside = {day: period.covers(day) for day in (first - one_day, first, last, last + one_day)}
    assert list(inside.values()) == [False, True, True, False]


def test_a_period_of_one_day_is_a_period() -> None:
    assert Period(date(2024, 2, 29), date(2024, 2, 29)).covers(date(2024, 2, 29))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    message = r"^the period ends \(2020-01-01\) before it begins \(2020-01-02\)$"
    with pytest.raises(ValueError, match=message):
        Period(date(2020, 1, 2), date(2020, 1, 1))


def test_a_misspelt_end_in_a_content_file_is_refused() -> None:
    with pytest.raises(ValidationError, match="valid_untill"):
        TypeAdapter(Period).validate_python({"valid_from": "2020-01-01", "valid_untill": "2021-01-01"})


@given(day=days)
def test_a_period_with_open_ends_covers_every_day(day: date) -> None:
    assert Period().covers(day)


@given(one=periods(), other=periods())
def test_overlapping_is_mutual(one: Period, other: Period) -> None:
    assert one.overlaps(other) == other.overlaps(one)


@given(one=periods(), other=periods(), day=days)
def test_a_common_day_means_overlap(one: Period, other: Period, day: date) -> None:
    if one.covers(day) and other.covers(day):
        assert one.overlaps(other)


@given(one=periods(), other=periods())
def test_overlap_means_a_common_day(one: Period, other: Period) -> None:
    # A common day, if there is one, is found among the ends (or any day, when all are open).
    found = [end for end in (one.valid_from, one.valid_to, other.valid_from, other.valid_to) if end is not None]
    candidates = found or [date(2000, 1, 1)]
    assert one.overlaps(other) == any(one.covers(day) and other.covers(day) for day in candidates)


def test_a_value_holds_from_its_day_until_the_next() -> None:
    values = {date(2021, 12, 28): 1000.0, date(2024, 1, 1): 500.0}
    asked = [date(2021, 12, 27), date(2021, 12, 28), date(2023, 12, 31), date(2024, 1, 1), date(2030, 1, 1)]
    assert [value_on(values, day) for day in asked] == [None, 1000.0, 1000.0, 500.0, 500.0]


def test_no_values_hold_on_no_day() -> None:
    empty: dict[date, int] = {}
    assert value_on(empty, date(2024, 1, 1)) is None


@given(values=st.dictionaries(days, st.integers(), min_size=1), day=days)
def test_the_order_in_the_file_does_not_matter(values: dict[date, int], day: date) -> None:
    turned = dict(reversed(values.items()))
    assert value_on(values, day) == value_on(turned, day)


def _document(**changes: object) -> dict[str, object]:
    entry: dict[str, object] = {
        "title": {"zh": "实施方案", "en": "scheme"},
        "number": "63号",
        "issuer": {"zh": "阳城县人民政府", "en": "Yangcheng County"},
        "issued": "2023-12-01",
        "weight": "scheme",
        "territories": ["140522"],
        "valid_from": "2023-12-01",
    }
    return entry | changes


def test_a_document_is_read_with_its_dates() -> None:
    document = Document.model_validate(_document(valid_to="2030-12-31"))
    assert (document.issued, document.valid_to, document.territories) == (
        date(2023, 12, 1),
        date(2030, 12, 31),
        ("140522",),
    )


@pytest.mark.parametrize(
    "changes",
    [{"weight": "rumour"}, {"issued": "2023-13-01"}, {"issuer": "阳城县"}, {"isued": "2023-12-01"}],
    ids=["unknown weight", "no date", "one language", "unknown key"],
)
def test_a_wrong_document_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Document.model_validate(_document(**changes))


def test_a_citation_cannot_be_changed_or_half_given() -> None:
    citation = Citation(document="yangcheng-2023-63", section="第五章", lines="L10-12", anchor="禁止")
    with pytest.raises(ValidationError, match="frozen"):
        citation.section = "第六章"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="anchor"):
        Citation.model_validate({"document": "x", "section": "1", "lines": "L1"})
