"""The atlas: index page, one page per unit, areas of each unit from the measuring plane."""

import io
import re
from datetime import date
from functools import partial
from pathlib import Path

import pytest
import shapely
from pypdf import PdfReader

from long_runs import times
from pdf_paths import page_size
from scenes_for_tests import MADE, stylebook
from zoning.cli.atlas import AtlasRequest, By, run_atlas
from zoning.cli.map_options import PaperName
from zoning.cli.session import Session
from zoning.errors import LayerError, UsageError
from zoning.layers.catalogue import Catalogue
from zoning.maps.fonts import typeface
from zoning.maps.map_product import MapProduct, read_map_products
from zoning.maps.paper.atlas import render_atlas
from zoning.maps.paper.bands import Heading
from zoning.maps.paper.marks import Words
from zoning.maps.paper.render import Printer
from zoning.maps.paper.units import Unit, unit_scenes, units_of
from zoning.maps.scene import Scene
from zoning.maps.scenes import territory_scene
from zoning.overlay.source import LayerSource
from zoning.workspace import Workspace, builtin_root

ON = date(2026, 11, 22)
CODE = "140502"


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace.open(builtin_root())


@pytest.fixture(scope="module")
def source(workspace: Workspace) -> LayerSource:
    return workspace.source()


@pytest.fixture(scope="module")
def product() -> MapProduct:
    return read_map_products(builtin_root() / "maps" / "products")["three-control-lines"]


@pytest.fixture(scope="module")
def whole(workspace: Workspace, source: LayerSource, product: MapProduct) -> Scene:
    return territory_scene(source, workspace.catalogue, product, CODE, on=ON, detail_m=0.0)


@pytest.fixture(scope="module")
def units(workspace: Workspace, source: LayerSource) -> list[Unit]:
    return units_of(source, workspace.catalogue, "townships", CODE, ON)


@pytest.fixture(scope="module")
def scenes(
    workspace: Workspace, source: LayerSource, product: MapProduct, whole: Scene, units: list[Unit]
) -> list[Scene]:
    return list(unit_scenes(whole, units, source, workspace.catalogue, product, ON))


def test_the_units_fill_the_territory(whole: Scene, units: list[Unit]) -> None:
    assert len(units) > 3
    assert sum(unit.land.area for unit in units) == pytest.approx(whole.frame.area_m2, rel=1e-6)
    assert shapely.union_all([unit.land for unit in units]).area == pytest.approx(whole.frame.area_m2, rel=1e-6)
    assert [unit.code for unit in units] == sorted(unit.code for unit in units)


def test_the_areas_of_the_units_add_up_to_those_of_the_territory(whole: Scene, scenes: list[Scene]) -> None:
    for number, layer in enumerate(whole.layers):
        for name, area in (layer.class_areas_m2 or {}).items():
            parts = sum((scene.layers[number].class_areas_m2 or {}).get(name, 0.0) for scene in scenes)
            # Hairlines at shared borders count for neither of two neighbours.
            assert parts == pytest.approx(area, rel=1e-5, abs=5.0), (layer.layer.id, name)


@pytest.fixture(scope="module")
def atlas(whole: Scene, scenes: list[Scene], product: MapProduct) -> bytes:
    small = product.model_copy(update={"paper": product.paper.model_copy(update={"size": "A4"})})
    return render_atlas(whole, scenes, small, stylebook(), "zh", MADE, dpi=60)


def test_an_atlas_has_an_index_and_one_page_per_unit(atlas: bytes, scenes: list[Scene]) -> None:
    reader = PdfReader(io.BytesIO(atlas))

    assert len(reader.pages) == len(scenes) + 1
    texts = [page.extract_text() for page in reader.pages]
    assert "晋城市城区分区管控图集" in texts[0]
    for number, (scene, text) in enumerate(zip(scenes, texts[1:], strict=True), start=2):
        assert f"{scene.frame.name}三条控制线图" in text
        assert f"第 {number} 页 / 共 {len(scenes) + 1} 页" in text
        assert re.search(rf"\n{number}\n{scene.frame.name}\n", texts[0]), scene.frame.name
        assert "本分幅单元以外：淡化表示" in text
    assert sorted(page_size(atlas, 1)) == pytest.approx([210, 297], abs=0.01)


def test_pages_name_their_neighbours(atlas: bytes, units: list[Unit]) -> None:
    reader = PdfReader(io.BytesIO(atlas))

    for number, unit in enumerate(units):
        text = reader.pages[number + 1].extract_text().replace("\n", "")
        named = set(re.findall(r"第 ?(\d+) ?页 ?(?!/)\w", text))
        beside = {
            str(other + 2)
            for other, neighbour in enumerate(units)
            if other != number and neighbour.land.distance(unit.land) < 1.0
        }
        assert named == beside, unit.name


def test_a_class_that_is_only_around_a_unit_has_no_area_in_it(
    whole: Scene, scenes: list[Scene], product: MapProduct
) -> None:
    printer = Printer(product, stylebook(), "zh", MADE, typeface("zh"), "pdf", 60)
    checked = 0
    for scene in scenes:
        page = printer.draw(printer.plan(scene, land=whole.frame.geometry).made, Heading("", "", ""))
        texts = [mark.text for mark in page.marks if isinstance(mark, Words)]
        land = next(layer for layer in scene.layers if layer.layer.id == "town-boundary")
        if "城镇弹性发展区" in texts and "flexible" not in (land.class_areas_m2 or {}):
            at = texts.index("城镇弹性发展区")
            assert "—" in texts[at : at + 3]
            checked += 1

    assert checked


def test_the_command_writes_one_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    most = times(4, 100)  # the atlas above has a page for every unit
    monkeypatch.setattr("zoning.maps.paper.units.units_of", lambda *asked: units_of(*asked)[:most])
    # How fine the relief is drawn is no matter of the command.
    monkeypatch.setattr("zoning.maps.paper.atlas.render_atlas", partial(render_atlas, dpi=100))
    out = tmp_path / "atlas.pdf"
    request = AtlasRequest(
        CODE,
        By.township,
        "three-control-lines",
        PaperName.a4,
        "1:50000",
        out,
        "2026-11-22",
        builtin_root(),
        maker="晋城市生态环境局",
    )

    assert run_atlas(Session("zh"), request) == 0

    said = capsys.readouterr()
    assert said.out == f"{out}\n"
    reader = PdfReader(io.BytesIO(out.read_bytes()))
    drawn = [line for line in said.err.splitlines() if line.startswith("绘制 ")]
    maps = [text for page in reader.pages[1:] if "比例尺" in (text := page.extract_text())]
    assert len(maps) == len(drawn) > 3
    # Every step of every sheet is told while it is made: none of them takes long.
    read = [line for line in said.err.splitlines() if line.startswith("已读取第 ")]
    written = [line for line in said.err.splitlines() if line.startswith("写入第 ")]
    assert [line.split("：")[1] for line in read] == [line.split("：")[1] for line in drawn]
    assert written == [f"写入第 {n}/{len(reader.pages)} 页" for n in range(1, len(reader.pages) + 1)]
    assert drawn[0].startswith(f"绘制 1/{len(drawn)}：")
    assert all("1:50 000" in text and "晋城市生态环境局" in text for text in maps)
    assert list(tmp_path.iterdir()) == [out]


def test_pages_can_follow_the_management_units(workspace: Workspace, source: LayerSource, whole: Scene) -> None:
    found = units_of(source, workspace.catalogue, "management-units", CODE, ON)

    assert all(re.fullmatch(r"ZH140502\d{5}", unit.code) for unit in found)
    assert sum(unit.land.area for unit in found) == pytest.approx(whole.frame.area_m2, rel=1e-5)


def test_a_territory_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no territory 'x'"):
        run_atlas(Session("en"), AtlasRequest("x", workspace=builtin_root(), on="2026-11-22"))


def test_a_layer_that_does_not_exist_is_refused(source: LayerSource, workspace: Workspace) -> None:
    catalogue = Catalogue(workspace.root, {"territory": workspace.catalogue["territory"]}, "territory")

    with pytest.raises(LayerError) as caught:
        units_of(source, catalogue, "townships", CODE, ON)

    assert caught.value.text.zh == "工作空间没有图层 townships，不能按它分幅；请补上，或换用 --by"
