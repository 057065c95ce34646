"""What a format cannot hold is refused or said: a file never says less than its source in silence."""

import tempfile
from pathlib import Path

import pytest
import shapely

import boundary_writers as bw
from exchange_world import converted, notes, polygon, site
from zoning.errors import ContentError
from zoning.exchange.target import Target
from zoning.sites import read_sites

INNER = polygon(bw.HOLE)
ISLAND: bw.Ring = [(112.304, 35.404), (112.305, 35.404), (112.305, 35.405), (112.304, 35.405), (112.304, 35.404)]


@pytest.mark.parametrize(
    "around", [polygon(bw.SQUARE), polygon(bw.SQUARE, bw.HOLE)], ids=["inside", "in the hole and as large"]
)
def test_a_drawing_cannot_hold_a_parcel_in_another(around: shapely.Polygon) -> None:
    with pytest.raises(ContentError) as caught:
        converted([site(around, name="甲"), site(INNER, name="乙")], Target.dxf)
    assert caught.value.get("zh") == (
        "地块“甲”与“乙”重叠，或一个填满另一个的挖空：DXF 里只有闭合线，其中一个会丢失；请换用 gpkg，"
        "或分成不同的文件写出"
    )


def test_a_drawing_holds_neighbours_and_an_island(tmp_path: Path) -> None:
    """Parcels that share a border, and one in the middle of the hole of another."""
    east = polygon([(112.31, 35.40), (112.32, 35.40), (112.32, 35.41), (112.31, 35.41), (112.31, 35.40)])
    listed = [site(polygon(bw.SQUARE, bw.HOLE)), site(east), site(polygon(ISLAND))]
    path = tmp_path / "红线.dxf"
    path.write_bytes(converted(listed, Target.dxf).content)
    found = sorted(one.geometry.area for one in read_sites(path, expected=bw.EXPECTED))
    assert found == pytest.approx(sorted(one.geometry.area for one in listed), rel=1e-9)


def test_a_drawing_says_that_parts_become_parcels() -> None:
    two = shapely.MultiPolygon([polygon(bw.SQUARE), polygon(bw.shifted(bw.SQUARE, 0.02))])
    said = "地块“一号地块”由 2 个部分组成，DXF 里是 2 条各自闭合的线，读取时各成一个地块"
    assert said in notes(converted(site(two), Target.dxf))


@pytest.mark.parametrize(("target", "driver"), [(Target.gpkg, "GPKG"), (Target.shp, "ESRI Shapefile")])
def test_no_room_for_the_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: Target, driver: str
) -> None:
    """The driver is given a folder that is gone, as on a disk without room it can make no file."""
    folder = tempfile.TemporaryDirectory(dir=tmp_path)
    gone = Path(folder.name)
    folder.cleanup()

    class Gone:
        def __init__(self, **_: object) -> None: ...
        def __enter__(self) -> str:
            return str(gone)

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(tempfile, "TemporaryDirectory", Gone)
    with pytest.raises(ContentError) as caught:
        converted(site(polygon(bw.SQUARE)), target)
    assert caught.value.get("zh") == (
        f"写 {driver} 时临时文件夹写入失败；请检查磁盘空间，或用环境变量 TMPDIR 换一个文件夹后重试"
    )
