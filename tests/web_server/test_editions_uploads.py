"""Which uploads of a new edition are refused, and which formats are taken."""

import time
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

import kill_editions
from edition_desk import LAYER, WATER, WET, yaml_of
from edition_files import ADMIN, DAY, collection, described, empty_geopackage, square, waiting, zipped
from web_world import World
from zoning.errors import UsageError, ZoningError
from zoning.web.editions.drafts import hand_in, layer_of
from zoning.web.editions.store import get_edition
from zoning.web.refusals import Refused


def refused(desk: World, folder: Path, name: str, content: bytes, **values: Any) -> str:
    """Hand a file in for the layer and describe it; return the sentence with which that ends."""
    file = folder / name
    file.write_bytes(content)
    try:
        made = hand_in(desk.server, ADMIN, layer_of(desk.server, LAYER), f"t-{time.monotonic_ns()}", DAY, file)
        described(desk.server, made, **values)
    except ZoningError as error:
        return error.text.en
    return "nothing was refused"


CASES: dict[str, tuple[str, bytes, dict[str, Any], str]] = {
    "swapped axes": (
        "a.geojson",
        collection([shapely.box(35.45, 112.40, 35.50, 112.45)]),
        {},
        (
            "its coordinates (35.45, 112.4, 35.5, 112.45) cannot be of EPSG:4326: check the coordinate system, zone "
            "and axis order"
        ),
    ),
    "somewhere else": (
        "a.geojson",
        collection([shapely.box(100, 30, 100.1, 30.1)]),
        {},
        (
            "no feature lies in the chosen territories (the file is at 100.000-100.100 E, 30.000-30.100 N): check "
            "coordinate system, zone and coverage"
        ),
    ),
    "metres called degrees": (
        "a.geojson",
        collection([shapely.box(37_629_000, 3_930_000, 37_630_000, 3_931_000)]),
        {},
        (
            "its coordinates (3.7629e+07, 3.93e+06, 3.763e+07, 3.931e+06) cannot be of EPSG:4326: check the coordinate "
            "system, zone and axis order"
        ),
    ),
    "no features": (
        "a.gpkg",
        empty_geopackage(),
        {},
        "the file holds no features: with an empty edition every site would be said not to be affected",
    ),
    "a record without shape": (
        "a.geojson",
        collection([square(), None]),
        {},
        "1 records of the file have no geometry: complete or delete them, and hand it in again",
    ),
    "points": (
        "a.geojson",
        collection([shapely.Point(112.4, 35.45)]),
        {},
        (
            "layer.geojson: feature z0 is a Point, layer heritage holds polygons; correct the data or 'geometry' in "
            "layers/heritage.yaml"
        ),
    ),
    "broken archive": (
        "a.zip",
        b"PK\x03\x04 this is none",
        {},
        "a.zip: the ZIP archive was cut off or is damaged; pack it again",
    ),
    "a path that leads out": (
        "a.zip",
        zipped({"../../layers/heritage.yaml": b"x", "a.geojson": collection([square()])}),
        {},
        "a.zip: ",
    ),
    "two layers in one archive": (
        "a.zip",
        zipped({"a.geojson": collection([square()]), "b.geojson": collection([square()])}),
        {},
        (
            "a.zip: the archive has to hold exactly one layer file (shapefile, FileGDB, GeoPackage, GeoParquet, "
            "FlatGeobuf, GeoJSON); it holds: a.geojson, b.geojson"
        ),
    ),
    "a bare shapefile": (
        "a.shp",
        b"\0" * 200,
        {},
        "a.shp: a shapefile or FileGDB is made of several files: pack them into one ZIP",
    ),
    "no layer at all": (
        "a.exe",
        b"MZ",
        {},
        "a.exe: this format is not read; allowed: GeoPackage, GeoParquet, FlatGeobuf, GeoJSON, ZIP (",
    ),
    "no GeoPackage inside": ("a.gpkg", b"SQLite format 3\0 and nothing", {}, "the file cannot be read"),
    "a field that is not there": (
        "a.geojson",
        collection([square()]),
        {"name_field": "passwd"},
        "the file has no field 'passwd'",
    ),
    "another system than the file's": (
        "a.geojson",
        collection([square()]),
        {"crs": "EPSG:4525"},
        "the file states WGS 84, EPSG:4525 was filled in: correct one of them",
    ),
    "nobody says where it is from": (
        "a.geojson",
        collection([square()]),
        {"source": kill_editions.NO_SOURCE},
        "say where the data come from (document, number, office)",
    ),
    "no territory": (
        "a.geojson",
        collection([square()]),
        {"territories": ()},
        "choose at least one territory that is covered; leave out those that are not complete",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_upload_that_cannot_be_right_is_refused(
    desk: World, tmp_path: Path, case: tuple[str, bytes, dict[str, Any], str]
) -> None:
    name, content, values, sentence = case
    before = yaml_of(desk).read_bytes()
    found = refused(desk, tmp_path, name, content, **values)
    assert found != "nothing was refused"
    assert found.startswith(sentence), found
    assert yaml_of(desk).read_bytes() == before


def packed(folder: Path, suffix: str) -> tuple[str, bytes]:
    """Return one zone of the tiny layer in a format; shapefile and FileGDB in a ZIP, below a folder of any name."""
    frame = geopandas.GeoDataFrame(
        {"zone_id": ["甲1"], "name": ["下芹水源"], "class": ["1"]}, geometry=[square()], crs="EPSG:4490"
    )
    path = folder / f"数据{suffix}"
    if suffix == ".parquet":
        frame.to_parquet(path)
    else:
        options = {"encoding": "GB18030"} if suffix == ".shp" else {}
        driver = {".gdb": "OpenFileGDB", ".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".fgb": "FlatGeobuf"}[suffix]
        pyogrio.write_dataframe(frame, path, driver=driver, **options)
    if suffix in (".gpkg", ".fgb", ".parquet"):
        return path.name, path.read_bytes()
    home = path if path.is_dir() else folder
    members = {f"成果/{one.relative_to(folder)}": one.read_bytes() for one in home.rglob("*") if one.is_file()}
    return "成果.zip", zipped({**members, "成果/说明.txt": b"read me"})


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".parquet", ".shp", ".gdb"])
def test_every_format_of_layers_is_taken(small: World, tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    name, content = packed(folder, suffix)
    file = tmp_path / name
    file.write_bytes(content)
    made = hand_in(small.server, ADMIN, layer_of(small.server, WATER), "2026", DAY, file)
    described(small.server, made)
    found = get_edition(small.server, made)
    assert found.file["name"] == name
    assert found.told["found"]["classes"] == {"level-1": 1}
    frame = pyogrio.read_dataframe(small.server.settings.files / found.told["data"]["path"])
    assert frame[["zone_id", "name", "class"]].to_numpy().tolist() == [["甲1", "下芹水源", "1"]]
    assert frame.crs.to_epsg() == 4490
    assert shapely.symmetric_difference(frame.geometry[0], square()).area == pytest.approx(0, abs=1e-12)


def test_the_same_file_gives_the_same_data(small: World, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_bytes(WET)
    digests = set()
    for edition in ("2026-a", "2026-b"):
        made = hand_in(small.server, ADMIN, layer_of(small.server, WATER), edition, DAY, file)
        described(small.server, made)
        digests.add(get_edition(small.server, made).told["data"]["sha256"])
    assert len(digests) == 1


def test_codes_that_mean_no_class_are_named(desk: World, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_bytes(collection([square(), square()], {"class": "level-9"}))
    made = hand_in(desk.server, ADMIN, layer_of(desk.server, "drinking-water"), "t-codes", DAY, file)
    with pytest.raises(UsageError) as told:
        described(desk.server, made, territories=("140522",))
    assert told.value.text.en == (
        "1 values of the field class have no class: level-9 (2); say which class each means, or correct the data"
    )


@pytest.mark.parametrize("edition", ["../x", "a/b", "x" * 41, ".hidden", "con", "nul.1", "a..b", "2027\n", "版本", ""])
def test_an_id_that_is_no_plain_word_is_refused(desk: World, tmp_path: Path, edition: str) -> None:
    file = tmp_path / "a.geojson"
    file.write_bytes(collection([square()]))
    with pytest.raises(UsageError, match="the id of an edition has letters, digits"):
        hand_in(desk.server, ADMIN, layer_of(desk.server, LAYER), edition, DAY, file)


def test_the_name_of_a_file_leads_nowhere(desk: World) -> None:
    admin = desk.client("admin")
    name = "../../../layers/heritage.yaml\0.geojson"
    answer = admin.post(
        f"/layers/{LAYER}/upload",
        {"edition": "t-name", "valid_from": "2026-06-01"},
        files={"file": (name.replace("\0", ""), collection([square()]))},
    )
    assert answer.status_code == 303, answer.text
    found = get_edition(desk.server, answer.headers["location"].split("/")[-1])
    assert "/" not in found.file["name"]
    assert (desk.server.settings.files / found.file["path"]).read_bytes() == collection([square()])


def test_the_same_edition_twice_and_one_that_overlaps_are_refused(desk: World, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_bytes(collection([square()]))
    layer = layer_of(desk.server, LAYER)
    made = hand_in(desk.server, ADMIN, layer, "t-twice", DAY, file)
    with pytest.raises(Refused) as twice:
        hand_in(desk.server, ADMIN, layer, "t-twice", DAY, file)
    assert twice.value.text.en == (
        "admin has handed in an edition 't-twice' that waits: choose another id, or deal with that one first"
    )
    with pytest.raises(UsageError, match="layer heritage has an edition '2023' already: choose another id"):
        described(desk.server, made, edition="2023")
    with pytest.raises(UsageError, match="a new one begins later"):
        described(desk.server, made, valid_from=date(2019, 1, 1))


def test_a_projected_file_comes_to_the_system_of_the_layer(desk: World, tmp_path: Path) -> None:
    there = Transformer.from_crs("EPSG:4490", "EPSG:4546", always_xy=True)
    moved = shapely.transform(
        shapely.segmentize(square(), 0.001), lambda points: np.column_stack(there.transform(*points.T))
    )
    content = collection([moved], crs="urn:ogc:def:crs:EPSG::4546")
    made = waiting(desk.server, tmp_path, LAYER, content, "t-projected")
    found = get_edition(desk.server, made)
    assert found.told["found"]["moved"]
    data = desk.server.settings.files / found.told["data"]["path"]
    _, _, wkb, _ = pyogrio.raw.read(data)
    back = shapely.from_wkb(wkb)[0]
    # A degree is about 1e5 m: 1e-9 of it is a tenth of a millimetre.
    assert shapely.symmetric_difference(back, square()).area < 1e-9 * 0.2
    assert pyogrio.read_info(data)["crs"] == "EPSG:4490"
