"""Layers of every kind are prepared as they are read: lines, repairs, missing classes, attributes, coverage files."""

import random
import string
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

import overlay_world as world
from geopackage_edits import changed_geopackage
from prepared_world import DAY, assert_same, store_in, window
from zoning.layers.catalogue import Catalogue, Coverage, Edition, Layer
from zoning.overlay.prepared.basis import forms_of
from zoning.overlay.prepared.sequences import Attributes, ClassIds, Repairs, Strings
from zoning.sites.site import Repair
from zoning.texts import Text

BOWTIE = shapely.Polygon([(112.1, 35.1), (112.2, 35.2), (112.2, 35.1), (112.1, 35.2)])
HOLED = shapely.box(112.3, 35.3, 112.4, 35.4).difference(shapely.box(112.32, 35.32, 112.34, 35.34))
PARTS = shapely.MultiPolygon([shapely.box(112.5, 35.5, 112.6, 35.6), shapely.box(112.7, 35.7, 112.8, 35.8)])
TALL = shapely.Polygon([(112.1, 35.8, 7.0), (112.2, 35.8, 7.0), (112.2, 35.9, 7.0)])
FLAT = shapely.Polygon([(112.1, 35.6), (112.2, 35.6), (112.1, 35.6)])


def same(catalogue: Catalogue, name: str, on: date = DAY) -> None:
    outcomes = store_in(catalogue).prepare([name])
    assert {outcome.state for outcome in outcomes} == {"built"}, outcomes
    assert_same(store_in(catalogue).open(name, on), window(catalogue, name, world.PLANE, on))


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".shp", ".gdb"])
def test_zones_of_all_shapes_in_all_formats(tmp_path: Path, suffix: str) -> None:
    editions = {"2020": Edition(file=f"data/water{suffix}", valid_from=date(2020, 1, 1))}
    catalogue = world.catalogue(tmp_path, world.layer(editions=editions))
    zones: list[tuple[BaseGeometry | None, str, str | None]] = [(BOWTIE, "结", "LEVEL-1"), (HOLED, "有洞", "")]
    if suffix != ".fgb":
        zones += [(PARTS, "", "LEVEL-2"), (None, "无", "LEVEL-1")]
    if suffix not in {".fgb", ".shp"}:
        zones += [(TALL, "高程", None), (FLAT, "零", "LEVEL-1")]
    world.write_zones(tmp_path / f"layers/data/water{suffix}", zones)
    same(catalogue, "water")
    found = store_in(catalogue).open("water", DAY)
    assert found is not None
    assert found.has_assumed
    crossed = found.names.index("结")  # FlatGeobuf has an order of its own
    assert found.zone_repairs[crossed][0].kind == "self-crossing"


def test_lines(tmp_path: Path) -> None:
    catalogue = world.catalogue(tmp_path, world.layer("rivers", lines=True))
    zones = [
        (shapely.LineString([(112.1, 35.1), (112.2, 35.2), (112.2, 35.2), (112.4, 35.1)]), "河", "LEVEL-1"),
        (shapely.MultiLineString([[(112.5, 35.1), (112.6, 35.2)], [(112.6, 35.3), (112.7, 35.3)]]), "渠", "LEVEL-2"),
    ]
    world.write_zones(tmp_path / "layers/data/rivers.gpkg", zones)
    same(catalogue, "rivers")


def test_projected_coordinates(tmp_path: Path) -> None:
    catalogue = world.catalogue(tmp_path, world.layer(crs="EPSG:4525"))
    zones = [(world.box_m(0, 0, 5000, 300), "长", "LEVEL-1"), (world.box_m(100, 100, 200, 200), "短", "LEVEL-2")]
    world.write_zones(tmp_path / "layers/data/water.gpkg", zones, crs="EPSG:4525")
    same(catalogue, "water")


def test_a_layer_without_zones(tmp_path: Path) -> None:
    catalogue = world.catalogue(tmp_path, world.layer())
    world.write_zones(tmp_path / "layers/data/water.gpkg", [])
    same(catalogue, "water")
    found = store_in(catalogue).open("water", DAY)
    assert found is not None
    assert found.index.meeting((-1e9, -1e9, 1e9, 1e9)).tolist() == []


def test_a_coverage_of_its_own(tmp_path: Path) -> None:
    layer = world.layer(coverage=Coverage(file="data/covered.geojson"))
    catalogue = world.catalogue(tmp_path, layer)
    world.write_zones(tmp_path / "layers/data/water.gpkg", [(HOLED, "a", "LEVEL-1")])
    covered = tmp_path / "layers/data/covered.geojson"
    world.write_zones(covered, [(shapely.box(112, 35, 113, 36), "", None)])
    same(catalogue, "water")
    assert forms_of(catalogue, "water")[0].territory is None
    # Another territory makes no difference, another area of coverage does.
    (tmp_path / "layers/data/territory.gpkg").write_bytes(b"")
    assert store_in(catalogue).open("water", DAY) is not None
    world.write_zones(covered, [(shapely.box(112, 35, 112.5, 36), "", None)])
    assert store_in(catalogue).open("water", DAY) is None


def test_an_edition_under_two_editions_of_the_territories(tmp_path: Path) -> None:
    """The same zones, but another area of authority from a day on: two forms, each for its time."""
    catalogue = world.catalogue(tmp_path, world.layer())
    world.write_zones(tmp_path / "layers/data/water.gpkg", [(HOLED, "a", "LEVEL-1")])
    world.write_zones(tmp_path / "layers/data/wider.gpkg", [(shapely.box(111, 34, 114, 37), "阳城县", "COUNTY")])
    changed_geopackage(tmp_path / "layers/data/wider.gpkg", world.RENAMED)
    territory = catalogue["territory"]
    wider = Edition(file="data/wider.gpkg", valid_from=date(2025, 1, 1))
    changed = territory.model_copy(update={"editions": {**territory.editions, "2025": wider}})
    catalogue = Catalogue(tmp_path, {**catalogue.layers, "territory": changed}, "territory")
    outcomes = store_in(catalogue).prepare(["water"])
    assert [(outcome.edition, outcome.territory) for outcome in outcomes] == [("2020", "2020"), ("2020", "2025")]
    store = store_in(catalogue)
    for day in (date(2024, 12, 31), date(2025, 1, 1)):
        assert_same(store.open("water", day), window(catalogue, "water", world.PLANE, day))
    before, after = store.open("water", date(2024, 12, 31)), store.open("water", date(2025, 1, 1))
    assert before is not None
    assert after is not None
    assert before.coverage.area.area < after.coverage.area.area


def test_editions_with_names_that_are_no_file_names(tmp_path: Path) -> None:
    file = "data/water.gpkg"
    names = ("../../2020", "二〇二一/修订", "a" * 300)
    editions = {name: Edition(file=file, valid_from=date(2020 + n, 1, 1)) for n, name in enumerate(names)}
    catalogue = world.catalogue(tmp_path, world.layer("水 源/..", editions=editions))
    world.write_zones(tmp_path / f"layers/{file}", [(HOLED, "a", "LEVEL-1")])
    outcomes = store_in(catalogue).prepare(["水 源/.."])
    assert [outcome.edition for outcome in outcomes] == list(names)
    for outcome in outcomes:
        assert outcome.path is not None
        assert outcome.path.parent == tmp_path / ".prepared"


def test_one_layer_that_cannot_be_used_does_not_hold_up_the_others(tmp_path: Path) -> None:
    layers = [world.layer(name) for name in ("bad-class", "bad-file", "good", "no-file", "points", "wrong-crs")]
    catalogue = world.catalogue(tmp_path, *layers)
    data = tmp_path / "layers/data"
    for name in ("bad-class", "good"):
        world.write_zones(data / f"{name}.gpkg", [(HOLED, "a", "LEVEL-1" if name == "good" else "LEVEL-9")])
    (data / "bad-file.gpkg").write_bytes(b"no GeoPackage at all")
    world.write_zones(data / "points.gpkg", [(shapely.Point(112.5, 35.5), "a", "LEVEL-1")])
    world.write_zones(data / "wrong-crs.gpkg", [(world.box_m(0, 0, 9, 9), "a", "LEVEL-1")], crs="EPSG:4525")
    outcomes = {outcome.layer: outcome for outcome in store_in(catalogue).prepare()}
    told = {name: (outcome.state, outcome.exit_code) for name, outcome in outcomes.items()}
    assert told == {
        "territory": ("built", 0),
        "bad-class": ("refused", 11),
        "bad-file": ("refused", 11),
        "good": ("built", 0),
        "no-file": ("refused", 11),
        "points": ("refused", 11),
        "wrong-crs": ("refused", 11),
    }
    reasons = {name: outcome.reason.en for name, outcome in outcomes.items() if outcome.reason is not None}
    assert reasons["no-file"] == "file not found: no-file.gpkg"
    assert reasons["bad-file"] == "file cannot be read: bad-file.gpkg is no intact GeoPackage"
    assert "'LEVEL-9', no class of layer bad-class" in reasons["bad-class"]
    assert "is a Point" in reasons["points"]


def test_what_an_old_datum_lacks_is_told_with_its_own_exit_code(tmp_path: Path) -> None:
    catalogue = world.catalogue(tmp_path, world.layer(crs="EPSG:2414"))
    zone = shapely.box(38_500_000, 3_900_000, 38_500_100, 3_900_100)
    world.write_zones(tmp_path / "layers/data/water.gpkg", [(zone, "a", "LEVEL-1")], crs="EPSG:2414")
    outcome = store_in(catalogue).prepare(["water"])[0]
    assert (outcome.state, outcome.exit_code) == ("refused", 12)


def test_layers_of_a_database_are_not_prepared(tmp_path: Path) -> None:
    """Neither they, nor those whose coverage rests on territories in a database: nothing tells whether they changed."""
    stated = {"source": "postgresql://127.0.0.1:1/none", "table": "public.zones", "valid_from": "2020-01-01"}
    remote = {"2020": Edition.model_validate(stated)}
    world.write_zones(tmp_path / "layers/data/water.gpkg", [(HOLED, "a", "LEVEL-1")])
    catalogue = world.catalogue(tmp_path, world.layer("remote", editions=remote), world.layer())
    for name, state in (("remote", "elsewhere"), ("water", "built")):
        for on in (None, DAY):
            outcome = store_in(catalogue).prepare([name], on=on)[0]
            assert (outcome.state, outcome.exit_code) in {(state, 0), ("current", 0)}
    assert store_in(catalogue).open("remote", DAY) is None
    territory = world.layer("territory", editions=remote, classes=("county",))
    catalogue = Catalogue(tmp_path, {**catalogue.layers, "territory": territory}, "territory")
    assert {outcome.state for outcome in store_in(catalogue).prepare()} == {"elsewhere"}
    assert store_in(catalogue).open("water", DAY) is None


def test_attributes_are_decoded_when_they_are_asked_for(tmp_path: Path) -> None:
    layer = world.layer()
    fields = layer.model_dump() | {"attributes": {"name": {"zh": "名", "en": "name"}, "class": {"zh": "级", "en": "c"}}}
    catalogue = world.catalogue(tmp_path, Layer(**fields))
    zones = [(shapely.box(112.1, 35.1, 112.2, 35.2 + 0.01 * n), f"第{n}区", "LEVEL-1") for n in range(3)]
    world.write_zones(tmp_path / "layers/data/water.gpkg", zones)
    same(catalogue, "water")
    found = store_in(catalogue).open("water", DAY)
    assert found is not None
    assert found.attributes[-1] == {"name": "第2区", "class": "LEVEL-1"}


def _texts(count: int) -> list[str]:
    chance = random.Random(5)  # noqa: S311 - the same on every run
    letters = string.printable + "保护区é\u0000\U0001f300\udc80"
    return ["".join(chance.choices(letters, k=chance.randrange(9))) for _ in range(count)]


def test_texts_of_any_kind() -> None:
    texts = _texts(500)
    found = Strings.of(Strings.arrays_of(texts))
    found.check()
    assert list(found) == texts
    assert [found[index] for index in range(500)] == texts
    assert [found[index] for index in np.arange(3).tolist()] == texts[:3]
    assert found[-1] == texts[-1]
    assert found[3:9:2] == tuple(texts[3:9:2])
    assert texts[11] in found
    for index in (500, -501):
        with pytest.raises(IndexError):
            found[index]
    assert list(Strings.of(Strings.arrays_of([]))) == []


def test_what_is_made_of_texts() -> None:
    columns = {"a": Strings.of(Strings.arrays_of(["x", "y"])), "b": Strings.of(Strings.arrays_of(["", "z"]))}
    assert list(Attributes(columns, 2)) == [{"a": "x", "b": ""}, {"a": "y", "b": "z"}]
    assert list(Attributes({}, 2)) == [{}, {}]
    assert list(ClassIds(("one", "two"), np.asarray([1, 0, 1]))) == ["two", "one", "two"]


def test_repairs_keep_every_digit() -> None:
    given = {
        3: (
            Repair("self-crossing", 2, -0.1 + 0.3, Text("自相交", "crossing")),
            Repair("z-dropped", 1, 0.0, Text("高", "z")),
        ),
        900_000_000_000: (Repair("spikes", 1, float("inf"), Text("刺", "spikes")),),
    }
    found = Repairs.of(Repairs.arrays_of(given))
    found.check()
    assert dict(found) == given
    assert found.get(4, ()) == ()
    assert 3 in found
    assert 4 not in found
    assert dict(Repairs.of(Repairs.arrays_of({}))) == {}
