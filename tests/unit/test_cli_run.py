"""What every run has: language, day, exit code, names of files, and how a boundary file is to be read."""

import errno
import io
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import shapely

import zoning.cli as command
from zoning.cli.intake import PASTED, Intake, boundary_file, reading_options
from zoning.cli.language import language_of
from zoning.cli.map_options import scale_of
from zoning.cli.printing import JsonDocuments, print_line, print_rest
from zoning.cli.results import Stems, stem_of_name
from zoning.cli.session import Session
from zoning.cli.writing import write_all
from zoning.errors import ContentError, CRSError, LayerError, UsageError, ZoningError
from zoning.sites.site import Site
from zoning.texts import Language

# --- language and day -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "environ", "language"),
    [
        ([], {}, "zh"),
        (["--lang", "en"], {}, "en"),
        (["--lang=en"], {}, "en"),
        (["--lang=zh"], {"ZONING_LANG": "en"}, "zh"),
        (["--lang", "zh"], {"ZONING_LANG": "en"}, "zh"),
        (["--lang"], {"ZONING_LANG": "en"}, "en"),
        (["--lang="], {"ZONING_LANG": "en"}, "en"),
        (["--lang", "de"], {"ZONING_LANG": "en"}, "zh"),
        ([], {"ZONING_LANG": "en"}, "en"),
        ([], {"ZONING_LANG": "zh", "LANG": "en_GB.UTF-8"}, "zh"),
        ([], {"ZONING_LANG": "", "LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "C.UTF-8"}, "zh"),
        ([], {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}, "zh"),
        ([], {"LC_MESSAGES": "en_US", "LANG": "zh_CN"}, "en"),
        ([], {"LC_ALL": "en_US", "LC_MESSAGES": "zh_CN"}, "en"),
    ],
)
def test_which_language_is_spoken(arguments: list[str], environ: dict[str, str], language: Language) -> None:
    assert language_of(arguments, environ) == language


@pytest.mark.parametrize("text", ["2026-11-22", "20261122", "2026-W47-7"])
def test_a_day_is_written_as_iso_8601_has_it(text: str) -> None:
    assert Session("zh", {}).day(text) == date(2026, 11, 22)


@pytest.mark.parametrize("text", ["", "22.11.2026", "2026-02-30", "2026-11", "2026/11/22", "明天"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Session("zh", {}).day(text)
    assert caught.value.get("zh") == f"--on：“{text}”不是日期；写成 2026-11-22 的形式"
    assert caught.value.get("en") == f"--on: '{text}' is no date; write it like 2026-11-22"


# --- exit codes -----------------------------------------------------------------------------------------------------


def code_of(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """Return with which code a run leaves that ends in an error."""

    def fail(_taken: object) -> int:
        raise error

    monkeypatch.delenv("ZONING_DEBUG", raising=False)
    monkeypatch.setattr(command, "_call", fail)
    monkeypatch.setattr(command, "_silence_stdout", lambda: None)
    return command.run_arguments([], "zh")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("用法", "usage"), 2),
        (ContentError("内容", "content"), 10),
        (LayerError("图层", "layer"), 11),
        (CRSError("坐标系", "system"), 12),
    ],
    ids=lambda value: getattr(value, "exit_code", value),
)
def test_every_kind_of_error_has_its_code_and_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: ZoningError, code: int
) -> None:
    assert code_of(monkeypatch, error) == code
    assert capsys.readouterr() == ("", f"zoning: {error.get('zh')}\n")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO], ids=errno.errorcode.get)
def test_a_full_disk_is_an_error_of_content(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    assert code_of(monkeypatch, OSError(number, "x")) == 10
    assert capsys.readouterr().err.startswith("zoning: 标准输出写入失败：")


def test_what_nobody_reads_never_looks_like_permitted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of(monkeypatch, BrokenPipeError()) == 141


@pytest.mark.parametrize("error", [ValueError("甲"), OSError(errno.ENOENT, "x"), RecursionError()], ids=repr)
def test_a_fault_of_the_program_has_a_code_of_its_own_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    assert code_of(monkeypatch, error) == 70
    said = capsys.readouterr().err
    assert said.startswith(f"zoning: 程序内部错误（{type(error).__name__}")
    assert "尚未写出的没有结论" in said
    assert "Traceback" not in said


# --- names of files -------------------------------------------------------------------------------------------------


def site(identity: str, source: str = "红线.shp") -> Site:
    return Site(identity, "甲", shapely.Point(0, 0), "EPSG:4490", source)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("红线.shp", "红线"),
        ("a.b.geojson", "a.b"),
        ("../../etc/passwd", "_."),
        ("..", "site"),
        (".", "site"),
        ("", "site"),
        (".kml", "site"),
        ("a b|c.txt", "a_b_c"),
        ("a\x00b\n.txt", "a_b_"),
        ("C:\\x\\y.txt", "C_x_y"),
        ("甲" * 61, "甲" * 60),
        ("a" * 181, "a" * 180),
        ("a" + "甲" * 60, "a" + "甲" * 59),
    ],
)
def test_names_of_strangers_lead_nowhere_and_are_short(name: str, stem: str) -> None:
    assert stem_of_name(name) == stem
    assert len(stem.encode()) <= 180


def test_one_footprint_has_the_name_of_its_file() -> None:
    assert Stems(several=False)(site("1", "矿区/红线.shp")) == "红线"


def test_several_footprints_bear_their_number() -> None:
    stems = Stems(several=True)
    assert [stems(site(number)) for number in ("1", "2", "甲/乙")] == ["红线-1", "红线-2", "红线-甲_乙"]


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (["1", "1", "1"], ["红线-1", "红线-1~2", "红线-1~3"]),
        (["a/b", "a|b"], ["红线-a_b", "红线-a_b~2"]),
        (["a", "A"], ["红线-a", "红线-A~2"]),
        (["1", "1~2", "1"], ["红线-1", "红线-1_2", "红线-1~2"]),
        (["甲" * 70, "甲" * 71], [f"红线-{'甲' * 57}", f"红线-{'甲' * 57}~2"]),
    ],
)
def test_no_two_footprints_have_the_same_name_even_where_case_does_not_count(ids: list[str], names: list[str]) -> None:
    stems = Stems(several=True)
    assert [stems(site(identity)) for identity in ids] == names


def test_files_are_written_and_said_in_their_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_all(Session("zh", {}), tmp_path / "out", {"乙.txt": "乙", "a.bin": b"\x00"})
    assert (tmp_path / "out" / "乙.txt").read_text(encoding="utf-8") == "乙"
    assert (tmp_path / "out" / "a.bin").read_bytes() == b"\x00"
    folder = tmp_path / "out"
    assert capsys.readouterr().err == f"已写出 {folder / '乙.txt'}\n已写出 {folder / 'a.bin'}\n"


# --- printing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("several", "documents", "printed"),
    [
        (False, ['{"a": 1}\n'], '{"a": 1}\n'),
        (True, [], "[]\n"),
        (True, ["1\n"], "[\n1\n]\n"),
        (True, ["1\n", "2\n"], "[\n1,\n2\n]\n"),
    ],
)
def test_one_document_stands_alone_and_several_are_an_array(
    capsys: pytest.CaptureFixture[str], *, several: bool, documents: list[str], printed: str
) -> None:
    shown = JsonDocuments(several=several)
    for document in documents:
        shown.show(document)
    shown.close()
    assert "".join(capsys.readouterr().out.split(" ")) == "".join(printed.split(" "))


@pytest.mark.parametrize(("count", "zh"), [(0, ""), (-1, ""), (1, "另有 1 个，见 --out\n")])
def test_rows_that_are_left_out_are_counted(capsys: pytest.CaptureFixture[str], count: int, zh: str) -> None:
    print_rest(Session("zh", {}), count)
    assert capsys.readouterr().out == zh


def test_what_follows_the_first_line_stands_further_in(capsys: pytest.CaptureFixture[str]) -> None:
    print_line(Session("zh", {}), 2, "甲\n乙")
    assert capsys.readouterr().out == "    甲\n      乙\n"


# --- how a boundary file is to be read ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0.001, 1.0, 10_000.0])
def test_sizes_that_can_be_meant(size: float) -> None:
    options = reading_options(Intake(width=size, radius=size), None)
    assert (options.width_m, options.radius_m) == (size, size)


@pytest.mark.parametrize("option", ["width", "radius"])
@pytest.mark.parametrize("size", [0.0, -1.0, 10_000.1, float("nan"), float("inf")])
def test_sizes_that_cannot(option: str, size: float) -> None:
    with pytest.raises(UsageError) as caught:
        reading_options(Intake(**{option: size}), None)  # type: ignore[arg-type]  # a parameter of the test
    assert caught.value.get("zh") == f"--{option}：须在 0 与 10000 米之间"


@pytest.mark.parametrize(("text", "area_m2"), [("2公顷", 20_000), ("500m2", 500), ("30mu", 20_000), ("1ha", 10_000)])
def test_an_area_around_a_point_has_its_unit(text: str, area_m2: float) -> None:
    assert reading_options(Intake(area=text), None).area_m2 == pytest.approx(area_m2)


def test_an_area_that_cannot_be_read_names_its_option() -> None:
    with pytest.raises(UsageError, match=r"^--area"):
        reading_options(Intake(area="viel"), None)


@pytest.mark.parametrize(
    ("texts", "changed"),
    [
        ([], {}),
        (["vertices=9"], {"vertices": 9}),
        ([" vertices = 9 "], {"vertices": 9}),
        (["vertices=9", "parts=3", "vertices=8"], {"vertices": 8, "parts": 3}),
        (["vertices=999999999999999"], {"vertices": 999_999_999_999_999}),
    ],
)
def test_limits_are_changed_by_name(texts: list[str], changed: dict[str, int]) -> None:
    plain, found = (reading_options(Intake(limit=one), None).limits for one in (None, texts))
    names = type(plain).__dataclass_fields__
    assert {name: getattr(found, name) for name in names if getattr(found, name) != getattr(plain, name)} == changed


@pytest.mark.parametrize(
    "text",
    ["vertices", "vertices=", "vertices=0", "vertices=-1", "vertices=1e6", "ecken=5", "=5", "vertices=٣", "parts=1.5"],
)
def test_a_limit_that_cannot_be_meant_names_all_that_can(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        reading_options(Intake(limit=[text]), None)
    assert caught.value.get("zh").startswith(f"--limit：“{text}”应写成 名称=正整数，名称为 ")
    assert "vertices" in caught.value.get("en")


def test_a_file_is_read_where_it_lies(tmp_path: Path) -> None:
    with boundary_file(tmp_path / "a.txt") as found:
        assert found == tmp_path / "a.txt"


def pasted(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))


def test_what_is_pasted_is_a_file_as_long_as_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    pasted(monkeypatch, "坐标".encode())
    with boundary_file(Path("-")) as found:
        assert (found.name, found.read_text(encoding="utf-8")) == (PASTED, "坐标")
    assert not found.exists()


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n"])
def test_nothing_pasted_is_refused(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    pasted(monkeypatch, content)
    with pytest.raises(UsageError) as caught, boundary_file(Path("-")):
        pass
    assert caught.value.get("zh") == "标准输入是空的；请粘贴坐标"


@pytest.mark.parametrize(("size", "refused"), [(10, False), (11, True)])
def test_of_too_much_nothing_is_cut_off_in_silence(
    monkeypatch: pytest.MonkeyPatch, size: int, *, refused: bool
) -> None:
    monkeypatch.setattr("zoning.cli.intake._MOST_STDIN", 10)
    pasted(monkeypatch, b"1" * size)
    if not refused:
        with boundary_file(Path("-")) as found:
            assert found.stat().st_size == size
        return
    with pytest.raises(UsageError, match="standard input holds more than"), boundary_file(Path("-")):
        pass


# --- scales ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("fit", "fit"),
        (" FIT ", "fit"),
        ("500", 500),
        ("1:500", 500),
        ("1：10000", 10_000),
        ("1 / 50,000", 50_000),
        ("1:50，000", 50_000),
        ("1:5_000_000", 5_000_000),
        ("5000000", 5_000_000),
    ],
)
def test_ways_to_write_a_scale(text: str, scale: Any) -> None:
    assert scale_of(text) == scale


@pytest.mark.parametrize("text", ["", "499", "1:5000001", "2:1000", "1:", "1:10 000", "-1000", "1:1e4", "gross"])
def test_what_is_no_scale(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        scale_of(text)
    assert caught.value.get("zh").startswith(f"--scale：“{text}”不是可用的比例尺；")
