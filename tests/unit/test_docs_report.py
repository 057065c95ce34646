"""The pages on the report name every placeholder and option, in both languages."""

import re
from pathlib import Path

import pytest

import report_world
from zoning.cli.report_app import _report
from zoning.report.word import placeholders
from zoning.texts import Language

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES: dict[Language, str] = {
    "zh": (DOCS / "report.md").read_text(encoding="utf-8"),
    "en": (DOCS / "report.en.md").read_text(encoding="utf-8"),
}
EVERY_PAGE = pytest.mark.parametrize("language", ["zh", "en"])


@EVERY_PAGE
def test_every_placeholder_is_named_and_no_other(tmp_path: Path, language: Language) -> None:
    named = re.findall(r"`\{\{p? (\w+) \}\}`", PAGES[language].split('<a id="template">')[1])
    known = set(placeholders(report_world.report(tmp_path, language)))
    assert set(named) == known


@EVERY_PAGE
def test_every_option_of_its_own_is_named(language: Language) -> None:
    own = {"to", "out", "template", "verify", "replay"}
    assert own <= set(_report.__wrapped__.__annotations__)  # type: ignore[attr-defined]  # what Typer wraps
    for name in own:
        assert f"--{name}" in PAGES[language]


def test_both_pages_have_the_same_sections() -> None:
    anchors = {language: re.findall(r'<a id="([^"]+)">', page) for language, page in PAGES.items()}
    assert anchors["zh"] == anchors["en"]
