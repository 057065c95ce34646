"""The public names: complete, sorted, each really there, with an example; the doctests run the examples."""

import doctest
import re
from pathlib import Path

import pytest

import zoning

CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_names_are_sorted_and_exist() -> None:
    assert zoning.__all__ == sorted(zoning.__all__)
    assert set(zoning.__all__) == set(zoning._HOMES)
    for name in zoning.__all__:
        assert getattr(zoning, name).__module__.startswith("zoning")


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(zoning, "chek_site")


@pytest.mark.parametrize("name", zoning.__all__)
def test_every_name_has_an_example(name: str) -> None:
    parser = doctest.DocTestParser()
    assert parser.get_examples(getattr(zoning, name).__doc__ or ""), name


def test_the_examples_use_public_names_only_for_what_is_public(repository_root: Path) -> None:
    readme = (repository_root / "README.md").read_text(encoding="utf-8")
    blocks = CODE.findall(readme)
    imported = {
        name.strip()
        for text in [*blocks, zoning.__doc__ or ""]
        for names in re.findall(r"from zoning import (.+)", text)
        for name in names.split(",")
    }
    assert imported
    assert imported <= set(zoning.__all__)


def test_the_python_of_the_readme_runs(repository_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for block in CODE.findall((repository_root / "README.md").read_text(encoding="utf-8")):
        exec(compile(block, "README.md", "exec"), {"__name__": "readme"})  # noqa: S102 - what the page shows
