"""docs/architecture.md and CONTRIBUTING.md show the house as it is: its stops, its directions, who imports whom."""

import re
from pathlib import Path

import pytest

from draw_architecture import (
    PICTURE,
    STOPS,
    TITLES,
    Use,
    contributing,
    directions,
    drawn,
    stages,
    uses,
    with_base,
)

PAGES = ("docs/architecture.md", "docs/architecture.en.md")
STOP = re.compile(r"^\| (\d+) [^|]+\| \[`(zoning/[\w/]+\.py)`\]\(\.\./([\w/]+\.py)\) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"^\| [^|]+ \| (`zoning/[^|]+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def pages(repository_root: Path) -> dict[str, str]:
    return {name: (repository_root / name).read_text(encoding="utf-8") for name in PAGES}


@pytest.fixture(scope="module")
def rows(repository_root: Path) -> list[list[str]]:
    return with_base(stages(repository_root / "pyproject.toml"))


@pytest.fixture(scope="module")
def found(repository_root: Path, rows: list[list[str]]) -> dict[tuple[str, str], Use]:
    return uses(repository_root / "zoning", rows[-1])


def test_the_picture_is_that_of_the_imports(rows: list[list[str]], found: dict[tuple[str, str], Use]) -> None:
    shown = drawn(rows, found)
    assert PICTURE.read_text(encoding="utf-8") == shown, "run: python scripts/draw_architecture.py"
    assert drawn(rows, dict(reversed(found.items()))) == shown


def test_nothing_below_knows_what_stands_above(rows: list[list[str]], found: dict[tuple[str, str], Use]) -> None:
    place = {name: number for number, row in enumerate(rows) for name in row} | {"base": len(rows)}
    assert len(found) > 100
    assert [pair for pair in found if place[pair[0]] >= place[pair[1]]] == []
    assert {name for pair in found for name in pair} == set(TITLES)


def test_a_dot_tells_how_many_files_and_when(tmp_path: Path) -> None:
    for folder in ("layers", "overlay"):
        (tmp_path / "zoning" / folder).mkdir(parents=True)
    (tmp_path / "zoning" / "overlay" / "a.py").write_text("def f():\n    from zoning.layers import b\n")
    (tmp_path / "zoning" / "overlay" / "b.py").write_text("from zoning.texts import Text\nimport zoning.errors\n")
    found = uses(tmp_path / "zoning", ["errors", "texts"])
    assert found == {("overlay", "layers"): Use(1, at_once=False), ("overlay", "base"): Use(1, at_once=True)}
    shown = drawn([["overlay"], ["layers"], ["errors", "texts"]], found)
    assert 'fill="#FFFFFF" stroke="#143F75" stroke-width="2"><title>overlay → layers</title>' in shown
    assert 'r="4" fill="#143F75"><title>overlay → base</title>' in shown


@pytest.mark.parametrize("name", PAGES)
def test_the_ten_stops_are_there(repository_root: Path, pages: dict[str, str], name: str) -> None:
    stops = STOP.findall(pages[name])
    assert [number for number, _, _, _ in stops] == [str(number) for number in range(1, 11)]
    for number, file, link, sentence in stops:
        assert file == link
        assert (repository_root / file).is_file(), file
        assert number in STOPS[file.split("/")[1]].split(", ")
        assert "。" not in sentence.rstrip("。") and ". " not in sentence  # noqa: PT018 - one sentence


@pytest.mark.parametrize("name", PAGES)
def test_what_is_named_as_the_one_place_is_there(repository_root: Path, pages: dict[str, str], name: str) -> None:
    named = NAMED.findall(pages[name])
    assert len(named) > 5
    for cell in named:
        for file in re.findall(r"`(zoning/[^`]+)`", cell):
            text = (repository_root / file).read_text(encoding="utf-8")
            for word in re.findall(r"`([A-Za-z_]+)`", cell):
                assert re.search(rf"\b{word}\b", text), (file, word)


def test_contributing_shows_the_directions(repository_root: Path) -> None:
    page = (repository_root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = directions(stages(repository_root / "pyproject.toml"))
    assert shown in page, "run: python scripts/draw_architecture.py"
    old = page.replace(shown, "    texts < cli\n")
    assert contributing(old, stages(repository_root / "pyproject.toml")) == page
