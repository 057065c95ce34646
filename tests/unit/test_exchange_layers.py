"""A shapefile that `zoning convert` writes is read as a layer, once it is not packed."""

from datetime import date
from pathlib import Path

import pytest
import shapely

import boundary_writers as bw
import tiny_workspace
from overlay_world import DAY, catalogue, layer
from zoning.cli.convert import ConvertRequest, run_convert
from zoning.cli.intake import Intake
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.exchange.target import Encoding, Target
from zoning.layers.catalogue import Edition
from zoning.layers.reader import Features, read_window

HERE = bw.shifted(bw.SQUARE, 0.03, 0.03)
PARTS = {".cpg", ".dbf", ".prj", ".shp", ".shx"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny_workspace.build(tmp_path / "w")


def write(root: Path, out: str, *, overwrite: bool = False, encoding: Encoding | None = None) -> Path:
    """Convert a boundary file whose fields are those of a layer; return what was asked for."""
    fields = {"zone_id": "甲1", "name": "水源地", "class": "LEVEL-2"}
    site = bw.write(root / "红线.geojson", bw.geojson(bw.polygon([HERE]), properties=fields))
    path = root / "layers" / "data" / out
    asked = ConvertRequest(
        site, Target.shp, root, Intake(), zone="37", encoding=encoding, out=path, overwrite=overwrite
    )
    assert run_convert(Session("en", environ={}), asked) == 0
    return path


@pytest.mark.parametrize("encoding", [Encoding.gbk, Encoding.utf8])
def test_what_was_converted_is_read_as_a_layer(root: Path, encoding: Encoding) -> None:
    path = write(root, "water.shp", encoding=encoding)
    assert {part.suffix for part in path.parent.glob("water.*")} == PARTS | {".geojson"}
    known = layer(crs="EPSG:4525", editions={"2020": Edition(file="data/water.shp", valid_from=date(2020, 1, 1))})
    found = read_window(catalogue(root, known), "water", on=DAY, bounds=(112.0, 35.0, 113.0, 36.0))
    assert isinstance(found, Features), found
    assert (found.ids, found.names, found.class_ids) == (("甲1",), ("水源地",), ("level-2",))
    outline = shapely.Polygon(bw.plane("EPSG:4525", HERE))
    # Edges are straight in degrees, as in the file that was converted.
    assert shapely.symmetric_difference(found.geometries[0], outline).area < 20


def test_no_part_of_another_shapefile_is_written_over(root: Path) -> None:
    other = bw.write(root / "layers" / "data" / "water.dbf", "mine")
    with pytest.raises(ContentError, match=r"water\.dbf: the file exists; choose another name, or write over it"):
        write(root, "water.shp")
    assert other.read_text(encoding="utf-8") == "mine"
    assert not other.with_suffix(".shp").exists()
    write(root, "water.shp", overwrite=True)
    assert other.read_bytes() != b"mine"


def test_other_suffixes_are_refused(root: Path) -> None:
    with pytest.raises(UsageError, match=r"--out: a file of shp ends in \.zip or \.shp, not “water\.gpkg”"):
        write(root, "water.gpkg")
