"""Values that change on dates, and citations."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from zoning.citations import Citation, Document
from zoning.dated_values import check_order, value_on
from zoning.mistakes import Mistake

days = st.dates(date(1990, 1, 1), date(2030, 12, 31))


def test_what_ends_before_it_begins_is_refused() -> None:
    day = date(2020, 1, 2)
    check_order(day, None, ())
    check_order(day, day, ())
    with pytest.raises(ValueError, match=r"^it ends on 2020-01-01, before it begins on 2020-01-02") as refused:
        check_order(day, date(2020, 1, 1), ("valid_to",))
    assert isinstance(refused.value, Mistake)
    assert refused.value.at == ("valid_to",)


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
        citation.section = "第六章"  # type: ignore[misc]  # must not be possible
    with pytest.raises(ValidationError, match="anchor"):
        Citation.model_validate({"document": "x", "section": "1", "lines": "L1"})
