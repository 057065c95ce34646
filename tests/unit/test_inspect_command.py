"""`zoning inspect` and `--on-invalid` as a user runs them: exit codes, JSON, text, files."""

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest

import tiny_workspace
from command_here import run_here
from command_process import run_zoning
from surveyed_txt import write_txt

SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100)]
BOW = [(0, 0), (100, 100), (100, 0), (0, 100)]
TWICE = [(0, 0), (100, 0), (100, 0), (100, 100), (0, 100)]


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own."""
    return run_zoning(*arguments, cwd=cwd, language="zh")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_workspace.build(tmp_path_factory.mktemp("inspect") / "w")


@pytest.mark.parametrize(("ring", "code", "status"), [(SQUARE, 0, "clean"), (TWICE, 0, "warnings"), (BOW, 1, "errors")])
def test_exit_codes_and_json(root: Path, ring: list[tuple[float, float]], code: int, status: str) -> None:
    stated = f"{len(ring)},{0.5 if ring is BOW else 1.0}"
    path = write_txt(root / f"{status}.txt", ring, stated=stated)
    done = run("inspect", path, "--format", "json", cwd=root)
    assert (done.returncode, done.stderr) == (code, "")
    report = json.loads(done.stdout)
    schema = json.loads(run_here("schema", "inspection", cwd=root).stdout)
    jsonschema.Draft202012Validator(schema).validate(report)
    assert (report["schema"], report["status"]) == ("zoning.inspection/1", status)
    assert report["file"]["crs"] == "EPSG:4525"
    assert report["file"]["crs_decision"]["zh"] == "文件声明"
    assert (report["file"]["format"], report["file"]["vertices"]) == ("TXT", len(ring))


def test_the_report_tells_repairs_and_lines_of_the_file(root: Path) -> None:
    path = write_txt(root / "two.txt", TWICE, stated="5,1.0000")
    (footprint,) = json.loads(run_here("inspect", path, "--format", "json", cwd=root).stdout)["footprints"]
    (fault,) = footprint["faults"]
    # Seven lines of head and one of the parcel stand before the points.
    assert [(p["ring"], p["vertex"], p["line"]) for p in fault["places"]] == [(1, 3, 11), (1, 2, 10)]
    (repair,) = footprint["repairs"]
    assert (repair["kind"], repair["area_change_m2"], repair["answers"]) == (
        "duplicate-vertices",
        0.0,
        ["duplicate-points"],
    )
    assert repair["area_before_m2"] == repair["area_after_m2"] == footprint["area_m2"]


def test_text_in_both_languages(root: Path) -> None:
    path = write_txt(root / "bow.txt", BOW, stated="4,0.5000")
    chinese = run("inspect", path, cwd=root)
    assert chinese.stdout.startswith("× 1 处错误   bow.txt · 地块一\n  TXT · UTF-8 · EPSG:4525（")
    assert "× 自相交  第 1 圈：第 1–2 点的边与第 3–4 点的边相交" in chinese.stdout
    assert "X 3930050.000  Y 37627050.000" in chinese.stdout
    assert "平方米，变化 +4,998.01" in chinese.stdout
    english = run_here("inspect", path, "--lang", "en", cwd=root)
    assert english.stdout.startswith("× 1 error   bow.txt · 地块一\n")
    assert max(len(line) for line in english.stdout.splitlines()) <= 100


def test_pictures_are_written_where_asked(root: Path) -> None:
    path = write_txt(root / "bow.txt", BOW)
    assert run_here("inspect", path, "--out", root / "one.png", cwd=root).returncode == 1
    assert (root / "one.png").read_bytes().startswith(b"\x89PNG")
    run_here("inspect", path, "--out", root / "one.html", cwd=root)
    assert "<svg" in (root / "one.html").read_text(encoding="utf-8")
    run_here("inspect", path, "--out", root / "folder", cwd=root)
    assert sorted(file.name for file in (root / "folder").iterdir()) == ["bow.html", "bow.png"]


def test_other_pictures_are_wrong_usage(root: Path) -> None:
    done = run_here("inspect", write_txt(root / "bow.txt", BOW), "--out", "bow.pdf", cwd=root)
    assert done.returncode == 2
    assert done.stderr == "zoning: --out：bow.pdf 不能写成 .pdf；请给出文件夹、.png 文件或 .html 文件\n"


def test_what_cannot_be_read_is_refused_as_everywhere(root: Path) -> None:
    done = run_here("inspect", write_txt(root / "short.txt", SQUARE[:2]), cwd=root)
    assert (done.returncode, done.stdout) == (10, "")
    assert "不同界址点少于 3 个" in done.stderr


@pytest.mark.parametrize("command", ["check", "inspect", "map", "rules ask", "convert"])
def test_refuse_names_the_first_fault_and_its_place(root: Path, command: str) -> None:
    path = write_txt(root / "bow.txt", BOW)
    target = ("--to", "geojson") if command == "convert" else ()
    done = run_here(*command.split(), path, *target, "--on-invalid", "refuse", cwd=root)
    assert (done.returncode, done.stdout) == (10, "")
    assert done.stderr == (
        "zoning: bow.txt：地块“地块一”图形有错：第 1 圈：第 1–2 点的边与第 3–4 点的边相交"
        "（X=3930050.000，Y=37627050.000）；按 --on-invalid refuse 不予修复，请改正后重新导出，"
        "用 zoning inspect 可查看全部问题和图\n"
    )


def test_refuse_lets_what_needs_no_decision_pass(root: Path) -> None:
    path = write_txt(root / "twice.txt", TWICE, stated="5,1.0000")
    assert run_here("inspect", path, "--on-invalid", "refuse", cwd=root).returncode == 0


def test_the_verdict_tells_the_quality_and_runs_again_to_the_same_bytes(root: Path) -> None:
    path = write_txt(root / "bow.txt", BOW, stated="7,0.9000")
    done = run("check", path, "--on", "2026-06-01", "--format", "json", cwd=root)
    quality = json.loads(done.stdout)["site"]["quality"]
    assert quality["counts"] == {"self-crossing": 1, "stated-points": 1}
    assert (quality["rings"], quality["vertices"], quality["area_before_m2"]) == (1, 4, pytest.approx(0, abs=0.01))
    crossing = quality["faults"][0]
    assert (crossing["kind"], crossing["severity"], crossing["ring"]) == ("self-crossing", "error", 1)
    assert crossing["place"] == pytest.approx([112.40013, 35.49174], abs=1e-5)
    (root / "verdict.json").write_text(done.stdout, encoding="utf-8")
    again = run_here("check", "--replay", root / "verdict.json", cwd=root)
    assert (again.returncode, again.stderr) == (0, "地块一：重新运行结果逐字节相同\n")


def test_the_text_of_a_verdict_speaks_of_the_drawing_only_when_there_is_something(root: Path) -> None:
    sentence = "· 图形问题：自相交 1 处（位置和图：zoning inspect）"
    bow = run_here("check", write_txt(root / "bow.txt", BOW, stated="4,0.5000"), cwd=root)
    assert sentence in bow.stdout
    square = run_here("check", write_txt(root / "square.txt", SQUARE, stated="4,1.0000"), cwd=root)
    assert "图形问题" not in square.stdout


def test_footprints_that_overlap_are_told_in_every_verdict(root: Path) -> None:
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for name, ring in (
            ("甲", [[112.40, 35.50], [112.41, 35.50], [112.41, 35.51], [112.40, 35.51], [112.40, 35.50]]),
            ("乙", [[112.409, 35.50], [112.42, 35.50], [112.42, 35.51], [112.409, 35.51], [112.409, 35.50]]),
        )
    ]
    path = root / "pair.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    verdicts = json.loads(run_here("check", path, "--format", "json", "--on", "2026-06-01", cwd=root).stdout)
    for verdict in verdicts:
        assert any("重叠" in text["zh"] for text in verdict["site"]["warnings"])
    (root / "pair.json").write_text(json.dumps(verdicts), encoding="utf-8")
    assert run_here("check", "--replay", root / "pair.json", cwd=root).returncode == 0
    report = json.loads(run_here("inspect", path, "--format", "json", cwd=root).stdout)
    assert report["overlap_counts"] == {"parcels-overlap": 1}
    assert report["overlaps"][0]["first"] == "1"
    assert report["status"] == "warnings"
    assert report["file"]["crs_decision"]["zh"] == "文件未写，按格式的规定"
    stated = json.loads(run_here("inspect", path, "--crs", "EPSG:4490", "--format", "json", cwd=root).stdout)
    assert stated["file"]["crs_decision"]["zh"] == "用户用 --crs 说明"
