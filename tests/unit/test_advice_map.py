"""The map of an advice: what is clear and what is open never look alike, and chosen places can be seen."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
import shapely
from lxml import etree

import tiny_workspace
from command_process import run_zoning
from zoning.advice.entries import Advice, MoveEntry
from zoning.cli.map_options import Target
from zoning.maps.map_product import read_map_products
from zoning.maps.scene_advice import CLASSES, Advised, advice_scene, fitting, wind_of
from zoning.maps.web.content import groups as page_groups
from zoning.styles.stylebook import read_stylebook
from zoning.texts import Text
from zoning.workspace import Workspace, builtin_root

# West of the middle of the field's west edge, half on it.
ON_THE_EDGE = (112.4489, 35.4545, 112.4511, 35.4554)
NEW = ("--set", "construction=new", "--set", "supply=no", "--on", "2024-05-01")
PRODUCT = read_map_products(builtin_root() / "maps" / "products")["site-advice"]


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run_zoning("advise", *arguments, cwd=cwd)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


def advised(root: Path, *facts: str) -> tuple[Advice, Advised, shapely.Geometry]:
    path = tiny_workspace.site_file(root / "site.geojson", ON_THE_EDGE)
    advice = Advice.model_validate_json(run(path, *facts, "--format", "json", cwd=root).stdout)
    site = shapely.box(*ON_THE_EDGE)
    return advice, Advised.of_advice(advice, site, "en"), site


def test_clear_pieces_and_places_are_drawn_as_what_they_are(root: Path) -> None:
    advice, found, site = advised(root, *NEW)
    assert [zone.class_id for zone in found.zones][:2] == ["site", "remainder"]
    assert {zone.class_id for zone in found.zones} <= {"site", "remainder", "moved", "turned"}
    moved = advice.placements[0].moved
    assert moved is not None
    (drawn, *_) = [zone for zone in found.zones if zone.class_id == "moved"]
    assert shapely.equals(drawn.geometry, shapely.geometry.shape(moved.geometry))
    assert drawn.name == f"{wind_of(moved.move).en} {moved.move.distance_m:,.0f} m"
    assert shapely.equals(found.zones[0].geometry, site)


def test_what_is_only_not_prohibited_so_far_is_open(root: Path) -> None:
    # Nothing is told: whether the project is new decides, and nothing can be clear.
    advice, found, _ = advised(root, "--on", "2024-05-01")
    shown = {zone.id: zone.class_id for zone in found.zones}
    for left in advice.remainder:
        for number, piece in enumerate(left.pieces, start=1):
            assert shown[f"remainder-{left.level}-{number}"] == ("remainder" if piece.recheck.clear else "open")
    assert "open" in shown.values()


def test_a_place_that_is_the_site_itself_is_not_drawn_again(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", (112.33, 35.43, 112.331, 35.431))
    advice = Advice.model_validate_json(run(path, *NEW, "--format", "json", cwd=root).stdout)
    assert advice.placements[0].moved is not None
    found = Advised.of_advice(advice, shapely.box(112.33, 35.43, 112.331, 35.431), "zh")
    assert {zone.class_id for zone in found.zones} == {"site", "remainder"}


def test_a_scene_holds_the_layers_of_the_product_and_the_advice_above(root: Path) -> None:
    _, found, _ = advised(root, *NEW)
    workspace = Workspace.open(root)
    product = PRODUCT.model_copy(update={"layers": PRODUCT.layers[:1]})
    scene = advice_scene(workspace.source(), workspace.catalogue, product, found, on=date(2024, 5, 1))
    assert [one.layer.id for one in scene.layers][-1] == "advice"
    assert set(scene.layers[-1].layer.classes) == {zone.class_id for zone in found.zones}
    assert scene.frame.geometry.covers(shapely.union_all([zone.geometry for zone in found.zones]))


def test_what_is_advised_is_no_part_of_the_existing_situation(root: Path) -> None:
    _, found, _ = advised(root, *NEW)
    workspace = Workspace.open(root)
    product = PRODUCT.model_copy(update={"layers": PRODUCT.layers[:1]})
    scene = advice_scene(workspace.source(), workspace.catalogue, product, found, on=date(2024, 5, 1))
    tree = list(page_groups(scene, product, read_stylebook(builtin_root() / "styles")))
    assert tree[0][0] == Text("建议", "Advice")
    assert [one.found.layer.id for one in tree[0][1]] == ["advice"]
    assert "advice" not in [one.found.layer.id for _, layers in tree[1:] for one in layers]


@pytest.mark.parametrize(
    ("language", "theme", "other"), [("zh", "建议", "现状"), ("en", "Advice", "Existing situation")]
)
def test_so_it_is_in_the_project_for_qgis(root: Path, language: str, theme: str, other: str) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", ON_THE_EDGE)
    assert run(path, *NEW, "--out", "out", "--map", "qgis", "--lang", language, cwd=root).returncode == 1
    (project,) = (root / "out").rglob("*.qgs")
    tree = etree.fromstring(project.read_bytes()).find("layer-tree-group")
    groups = {group.get("name"): len(group.findall("layer-tree-layer")) for group in tree.findall("layer-tree-group")}
    assert groups[theme] == 1
    assert other not in groups


def test_every_class_has_a_style_and_no_layer_lies_above() -> None:
    book = read_stylebook(builtin_root() / "styles")
    assert set(book.of_layer("advice").classes) == set(CLASSES)
    others = [style.order for name, style in book.layers.items() if name != "advice"]
    assert book.of_layer("advice").order > max(others)
    assert book.mistakes(Workspace.open(builtin_root()).catalogue) == []


@pytest.mark.parametrize(
    ("bearing", "word"), [(0.0, "N"), (22.4, "N"), (22.6, "NE"), (180.0, "S"), (337.6, "N"), (359.9, "N"), (270.0, "W")]
)
def test_points_of_the_compass(bearing: float, word: str) -> None:
    assert wind_of(MoveEntry(east_m=0, north_m=0, distance_m=1, bearing_deg=bearing)).en == word


def test_a_search_area_has_little_land_around_it() -> None:
    narrow = Advised("a", "a", 1.0, ())
    wide = Advised("a", "a", 1.0, (), wide=True)
    assert fitting(PRODUCT, narrow).margin == PRODUCT.margin > fitting(PRODUCT, wide).margin == 0.03


@pytest.mark.parametrize("target", [Target.png, Target.html])
def test_the_command_writes_a_map(root: Path, target: Target) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", ON_THE_EDGE)
    done = run(path, *NEW, "--out", "out", "--map", target.value, cwd=root)
    assert done.returncode == 1
    made = (root / "out" / f"site-advice.{target}").read_bytes()
    assert made.startswith(b"\x89PNG" if target is Target.png else b"<!DOCTYPE html>")
    assert f"written: out/site-advice.{target}" in done.stderr


def test_places_are_marked_on_the_map_of_a_selection(root: Path) -> None:
    options = ("--select", "--within", "140522", "--area", "1ha", "--places", "2", "--map", "svg", "--out", "out")
    assert run(*options, *NEW, cwd=root).returncode == 0
    (made,) = (root / "out").glob("*-selection.svg")
    assert made.read_bytes().startswith(b"<?xml")


def test_a_map_needs_a_folder(root: Path) -> None:
    path = tiny_workspace.site_file(root / "site.geojson", ON_THE_EDGE)
    done = run(path, *NEW, "--map", "pdf", cwd=root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--map needs --out: the folder to write it to" in done.stderr
