"""Rows -> files: the same bytes for the same rows, verdicts in their lines; and footprints at which something fails."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pytest
import shapely
from pyarrow import parquet
from shapely.geometry.base import BaseGeometry

from zoning.batch import isolation
from zoning.batch.columns import GEOMETRY, VERDICT, from_ipc, to_ipc
from zoning.batch.faults import FaultError, ProcessEndedError
from zoning.batch.isolation import ProcessLostError, isolate
from zoning.batch.job import Job, Part, Task
from zoning.batch.sinks import BOX, WRITERS, Target, _check_geopackage, with_lines, without_verdicts
from zoning.batch.work import _checked, pack, unpack
from zoning.check import Refusal
from zoning.errors import CRSError, LayerError, SiteError, ZoningError
from zoning.sites.site import Site
from zoning.sites.streaming import Row

ON = date(2026, 6, 1)
BOX_1, BOX_2 = shapely.box(112, 35, 112.1, 35.1), shapely.box(112.3, 35.2, 112.5, 35.4)
SCHEMA = pa.schema(
    [
        ("number", pa.int64()),
        ("name", pa.string()),
        ("rules", pa.list_(pa.string())),
        ("error_code", pa.string()),
        ("error_zh", pa.string()),
        ("error_en", pa.string()),
        (GEOMETRY, pa.large_binary()),
    ]
)


def table(*shapes: BaseGeometry | None, first: int = 1, **columns: Sequence[Any]) -> pa.Table:
    rows = []
    for number, shape in enumerate(shapes):
        row = {"number": first + number, "name": f"地块{first + number}", "rules": ["R1", "R2"]}
        row |= {GEOMETRY: None if shape is None else shapely.to_wkb(shape, byte_order=1)}
        rows.append({**row, **{name: values[number] for name, values in columns.items()}})
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def written(folder: Path, suffix: str, *tables: pa.Table, name: str = "r", **target: Any) -> Path:
    path = folder / f"{name}{suffix}"
    WRITERS[suffix](Target(path, SCHEMA, ON, **target), iter(tables))
    return path


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".gpkg"])
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    one = written(tmp_path, suffix, table(BOX_1, BOX_2), name="a").read_bytes()
    assert written(tmp_path, suffix, table(BOX_1, BOX_2), name="b").read_bytes() == one


def test_a_row_of_parquet_has_a_box_and_the_file_says_where_all_lie(tmp_path: Path) -> None:
    path = written(tmp_path, ".parquet", table(BOX_1, None), table(BOX_2, first=3))
    rows = parquet.read_table(path).to_pylist()
    assert [row[BOX] for row in rows] == [
        {"xmin": 112.0, "ymin": 35.0, "xmax": 112.1, "ymax": 35.1},
        None,
        {"xmin": 112.3, "ymin": 35.2, "xmax": 112.5, "ymax": 35.4},
    ]
    geo = json.loads(parquet.read_metadata(path).metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", GEOMETRY)
    column = geo["columns"][GEOMETRY]
    assert column["bbox"] == [112.0, 35.0, 112.5, 35.4]
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Polygon"])
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4490}
    assert column["covering"]["bbox"]["ymax"] == [BOX, "ymax"]


@pytest.mark.parametrize("tables", [[], [table()], [table(None, None)]], ids=["none", "empty", "without places"])
def test_a_file_without_a_place_has_no_extent(tmp_path: Path, tables: list[pa.Table]) -> None:
    geo = json.loads(parquet.read_metadata(written(tmp_path, ".parquet", *tables)).metadata[b"geo"])
    assert "bbox" not in geo["columns"][GEOMETRY]
    assert geo["columns"][GEOMETRY]["geometry_types"] == []


def test_kinds_of_geometry_are_listed(tmp_path: Path) -> None:
    line, many = shapely.LineString([(0, 0), (1, 1)]), shapely.MultiPolygon([BOX_1, BOX_2])
    geo = json.loads(parquet.read_metadata(written(tmp_path, ".parquet", table(many, line))).metadata[b"geo"])
    assert geo["columns"][GEOMETRY]["geometry_types"] == ["LineString", "MultiPolygon"]


def test_a_csv_begins_with_its_mark_and_guards_names(tmp_path: Path) -> None:
    path = written(tmp_path, ".csv", table(BOX_1, name=["=1+1"]), wkt=False)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = content.decode("utf-8-sig").splitlines()
    assert head.replace('"', "") == "number,name,rules,error_code,error_zh,error_en"
    assert "'=1+1" in row
    assert "R1; R2" in row


def test_a_csv_holds_the_geometry_where_it_is_asked_for(tmp_path: Path) -> None:
    text = written(tmp_path, ".csv", table(BOX_1, None), wkt=True).read_text(encoding="utf-8-sig")
    assert text.count("POLYGON ((112.1 35, ") == 1
    assert text.splitlines()[0].replace('"', "").endswith(",geometry")


def query(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


@pytest.mark.parametrize(("areas_only", "kind"), [(True, "MULTIPOLYGON"), (False, "GEOMETRY")])
def test_a_geopackage_says_what_it_holds(tmp_path: Path, areas_only: bool, kind: str) -> None:
    path = written(tmp_path, ".gpkg", table(BOX_1, None), table(BOX_2, first=3), areas_only=areas_only)
    assert query(path, "SELECT number, name, rules FROM results") == [
        (1, "地块1", "R1; R2"),
        (2, "地块2", "R1; R2"),
        (3, "地块3", "R1; R2"),
    ]
    assert query(path, "SELECT geometry_type_name, srs_id FROM gpkg_geometry_columns") == [(kind, 4490)]
    assert query(path, "SELECT last_change FROM gpkg_contents") == [("2026-06-01T00:00:00.000Z",)]
    assert query(path, "SELECT count(*) FROM rtree_results_geometry") == [(2,)]


@pytest.mark.parametrize("name", ["甲!乙", "a;b", "a?b"])
def test_a_path_with_signs_of_an_address_is_a_path(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    path = written(folder, ".gpkg", table(BOX_1))
    assert query(path, "SELECT count(*) FROM results") == [(1,)]
    assert [one.name for one in folder.iterdir()] == ["r.gpkg"]


@pytest.mark.parametrize(
    "damage",
    ["DROP TABLE results", "DELETE FROM rtree_results_geometry", "DELETE FROM rtree_results_geometry WHERE id = 1"],
)
def test_a_geopackage_that_is_not_whole_is_told(tmp_path: Path, damage: str) -> None:
    path = written(tmp_path, ".gpkg", table(BOX_1, BOX_2))
    _check_geopackage(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(damage)
    with pytest.raises(OSError, match=r"no such table|not whole"):
        _check_geopackage(path)


@pytest.mark.parametrize("line", [b"", b"{}", "结论".encode() * 1000])
def test_a_verdict_comes_back_as_it_was_packed(line: bytes) -> None:
    assert unpack(pack(line)) == line
    assert pack(line)[:8] == len(line).to_bytes(8, "little")


def verdicts(*packed: bytes | None) -> pa.Table:
    refusal: dict[str, Any] = {
        "error_code": ["site"] * len(packed),
        "error_zh": ["坏“图”"] * len(packed),
        "error_en": ["bad"] * len(packed),
    }
    return table(*([BOX_1] * len(packed)), **refusal).append_column(VERDICT, pa.array(packed, pa.large_binary()))


def test_line_n_is_record_n_and_a_refused_one_says_why(tmp_path: Path) -> None:
    path = tmp_path / "v.jsonl"
    tables = [verdicts(pack(b'{"a":1}'), None), verdicts(pack(b"{}"))]
    found = list(with_lines(iter(tables), path))
    assert [VERDICT in one.schema.names for one in found] == [False, False]
    first, second, third = path.read_bytes().decode().splitlines()
    assert (first, third) == ('{"a":1}', "{}")
    assert json.loads(second) == {
        "schema": "zoning.refusal/1",
        "number": 2,
        "name": "地块2",
        "error": {"code": "site", "zh": "坏“图”", "en": "bad"},
    }
    assert "坏“图”" in second


def test_verdicts_are_left_out_of_the_table() -> None:
    found = list(without_verdicts(iter([verdicts(None), table(BOX_1)])))
    assert [one.schema.names for one in found] == [SCHEMA.names, SCHEMA.names]


def row(number: int) -> Row:
    site = Site(str(number), f"地块{number}", BOX_1, "EPSG:4490", "a.geojson")
    return Row(number, site.name, site, None)


ROWS = tuple(row(number) for number in range(8))


def part_of(task: Task) -> Part:
    return Part(task.number, to_ipc(pa.table({"number": pa.array([one.number for one in task.rows], pa.int64())})))


@pytest.fixture
def refused_alone(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the numbers of the footprints that are refused, as they come."""
    numbers: list[int] = []

    def refuse(_: Job, task: Task, error: ZoningError) -> Part:
        assert isinstance(error, ProcessEndedError)
        numbers.extend(one.number for one in task.rows)
        return part_of(task)

    monkeypatch.setattr(isolation, "refuse_task", refuse)
    return numbers


def ends_at(*bad: int) -> Callable[[Task], Part]:
    def run(task: Task) -> Part:
        if any(one.number in bad for one in task.rows):
            raise ProcessLostError
        return part_of(task)

    return run


@pytest.mark.parametrize("bad", [[0], [7], [3, 4], [0, 1, 2], list(range(8))])
def test_footprints_that_end_their_process_are_found_and_the_others_are_checked(
    refused_alone: list[int], bad: list[int]
) -> None:
    found = isolate(cast("Job", None), Task(5, ROWS), ends_at(*bad))
    assert found.number == 5
    assert from_ipc(found.arrow)["number"].to_pylist() == list(range(8))
    assert refused_alone == bad


def test_a_single_footprint_is_refused_without_being_halved(refused_alone: list[int]) -> None:
    isolate(cast("Job", None), Task(5, ROWS[3:4]), ends_at(3))
    assert refused_alone == [3]


def test_a_process_that_ends_without_a_footprint_is_no_fault_of_one(refused_alone: list[int]) -> None:
    def run(_: Task) -> Part:
        raise ProcessLostError

    with pytest.raises(LayerError) as caught:
        isolate(cast("Job", None), Task(5, ROWS), run)
    assert caught.value.get("zh").startswith("计算进程一打开工作空间就中止")
    assert "use fewer --processes" in caught.value.get("en")
    assert refused_alone == []


class Faulty:
    """A checker that fails at some footprints; which ones it is asked for is written down."""

    def __init__(self, bad: Sequence[str], error: Exception) -> None:
        self.bad, self.error, self.asked = bad, error, list[int]()

    def check(self, work: Sequence[tuple[Site, object]]) -> Iterator[Any]:
        self.asked.append(len(work))
        for site, _ in work:
            if site.id in self.bad:
                raise self.error
            yield SimpleNamespace(site=site)


def outcomes(checker: Faulty) -> list[tuple[int, bool]]:
    """Return number of every footprint and whether it was refused."""
    work = [(one, cast("Site", one.site), cast("Any", None)) for one in ROWS]
    found = list(_checked(cast("Any", checker), work))
    assert all(not isinstance(outcome, Refusal) or isinstance(outcome.error, FaultError) for _, outcome in found)
    return [(one.number, isinstance(outcome, Refusal)) for one, outcome in found]


@pytest.mark.parametrize("bad", [[], ["0"], ["7"], ["2", "5"], [str(number) for number in range(8)]])
def test_a_fault_of_the_program_costs_the_rows_at_which_it_happens(bad: list[str]) -> None:
    found = outcomes(Faulty(bad, ValueError("x")))
    assert found == [(number, str(number) in bad) for number in range(8)]


@pytest.mark.parametrize("error", [LayerError("甲", "a"), CRSError("甲", "a")])
def test_what_is_wrong_with_a_layer_ends_the_run(error: ZoningError) -> None:
    with pytest.raises(type(error)):
        outcomes(Faulty(["3"], error))


def test_an_error_of_a_site_that_gets_lost_is_a_fault_of_one_row() -> None:
    assert outcomes(Faulty(["3"], SiteError("甲", "a")))[3] == (3, True)
