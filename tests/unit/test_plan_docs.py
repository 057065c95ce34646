"""The pages for planners have the same sections, name every option, and show the scheme as it is read."""

import re
from pathlib import Path

import pytest
import yaml

from zoning.cli.plan_units_app import units, zones
from zoning.planning.units.scheme import Scheme
from zoning.texts import Language

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES: dict[Language, str] = {
    "zh": (DOCS / "planners.md").read_text(encoding="utf-8"),
    "en": (DOCS / "planners.en.md").read_text(encoding="utf-8"),
}
EVERY_PAGE = pytest.mark.parametrize("language", ["zh", "en"])


def test_both_pages_have_the_same_sections() -> None:
    anchors = {language: re.findall(r'<a id="([^"]+)">', page) for language, page in PAGES.items()}
    assert anchors["zh"] == anchors["en"]
    for page in PAGES.values():
        assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= set(anchors["zh"])


def test_both_commands_take_the_same_options() -> None:
    assert units.__annotations__ == zones.__annotations__


@EVERY_PAGE
def test_the_scheme_that_is_shown_can_be_read(language: Language) -> None:
    block = next(one for one in re.findall(r"```yaml\n(.*?)```", PAGES[language], re.DOTALL) if "split_by" in one)
    title = {"zh": "方案", "en": "scheme"}
    scheme = Scheme.model_validate({"id": "shown", "title": title, **yaml.safe_load(block)})
    assert list(scheme.classes) == ["priority", "key", "general"]
    assert scheme.minimum == 10_000.0
