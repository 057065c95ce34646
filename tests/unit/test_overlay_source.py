"""Where a layer in the measuring plane comes from: prepared ones first, else windows of the file, each made once."""

from datetime import date
from pathlib import Path

import pytest
import shapely

from overlay_world import DAY, PLANE, catalogue, features, layer, write_zones
from zoning.errors import LayerError
from zoning.layers.catalogue import Catalogue
from zoning.layers.datum import Bounds
from zoning.layers.reader import Unavailable
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource, readable_territories
from zoning.texts import Text

HERE: Bounds = (112.3, 35.4, 112.5, 35.6)
ZONES = [
    (shapely.box(112.40, 35.50, 112.41, 35.51), "一", "LEVEL-1"),
    (shapely.box(112.80, 35.80, 112.81, 35.81), "二", "LEVEL-2"),
]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    root = tmp_path_factory.mktemp("source")
    write_zones(root / "layers/data/water.gpkg", ZONES)
    return catalogue(root, layer(), layer("wood"))


class Shelf:
    """Prepared layers made by hand; remembers what it was asked for."""

    def __init__(self, **layers: PlaneLayer) -> None:
        self.layers = layers
        self.asked: list[tuple[str, date]] = []

    def open(self, layer_id: str, on: date) -> PlaneLayer | None:
        self.asked.append((layer_id, on))
        return self.layers.get(layer_id)


def whole() -> PlaneLayer:
    return PlaneLayer.of(features([(shapely.box(112.4, 35.5, 112.5, 35.6), "level-1")]), PLANE)


def opened(source: LayerSource, name: str = "water", *, on: date = DAY, bounds: Bounds = HERE) -> PlaneLayer:
    found = source.layer(name, on=on, bounds=bounds)
    assert isinstance(found, PlaneLayer), found
    return found


def test_a_window_holds_the_zones_that_meet_it(content: Catalogue) -> None:
    found = opened(LayerSource(content, PLANE))
    assert found.ids == ("Z0",)
    assert found.plane is PLANE


def test_a_window_that_holds_the_next_one_is_not_made_anew(content: Catalogue) -> None:
    source = LayerSource(content, PLANE)
    first = opened(source)
    assert opened(source) is first
    assert opened(source, bounds=(112.39, 35.49, 112.42, 35.52)) is first


def test_a_window_beyond_the_first_brings_its_zones(content: Catalogue) -> None:
    source = LayerSource(content, PLANE)
    opened(source)
    assert "Z1" in opened(source, bounds=(112.79, 35.79, 112.82, 35.82)).ids


def test_layers_are_not_taken_for_each_other(content: Catalogue) -> None:
    source = LayerSource(content, PLANE)
    assert opened(source).layer.id == "water"
    assert opened(source, "territory").layer.id == "territory"
    assert opened(source).layer.id == "water"


def test_a_prepared_layer_is_taken_instead_of_the_file(content: Catalogue) -> None:
    ready = whole()
    assert opened(LayerSource(content, PLANE, Shelf(water=ready))) is ready


def test_the_shelf_is_asked_once_for_a_layer_and_day(content: Catalogue) -> None:
    shelf = Shelf(water=whole())
    source = LayerSource(content, PLANE, shelf)
    for _ in range(3):
        opened(source)
        opened(source, "territory")
    later = date(2025, 1, 1)
    opened(source, on=later)
    assert shelf.asked == [("water", DAY), ("territory", DAY), ("water", later)]


def test_what_is_not_on_the_shelf_is_read_from_its_file(content: Catalogue) -> None:
    assert opened(LayerSource(content, PLANE, Shelf())).ids == ("Z0",)


@pytest.mark.parametrize(
    ("name", "day", "reason"), [("wood", DAY, "file not found"), ("water", date(2019, 12, 31), "2019-12-31")]
)
def test_a_layer_that_cannot_be_read_says_why_and_is_never_empty(
    content: Catalogue, name: str, day: date, reason: str
) -> None:
    found = LayerSource(content, PLANE).layer(name, on=day, bounds=HERE)
    assert isinstance(found, Unavailable)
    assert reason in found.reason.en


def test_all_territories_are_read_wherever_the_sites_lie(content: Catalogue) -> None:
    assert LayerSource(content, PLANE).territories(DAY).ids == ("140522",)


def test_without_territories_nothing_can_be_checked(content: Catalogue) -> None:
    with pytest.raises(LayerError) as caught:
        LayerSource(content, PLANE).territories(date(2019, 12, 31))
    assert caught.value.get("zh").startswith("辖区图层不可用：")
    assert caught.value.get("en").startswith("the territory layer cannot be used: ")


def test_the_reason_is_handed_on_in_both_languages() -> None:
    unread = Unavailable(layer("territory"), None, Text("文件不存在", "file not found"))
    with pytest.raises(LayerError) as caught:
        readable_territories(unread)
    assert caught.value.get("zh") == "辖区图层不可用：文件不存在"
    assert caught.value.get("en") == "the territory layer cannot be used: file not found"
    found = whole()
    assert readable_territories(found) is found


def test_the_digest_of_a_definition_is_kept_with_the_source(content: Catalogue, tmp_path: Path) -> None:
    source = LayerSource(content, PLANE)
    first = source.definition_sha256("water")
    assert source.definition_sha256("water") == first
    assert source.definition_sha256("territory") != first
    other = catalogue(tmp_path, layer(accuracy_m=5.0))
    assert LayerSource(other, PLANE).definition_sha256("water") != first
