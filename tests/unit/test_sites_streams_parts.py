"""What reading record by record stands on: ids so far, boxes on disk, numbers of records, a watch on the file."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

from both_languages import both
from zoning.errors import SiteError
from zoning.sites.crs.extent import Piece
from zoning.sites.formats.kinds import Kind
from zoning.sites.formats.neighbours import check_neighbours
from zoning.sites.limits import Limits
from zoning.sites.raw import RawFile, RawSite
from zoning.sites.streams.ids import IdsOnDisk, NumbersOnly
from zoning.sites.streams.sliced import WholeFile, numbered
from zoning.sites.streams.spool import Spool
from zoning.sites.streams.watch import Watch
from zoning.sites.where import Where

HERE = Where("范围.shp")

# --- ids ---


def test_an_id_is_free_once() -> None:
    with IdsOnDisk() as ids:
        assert [ids.take(one) for one in ("甲", "乙", "甲", "甲 ", "乙")] == [True, True, False, True, False]


@pytest.mark.parametrize(("first", "second"), [("a", "A"), ("1", "1.0"), ("1", "01"), ("é", "e\u0301"), ("", " ")])
def test_ids_that_only_look_alike_are_two(first: str, second: str) -> None:
    with IdsOnDisk() as ids:
        assert ids.take(first)
        assert ids.take(second)


def test_copies_are_counted_from_two_and_remembered() -> None:
    with IdsOnDisk() as ids:
        ids.take("甲")
        ids.take("乙")
        assert ids.copies("甲") == 2
        ids.note("甲", 7)
        assert (ids.copies("甲"), ids.copies("乙")) == (7, 2)


def test_taking_again_keeps_the_copies() -> None:
    with IdsOnDisk() as ids:
        ids.take("甲")
        ids.note("甲", 5)
        assert not ids.take("甲")
        assert ids.copies("甲") == 5


def test_each_file_has_ids_of_its_own() -> None:
    with IdsOnDisk() as one, IdsOnDisk() as other:
        assert one.take("甲")
        assert other.take("甲")


def test_a_database_that_is_gone_is_a_fault_of_the_disk() -> None:
    ids = IdsOnDisk()
    with ids:
        ids.take("甲")
    for use in (lambda: ids.take("乙"), lambda: ids.copies("甲"), lambda: ids.note("甲", 3)):
        with pytest.raises(OSError, match="closed"):
            use()


def test_records_called_by_number_are_always_free() -> None:
    ids = NumbersOnly()
    ids.note("1", 9)
    assert [ids.take("1"), ids.take("1")] == [True, True]
    assert ids.copies("1") == 2


# --- spool ---

AT_ONCE = 8_192


def piece(first: int, count: int) -> Piece:
    numbers = np.arange(first, first + count)
    return Piece(numbers, np.column_stack([numbers, numbers + 0.25, numbers + 1.5, numbers + 2.75]).astype(np.float64))


def rows(pieces: Iterator[Piece]) -> list[tuple[int, list[float]]]:
    return [(int(n), box.tolist()) for one in pieces for n, box in zip(one.numbers, one.boxes, strict=True)]


@pytest.mark.parametrize("counts", [(), (0,), (1,), (3, 0, 2), (AT_ONCE,), (AT_ONCE - 1, 2), (1, 2 * AT_ONCE)])
def test_pieces_come_back_as_they_were_and_as_often_as_asked(counts: tuple[int, ...]) -> None:
    starts = [sum(counts[:place]) for place in range(len(counts))]
    spool = Spool([piece(start, count) for start, count in zip(starts, counts, strict=True)])
    expected = rows(piece(0, sum(counts)) for _ in (1,))
    try:
        assert rows(spool.read()) == expected
        assert rows(spool.read()) == expected
    finally:
        spool.close()


def test_boxes_come_in_portions_and_numbers_stay_whole() -> None:
    spool = Spool([piece(0, AT_ONCE + 1)])
    found = list(spool.read())
    spool.close()
    assert [len(one.numbers) for one in found] == [AT_ONCE, 1]
    assert all(one.boxes.shape[1] == 4 and np.issubdtype(one.numbers.dtype, np.integer) for one in found)


def test_two_readers_at_once_do_not_disturb_each_other() -> None:
    spool = Spool([piece(0, 2 * AT_ONCE)])
    one, other = spool.read(), spool.read()
    taken = [int(next(reader).numbers[0]) for reader in (one, other, one, other)]
    spool.close()
    assert taken == [0, 0, AT_ONCE, AT_ONCE]


def test_pieces_are_made_once_and_only_when_asked_for() -> None:
    made: list[int] = []

    def pieces() -> Iterator[Piece]:
        made.append(1)
        yield piece(0, 2)

    spool = Spool(pieces())
    assert made == []
    list(spool.read())
    list(spool.read())
    spool.close()
    assert made == [1]


def test_a_spool_that_was_never_read_can_be_closed() -> None:
    Spool([]).close()


def test_what_stops_the_making_is_not_swallowed() -> None:
    def pieces() -> Iterator[Piece]:
        yield piece(0, 1)
        raise LookupError

    with pytest.raises(LookupError):
        list(Spool(pieces()).read())


# --- numbers and slices ---


def test_pieces_are_numbered_on() -> None:
    boxes = [np.zeros((2, 4)), np.zeros((0, 4)), np.ones((3, 4))]
    assert [one.numbers.tolist() for one in numbered(iter(boxes))] == [[0, 1], [], [2, 3, 4]]
    assert list(numbered(iter(()))) == []


def whole(count: int) -> WholeFile:
    sites = tuple(
        RawSite(HERE.at_record(n), shapely.box(n, 0, n + 1, 1), stated_id=f"{n}") for n in range(1, count + 1)
    )
    return WholeFile(RawFile(sites, None))


@pytest.mark.parametrize(
    ("count", "start", "rows_at_once", "expected"),
    [
        (5, 0, 2, [["1", "2"], ["3", "4"], ["5"]]),
        (4, 0, 2, [["1", "2"], ["3", "4"]]),
        (5, 3, 2, [["4", "5"]]),
        (5, 4, 2, [["5"]]),
        (5, 5, 2, []),
        (5, 9, 2, []),
        (0, 0, 2, []),
        (3, 0, 100, [["1", "2", "3"]]),
        (3, 1, 1, [["2"], ["3"]]),
    ],
)
def test_slices_of_a_file_that_was_read_at_once(
    count: int, start: int, rows_at_once: int, expected: list[list[str]]
) -> None:
    opened = whole(count)
    found = [[record.stated_id for record in records] for records in opened.slices(start, rows_at_once)]
    assert found == expected
    assert (opened.count, opened.says_ids) == (count, True)


@pytest.mark.parametrize(("stop", "expected"), [(0, []), (2, ["1", "2"]), (3, ["1", "2", "3"]), (9, ["1", "2", "3"])])
def test_labels_of_those_before(stop: int, expected: list[str]) -> None:
    assert [label.stated_id for labels in whole(3).labels(stop) for label in labels] == expected


def test_boxes_of_a_file_that_was_read_at_once() -> None:
    boxes = np.vstack(list(whole(2).boxes()))
    assert boxes.tolist() == [[1.0, 0.0, 2.0, 1.0], [2.0, 0.0, 3.0, 1.0]]


# --- the watch ---

CHANGED = (
    "范围.shp：读取过程中文件被修改或替换，已读的部分与其余部分可能不一致，已停止；请等文件写完后重新运行",
    (
        "范围.shp: the file was changed or replaced while it was read, so what was read may not match the rest; "
        "stopped: run it again when the file is complete"
    ),
)


def grown(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"x")


def of_another_time(file: Path) -> None:
    stat = file.stat()
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000_000))


def replaced(file: Path) -> None:
    stat, content = file.stat(), file.read_bytes()
    other = file.with_name("other.bin")
    other.write_bytes(content)
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(file)


def removed(file: Path) -> None:
    file.unlink()


CHANGES: list[Callable[[Path], None]] = [grown, of_another_time, replaced, removed]


def shapefile(folder: Path) -> Path:
    for name in ("范围.shp", "范围.shx", "范围.DBF", "范围.prj", "范围.cpg", "范围.qmd", "别的.shp", "范围2.shp"):
        (folder / name).write_bytes(b"0")
    return folder / "范围.shp"


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["范围.shp", "范围.shx", "范围.DBF", "范围.prj", "范围.cpg"])
def test_a_part_that_changes_stops_the_reading(tmp_path: Path, name: str, change: Callable[[Path], None]) -> None:
    watch = Watch(shapefile(tmp_path), HERE)
    watch.check()
    change(tmp_path / name)
    assert both(watch.check, SiteError) == CHANGED


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["范围.qmd", "别的.shp", "范围2.shp"])
def test_other_files_beside_may_change(tmp_path: Path, name: str, change: Callable[[Path], None]) -> None:
    watch = Watch(shapefile(tmp_path), HERE)
    change(tmp_path / name)
    watch.check()


def test_a_part_that_appears_stops_the_reading(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    (tmp_path / "范围.prj").unlink()
    watch = Watch(path, HERE)
    (tmp_path / "范围.PRJ").write_bytes(b"0")
    assert both(watch.check, SiteError) == CHANGED


@pytest.mark.parametrize("change", CHANGES)
def test_a_single_file_is_watched_alone(tmp_path: Path, change: Callable[[Path], None]) -> None:
    file = tmp_path / "范围.geojson"
    file.write_bytes(b"{}")
    (tmp_path / "范围.shp").write_bytes(b"0")
    watch = Watch(file, HERE)
    grown(tmp_path / "范围.shp")
    watch.check()
    change(file)
    assert both(watch.check, SiteError) == CHANGED


def test_in_a_folder_the_parts_are_watched_and_locks_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "范围.gdb"
    folder.mkdir()
    table, lock = folder / "a00000001.gdbtable", folder / "a.rd.lock"
    for file in (table, lock):
        file.write_bytes(b"0")
    watch = Watch(folder, HERE)
    grown(lock)
    (folder / "timestamps").write_bytes(b"1")
    watch.check()
    grown(table)
    assert both(watch.check, SiteError) == CHANGED


def test_a_folder_that_is_gone_has_changed(tmp_path: Path) -> None:
    folder = tmp_path / "范围.gdb"
    folder.mkdir()
    watch = Watch(folder, HERE)
    folder.rmdir()
    assert both(watch.check, SiteError) == CHANGED


# --- the files beside ---


@pytest.mark.parametrize(("most", "fits"), [(7, True), (6, False)])
def test_all_files_of_the_name_count_for_the_size(tmp_path: Path, most: int, *, fits: bool) -> None:
    # 范围.shp, .shx, .DBF, .prj, .cpg, .qmd and 范围.shp.xml: one byte each.
    path = shapefile(tmp_path)
    (tmp_path / "范围.shp.xml").write_bytes(b"0")
    (tmp_path / "范围.x").mkdir()
    if fits:
        check_neighbours(path, Kind.SHAPEFILE, Limits(file_bytes=most))
        return
    zh, en = both(lambda: check_neighbours(path, Kind.SHAPEFILE, Limits(file_bytes=most)), SiteError)
    assert zh.startswith("范围.shp：与旁边的同名文件共有 0.0 MB，超过上限 0 MB；请只导出项目范围")
    assert "with the files of the same name beside it it has 0.0 MB, more than the allowed 0 MB" in en


@pytest.mark.parametrize("kind", [Kind.SHAPEFILE, Kind.MAPINFO_TAB, Kind.MAPINFO_MIF])
@pytest.mark.parametrize("name", ["范围.dbf", "范围.id", "范围.shp.lock"])
def test_a_pipe_of_the_same_name_is_refused(tmp_path: Path, kind: Kind, name: str) -> None:
    path = tmp_path / "范围.shp"
    path.write_bytes(b"0")
    os.mkfifo(tmp_path / name)
    assert both(lambda: check_neighbours(path, kind, Limits()), SiteError) == (
        f"范围.shp：旁边的 {name} 不是普通文件；请把组成它的各文件单独放在一个文件夹中",
        f"范围.shp: {name} beside it is not a regular file; put the files it consists of into a folder of their own",
    )


def test_pipes_of_other_names_and_beside_other_kinds_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "范围.shp"
    path.write_bytes(b"0")
    os.mkfifo(tmp_path / "范围2.dbf")
    check_neighbours(path, Kind.SHAPEFILE, Limits())
    os.mkfifo(tmp_path / "范围.dbf")
    check_neighbours(path, Kind.GEOJSON, Limits(file_bytes=0))
