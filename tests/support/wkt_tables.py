"""Tables with a geometry (WKT) in a row, and what is read from them."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import shapely

import boundary_writers as bw
from zoning.errors import ZoningError
from zoning.sites import Site, read_sites
from zoning.sites.limits import Options
from zoning.sites.streaming import Row, count_sites, stream_sites

EAST = shapely.box(112.3000012, 35.4000013, 112.3010012, 35.4010013)
WEST = shapely.affinity.translate(EAST, -0.01)
HOLED = shapely.Polygon(
    [(112.31, 35.41), (112.3200001, 35.41), (112.3200001, 35.42), (112.31, 35.42)],
    [[(112.312, 35.412), (112.314, 35.412), (112.314, 35.414)]],
)


def written(path: Path, text: str, codec: str = "utf-8") -> Path:
    path.write_bytes(text.encode(codec))
    return path


def table(rows: list[list[str]], sign: str = ",") -> str:
    made = io.StringIO()
    csv.writer(made, delimiter=sign).writerows(rows)
    return made.getvalue()


def sites(path: Path, **options: Any) -> tuple[Site, ...]:
    return read_sites(path, expected=bw.EXPECTED, **options)


def rows_of(path: Path, *, rows: int = 1000, start: int = 0, **options: Any) -> list[Row]:
    told = Options(expected=bw.EXPECTED, **options)
    return [row for some in stream_sites(path, told, rows=rows, start=start) for row in some]


def refusal(path: Path, **options: Any) -> ZoningError:
    with pytest.raises(ZoningError) as caught:
        sites(path, **options)
    return caught.value


def errors(rows: list[Row]) -> list[str | None]:
    return [None if row.error is None else row.error.text.en for row in rows]


THREE = [["name", "wkt"], ["东区", EAST.wkt], ["西区", WEST.wkt], ["洞", HOLED.wkt]]


def check_three(path: Path) -> None:
    found = sites(path)
    assert [(site.id, site.name) for site in found] == [("1", "东区"), ("2", "西区"), ("3", "洞")]
    for site, shape in zip(found, (EAST, WEST, HOLED), strict=True):
        assert site.geometry.equals(shape)
        assert site.crs == "EPSG:4490"
    assert [row.site for row in rows_of(path)] == list(found)
    assert count_sites(path, Options(expected=bw.EXPECTED)) == 3
