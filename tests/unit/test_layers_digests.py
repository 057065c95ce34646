"""Digests of layer files: what belongs to one, and in which order."""

import hashlib
from pathlib import Path

import pytest

from zoning.layers.digests import content_sha256, file_sha256, layer_files, shapefile_part


def write(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"content of {path.name}".encode())
    return paths


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_one_file_has_the_digest_that_sha256sum_prints(tmp_path: Path) -> None:
    (path,) = write(tmp_path, "水源.gpkg")
    assert file_sha256(path) == sha256("content of 水源.gpkg")


def test_a_shapefile_is_hashed_over_the_lines_of_its_parts(tmp_path: Path) -> None:
    write(tmp_path, "a.shp", "a.dbf", "a.shx", "a.prj", "a.cpg")
    lines = "".join(f"a.{end} {sha256(f'content of a.{end}')}\n" for end in ("cpg", "dbf", "prj", "shp", "shx"))
    assert file_sha256(tmp_path / "a.shp") == sha256(lines)


def test_files_beside_a_shapefile_that_say_nothing_of_its_zones_do_not_count(tmp_path: Path) -> None:
    write(tmp_path, "a.shp", "a.dbf", "a.shp.xml", "a.sbn", "b.shp", "b.dbf")
    assert [path.name for path in layer_files(tmp_path / "a.shp")] == ["a.dbf", "a.shp"]


def test_parts_in_capital_letters_belong_to_a_shapefile_as_well(tmp_path: Path) -> None:
    write(tmp_path, "a.SHP", "a.DBF", "a.shx")
    assert [path.name for path in layer_files(tmp_path / "a.SHP")] == ["a.DBF", "a.SHP", "a.shx"]


def test_of_two_spellings_the_small_one_is_the_part(tmp_path: Path) -> None:
    small, _ = write(tmp_path, "a.dbf", "a.DBF")
    assert shapefile_part(tmp_path / "a.shp", ".dbf") == small


def test_a_part_that_is_not_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.dbf").mkdir()
    assert shapefile_part(tmp_path / "a.shp", ".dbf") is None


def test_a_folder_is_all_its_files_but_those_of_locks(tmp_path: Path) -> None:
    write(tmp_path, "a.gdb/b.gdbtable", "a.gdb/a.gdbtablx", "a.gdb/_gdb.host.1.lock", "a.gdb/sub/c.spx")
    found = [path.relative_to(tmp_path).as_posix() for path in layer_files(tmp_path / "a.gdb")]
    assert found == ["a.gdb/a.gdbtablx", "a.gdb/b.gdbtable", "a.gdb/sub/c.spx"]


def test_the_digest_of_a_folder_names_files_from_the_folder_on(tmp_path: Path) -> None:
    write(tmp_path / "one", "a.gdb/t.gdbtable")
    write(tmp_path / "two", "a.gdb/t.gdbtable")
    expected = sha256(f"a.gdb/t.gdbtable {sha256('content of t.gdbtable')}\n")
    assert file_sha256(tmp_path / "one/a.gdb") == expected
    assert file_sha256(tmp_path / "two/a.gdb") == expected


def test_a_journal_with_something_in_it_belongs_to_a_geopackage(tmp_path: Path) -> None:
    path, journal = write(tmp_path, "a.gpkg", "a.gpkg-wal")
    assert layer_files(path) == [path, journal]
    lines = "".join(f"{each.name} {sha256(f'content of {each.name}')}\n" for each in (path, journal))
    assert file_sha256(path) == sha256(lines)


def test_an_empty_journal_changes_nothing(tmp_path: Path) -> None:
    (path,) = write(tmp_path, "a.gpkg")
    (tmp_path / "a.gpkg-wal").touch()
    assert layer_files(path) == [path]
    assert file_sha256(path) == sha256("content of a.gpkg")


def test_a_change_in_any_part_changes_the_digest(tmp_path: Path) -> None:
    parts = write(tmp_path, "a.shp", "a.dbf", "a.shx", "a.prj", "a.cpg")
    seen = {file_sha256(parts[0])}
    for part in parts:
        part.write_bytes(b"changed")
        seen.add(file_sha256(parts[0]))
    assert len(seen) == 6


@pytest.mark.parametrize(
    ("content", "text"),
    [({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'), ({"名": "水源"}, '{"名":"水源"}'), ({}, "{}")],
)
def test_settings_are_hashed_by_what_they_say(content: dict[str, object], text: str) -> None:
    assert content_sha256(content) == sha256(text)
