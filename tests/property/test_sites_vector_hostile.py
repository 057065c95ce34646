"""Whatever the bytes of a GIS file: footprints or one sentence; and well-known binary as another writer has it."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import boundary_writers as bw
from damaged_files import changed, damage, places, survives
from gdal_writers import frame, write, write_gdb
from wkb_writer import polygon
from zoning.sites.limits import Limits, Tally
from zoning.sites.vector.wkb_geometry import take_apart
from zoning.sites.where import Where

TABLE = "a00000009.gdbtable"
ONE = frame([bw.SQUARE, bw.HOLE], columns={"名称": ["东区"]})
GML = (
    '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"><gml:featureMember><dk><geom><gml:Polygon '
    'srsName="urn:ogc:def:crs:EPSG::4490"><gml:exterior><gml:LinearRing><gml:posList srsDimension="2">'
    + " ".join(f"{y!r} {x!r}" for x, y in bw.SQUARE)
    + "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></geom></dk></gml:featureMember>"
    "</gml:FeatureCollection>"
)


def geoparquet(folder: Path) -> bytes:
    ONE.to_parquet(folder / "x.parquet")
    return (folder / "x.parquet").read_bytes()


WRITERS: dict[str, Callable[[Path], bytes]] = {
    "a.gml": lambda _: GML.encode(),
    "a.wkb": lambda _: polygon(bw.SQUARE, bw.HOLE),
    "a.fgb": lambda folder: write(folder / "x.fgb", ONE, "FlatGeobuf").read_bytes(),
    "a.parquet": geoparquet,
    "a.zip": lambda folder: bw.zipped(folder / "x.zip", {"p/a.gml": GML.encode(), "b.txt": b"x"}).read_bytes(),
}


class Files(dict[str, bytes]):
    """Bytes by name, without spelling them out in reports of failures."""

    def __repr__(self) -> str:
        return f"Files({', '.join(self)})"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("originals")
    return Files({name: make(folder) for name, make in WRITERS.items()})


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Files:
    path = write_gdb(tmp_path_factory.mktemp("database") / "a.gdb", {"地块": ONE})
    return Files({file.name: file.read_bytes() for file in path.iterdir()})


ends = st.one_of(st.just(1.0), places)


@pytest.mark.parametrize("name", WRITERS)
@given(cuts=damage, end=ends)
def test_damaged_files(files: Files, name: str, cuts: list[tuple[float, bytes]], end: float) -> None:
    with TemporaryDirectory() as folder:
        survives(bw.write(Path(folder) / name, changed(files[name], cuts, end)))


@pytest.mark.parametrize("part", [TABLE, TABLE.replace("table", "tablx"), "a00000001.gdbtable", "a00000004.gdbtable"])
@given(cuts=damage, end=ends)
def test_damaged_tables(database: Files, part: str, cuts: list[tuple[float, bytes]], end: float) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.gdb"
        path.mkdir()
        for name, data in database.items():
            bw.write(path / name, changed(data, cuts, end) if name == part else data)
        survives(path)


numbers = st.floats(-1e6, 1e6)
points = st.tuples(numbers, numbers)
rings = st.lists(points, min_size=3, max_size=8).map(lambda ring: [*ring, ring[0]])
shapes = st.one_of(
    points.map(shapely.Point),
    st.lists(points, min_size=2, max_size=8).map(shapely.LineString),
    st.lists(rings, min_size=1, max_size=3).map(lambda some: shapely.Polygon(some[0], some[1:])),
    st.lists(rings, min_size=1, max_size=3).map(lambda some: shapely.MultiPolygon([(ring, []) for ring in some])),
    st.lists(points, min_size=1, max_size=4).map(shapely.MultiPoint),
)


@given(shape=shapes, big=st.booleans(), raised=st.booleans(), flavor=st.sampled_from(["iso", "extended"]))
def test_binary_of_another_writer(
    shape: shapely.Geometry, *, big: bool, raised: bool, flavor: Literal["iso", "extended"]
) -> None:
    made = shapely.force_3d(shape, 7.5) if raised else shape
    data = shapely.to_wkb(made, byte_order=0 if big else 1, flavor=flavor)
    drawings = take_apart(data, Tally(Limits()), Where("a")).drawings
    found = [point for drawing in drawings for ring in drawing.rings for point in ring[:, :2].tolist()]
    assert found == shapely.get_coordinates(shape).tolist()
    assert [len(drawing.rings) for drawing in drawings] == [
        shapely.get_num_interior_rings(part) + 1 if part.geom_type == "Polygon" else 1
        for part in shapely.get_parts(shape)
    ]
