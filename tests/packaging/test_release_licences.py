"""Every dependency has a licence that is known; what of others stands in the wheel may stand there, and is told of."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import sbom
from dependencies import VENDORED, Vendored, components, installed, name_of, sha256_of, wanted
from licence_words import OF_THEIR_OWN, PERMISSIVE, is_permissive, parts_of
from licences import PAGE, page
from zoning import __version__

SCRIPTS = ("zoning/**/*.js", "zoning/**/*.css", "tests/web/**/*.js")
OTHER_HANDS = re.compile(rb"copyright|@license|@preserve|\(c\) 20", re.IGNORECASE)


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return {one.name: one for one in components(installed(), wanted())}


def test_every_dependency_has_a_licence_that_is_known(found: dict[str, Any]) -> None:
    unknown = {one.name: one.licence for one in found.values() if not one.licence or unknown_parts(one.licence)}
    assert unknown == {}


def unknown_parts(expression: str) -> set[str]:
    return parts_of(expression) - PERMISSIVE - OF_THEIR_OWN


def test_all_that_pyproject_asks_for_is_listed(found: dict[str, Any]) -> None:
    assert {name_of(one.name) for one in wanted() if one.marker is None or one.marker.evaluate()} <= found.keys()
    assert all(set(one.needs) <= found.keys() for one in found.values())


@pytest.mark.parametrize("one", VENDORED, ids=lambda one: one.name)
def test_what_of_others_is_in_the_wheel_may_be_there_and_is_told_of(one: Vendored, repository_root: Path) -> None:
    assert not one.shipped or is_permissive(one.licence)
    assert (repository_root / one.folder / one.text).stat().st_size > 500
    told = " ".join((repository_root / "NOTICE").read_text(encoding="utf-8").split())
    assert f"{one.version} ({one.licence}" in told
    assert f"{one.folder}/{one.text}" in told
    assert all(part.partition(" (")[0] in told for part in one.holds)


@pytest.mark.parametrize("one", VENDORED, ids=lambda one: one.name)
def test_the_files_of_others_are_those_that_their_page_tells(one: Vendored, repository_root: Path) -> None:
    folder = repository_root / one.folder
    readme = next(path for path in (folder / "README.md", folder.parent / "README.md") if path.is_file())
    text = readme.read_text(encoding="utf-8")
    for name in one.files:
        assert sha256_of(folder / name) in text, name


def test_no_other_script_in_the_repository_is_of_others(repository_root: Path) -> None:
    known = {f"{one.folder}/{name}" for one in VENDORED for name in one.files}
    paths = {
        path.relative_to(repository_root).as_posix(): path for form in SCRIPTS for path in repository_root.glob(form)
    }
    assert known <= paths.keys()
    others = [name for name, path in paths.items() if name not in known and OTHER_HANDS.search(path.read_bytes())]
    assert others == []
    # A library that was pressed into few lines is of others, whether or not it says so.
    assert [name for name in paths.keys() - known if longest_line(paths[name]) > 2_000] == []


def longest_line(path: Path) -> int:
    return max(map(len, path.read_bytes().splitlines()), default=0)


def test_a_choice_of_licences_is_free_when_one_of_them_is() -> None:
    assert is_permissive("Apache-2.0 OR BSD-3-Clause")
    assert is_permissive("GPL-2.0-or-later OR MIT")
    assert is_permissive("BSD-2-Clause AND Apache-2.0 WITH LLVM-exception")
    assert not is_permissive("MIT AND GPL-2.0-or-later")
    assert not is_permissive("MPL-2.0")
    assert not is_permissive("")


def test_the_list_of_licences_is_current(repository_root: Path, found: dict[str, Any]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ([^ ]+) \| ([^|]+) \|", text, re.MULTILINE)
    listed = {(name, version) for name, version, _ in rows}
    pins = (repository_root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {(name_of(name), version) for name, _, version in (line.partition("==") for line in pins) if version}
    if sys.version_info[:2] == (3, 11) and sys.platform == "linux":
        assert found.keys() <= {name for name, _ in listed}, "run: python scripts/licences.py"
    vendored = {(one.name, one.version) for one in VENDORED}
    assert listed - pinned - vendored == set(), "run: python scripts/licences.py"
    assert page(list(found.values())).splitlines()[:12] == text.splitlines()[:12]


def test_the_bill_of_materials_is_one_by_the_schema(found: dict[str, Any]) -> None:
    bill = sbom.of_installed(__version__)
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bill)) is None
    # The validator is at work.
    bad = {**bill, "components": [{**bill["components"][0], "licenses": [{"license": {"id": "My-Own"}}]}]}
    assert validator.validate_str(json.dumps(bad)) is not None
    assert {one["name"]: one["version"] for one in bill["components"]} == {
        one.name: one.version for one in found.values()
    }
    program = bill["metadata"]["component"]
    assert (program["name"], program["version"]) == ("zoning-check", __version__)
    assert {one["name"] for one in program["components"]} == {one.name for one in VENDORED if one.shipped}
    references = [one["bom-ref"] for one in bill["components"]] + [program["bom-ref"]]
    assert len(references) == len(set(references))
    assert {one["ref"] for one in bill["dependencies"]} == set(references)
    assert sbom.of_installed(__version__) == bill
