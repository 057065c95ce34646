"""Gather the pages of the site in one folder: docs/, pages that stand elsewhere, and pages made from the code."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from docs_site.api_reference import api_page
from docs_site.chinese_lines import joined
from docs_site.command_reference import command_page
from docs_site.links import site_links
from docs_site.manual_pages import in_each_language
from docs_site.rest_reference import openapi_document, rest_page
from docs_site.schema_reference import schema_documents, schema_page

LANGUAGES = ("zh", "en")
ELSEWHERE = {
    "GLOSSARY.md": "glossary.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "UPGRADING.md": "upgrading.md",
    "layers/README.md": "layer-files.md",
    "rules/README.md": "rule-files.md",
    "layers/registers/README.md": "register-files.md",
    "maps/README.md": "map-products.md",
    "mines/README.md": "mine-files.md",
    "styles/README.md": "style-files.md",
    "deploy/README.md": "deploy.md",
}
"""Pages of the repository outside of docs/, and where the site has them; those that are not there are left out."""


def places(root: Path) -> dict[str, str]:
    """Return the files of the repository that the site has, pages without their language, and where it has them."""
    docs = {path.relative_to(root).as_posix(): path for path in sorted((root / "docs").rglob("*")) if path.is_file()}
    found = {name: name.removeprefix("docs/") for name in docs if not name.endswith(".en.md")}
    return found | {name: place for name, place in ELSEWHERE.items() if (root / name).is_file()}


def gather(root: Path, target: Path) -> None:
    """Write everything that the site is built from into an empty folder."""
    known = places(root)
    for source, place in known.items():
        for suffix in ("", ".en") if source.endswith(".md") else ("",):
            path = root / (f"{source.removesuffix('.md')}{suffix}.md" if suffix else source)
            if path.is_file():
                _take(path, target / (f"{place.removesuffix('.md')}{suffix}.md" if suffix else place), root, known)
    for place, content in made_pages():
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        (target / place).write_text(content, encoding="utf-8")


def _take(path: Path, place: Path, root: Path, known: dict[str, str]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.suffix != ".md":
        shutil.copyfile(path, place)
        return
    text = joined(path.read_text(encoding="utf-8"))
    text = site_links(text, path.relative_to(root).as_posix(), known)
    for suffix, content in in_each_language(text).items():
        place.with_suffix(suffix).write_text(content, encoding="utf-8")


def made_pages() -> Iterator[tuple[str, str]]:
    """Yield what is made from the code: place and content."""
    described = openapi_document()
    schemas = schema_documents()
    for language in LANGUAGES:
        suffix = ".md" if language == "zh" else ".en.md"
        yield f"reference/cli{suffix}", command_page(language)
        yield f"reference/api{suffix}", api_page(language)
        yield f"reference/rest{suffix}", rest_page(described, language)
        yield f"reference/schemas{suffix}", schema_page(schemas, language)
    yield "reference/openapi.json", _json(described)
    for name, schema in schemas.items():
        yield f"reference/{name}.schema.json", _json(schema)


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
