"""Whatever the bytes: footprints or one sentence, never anything else."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import boundary_writers as bw
from damaged_files import changed, damage, places, survives


class Files(dict[str, bytes]):
    """Bytes by name, without spelling them out in reports of failures."""

    def __repr__(self) -> str:
        return f"Files({', '.join(self)})"


def originals(folder: Path) -> Files:
    shp = bw.write_shapefile(folder / "s.shp", [bw.SQUARE, bw.HOLE])
    doc = bw.kml(bw.placemark([bw.SQUARE, bw.HOLE])).encode()
    files = {
        "a.txt": bw.txt(bw.txt_rows([bw.SQUARE, bw.HOLE], "EPSG:4525")).encode("gbk"),
        "a.geojson": bw.geojson(bw.polygon([bw.SQUARE, bw.HOLE]), properties={"id": 1}).encode(),
        "a.kml": doc,
        "a.kmz": bw.zipped(folder / "x.kmz", {"doc.kml": doc}).read_bytes(),
        "a.wkt": f"SRID=4490;{bw.wkt([bw.SQUARE, bw.HOLE])}".encode(),
        "a.zip": bw.zipped_shapefile(folder / "x.zip", shp, "s").read_bytes(),
        "a.gpkg": bw.write_gpkg(folder / "x.gpkg", [bw.SQUARE]).read_bytes(),
    }
    files |= {f"s{suffix}": shp.with_suffix(suffix).read_bytes() for suffix in (".shp", ".shx", ".dbf", ".prj")}
    return Files(files)


half_as_many = settings(max_examples=max(25, settings().max_examples // 2))  # each is tried in many formats


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return originals(tmp_path_factory.mktemp("originals"))


@pytest.mark.parametrize("name", ["a.txt", "a.geojson", "a.kml", "a.kmz", "a.wkt", "a.zip", "a.gpkg"])
@half_as_many
@given(cuts=damage, end=st.one_of(st.just(1.0), places))
def test_damaged_files(files: Files, name: str, cuts: list[tuple[float, bytes]], end: float) -> None:
    with TemporaryDirectory() as folder:
        survives(bw.write(Path(folder) / name, changed(files[name], cuts, end)))


@pytest.mark.parametrize("part", [".shp", ".shx", ".dbf", ".prj"])
@half_as_many
@given(cuts=damage, end=st.one_of(st.just(1.0), places))
def test_damaged_parts_of_a_shapefile(files: Files, part: str, cuts: list[tuple[float, bytes]], end: float) -> None:
    with TemporaryDirectory() as folder:
        for suffix in (".shp", ".shx", ".dbf", ".prj"):
            data = files[f"s{suffix}"]
            bw.write(Path(folder) / f"s{suffix}", changed(data, cuts, end) if suffix == part else data)
        survives(Path(folder) / "s.shp")


@given(
    text=st.text(max_size=200), name=st.sampled_from(["a.txt", "a.geojson", "a.kml", "a.wkt", "a.json", "a", "a.shp"])
)
def test_any_text(text: str, name: str) -> None:
    with TemporaryDirectory() as folder:
        survives(bw.write(Path(folder) / name, text.encode(errors="surrogatepass")))


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["type", "x"]), inner, max_size=2)
    ),
    max_leaves=12,
)


@given(
    kind=st.sampled_from(["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "Curve"]),
    coordinates=json_values,
)
def test_any_coordinates(kind: str, coordinates: object) -> None:
    with TemporaryDirectory() as folder:
        text = bw.geojson({"type": kind, "coordinates": coordinates})
        survives(bw.write(Path(folder) / "a.geojson", text.encode(errors="surrogatepass")))


@given(rows=st.lists(st.text(alphabet="J1237,.-@面点线\t 0459", max_size=30), max_size=8))
def test_any_rows_in_a_coordinate_txt(rows: list[str]) -> None:
    with TemporaryDirectory() as folder:
        survives(bw.write(Path(folder) / "a.txt", bw.txt(rows)))
