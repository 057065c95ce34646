"""The pages on the batch say what every column and option is, in both languages."""

import re
from pathlib import Path

import pytest

from zoning.batch.columns import GEOMETRY, error_code, schema_of
from zoning.batch.faults import FaultError, ProcessEndedError
from zoning.batch.sinks import BOX, WRITERS
from zoning.cli.batch_app import batch
from zoning.errors import CRSError, SiteError, TangledError
from zoning.layers.catalogue import Catalogue
from zoning.texts import Language

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES: dict[Language, str] = {
    "zh": (DOCS / "batch.md").read_text(encoding="utf-8"),
    "en": (DOCS / "batch.en.md").read_text(encoding="utf-8"),
}
EVERY_PAGE = pytest.mark.parametrize("language", ["zh", "en"])


@EVERY_PAGE
def test_every_column_is_explained_in_its_order(language: Language) -> None:
    names = [*schema_of(Catalogue(Path(), {}, "territory"), verdicts=False).names, BOX]
    assert GEOMETRY in names
    table = PAGES[language].split('<a id="columns">')[1].split("\n## ")[0]
    listed = [
        name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall("`([^`]+)`", row)
    ]
    assert [name for name in listed if not name.startswith("<")] == names
    suffixes = {name.split("_", 1)[1] for name in listed if name.startswith("<")}
    assert suffixes == {"status", "classes", "overlap_m2", "length_m", "nearest_m"}


@EVERY_PAGE
def test_every_option_of_its_own_is_named(language: Language) -> None:
    own = {"out", "lines", "page", "geometry", "overwrite", "resume", "restart", "keep_parts", "processes", "scheduler"}
    own |= {"prepare", "fail_on_refused"}
    assert own <= set(batch.__wrapped__.__annotations__)  # type: ignore[attr-defined]  # what Typer wraps
    named = {"lines": "--jsonl", "page": "--map", "prepare": "--no-prepare"}
    for name in own:
        assert f"`{named.get(name, '--' + name.replace('_', '-'))}" in PAGES[language], name


@EVERY_PAGE
def test_every_format_and_error_is_named(language: Language) -> None:
    for suffix in WRITERS:
        assert re.search(rf"`--out \S+{suffix}`", PAGES[language]), suffix
    for error in (SiteError, CRSError, TangledError, FaultError, ProcessEndedError):
        assert f"`{error_code(error('', ''))}`" in PAGES[language]


def test_both_pages_have_the_same_sections() -> None:
    anchors = {language: re.findall(r'<a id="([^"]+)">', page) for language, page in PAGES.items()}
    assert anchors["zh"] == anchors["en"]
    for language, page in PAGES.items():
        assert set(re.findall(r"\]\(#([^)]+)\)", page)) == set(anchors[language])
