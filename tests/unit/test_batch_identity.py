"""What decides the results of a batch: digests of boundary files, layers and everything else, and what differs."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pytest
import shapely

from zoning.batch.columns import from_ipc, to_ipc
from zoning.batch.faults import FaultError, ProcessEndedError, fault_of, process_ended
from zoning.batch.identity import boundary_sha256, differences, has_data, layer_identity, layer_name
from zoning.batch.isolation import joined
from zoning.batch.job import Job, Part
from zoning.rules.told import Told
from zoning.sites.site import Site
from zoning.texts import Text


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ({}, {}, []),
        ({"file": "1"}, {"file": "1"}, []),
        ({"file": "1"}, {"file": "2"}, [("边界文件", "the boundary file")]),
        ({"facts": "1"}, {}, [("项目事实", "the facts")]),
        ({}, {"rules": "1"}, [("规则", "the rules")]),
        ({"layer water": "1"}, {"layer water": "2"}, [("图层 water", "layer water")]),
        ({"new thing": "1"}, {"new thing": "2"}, [("new thing", "new thing")]),
        (
            {"file": "1", "day": "1", "layer a": "1"},
            {"layer b": "2", "day": "2", "file": "1"},
            [("按哪一天核查（--on）", "the day of the check (--on)"), ("图层 a", "layer a"), ("图层 b", "layer b")],
        ),
    ],
)
def test_what_differs_is_named_in_the_order_of_the_older_run(
    old: Mapping[str, str], new: Mapping[str, str], named: list[tuple[str, str]]
) -> None:
    assert differences(old, new) == tuple(Text(zh, en) for zh, en in named)


@pytest.mark.parametrize("name", ["file", "name", "reading", "facts", "day", "workspace", "rules", "program", "output"])
def test_everything_that_decides_has_a_name_in_both_languages(name: str) -> None:
    (found,) = differences({name: "1"}, {name: "2"})
    assert name not in (found.zh, found.en)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", ["a.geojson", "a.zip", "a.txt", "A.TAB.gpkg"])
def test_a_file_that_stands_alone_has_the_digest_of_its_bytes(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, b"boundary")
    write(tmp_path / "a.dat", b"beside")
    assert boundary_sha256(path) == sha256(b"boundary").hexdigest()


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("a.tab", "a.dat"), ("a.tab", "a.map"), ("a.tab", "a.id"), ("a.tab", "a.ind"), ("a.mif", "a.mid"),
        ("a.TAB", "a.DAT"), ("a.Mif", "a.MID"), ("a.tab", "a.DAT"),
    ],
)  # fmt: skip
def test_files_that_belong_to_a_boundary_file_decide_as_well(tmp_path: Path, name: str, beside: str) -> None:
    path = write(tmp_path / name, b"boundary")
    alone = boundary_sha256(path)
    assert alone == sha256(b"boundary").hexdigest()
    write(tmp_path / beside, b"1")
    first = boundary_sha256(path)
    write(tmp_path / beside, b"2")
    assert len({alone, first, boundary_sha256(path)}) == 3


def test_a_file_beside_of_another_format_decides_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tab", b"boundary")
    alone = boundary_sha256(path)
    write(tmp_path / "a.mid", b"1")
    write(tmp_path / "b.dat", b"1")
    assert boundary_sha256(path) == alone


def test_definition_and_data_make_a_layer() -> None:
    found = {layer_identity(*both) for both in (("d", "1"), ("d", "2"), ("e", "1"), ("d", None))}
    assert len(found) == 4
    assert layer_identity("d", "1") == layer_identity("d", "1")


@pytest.mark.parametrize(("data", "had"), [("1", True), (None, False)])
def test_whether_a_layer_had_data_when_the_run_began(data: str | None, had: bool) -> None:
    source = cast("Any", SimpleNamespace(definition_sha256=lambda name: f"definition of {name}"))
    identity = {layer_name("water"): layer_identity("definition of water", data)}
    assert has_data(identity, "water", source) is had


def job(**changes: Any) -> Job:
    told = Told({}, {}, {}, "--fact")
    plain = {"root": Path("w"), "prepared": None, "on": date(2026, 6, 1), "told": told, "identity": {"file": "1"}}
    return Job(**{**plain, **changes})


@pytest.mark.parametrize(
    "change", [{"root": Path("v")}, {"prepared": Path("p")}, {"identity": {"file": "2"}}, {"identity": {"name": "1"}}]
)
def test_jobs_of_another_workspace_or_identity_are_others(change: dict[str, Any]) -> None:
    assert job(**change).digest != job().digest
    assert job().digest == job().digest


SITE = Site("S1", "北区", shapely.box(0, 0, 1, 1), "EPSG:4490", "a.zip/范围.shp")


def test_a_fault_of_the_program_names_footprint_and_kind() -> None:
    error = fault_of(SITE, ValueError("x" * 1000))
    assert isinstance(error, FaultError)
    assert error.get("zh").startswith("a.zip/范围.shp：地块“北区”研判时程序内部错误（ValueError: xxx")
    assert error.get("zh").endswith("x）；没有结论，请用 zoning check 单独研判并报告")
    assert error.get("en").startswith("a.zip/范围.shp: a fault of the program at footprint '北区' (ValueError: xxx")
    assert error.get("en").endswith("x); it has no verdict: check it alone with zoning check, and report it")
    assert error.get("en").count("x") < 320
    assert (error.exit_code, error.http_status) == (70, 500)


def test_a_footprint_that_ends_its_process_is_told_what_to_do() -> None:
    error = process_ended(SITE)
    assert isinstance(error, ProcessEndedError)
    assert error.get("zh") == (
        "a.zip/范围.shp：地块“北区”的计算使进程中止（多为内存不足）；没有结论，"
        "请在内存更大的机器上用 zoning check 单独研判"
    )
    assert error.get("en").startswith("a.zip/范围.shp: the computation of footprint '北区' ended the process")
    assert (error.exit_code, error.http_status) == (70, 500)


def part(number: int, rows: list[int], peak_mb: float) -> Part:
    return Part(number, to_ipc(pa.table({"number": pa.array(rows, pa.int64())})), peak_mb)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_parts_of_one_task_are_one_with_all_rows_and_the_highest_peak(count: int) -> None:
    parts = [part(7, [number, number + 10], peak_mb=[5.0, 9.0, 2.0][number]) for number in range(count)]
    found = joined(parts)
    assert found.number == 7
    assert from_ipc(found.arrow)["number"].to_pylist() == [row for n in range(count) for row in (n, n + 10)]
    assert found.peak_mb == max(one.peak_mb for one in parts)
