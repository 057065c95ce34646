"""The built-in demo data: documented figures, partitions, clean layer files, the same bytes on every run."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from long_runs import times
from zoning.layers.catalogue import Layer
from zoning.yaml_files import read_model

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ROOT / "layers"
DATA = LAYERS / "data"
TERRITORIES = {"140522", "140502", "140825", "1403"}
PLANE = Transformer.from_crs("EPSG:4490", "+proj=cea +ellps=GRS80 +lat_ts=35.5", always_xy=True)

Shapes = npt.NDArray[np.object_]
Zones = tuple[Shapes, Shapes, Shapes, Shapes]


def to_plane(degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    moved: npt.NDArray[np.float64] = np.column_stack(PLANE.transform(degrees[:, 0], degrees[:, 1]))
    return moved


def zones(stem: str, **columns: str) -> Zones:
    """Return names, classes and geometries (in the equal-area plane) of the zones that have these values."""
    _, _, geometry, fields = pyogrio.raw.read(DATA / f"{stem}.gpkg", columns=["zone_id", "name", "class"])
    ids, names, classes = fields
    shapes = shapely.transform(shapely.from_wkb(geometry), to_plane)
    chosen = np.ones(len(ids), dtype=bool)
    for column, value in columns.items():
        chosen &= np.array([value in str(text) for text in {"id": ids, "name": names, "kind": classes}[column]])
    return ids[chosen], names[chosen], classes[chosen], shapes[chosen]


def hectares(stem: str, **columns: str) -> float:
    return float(shapely.area(zones(stem, **columns)[3]).sum()) / 1e4


def layer_ids() -> list[str]:
    return sorted(path.stem for path in LAYERS.glob("*.yaml"))


def read_layer(layer_id: str) -> Layer:
    return read_model(LAYERS / f"{layer_id}.yaml", Layer, id=layer_id)


@pytest.mark.parametrize(
    ("stem", "chosen", "documented_ha"),
    [
        ("nature-reserves-1994", {"name": "蟒河", "kind": "HXQ"}, 3398.0),
        ("nature-reserves-1994", {"name": "蟒河", "kind": "HCQ"}, 419.0),
        ("nature-reserves-1994", {"name": "蟒河", "kind": "SYQ"}, 1756.0),
        ("nature-reserves-2026", {"name": "蟒河"}, 5573.0),
        ("nature-reserves-1994", {"name": "崦山"}, 8892.6),
        ("nature-reserves-2026", {"name": "崦山"}, 8892.6),
        ("nature-parks", {"name": "华阳山"}, 825.6),
        ("nature-parks", {"name": "阳光省级森林公园"}, 1140.0 + 400.0),
        ("nature-parks", {"name": "规划区"}, 400.0),
        ("nature-parks", {"name": "沁河湿地"}, 61.47),
        ("nature-parks", {"name": "小东河湿地"}, 1.52),
        ("nature-parks", {"name": "芦苇河湿地"}, 3.86),
        ("ecological-red-line-2022", {"id": "140825"}, 6649.9),
        ("soil-risk-zones", {"kind": "priority"}, 1896.0),
        ("soil-risk-zones", {"kind": "construction-key"}, 1275.0),
        ("soil-risk-zones", {"kind": "general"}, 11092.0),
        ("heritage", {"name": "皇城相府保护范围"}, 3.6),
        ("territory", {"id": "140522"}, 196800.0),
        ("territory", {"id": "140502"}, 14263.0),
        ("territory", {"id": "140825"}, 59690.0),
    ],
)
def test_documented_areas_are_met_to_a_hundredth_of_a_percent(
    stem: str, chosen: dict[str, str], documented_ha: float
) -> None:
    assert hectares(stem, **chosen) == pytest.approx(documented_ha, rel=1e-4)


@pytest.mark.parametrize(
    ("stem", "chosen", "extent"),
    [
        # Degrees, minutes, seconds of the documents: west, south, east, north.
        ("nature-reserves-2026", "蟒河", ((112, 22, 10), (35, 12, 50), (112, 31, 35), (35, 17, 20))),
        ("nature-reserves-2026", "崦山", ((112, 16, 47), (35, 34, 12), (112, 27, 59), (35, 41, 13))),
        ("nature-parks", "华阳山", ((112, 34, 32), (35, 29, 45), (112, 36, 57), (35, 32, 5))),
        ("nature-parks", "阳光省级", ((112, 35, 0), (35, 20, 0), (112, 38, 0), (35, 22, 0))),
    ],
)
def test_documented_extents_are_met(stem: str, chosen: str, extent: tuple[tuple[int, int, int], ...]) -> None:
    bounds = shapely.total_bounds(zones(stem, name=chosen)[3])
    lon, lat = PLANE.transform(bounds[0::2], bounds[1::2], direction="INVERSE")
    corners = [lon[0], lat[0], lon[1], lat[1]]
    assert corners == pytest.approx([d + m / 60 + s / 3600 for d, m, s in extent], abs=2e-7)


@pytest.mark.parametrize(
    ("stem", "prefix", "territory"),
    [
        ("townships", "140522", "140522"),
        ("management-units", "ZH140522", "140522"),
        ("management-units", "ZH140502", "140502"),
        ("management-units", "ZH140825", "140825"),
        ("management-units", "ZH1403", "1403"),
        ("land-zones", "140522", "140522"),
        ("soil-risk-zones", "140502", "140502"),
    ],
)
def test_partitions_have_no_gap_and_no_overlap(stem: str, prefix: str, territory: str) -> None:
    ids, _, _, found = zones(stem, id=prefix)
    shapes = [shape for zone_id, shape in zip(ids, found, strict=True) if str(zone_id).startswith(prefix)]
    ids, _, _, found = zones("territory")
    whole = found[list(ids).index(territory)]
    assert shapely.coverage_is_valid(shapes)
    together = shapely.coverage_union_all(shapes)
    # Coordinates are rounded to 1e-7 degree (1 cm): along a border of some hundred km that is a few hundred m².
    assert whole.symmetric_difference(together).area < 500.0


def overlap_m2(first: Shapes, second: Shapes) -> float:
    tree = shapely.STRtree(second)
    left, right = tree.query(first, predicate="intersects")
    return float(shapely.area(shapely.intersection(first[left], second[right])).sum())


def test_red_line_farmland_and_town_boundary_do_not_overlap() -> None:
    layers = ("ecological-red-line-2022", "permanent-basic-farmland", "town-boundary")
    red, fields, towns = (zones(stem)[3] for stem in layers)
    assert overlap_m2(red, fields) < 5.0
    assert overlap_m2(red, towns) < 5.0
    assert overlap_m2(fields, towns) < 5.0


def test_red_line_holds_reserves_and_level_1_water_zones() -> None:
    red = shapely.union_all(zones("ecological-red-line-2022")[3])
    members = [*zones("nature-reserves-2026")[3], *zones("drinking-water", kind="level-1")[3]]
    assert shapely.union_all(members).difference(red).area < 200.0


def test_numbers_of_sources_townships_and_fields() -> None:
    ids, names, classes, _ = zones("drinking-water", kind="level-1")
    assert sum(str(i).startswith("140522") for i in ids) == 22
    assert len({n for n in names if "一级" in n}) == len(names) == len(classes)
    assert sum(str(i).startswith("140522") for i in zones("townships")[0]) == 15
    assert len(zones("permanent-basic-farmland", id="140522")[0]) > 3000


@pytest.mark.parametrize("layer_id", layer_ids())
def test_layer_files_and_data_fit_together(layer_id: str) -> None:
    layer = read_layer(layer_id)
    assert layer.schematic
    assert layer.notes[0].zh.startswith("示意数据，非法定边界")
    assert set(layer.coverage.territories) <= TERRITORIES
    for edition in layer.editions.values():
        meta, _, geometry, fields = pyogrio.raw.read(LAYERS / str(edition.file), layer=edition.table)
        columns = dict(zip(meta["fields"], fields, strict=True))
        assert meta["crs"] == "EPSG:4490"
        assert set(columns) == {"zone_id", "name", "class", *layer.attributes}
        codes = {code for name in layer.classes_in(edition) for code in layer.classes[name].codes}
        assert set(columns["class"]) <= codes
        assert len(set(columns["zone_id"])) == len(columns["zone_id"])
        shapes = shapely.from_wkb(geometry)
        assert shapely.is_valid(shapes).all()
        assert not shapely.is_empty(shapes).any()


def test_data_are_small_enough() -> None:
    files = [*DATA.glob("*.gpkg"), *(ROOT / "maps" / "data").glob("*.tif")]
    assert len(files) > 30
    assert sum(path.stat().st_size for path in files) < 20e6


def test_heights_lie_in_the_documented_range() -> None:
    import rasterio

    with rasterio.open(ROOT / "maps" / "data" / "dem-140522.tif") as source:
        heights = source.read(1)
        assert source.crs.to_epsg() == 4490
    assert heights.max() == 1890  # 1,889.5 m, whole metres
    assert 280 <= heights.min() <= 320


@pytest.fixture
def demo_data(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "demo_data"]:
        del sys.modules[name]


def shapes_of(path: Path) -> set[bytes]:
    return {bytes(shape) for shape in pyogrio.raw.read(path, columns=[])[2]}


@pytest.mark.usefixtures("demo_data")
def test_one_territory_drawn_again_gives_what_is_kept(tmp_path: Path) -> None:
    from demo_data.atlas import tables_of
    from demo_data.drawing import draw
    from demo_data.writing import write_table

    runs = []
    for name in ("first", "second")[: times(1, 2)]:
        folder = tmp_path / name
        folder.mkdir()
        paths = [write_table(table, folder) for table in tables_of([draw("140502")])]
        runs.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in paths})
    assert runs[0] == runs[-1]
    assert len(runs[0]) > 20
    # Kept files hold all territories: every zone of this one is among them, to the last bit.
    for name in runs[0]:
        assert shapes_of(tmp_path / "first" / name) <= shapes_of(DATA / name), name
    # The kept file of this layer holds this territory alone: same program, same file.
    assert hectares("soil-risk-zones") == pytest.approx(14263.0, rel=1e-6)
    assert runs[0]["soil-risk-zones.gpkg"] == hashlib.sha256((DATA / "soil-risk-zones.gpkg").read_bytes()).hexdigest()
