"""The documentation site: built strictly and without a network, whole in both languages, found by its own search."""

import doctest
import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
import typer.main
import yaml

from docs_site.gathering import ELSEWHERE
from zoning.cli.app import app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ONE_PAGE_FOR_BOTH = {
    # Chinese and English stand one beside or after the other.
    *("commands.md", "postgis.md", "rule-language.md", "scale.md", "glossary.md", "deploy.md"),
    *("layer-files.md", "rule-files.md", "register-files.md", "mine-files.md"),
    # For developers: English only.
    *(
        "changelog.md",
        "contributing.md",
        "map-products.md",
        "style-files.md",
        "trials.md",
    ),
}
MADE = {f"reference/{name}.md" for name in ("api", "cli", "rest", "schemas")}
ADDRESS = re.compile(
    r"""(?:\b(?:src|srcset|action|data)\s*=\s*["']?|url\(\s*["']?|@import\s+["'])((?:https?:)?//[^"'\s)>]+)"""
)
SHEET = re.compile(r"<link\b[^>]*>")
SCHEMAS = ("verdict", "inspection", "advice", "selection", "indicators")


@pytest.fixture(scope="module")
def site(
    repository_root: Path, tmp_path_factory: pytest.TempPathFactory, unavailable: Callable[[str, str], NoReturn]
) -> Path:
    """Return the site, built once; strictly: a link or an anchor that leads nowhere ends the build."""
    if any(find_spec(name) is None for name in ("mkdocs", "material", "mkdocs_static_i18n", "rjieba")):
        unavailable("no MkDocs", "pip install 'zoning-check[docs]'")
    target = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, str(repository_root / "scripts" / "docs_site"), "--out", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return target


def navigation(root: Path) -> list[str]:
    class Loader(yaml.SafeLoader):
        """Passes over the function that makes anchors."""

    Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)
    config = yaml.load((root / "mkdocs.yml").read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506 - a safe loader
    return [page for section in config["nav"] for pages in section.values() for page in pages]


def test_both_languages_have_every_page(site: Path, repository_root: Path) -> None:
    chinese = {path.relative_to(site).as_posix() for path in site.rglob("*.html")} - {"404.html"}
    english = {path.removeprefix("en/") for path in chinese if path.startswith("en/")}
    assert english == {path for path in chinese if not path.startswith("en/")}
    for page in navigation(repository_root):
        assert page.replace("README.md", "index.md").replace(".md", ".html") in english, page


def test_a_page_without_an_english_file_holds_both_languages(repository_root: Path) -> None:
    for page in set(navigation(repository_root)) - MADE:
        source = next((path for path, place in ELSEWHERE.items() if place == page), f"docs/{page}")
        if source.startswith("docs/rules/"):
            continue
        translated = (repository_root / source.replace(".md", ".en.md")).is_file()
        assert translated != (page in ONE_PAGE_FOR_BOTH), page


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for path in [*site.rglob("*.html"), *site.rglob("*.css")]:
        text = path.read_text(encoding="utf-8")
        assert ADDRESS.findall(text) == [], path.name
        for link in SHEET.findall(text):
            assert not re.search(r'href="?(?:https?:)?//', link), f"{path.name}: {link}"


def test_every_picture_is_made_by_a_script(repository_root: Path) -> None:
    scripts = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((repository_root / "scripts").rglob("*"))
        if path.is_file() and (path.suffix == ".py" or not path.suffix)
    )
    pictures = sorted(path.stem for path in (repository_root / "docs" / "images").iterdir())
    assert [name for name in pictures if not re.search(rf'"{name}"|{name}\.', scripts)] == []


def test_every_picture_is_shown_on_a_page(repository_root: Path) -> None:
    pages = [*repository_root.glob("*.md"), *(repository_root / "docs").rglob("*.md")]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    for picture in (repository_root / "docs" / "images").iterdir():
        assert f"images/{picture.name}" in text, picture.name


def test_the_reference_of_commands_has_every_option(site: Path) -> None:
    for page in (site / "reference" / "cli.html", site / "en" / "reference" / "cli.html"):
        text = page.read_text(encoding="utf-8")
        waiting = [("zoning", typer.main.get_command(app))]
        while waiting:
            words, command = waiting.pop()
            children = getattr(command, "commands", {})
            waiting.extend((f"{words} {name}", child) for name, child in children.items())
            if not children:
                section = text.partition(f'id="{words.replace(" ", "-")}"')[2].partition("<h2")[0]
                for option in command.params:
                    if option.name != "help":
                        assert all(name in section for name in option.opts if name.startswith("-")), (
                            f"{words}: {option}"
                        )


def test_the_interfaces_are_described(site: Path) -> None:
    import zoning

    page = (site / "reference" / "api.html").read_text(encoding="utf-8")
    for name in zoning.__all__:
        assert name.startswith("__") or f'id="{name.lower()}"' in page, name
    described = json.loads((site / "reference" / "openapi.json").read_text(encoding="utf-8"))
    rest = (site / "en" / "reference" / "rest.html").read_text(encoding="utf-8")
    assert described["openapi"].startswith("3.")
    assert all(path in rest for path in described["paths"])
    for name in SCHEMAS:
        schema = json.loads((site / "reference" / f"{name}.schema.json").read_text(encoding="utf-8"))
        assert schema["$schema"].startswith("https://json-schema.org/")


def test_figures_of_the_comparison_are_those_of_the_history(repository_root: Path) -> None:
    lines = (
        (repository_root / "scripts" / "bench" / "history" / "engine.jsonl").read_text(encoding="utf-8").splitlines()
    )
    kept = next(run for run in map(json.loads, lines) if run["when"] == "2026-11-23T00:03Z")
    ways = ("ours", "c-cut", "sedona", "sjoin", "geopandas", "duckdb", "postgis")
    for name in ("comparison.md", "comparison.en.md"):
        page = (repository_root / "docs" / name).read_text(encoding="utf-8")
        told = re.findall(r"^\| [^|]+ \| ([\d.]+) \| (\d+) \|$", page, re.MULTILINE)
        assert len(told) == len(ways)
        for way, (seconds, wrong) in zip(ways, told, strict=True):
            digits = len(seconds.partition(".")[2])
            assert f"{kept['overlay_s'][way]:.{digits}f}" == seconds, way
            assert int(wrong) == (kept["ours_wrong"] if way == "ours" else kept["peers_wrong"][way]), way


@pytest.mark.parametrize("name", ["chinese_lines", "docstrings", "links", "manual_pages", "schema_reference"])
def test_the_examples_of_what_makes_the_pages_hold(name: str) -> None:
    found = doctest.testmod(import_module(f"docs_site.{name}"))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize(
    ("page", "word", "found"),
    [
        ("index.html", "备份", "server.html"),
        ("rules/water-law-2016.html", "泉域", "rules/shanxi-springs-regulation-2022.html"),
        ("en/index.html", "Water Law", "en/rules/water-law-2016.html"),
    ],
)
def test_the_search_finds_words_from_a_folder_without_a_server(
    site: Path, browser: "Browser", page: str, word: str, found: str
) -> None:
    view = browser.new_page(offline=True)
    asked: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.goto((site / page).as_uri())
    view.click(".md-search__input")
    view.keyboard.insert_text(word)
    view.keyboard.press("End")
    view.wait_for_selector(".md-search-result__link")
    links = [link.get_attribute("href") or "" for link in view.locator(".md-search-result__link").all()]
    view.close()
    assert any(found in link for link in links)
    assert all(("/en/" in link) == page.startswith("en/") for link in links)
    assert all(url.startswith(("file:", "data:", "about:", "blob:")) for url in asked)
