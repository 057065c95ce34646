"""`zoning plan statistics` as a user runs it: figures, files, both languages, and what it refuses."""

import csv
import io
import json
from math import fsum, isclose
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

import scene_world
from zoning.cli.plan_statistics import StatisticsRequest, run_statistics
from zoning.cli.session import Session
from zoning.errors import UsageError
from zoning.maps.paper.rectangle import Rectangle
from zoning.planning.statistics.squares import squarified

ON = "2026-06-01"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scene_world.build(tmp_path_factory.mktemp("statistics") / "w")


def request(root: Path, **more: object) -> StatisticsRequest:
    told: dict[str, Any] = {"territory": "甲县", "by": "units", "on": ON, "workspace": root, **more}
    return StatisticsRequest(**told)


def test_the_text_says_what_is_counted_and_what_is_not(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_statistics(Session("en", {}), request(root), as_json=False) == 0
    out, err = capsys.readouterr()
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "甲县 40,265.5959 ha 2026-06-01"
    assert "water: level-1 2 603.9104 1.50" in lines
    assert "water: level-2 0 0.0000 0.00" in lines
    assert "half 0 0.0000 —" in lines
    assert "roads 1 4.534 km" in lines
    assert "no data, not counted: elsewhere (elsewhere), the layer does not cover this place" in lines
    assert "no data, not counted: gone (gone), file not found: gone.geojson" in lines
    assert "half (half): 20,132.7980 ha lie outside its coverage and are without data" in lines
    assert err == "reading 9 layers\noverlaying and counting: 甲县\n"


def test_everything_is_said_in_chinese_as_well(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_statistics(Session("zh", {}), request(root), as_json=False) == 0
    out = capsys.readouterr().out
    assert "数据缺失、未计入：别处（elsewhere），此处不在图层的覆盖范围之内" in out
    assert "半县（half）：20,132.7980 公顷在覆盖范围之外，数据缺失" in out


def test_files_hold_the_same_figures(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_statistics(Session("en", {}), request(root, out=tmp_path), as_json=True) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["schema"] == "zoning.statistics/1"
    names = {path.name.removeprefix("140522-statistics") for path in tmp_path.iterdir()}
    tables = {f"-{name}.csv" for name in ("areas", "lengths", "matrix", "overlaps", "combinations", "layers")}
    assert names == {".json", ".xlsx", "-treemap.svg", "-treemap.png", *tables}
    assert json.loads((tmp_path / "140522-statistics.json").read_text(encoding="utf-8")) == plain

    rows = list(csv.DictReader(io.StringIO((tmp_path / "140522-statistics-areas.csv").read_text("utf-8-sig"))))
    assert [row["area / m²"] for row in rows] == [
        "" if row["area_m2"] is None else repr(row["area_m2"]) for row in plain["areas"]
    ]
    book = load_workbook(tmp_path / "140522-statistics.xlsx")
    assert book.sheetnames == ["notes", "areas", "lengths", "matrix", "overlaps", "combinations", "layers"]
    shares = [row[-1] for row in book["combinations"].iter_rows(min_row=2, values_only=True)]
    assert fsum(float(str(share)) for share in shares) == pytest.approx(100)
    # A figure that is not known is a dash in the workbook and never a 0.
    unknown = [
        row for row in book["areas"].iter_rows(min_row=2, values_only=True) if row[0] == "U3" and row[2] == "half"
    ]
    assert [row[4:9] for row in unknown] == [("—",) * 5]
    matrix = list(book["matrix"].iter_rows(values_only=True))
    assert [row[0] for row in matrix[1:]] == list(matrix[0][1:])
    figures = [row[1:] for row in matrix[1:]]
    assert figures == [tuple(row[index] for row in figures) for index in range(len(figures))]
    svg = (tmp_path / "140522-statistics-treemap.svg").read_text(encoding="utf-8")
    assert svg.startswith("<?xml")
    assert (tmp_path / "140522-statistics-treemap.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_figures_give_the_same_bytes(root: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run_statistics(Session("zh", {}), request(root, out=tmp_path / name), as_json=True)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_only_the_layers_that_are_asked_for(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_statistics(Session("zh", {}), request(root, layers=("rivers", "gone"), by=None), as_json=True)
    plain = json.loads(capsys.readouterr().out)
    assert [layer["layer"] for layer in plain["layers"]] == ["rivers"]
    assert [layer["layer"] for layer in plain["missing"]] == ["gone"]
    assert [place["id"] for place in plain["places"]] == ["140522"]
    assert plain["by"] is None


def test_without_townships_only_the_whole_is_counted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_statistics(Session("en", {}), request(root, layers=("rivers",), by="townships"), as_json=True)
    out, err = capsys.readouterr()
    assert json.loads(out)["by"] is None
    assert "no layer of townships: only the whole is counted" in err


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"layers": ("watr",)}, "there is no layer 'watr' - did you mean 'water'?"),
        ({"by": "roads"}, "--by: layer roads holds lines, and no parts"),
        ({"by": "unit"}, "there is no layer 'unit' - did you mean 'units'?"),
        ({"territory": "丙县"}, "there is no territory '丙县'; choose one of: 140522 甲县, 140825 乙县"),
    ],
)
def test_what_is_not_there_is_refused(root: Path, more: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        run_statistics(Session("en", {}), request(root, **more), as_json=False)
    assert str(caught.value) == sentence


@given(st.lists(st.floats(1e-3, 1e4), min_size=1, max_size=40), st.floats(5, 300), st.floats(5, 300))
def test_rectangles_are_in_proportion_and_fill_the_place(sizes: list[float], wide: float, high: float) -> None:
    sizes = sorted(sizes, reverse=True)
    place = Rectangle(2.0, 3.0, 2.0 + wide, 3.0 + high)
    found = squarified(sizes, place)
    assert len(found) == len(sizes)
    for size, box in zip(sizes, found, strict=True):
        assert isclose(box.width * box.height, size / fsum(sizes) * wide * high, rel_tol=1e-6, abs_tol=1e-7)
        assert place.left - 1e-9 <= box.left <= box.right <= place.right + 1e-9
        assert place.bottom - 1e-9 <= box.bottom <= box.top <= place.top + 1e-9
    for index, one in enumerate(found):
        for other in found[:index]:
            across = min(one.right, other.right) - max(one.left, other.left)
            up = min(one.top, other.top) - max(one.bottom, other.bottom)
            assert across <= 1e-9 * wide or up <= 1e-9 * high
