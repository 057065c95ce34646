"""The register types of a workspace: every file read, every mistake told with its line."""

import json
from pathlib import Path
from typing import Any

import pytest

from both_languages import both
from register_world import pits, text
from zoning.errors import ContentError
from zoning.registers.type_checks import listed_documents
from zoning.registers.types import read_register_types


def described(**changes: Any) -> dict[str, Any]:
    found = pits().model_dump(mode="json", by_alias=True, exclude_unset=True)
    del found["id"]
    return found | changes


def written(root: Path, name: str, content: dict[str, Any]) -> Path:
    """Write a type as YAML (of which JSON is a part), a line for every entry."""
    path = root / "layers" / "registers" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def line_of(path: Path, words: str) -> int:
    """Return the first line with some words."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def cited(document: str) -> dict[str, Any]:
    """Return deadlines that stand in a document."""
    citation = {"document": document, "section": "三"}
    return {"all": {"title": text("all"), "reach": "done", "by": "2026-12-31", "citation": citation}}


def test_a_workspace_without_the_folder_has_no_types(tmp_path: Path) -> None:
    assert read_register_types(tmp_path) == {}


def test_a_type_bears_the_name_of_its_file_and_types_stand_in_order(tmp_path: Path) -> None:
    for name in ("ponds", "矿坑", "pits"):
        written(tmp_path, name, described())
    (tmp_path / "layers" / "registers" / "notes.txt").write_text("not a type", encoding="utf-8")
    found = read_register_types(tmp_path)
    assert [(name, kind.id) for name, kind in found.items()] == [(n, n) for n in ("pits", "ponds", "矿坑")]
    assert found["pits"] == pits()


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    written(tmp_path, "good", described())
    for name in ("a", "b"):
        written(tmp_path, name, described(id_field="NUMBER"))
    zh, en = both(lambda: read_register_types(tmp_path), ContentError)
    assert zh.count("没有字段“NUMBER”") == en.count("there is no field 'NUMBER'") == 2
    assert "a.yaml" in en
    assert "b.yaml" in en
    assert "good.yaml" not in en


@pytest.mark.parametrize("alias", ["name", "ＮＡＭＥ", " Na me *"])
def test_a_header_that_means_two_fields_is_refused_however_it_is_written(tmp_path: Path, alias: str) -> None:
    fields = described()["fields"]
    fields["YEAR"] |= {"aliases": [alias]}
    path = written(tmp_path, "pits", described(fields=fields))
    zh, en = both(lambda: read_register_types(tmp_path), ContentError)
    assert f"表头“{alias}”同时指字段 NAME 和 YEAR；请改其中一个" in zh
    assert f"the header '{alias}' means both field NAME and field YEAR: change one of them" in en
    line = line_of(path, '"YEAR"')
    assert f"pits.yaml:{line}" in en


def test_a_deadline_cites_a_document_of_the_list(tmp_path: Path) -> None:
    path = written(tmp_path, "pits", described(deadlines=cited("plan-2024")))
    (tmp_path / "rules").mkdir()
    listing = tmp_path / "rules" / "documents.yaml"
    listing.write_text("documents:\n  plan-2025: {}\n", encoding="utf-8")
    zh, en = both(lambda: read_register_types(tmp_path), ContentError)
    assert "rules/documents.yaml 没有文件“plan-2024”；是否想写“plan-2025”？" in zh
    assert "rules/documents.yaml has no document 'plan-2024' - did you mean 'plan-2025'?" in en
    line = line_of(path, '"document"')
    assert f"pits.yaml:{line}" in en
    listing.write_text("documents:\n  plan-2024: {}\n", encoding="utf-8")
    assert list(read_register_types(tmp_path)) == ["pits"]


def test_without_a_list_of_documents_none_is_asked_for(tmp_path: Path) -> None:
    written(tmp_path, "pits", described(deadlines=cited("plan-2024")))
    assert list(read_register_types(tmp_path)) == ["pits"]
    assert listed_documents(tmp_path) is None


@pytest.mark.parametrize(
    ("listing", "documents"),
    [("documents:\n  a: {}\n  b: {}\n", ["a", "b"]), ("documents: {}\n", []), ("other: 1\n", []), ("- a\n", [])],
)
def test_the_ids_in_the_list_of_documents(tmp_path: Path, listing: str, documents: list[str]) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "documents.yaml").write_text(listing, encoding="utf-8")
    assert list(listed_documents(tmp_path) or ()) == documents


def test_a_layer_that_the_workspace_does_not_have_is_no_mistake(tmp_path: Path) -> None:
    written(tmp_path, "pits", described(as_layer={"layer": "land", "field": "CLASS", "classes": {"A": "open"}}))
    assert read_register_types(tmp_path)["pits"].as_layer is not None
