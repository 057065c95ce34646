"""Heads of shapefiles written by hand: what index and table do not list is told."""

import struct
from pathlib import Path

import pytest

from zoning.layers.shapefile_index import is_cut_off, unlisted_shapes

HEAD = 100
CONTENT = 48  # bytes of one shape, without the head of its record


def head(length: int) -> bytes:
    """Return the head of a .shp or .shx that states its length in bytes (ESRI Shapefile Description, p. 4)."""
    return struct.pack(">i20xi", 9994, length // 2) + b"\0" * 72


def shapefile(
    folder: Path,
    count: int = 3,
    *,
    stated: int | None = None,
    listed: list[int] | None = None,
    rows: int | None = None,
    ends: tuple[str, str] = (".shx", ".dbf"),
) -> Path:
    """Write a shapefile of equal records.

    `stated`: length that the head of the .shp tells. `listed`: the shapes in the index. `rows`: of the table.
    """
    path = folder / "水源.shp"
    record = 8 + CONTENT
    length = HEAD + count * record
    path.write_bytes(head(length if stated is None else stated) + b"\0" * (count * record))
    places = range(count) if listed is None else listed
    entries = b"".join(struct.pack(">ii", (HEAD + place * record) // 2, CONTENT // 2) for place in places)
    (folder / f"水源{ends[0]}").write_bytes(head(HEAD + len(entries)) + entries)
    table = struct.pack("<4xi", count if rows is None else rows)
    (folder / f"水源{ends[1]}").write_bytes(table + b"\0" * 24)
    return path


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_whole_shapefile_is_whole(tmp_path: Path, count: int) -> None:
    path = shapefile(tmp_path, count)
    assert not is_cut_off(path)
    assert unlisted_shapes(path) is None


@pytest.mark.parametrize(("missing", "cut_off"), [(0, False), (2, True), (56, True)])
def test_a_file_shorter_than_its_head_says_is_cut_off(tmp_path: Path, missing: int, cut_off: bool) -> None:
    path = shapefile(tmp_path)
    path.write_bytes(path.read_bytes()[: len(path.read_bytes()) - missing])
    assert is_cut_off(path) is cut_off


def test_a_file_longer_than_its_head_says_is_not_cut_off(tmp_path: Path) -> None:
    assert not is_cut_off(shapefile(tmp_path, stated=HEAD))


def test_an_index_that_ends_before_the_last_shape_is_told(tmp_path: Path) -> None:
    found = unlisted_shapes(shapefile(tmp_path, listed=[0, 1]))
    assert found is not None
    assert found.zh == ("水源.shp：索引 水源.shx 没有列出其中的全部图形，会漏读；请重新导出完整的 Shapefile")
    assert found.en == (
        "水源.shp: its index 水源.shx does not list all of its shapes, which would be missed; "
        "export the whole shapefile again"
    )


def test_an_index_that_lists_a_shape_twice_is_told(tmp_path: Path) -> None:
    found = unlisted_shapes(shapefile(tmp_path, listed=[0, 2, 2]))
    assert found is not None
    assert "index 水源.shx" in found.en


def test_an_empty_index_of_a_file_with_shapes_is_told(tmp_path: Path) -> None:
    assert unlisted_shapes(shapefile(tmp_path, listed=[])) is not None


def test_a_gap_that_an_edited_shape_left_is_no_fault(tmp_path: Path) -> None:
    # The shape in the middle was written anew behind all others: the index lists 0, 3, 2 of four records.
    assert unlisted_shapes(shapefile(tmp_path, 4, listed=[0, 3, 2], rows=3)) is None


@pytest.mark.parametrize(("behind", "told"), [(0, False), (6, False), (8, True), (56, True)])
def test_what_lies_behind_the_last_listed_shape_is_a_shape_from_a_record_head_on(
    tmp_path: Path, behind: int, told: bool
) -> None:
    path = shapefile(tmp_path, stated=HEAD + 3 * (8 + CONTENT) + behind)
    assert (unlisted_shapes(path) is not None) is told


def test_half_an_entry_at_the_end_of_the_index_is_none(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    index = tmp_path / "水源.shx"
    index.write_bytes(index.read_bytes()[:-4])
    assert unlisted_shapes(path) is not None


@pytest.mark.parametrize(("rows", "told"), [(0, True), (2, True), (3, False), (4, False)])
def test_a_table_with_fewer_rows_than_shapes_is_told(tmp_path: Path, rows: int, told: bool) -> None:
    found = unlisted_shapes(shapefile(tmp_path, rows=rows))
    assert (found is not None) is told
    if found is not None:
        assert "属性表 水源.dbf 没有列出" in found.zh
        assert "its table 水源.dbf does not list" in found.en


def test_parts_in_capital_letters_are_found(tmp_path: Path) -> None:
    assert unlisted_shapes(shapefile(tmp_path, listed=[0], ends=(".SHX", ".DBF"))) is not None
    assert unlisted_shapes(shapefile(tmp_path, rows=1, ends=(".SHX", ".DBF"))) is not None


def test_without_an_index_nothing_can_be_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path, listed=[])
    (tmp_path / "水源.shx").unlink()
    assert unlisted_shapes(path) is None


def test_without_a_table_the_index_alone_is_looked_at(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    (tmp_path / "水源.dbf").unlink()
    assert unlisted_shapes(path) is None
