"""The project file, without QGIS: relative paths, order, extent, remarks; written whole, the same on every run."""

import base64
import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from lxml import etree
from PIL import Image

from gauss_krueger import plane
from small_scene import small_book, small_product, small_scene
from zoning.errors import ContentError
from zoning.maps.content import Box, Picture
from zoning.maps.map_product import LayerChoice, MapProduct, Paper
from zoning.maps.qgis.document import layer_id
from zoning.maps.qgis.ground import Plane, Window, sheet_of
from zoning.maps.qgis.project import write_qgis
from zoning.maps.scene import Scene
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language


@pytest.fixture(scope="module")
def book(workspace_root: Path) -> Stylebook:
    return small_book(workspace_root)


def relief() -> Picture:
    """Return a picture of 4 x 2 pixels: black in the north-west, white in the south-east, nothing between."""
    pixels = np.zeros((2, 4, 4), dtype=np.uint8)
    pixels[0, 0], pixels[1, 3] = (0, 0, 0, 255), (255, 255, 255, 255)
    file = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(file, "PNG")
    code = base64.b64encode(file.getvalue()).decode("ascii")
    return Picture(f"data:image/png;base64,{code}", Box(112.0, 35.0, 112.2, 35.2))


def project_of(folder: Path, book: Stylebook, scene: Scene | None = None, language: Language = "zh") -> Any:
    written = write_qgis(scene or small_scene(), small_product(), book, language, folder)
    return etree.fromstring(written[0].read_bytes())


def test_project_geopackage_and_relief_are_written(tmp_path: Path, book: Stylebook) -> None:
    written = write_qgis(replace(small_scene(), relief=relief()), small_product(), book, "zh", tmp_path / "new" / "one")
    assert [path.name for path in written] == ["small.qgs", "small-relief.tif", "small.gpkg"]
    assert sorted(path.name for path in (tmp_path / "new" / "one").iterdir()) == sorted(path.name for path in written)


def test_two_runs_give_the_same_bytes_anywhere(tmp_path: Path, book: Stylebook) -> None:
    scene = replace(small_scene(), relief=relief())
    runs = [write_qgis(scene, small_product(), book, "en", tmp_path / name) for name in ("a", "b & ü")]
    digests = [[hashlib.sha256(path.read_bytes()).hexdigest() for path in run] for run in runs]
    assert digests[0] == digests[1]


def test_no_path_leads_out_of_the_folder(tmp_path: Path, book: Stylebook) -> None:
    root = project_of(tmp_path, book, replace(small_scene(), relief=relief()))
    sources = [one.text for one in root.iter("datasource")]
    sources += [one.get("source") for one in root.iter("layer-tree-layer")]
    assert {source.partition("|")[0] for source in sources} == {"./small.gpkg", "./small-relief.tif"}
    assert root.findtext("properties/Paths/Absolute") == "false"
    assert str(tmp_path) not in etree.tostring(root, encoding="unicode")


def test_every_layer_of_the_tree_is_a_table_of_the_geopackage(tmp_path: Path, book: Stylebook) -> None:
    import pyogrio

    root = project_of(tmp_path, book)
    named = {one.get("source").partition("|layername=")[2] for one in root.iter("layer-tree-layer")}
    assert named == {name for name, _ in pyogrio.list_layers(tmp_path / "small.gpkg")} - {"layer_styles"}
    ids = [one.get("id") for one in root.iter("layer-tree-layer")]
    assert ids == [*dict.fromkeys(ids)]
    assert sorted(ids) == sorted(one.findtext("id") for one in root.iter("maplayer"))


def test_the_stack_follows_the_order_of_the_styles(tmp_path: Path, book: Stylebook) -> None:
    root = project_of(tmp_path, book, replace(small_scene(), relief=relief()))
    stack = [one.text for one in root.iter("item")]
    keys = ("uncovered", "frame", "outside", "roads", "water", "units", "relief")
    assert stack == [layer_id(key) for key in keys]
    assert root.find("layer-tree-group/custom-order").get("enabled") == "1"


def test_an_empty_layer_is_switched_off_and_says_so(tmp_path: Path, book: Stylebook) -> None:
    root = project_of(tmp_path, book, language="en")
    leaf = next(one for one in root.iter("layer-tree-layer") if one.get("id") == layer_id("units"))
    assert leaf.get("name") == "units · data at hand, none on this map"
    assert leaf.get("checked") == "Qt::Unchecked"


def test_the_extent_is_the_window_in_metres(tmp_path: Path, book: Stylebook) -> None:
    extent = project_of(tmp_path, book).find("mapcanvas/extent")
    # The lower left corner lies lowest, the upper right one highest (both east of the meridian of 111°).
    assert float(extent.findtext("ymin")) == pytest.approx(plane(112.0, 35.0, 111)[1], abs=0.01)
    assert float(extent.findtext("ymax")) == pytest.approx(plane(112.2, 35.2, 111)[1], abs=0.01)


def test_outside_of_the_zones_of_china_the_project_is_in_degrees(tmp_path: Path, book: Stylebook) -> None:
    far = replace(small_scene(), box=Box(10.0, 50.0, 10.2, 50.2), layers=())
    root = project_of(tmp_path, book, far)
    assert root.findtext("projectCrs/spatialrefsys/authid") == "EPSG:4490"
    assert root.findtext("mapcanvas/extent/xmax") == "10.2000000"
    assert root.find("Layouts/Layout") is not None
    assert not [one for one in root.iter("LayoutItem") if one.get("id") == "scale"]


def texts(root: Any) -> dict[str, str]:
    return {one.get("id"): one.get("labelText") for one in root.iter("LayoutItem") if one.get("labelText")}


def test_the_sheet_says_what_cannot_be_seen_on_it(tmp_path: Path, book: Stylebook) -> None:
    said = texts(project_of(tmp_path, book))
    assert said["title"] == "阳城县试验图"
    assert said["scale"] == "比例尺 1:100 000"
    for words in (
        "示意数据，非法定边界，不得用于审批",
        "非规范配色",
        "数据截至 2026-11-22",
        "CGCS2000 国家大地坐标系，3 度带第 37 带（EPSG:4525）",
        "数据缺失，未核查：土壤",
        "已有数据，本图范围内无：管控单元",
    ):
        assert words in said["notes"], words


def test_a_layer_that_the_scale_hides_is_named(tmp_path: Path, book: Stylebook) -> None:
    product = small_product().model_copy(update={"paper": Paper(size="A3", scale=2_000_000)})
    written = write_qgis(small_scene(), product, book, "en", tmp_path)
    said = texts(etree.fromstring(written[0].read_bytes()))
    assert "not drawn at this scale (which does not mean: none): roads" in said["notes"]


def test_layers_open_as_their_style_says_and_the_sheet_names_those_that_do_not(tmp_path: Path, book: Stylebook) -> None:
    water = book.layers["water"].model_copy(update={"visible": "decisive"})
    shy = replace(book, layers={**book.layers, "water": water})
    root = project_of(tmp_path, shy)
    checked = {one.get("id"): one.get("checked") for one in root.iter("layer-tree-layer")}
    assert (checked[layer_id("water")], checked[layer_id("roads")]) == ("Qt::Unchecked", "Qt::Checked")
    assert "未打开（不代表没有）：饮用水水源" in texts(root)["notes"]
    # What a product names is what it is about.
    product = small_product().model_copy(update={"layers": (LayerChoice(layer="water"),)})
    written = write_qgis(small_scene(), product, shy, "zh", tmp_path)
    assert "未打开" not in texts(etree.fromstring(written[0].read_bytes()))["notes"]


def test_every_word_exists_in_both_languages() -> None:
    from zoning.maps.qgis.words import WORDS
    from zoning.maps.wording import THEMES

    for name, text in {**WORDS, **THEMES}.items():
        assert text.zh, name
        assert text.en, name
        assert text.en.isascii() or "°" in text.en, name


def test_the_relief_lies_where_its_picture_lies(tmp_path: Path, book: Stylebook) -> None:
    write_qgis(replace(small_scene(), relief=relief()), small_product(), book, "zh", tmp_path)
    with rasterio.open(tmp_path / "small-relief.tif") as file:
        assert file.crs.to_epsg() == 3857
        # Web Mercator: 6 378 137 m times the longitude in radians.
        assert file.bounds.left == pytest.approx(6_378_137 * np.radians(112.0), abs=0.01)
        assert file.bounds.right == pytest.approx(6_378_137 * np.radians(112.2), abs=0.01)
        north = 6_378_137 * np.log(np.tan(np.pi / 4 + np.radians(35.2) / 2))
        assert file.bounds.top == pytest.approx(north, abs=0.01)
        pixels = file.read()
    assert pixels[:, 0, 0].tolist() == [0, 0, 0, 255]
    assert pixels[:, 1, 3].tolist() == [255, 255, 255, 255]
    assert pixels[3].sum() == 2 * 255


@pytest.mark.parametrize(("paper", "scale"), [("A4", 125_000), ("A3", 100_000), ("A1", 40_000)])
def test_a_sheet_takes_the_largest_usual_scale_that_fits(paper: Any, scale: int) -> None:
    product = MapProduct(id="p", folder=Path(), title=small_product().title, of="territory", paper=Paper(size=paper))
    window = Window(37_590_000, 3_870_000, 37_610_000, 3_890_000)
    sheet = sheet_of(product, Plane("EPSG:4525", 37), window, 12)
    assert sheet.scale == scale
    assert sheet.map_width * scale / 1000 >= 20_000 or sheet.map_height * scale / 1000 >= 20_000
    assert sheet.ground.width == pytest.approx(sheet.map_width * scale / 1000)
    assert (sheet.ground.west + sheet.ground.east) / 2 == 37_600_000


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, book: Stylebook) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        write_qgis(small_scene(), small_product(), book, "zh", tmp_path / "taken")
    assert "写入失败" in caught.value.get("zh")
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]
