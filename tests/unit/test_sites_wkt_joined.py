"""Several geometries in one text are never joined to one site; one in running text is read."""

from pathlib import Path

import pytest
import shapely

from wkt_tables import EAST, WEST, refusal, sites, table, written

RING = "112.3000789,35.4000789;112.3010789,35.4000789;112.3010789,35.4010789"
JOINED = {
    "running text": f"甲地范围是 {EAST.wkt}\n乙地范围是 {WEST.wkt}\n",
    "GeoJSON in cells": table(
        [["名称", "红线"], *([name, f'{{"type":"Polygon","coordinates":[[[{RING}]]]}}'] for name in "甲乙")]
    ),
    "rings in cells": table([["名称", "红线"], ["甲", RING], ["乙", RING.replace("112", "113")]]),
    "rings in cells, tabs": table([["甲", RING], ["乙", RING.replace("112", "113")]], "\t"),
}


@pytest.mark.parametrize("text", JOINED.values(), ids=JOINED.keys())
def test_several_geometries_are_not_joined_to_one_site(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "a.txt", text)
    assert refusal(path).text.en == (
        "a.txt: it holds several geometries (WKT, GeoJSON, or a ring of coordinates in a cell of every row), which are "
        "not read as one site; save it as CSV with one geometry in a row, written as WKT: POLYGON ((x y, …))"
    )


def test_one_geometry_in_running_text_is_read(tmp_path: Path) -> None:
    shape = shapely.Polygon([(112.3789, 35.4789), (112.3889, 35.4789), (112.3889, 35.4889)])
    (site,) = sites(written(tmp_path / "a.txt", f"甲地范围是 {shape.wkt}\n", "gbk"))
    assert site.geometry.equals(shape)
