"""`zoning convert` as a user runs it."""

import json
import subprocess
from pathlib import Path

import pytest

import boundary_writers as bw
import tiny_workspace
from command_process import feed_zoning

HERE = bw.shifted(bw.SQUARE, 0.03, 0.03)


def run(*arguments: str | Path, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    return feed_zoning(stdin, *arguments, cwd=cwd)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tiny_workspace.build(tmp_path / "w")
    bw.write(made / "红线.geojson", bw.geojson(bw.polygon([HERE]), properties={"地块编号": "D7", "地块名称": "东区"}))
    return made


def test_to_txt_and_back(root: Path) -> None:
    done = run("convert", "红线.geojson", "--to", "txt", "--lang", "zh", cwd=root)
    assert (done.returncode, done.stdout) == (0, "红线.txt\n")
    assert "已写出 1 个地块，坐标系 EPSG:4525（CGCS2000 3° 带第 37 带，Y 带带号）" in done.stderr
    text = (root / "红线.txt").read_bytes().decode("gb18030")
    assert ",D7,东区,面,,,,@\r\nJ1,1,39" in text
    done = run("convert", "红线.txt", "--to", "geojson", "--out", "again.geojson", cwd=root)
    assert (done.returncode, done.stdout) == (0, "again.geojson\n")
    assert "written: 1 footprint in EPSG:4490" in done.stderr
    (feature,) = json.loads((root / "again.geojson").read_bytes())["features"]
    assert feature["properties"]["地块名称"] == "东区"


def test_force_is_what_overwrite_was_called_and_no_help_shows_it(root: Path) -> None:
    bw.write(root / "红线.txt", "mine")
    assert run("convert", "红线.geojson", "--to", "txt", "--force", cwd=root).returncode == 0
    assert (root / "红线.txt").read_bytes().startswith("[属性描述]".encode("gb18030"))
    shown = run("convert", "--help", cwd=root).stdout
    assert "--overwrite" in shown
    assert "--force" not in shown


def test_an_existing_file_is_kept(root: Path) -> None:
    bw.write(root / "红线.txt", "mine")
    done = run("convert", "红线.geojson", "--to", "txt", cwd=root)
    assert (done.returncode, done.stdout) == (10, "")
    assert "红线.txt: the file exists; choose another name, or write over it with --overwrite" in done.stderr
    assert (root / "红线.txt").read_text(encoding="utf-8") == "mine"
    assert run("convert", "红线.geojson", "--to", "txt", "--overwrite", cwd=root).returncode == 0
    assert (root / "红线.txt").read_bytes().startswith("[属性描述]".encode("gb18030"))


def test_a_refused_file_leaves_nothing(root: Path) -> None:
    bw.write(root / "bad.geojson", "{")
    before = sorted(path.name for path in root.iterdir())
    done = run("convert", "bad.geojson", "--to", "shp", cwd=root)
    assert (done.returncode, done.stdout) == (10, "")
    assert sorted(path.name for path in root.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (["--to", "txt", "--zone", "east"], 2, "--zone: 'east' must be auto or a 3° zone (25 to 45)"),
        (["--to", "txt", "--zone", "45"], 2, "--zone: the meridian of zone 45 is 135°E"),
        (["--to", "txt", "--out", "a.shp"], 2, "--out: a file of txt ends in .txt, not “a.shp”"),
        (["--to", "kml", "--zone", "37"], 2, "--zone: kml holds longitude and latitude only"),
        (["--to", "kml", "--encoding-out", "gbk"], 2, "--encoding-out: the format of kml fixes its characters"),
        (["--to", "wkt", "--to-crs", "EPSG:2361"], 12, "no published transformation"),
        (["--to", "svg"], 2, "svg"),
    ],
)
def test_wrong_wishes(root: Path, options: list[str], code: int, sentence: str) -> None:
    done = run("convert", "红线.geojson", *options, cwd=root)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr


def test_options_of_reading_and_a_folder(root: Path) -> None:
    bw.write(root / "管线.geojson", bw.geojson({"type": "LineString", "coordinates": [list(p) for p in HERE[:2]]}))
    folder = root / "out"
    folder.mkdir()
    assert run("convert", "管线.geojson", "--to", "gpkg", "--out", folder, cwd=root).returncode == 10
    done = run("convert", "管线.geojson", "--to", "gpkg", "--out", folder, "--width", "8", cwd=root)
    assert (done.returncode, done.stdout) == (0, f"{folder / '管线.gpkg'}\n")
    assert "the file does not hold its width of 8 m, read it with --width 8" in done.stderr


def test_wrong_geometry_can_be_refused(root: Path) -> None:
    bow = [HERE[0], HERE[2], HERE[1], HERE[3], HERE[0]]
    bw.write(root / "bow.geojson", bw.geojson(bw.polygon([bow])))
    done = run("convert", "bow.geojson", "--to", "txt", "--on-invalid", "refuse", cwd=root)
    assert done.returncode == 10
    assert not (root / "bow.txt").exists()
    done = run("convert", "bow.geojson", "--to", "txt", cwd=root)
    assert done.returncode == 0
    assert "is written as repaired: border crosses itself" in done.stderr


def test_from_standard_input(root: Path) -> None:
    text = bw.geojson(bw.polygon([HERE])).encode()
    done = run("convert", "-", "--to", "wkt", "--zone", "38", cwd=root, stdin=text)
    assert (done.returncode, done.stdout) == (0, "pasted.wkt\n")
    assert (root / "pasted.wkt").read_text(encoding="ascii").startswith("SRID=4526;POLYGON ((383")
