"""The scene around a site: as much land as the paper can show, with all that lies on it."""

from datetime import date
from pathlib import Path

import pytest
import shapely
from pyproj import Geod

import tiny_workspace
from zoning.check import Examination, check_site
from zoning.errors import ContentError
from zoning.maps.content import Box
from zoning.maps.map_product import MapProduct, Paper
from zoning.maps.paper_window import LONGER_MM, detail_of, paper_window
from zoning.maps.scene import Scene
from zoning.maps.scenes import site_scene
from zoning.rules.facts import FactSheet
from zoning.sites.site import Site
from zoning.texts import Text
from zoning.workspace import Workspace
from zoning.yaml_files import read_model

ON = date(2026, 6, 1)
ACROSS = (112.408, 35.502, 112.412, 35.504)
FAR_WEST = (112.31, 35.452, 112.312, 35.454)
"""13 km from the farmland: farther than a check looks."""

GEOD = Geod(ellps="GRS80")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_workspace.build(tmp_path_factory.mktemp("site-scenes") / "w")


def product(**more: object) -> MapProduct:
    return MapProduct.model_validate({"id": "site", "folder": Path(), "title": Text("图", "map"), "of": "site", **more})


def examined(root: Path, box: tiny_workspace.Box) -> tuple[Examination, Workspace]:
    w = Workspace.open(root)
    site = Site("1", "地块一", shapely.box(*box), "EPSG:4490", "site.geojson")
    facts = FactSheet({"construction": ("new",), "supply": False})
    return check_site(site, facts, on=ON, catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings), w


def scene_of(root: Path, box: tiny_workspace.Box, made: MapProduct) -> Scene:
    examination, w = examined(root, box)
    return site_scene(examination, w.catalogue, made, source=w.source())


def size_m(box: Box) -> tuple[float, float]:
    lat = (box.south + box.north) / 2
    return GEOD.inv(box.west, lat, box.east, lat)[2], GEOD.inv(box.west, box.south, box.west, box.north)[2]


def test_zones_beyond_the_reach_of_the_check_are_on_the_sheet(root: Path) -> None:
    examination, _ = examined(root, FAR_WEST)
    assert len(examination.surroundings["farmland"].ids) == 0
    scene = scene_of(root, FAR_WEST, product(paper={"size": "A3", "scale": 100_000}))
    farmland = next(one for one in scene.layers if one.layer.id == "farmland")
    assert [zone.id for zone in farmland.zones] == ["FF"]
    assert farmland.zones[0].geometry.bounds == pytest.approx(tiny_workspace.FARMLAND["F"], abs=1e-7)


def test_the_scene_holds_what_the_verdict_says(root: Path) -> None:
    examination, w = examined(root, ACROSS)
    scene = site_scene(examination, w.catalogue, product(margin=1), source=w.source())
    assert scene.verdict is examination.verdict
    assert (scene.frame.kind, scene.frame.code, scene.frame.name) == ("site", "1", "地块一")
    assert scene.frame.area_m2 == examination.verdict.site.area_m2
    assert [part.decision for part in scene.conflicts] == ["prohibited", "restricted"]
    water = next(one for one in scene.layers if one.layer.id == "water")
    entry = next(one for one in examination.verdict.layers if one.layer == "water")
    assert water.class_areas_m2 == {found.class_: found.overlap_m2 for found in entry.classes}
    assert [(zone.id, zone.touched) for zone in water.zones] == [("W1", True), ("W2", True)]
    assert sum(zone.overlap_m2 or 0 for zone in water.zones if zone.id == "W1") == pytest.approx(
        examination.overlaps["water"].classes[0].overlap_m2
    )


def test_land_outside_the_coverage_of_a_layer_is_told(root: Path) -> None:
    # Water is known in the western county only, and the sheet reaches into the eastern one.
    scene = scene_of(root, (112.498, 35.5, 112.499, 35.501), product(margin=1, paper={"size": "A4", "scale": 10_000}))
    water = next(one for one in scene.layers if one.layer.id == "water")
    assert water.presence == "empty"
    assert water.uncovered is not None
    west, south, east, north = water.uncovered.bounds
    assert west == pytest.approx(112.5, abs=1e-9)
    assert (south, east, north) == pytest.approx((scene.box.south, scene.box.east, scene.box.north), abs=1e-9)


@pytest.mark.parametrize("size", ["A4", "A3", "A2", "A1"])
@pytest.mark.parametrize("scale", [500, 10_000, 250_000])
def test_the_window_holds_the_whole_sheet_at_a_given_scale(size: str, scale: int) -> None:
    site = shapely.box(112.4, 35.5, 112.401, 35.501)
    wide, high = size_m(paper_window(site, product(paper={"size": size, "scale": scale})))
    sheet = LONGER_MM[size] / 1000 * scale
    # Within the half percent to which degrees are turned into metres here.
    assert wide >= sheet * 0.995
    assert high >= sheet * 0.995


@pytest.mark.parametrize("margin", [0.04, 0.5, 1])
@pytest.mark.parametrize("size", ["A4", "A1"])
def test_the_window_that_fits_is_larger_than_any_map_of_the_paper(size: str, margin: float) -> None:
    site = shapely.box(112.4, 35.5, 112.42, 35.501)
    site_m = GEOD.inv(112.4, 35.5, 112.42, 35.5)[2]
    wide, high = size_m(paper_window(site, product(margin=margin, paper={"size": size})))
    # The map may be as narrow as 40 % of the shorter side of the paper: the sheet is 1.414 / 0.4 of that.
    assert min(wide, high) >= site_m * (1 + 2 * margin) * 1.414 / 0.4 * 0.99


def test_borders_may_differ_by_half_of_a_tenth_of_a_millimetre() -> None:
    assert detail_of(Paper(size="A4", scale=10_000), Box(112, 35, 113, 36)) == pytest.approx(0.5)
    # One degree of latitude, 111.3 km, on the longer side of an A3: 1 : 265,000.
    assert detail_of(Paper(size="A3"), Box(112, 35, 112.5, 36)) == pytest.approx(13.25, abs=0.05)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("of: site\naudience: public\n", "audience: a map of a site cannot be public: verdicts are not"),
        (
            "of: strip\n",
            "of: a product with 'of: strip' says in 'strip' along what and how far, and no other one does",
        ),
        (
            "of: site\nstrip: {layer: rivers, distance: 1 km}\n",
            "strip: a product with 'of: strip' says in 'strip' along what and how far, and no other one does",
        ),
        ("of: site\nlayers: [{layer: a}, {layer: b}, {layer: a}]\n", "layers.2: the layer 'a' is named twice"),
    ],
)
def test_a_product_that_cannot_be_meant_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("title: {zh: 图, en: map}\n" + content, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_model(path, MapProduct, id="p", folder=tmp_path)
    assert sentence in caught.value.text.en
