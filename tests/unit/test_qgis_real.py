"""What real QGIS makes of project, GeoPackage and styles; skipped where it is not installed."""

import re
import sqlite3
import subprocess
from datetime import date
from pathlib import Path
from shutil import which
from typing import Any
from unicodedata import normalize

import pytest
from PIL import Image
from shapely.geometry import box

from gauss_krueger import plane
from qgis_runner import ask_qgis
from small_scene import ON, WATER, small_book, small_product, small_scene
from zoning.maps.map_product import MapProduct, Paper
from zoning.maps.qgis.geopackage import geopackage
from zoning.maps.qgis.project import write_qgis
from zoning.maps.qgis.tables import Table
from zoning.maps.scenes import territory_scene
from zoning.styles.drawing import Category, Drawing, class_parts, source_drawing
from zoning.styles.legend import legend
from zoning.styles.looks import ClassStyle, Hatch
from zoning.styles.qml import qml
from zoning.styles.sld import sld
from zoning.styles.stylebook import read_stylebook
from zoning.texts import Text
from zoning.workspace import Workspace


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, workspace_root: Path) -> Path:
    """Return a folder with a written product, moved after it was written: its paths must be relative."""
    made = tmp_path_factory.mktemp("made") / "first place"
    write_qgis(small_scene(), small_product(), small_book(workspace_root), "zh", made)
    return made.rename(made.with_name("另一处 & moved"))


@pytest.fixture(scope="module")
def seen(folder: Path) -> dict[str, Any]:
    """Return what QGIS says of the project."""
    return ask_qgis(do="project", path=str(folder / "small.qgs"), picture=str(folder / "view.png"), size=[600, 600])


def test_the_project_opens_whole_after_it_was_moved(seen: dict[str, Any]) -> None:
    assert seen["read"] is True
    assert seen["title"] == "阳城县试验图"
    assert [name for name, valid in seen["valid"].items() if not valid] == []
    assert seen["errors"] == []


def test_the_view_is_the_window_of_the_scene_in_the_zone_of_its_middle(seen: dict[str, Any]) -> None:
    assert seen["crs"] == "EPSG:4525"
    # By Krüger's series: the window lies east of the meridian of 111°, so its western edge is furthest west at the
    # top, the eastern one furthest east at the bottom, and the lower left corner lies lowest.
    west, east = plane(112.0, 35.2, 111)[0], plane(112.2, 35.0, 111)[0]
    south, north = plane(112.0, 35.0, 111)[1], plane(112.2, 35.2, 111)[1]
    zone = 37_500_000
    assert seen["extent"] == pytest.approx([zone + west, south, zone + east, north], abs=0.01)
    # The picture is as wide as high, so the view grows in one direction only.
    assert seen["seen"][1] == pytest.approx(seen["extent"][1], abs=1)


def test_what_lies_on_top_follows_the_styles_and_the_tree_follows_the_themes(seen: dict[str, Any]) -> None:
    assert seen["order"][:5] == ["数据缺失范围", "图框范围", "图框以外：不表示，未核查", "公路", "饮用水水源"]
    names = [name for name, *_ in seen["tree"]]
    assert names == ["保护", "管控", "现状", "数据缺失，未核查", "图框范围"]


def test_a_layer_without_data_is_named_and_not_written_as_an_empty_one(seen: dict[str, Any], folder: Path) -> None:
    missing = next(children for name, _, children in seen["tree"] if name == "数据缺失，未核查")
    assert [name for name, *_ in missing] == ["数据缺失范围", "土壤"]
    with sqlite3.connect(folder / "small.gpkg") as database:
        names = [name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")]
    assert "土壤" not in names
    units = next(children for name, _, children in seen["tree"] if name == "管控")
    assert units == [["管控单元 · 已有数据，本图范围内无", False, None]]


def test_the_legend_has_the_entries_of_our_own_legend(seen: dict[str, Any]) -> None:
    assert seen["legend"]["饮用水水源"] == ["甲", "乙"]
    assert seen["layers"]["饮用水水源"]["renderer"] == "categorizedSymbol"
    assert seen["layers"]["公路"]["renderer"] == "singleSymbol"


def test_symbols_labels_and_scales_are_those_of_the_style(seen: dict[str, Any]) -> None:
    water, roads = seen["layers"]["饮用水水源"], seen["layers"]["公路"]
    assert water["parts"] == [
        ["SimpleFill", "LinePatternFill", "SimpleLine"],
        ["SimpleFill", "PointPatternFill", "SimpleLine"],
    ]
    assert [colours[0] for colours in water["colours"]] == ["#2f6db5", "#cfe3f5"]
    assert (water["label"], water["label_scales"]) == ("名称", [True, 500_000.0, 0.0])
    # 2 points of 1/96 inch are 0.5292 mm; dashes of 6 and 3 points 1.5875 and 0.7938 mm.
    assert water["halo"] == pytest.approx(0.5292, abs=1e-4)
    assert water["dashes"][1][0] == pytest.approx([1.5875, 0.7938], abs=1e-4)
    assert roads["scales"] == [True, 1_000_000.0, 500.0]
    assert roads["label"] is None


def test_the_print_layout_is_true_to_scale_and_can_be_exported(seen: dict[str, Any], folder: Path) -> None:
    assert seen["layouts"] == ["打印版面"]
    assert seen["exported"] == [0]
    # 23 km on the 236 mm that A3 leaves for the map: the next usual scale.
    assert seen["layout_scale"] == pytest.approx(100_000, rel=2e-3)
    if which("pdftotext") is None:
        return
    text = subprocess.run(
        ["pdftotext", "-layout", str(folder / "view.png.pdf"), "-"], capture_output=True, check=True
    ).stdout.decode("utf-8")
    # The fonts of QGIS give some characters as their radicals.
    plain = re.sub(r"\s", "", normalize("NFKC", text))
    for words in (
        "阳城县试验图",
        "比例尺1:",
        "示意数据，非法定边界，不得用于审批",
        "非规范配色",
        "数据缺失，未核查：土壤",
    ):
        assert normalize("NFKC", words) in plain, words
    assert normalize("NFKC", "已有数据，本图范围内无：管控单元") in plain


def test_a_geopackage_without_its_project_opens_styled(folder: Path) -> None:
    names = ["饮用水水源", "公路", "管控单元", "数据缺失范围"]
    found = ask_qgis(do="tables", path=str(folder / "small.gpkg"), names=names)
    assert found["饮用水水源"]["legend"] == ["甲", "乙"]
    assert found["饮用水水源"]["features"] == 2
    assert found["公路"]["dashes"][0][0] == pytest.approx([2.1167, 0.7938, 0.3969, 0.7938], abs=1e-4)
    assert found["数据缺失范围"]["parts"][0] == ["PointPatternFill", "SimpleLine"]


def test_qml_and_sld_of_a_layer_file_load(tmp_path: Path, workspace_root: Path) -> None:
    drawing = source_drawing(WATER, small_book(workspace_root), "en")
    assert drawing.kind == "rules"
    qml_file, sld_file = tmp_path / "water.qml", tmp_path / "water.sld"
    qml_file.write_text(qml(drawing), encoding="utf-8")
    sld_file.write_text(sld(drawing, "water"), encoding="utf-8")
    square = '{"type": "Polygon", "coordinates": [[[112, 35], [112.1, 35], [112.1, 35.1], [112, 35]]]}'
    data = tmp_path / "water.geojson"
    data.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"class": "core", '
        f'"name": "x", "zone_id": "1"}}, "geometry": {square}}}]}}',
        encoding="utf-8",
    )
    found = ask_qgis(do="style", data=str(data), files=[str(qml_file), str(sld_file)])
    by_qml, by_sld = found[str(qml_file)], found[str(sld_file)]
    assert (by_qml["loaded"], by_qml["renderer"]) == (True, "RuleRenderer")
    assert by_qml["legend"] == ["core", "rim", "unknown class"]
    assert (by_sld["loaded"], by_sld["renderer"]) == (True, "RuleRenderer")
    assert by_sld["legend"][:3] == ["core", "rim", "unknown class"]


def run_of(pixels: Any, step: tuple[int, int], size: int) -> float:
    """Return the mean difference of pixels one step apart: small along the lines of a hatch."""
    dx, dy = step
    pairs = [
        abs(pixels[x, y] - pixels[x + dx, y + dy])
        for x in range(60, size - 60)
        for y in range(60, size - 60)
    ]  # fmt: skip
    return float(sum(pairs)) / len(pairs)


STEPS = {"diagonal": (1, -1), "back-diagonal": (1, 1), "vertical": (0, 1), "horizontal": (1, 0)}


@pytest.mark.parametrize("hatch", list(STEPS))
def test_hatches_run_as_in_our_own_maps(hatch: Hatch, tmp_path: Path) -> None:
    style = ClassStyle(fill="#FFFFFF", fill_opacity=1, outline="#000000", width=1, hatch=hatch, spacing="wide")
    drawing = Drawing("t", "polygon", None, (Category((), "t", class_parts(style, "polygon")),))
    rows = Table("t", "t", "zones", "", ("id",), frozenset({"id"}), (("1",),), (box(112, 35, 112.01, 35.01),), drawing)
    (tmp_path / "t.gpkg").write_bytes(geopackage([rows], ON))
    out = tmp_path / "t.png"
    extent = [112.002, 35.002, 112.008, 35.008]
    assert (
        ask_qgis(do="picture", path=str(tmp_path / "t.gpkg"), name="t", extent=extent, size=[300, 300], out=str(out))[
            "errors"
        ]
        == []
    )
    pixels: Any = Image.open(out).convert("L").load()
    differences = {name: run_of(pixels, step, 300) for name, step in STEPS.items()}
    assert min(differences, key=lambda name: differences[name]) == hatch, differences
    assert differences[hatch] < 6


def test_the_zoning_map_of_a_county_has_the_legend_of_our_own_maps(tmp_path: Path, workspace_root: Path) -> None:
    workspace = Workspace.open(workspace_root)
    book = read_stylebook(workspace_root / "styles")
    product = MapProduct(
        id="zoning", folder=Path(), title=Text("管控分区图", "Zoning map"), of="territory", paper=Paper(size="A2")
    )
    scene = territory_scene(workspace.source(), workspace.catalogue, product, "140522", on=date(2026, 11, 22))
    write_qgis(scene, product, book, "zh", tmp_path)
    project, picture = str(tmp_path / "zoning.qgs"), str(tmp_path / "v.png")
    seen = ask_qgis(do="project", path=project, picture=picture, size=[900, 700], export=False)
    assert (seen["read"], seen["errors"]) == (True, [])
    assert [name for name, valid in seen["valid"].items() if not valid] == []
    drawn = [found for found in scene.layers if found.presence == "drawn"]
    entries = legend(((found.layer, found.drawn_classes) for found in drawn), book)
    expected: dict[str, list[str]] = {}
    for entry in entries:
        # A layer of one class has one symbol beside its name.
        alone = len(workspace.catalogue[entry.layer].classes) == 1
        expected.setdefault(entry.layer_title.zh, []).append("" if alone else entry.title.zh)
    assert len(expected) == len(drawn) > 20
    for title, names in expected.items():
        assert seen["layers"][title]["legend"] == names, title
    # From the top down as on our own maps; the site's and the frame's tables aside.
    order = [name for name in seen["order"] if name in expected]
    assert order == list(dict.fromkeys(entry.layer_title.zh for entry in entries))
    west, _, east, north = scene.box
    assert seen["extent"][0] == pytest.approx(37_500_000 + plane(west, north, 111)[0], abs=0.01)
    assert seen["extent"][3] == pytest.approx(plane(east, north, 111)[1], abs=0.01)
    assert seen["layout_scale"] == pytest.approx(200_000, rel=2e-3)
