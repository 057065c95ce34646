"""Texts in two languages, and the tree of errors."""

import dataclasses

import pytest
from pydantic import TypeAdapter, ValidationError

from zoning import errors
from zoning.batch.faults import FaultError, ProcessEndedError
from zoning.errors import ZoningError
from zoning.texts import Text


def test_a_text_is_said_in_either_language() -> None:
    text = Text("地块", "site")
    assert (text.get("zh"), text.get("en")) == ("地块", "site")


def test_a_text_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Text("地块", "site").zh = "图斑"  # type: ignore[misc]  # must not be possible


@pytest.mark.parametrize("value", [{"zh": "地块"}, {"en": "site"}, {"zh": "地块", "en": "site", "fr": "terrain"}])
def test_a_text_in_a_content_file_needs_both_languages_and_nothing_else(value: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Text).validate_python(value)


def test_an_error_bears_its_sentence_in_both_languages() -> None:
    error = errors.SiteError(zh="文件为空", en="the file is empty")
    assert (error.get("zh"), error.get("en"), str(error)) == ("文件为空", "the file is empty", "the file is empty")


def _all_errors() -> list[type[ZoningError]]:
    found = [ZoningError]
    for error in found:
        found.extend(error.__subclasses__())
    # Other tests may have errors of their own.
    return [error for error in found if error.__module__.startswith("zoning.")]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError, 2),
        (errors.ContentError, 10),
        (errors.WorkspaceNotFoundError, 10),
        (errors.SiteError, 10),
        (errors.LayerError, 11),
        (errors.CRSError, 12),
        (errors.CRSMismatchError, 12),
        (FaultError, 70),
        (ProcessEndedError, 70),
    ],
)
def test_each_cause_has_its_exit_code(error: type[ZoningError], code: int) -> None:
    assert error.exit_code == code


def test_no_error_has_a_code_that_means_a_verdict() -> None:
    verdicts = {0, 1, 3}
    assert {error.__name__ for error in _all_errors() if error.exit_code in verdicts} == set()


@pytest.mark.parametrize("error", _all_errors(), ids=lambda error: error.__name__)
def test_each_error_is_drawn_in_the_tree(error: type[ZoningError]) -> None:
    assert error.__name__ in (errors.__doc__ or "")
    assert 400 <= error.http_status < 600
