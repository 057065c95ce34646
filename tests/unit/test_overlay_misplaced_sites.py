"""A footprint in no territory: how far off it lies, on which side, and which mistake would explain it."""

from dataclasses import replace

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from overlay_world import PLANE, features, footprint
from zoning.errors import CRSError
from zoning.overlay.footprint import Footprint
from zoning.overlay.misplaced import misplaced
from zoning.overlay.plane_layer import PlaneLayer
from zoning.sites.site import Site

COUNTY, OTHER = shapely.box(112.0, 35.2, 112.6, 35.7), shapely.box(113.2, 35.2, 113.6, 35.7)


def territories(*areas: BaseGeometry, names: tuple[str, ...] = ("阳城县", "陵川县")) -> PlaneLayer:
    found = features([(area, "level-1") for area in areas])
    return PlaneLayer.of(replace(found, names=names[: len(areas)]), PLANE)


def square(lon: float, lat: float, half: float = 0.001) -> BaseGeometry:
    return shapely.box(lon - half, lat - half, lon + half, lat + half)


def error(geometry: BaseGeometry, *areas: BaseGeometry, names: tuple[str, ...] = ("阳城县", "陵川县")) -> CRSError:
    return misplaced(footprint(geometry), territories(*areas, names=names))


def test_the_sentence_names_file_footprint_and_place() -> None:
    told = error(square(112.9, 35.45), COUNTY)
    assert "site.geojson：地块“地块一”（112.9000°E, 35.4500°N）不在工作空间的任何辖区之内" in told.text.zh
    assert "site.geojson: footprint '地块一' (112.9000°E, 35.4500°N) lies outside every territory" in told.text.en


def test_it_is_an_error_of_the_coordinate_system() -> None:
    assert error(square(112.9, 35.45), COUNTY).exit_code == CRSError.exit_code == 12


@pytest.mark.parametrize(
    ("areas", "names", "listed"),
    [
        ((COUNTY,), ("阳城县",), "本工作空间的辖区：阳城县"),
        ((COUNTY, OTHER), ("阳城县", "陵川县"), "本工作空间的辖区：阳城县、陵川县"),
        # Two zones of one territory.
        ((COUNTY, OTHER), ("阳城县", "阳城县"), "本工作空间的辖区：阳城县"),
    ],
)
def test_the_territories_are_named_each_once(
    areas: tuple[BaseGeometry, ...], names: tuple[str, ...], listed: str
) -> None:
    zh = error(square(110.0, 33.0), *areas, names=names).text.zh
    assert zh.partition(listed)[1] == listed
    assert zh.partition(listed)[2].startswith("；")


@pytest.mark.parametrize(
    ("lon", "lat", "zh", "en"),
    [
        # A degree of longitude is about 90.8 km here, a degree of latitude 111 km.
        (112.3, 36.7, "以北", "north"),
        (112.3, 34.2, "以南", "south"),
        (111.0, 35.45, "以西", "west"),
        (113.6, 35.45, "以东", "east"),
    ],
)
def test_the_side_on_which_it_lies_is_told(lon: float, lat: float, zh: str, en: str) -> None:
    told = error(square(lon, lat), COUNTY)
    nearest_zh = told.text.zh.partition("（最近的辖区")[2].partition("）")[0]
    nearest_en = told.text.en.partition(" of the nearest one")[0].rpartition("(")[2]
    assert zh in nearest_zh
    assert en in nearest_en


@pytest.mark.parametrize(
    ("lon", "near", "far"),
    [
        # From 112.6 to the western edge of the square, in kilometres: 0.299 and 0.999 degrees at 90.8 km.
        (112.9, 26.0, 28.5),
        (113.6, 89.0, 92.5),
    ],
)
def test_the_distance_is_that_to_the_nearest_border(lon: float, near: float, far: float) -> None:
    en = error(square(lon, 35.45), COUNTY).text.en
    said = en.partition(" of the nearest one")[0].rpartition("(")[2]
    assert near <= float("".join(sign for sign in said if sign.isdigit() or sign == ".")) <= far


def test_the_nearest_of_several_territories_counts() -> None:
    alone, both = error(square(113.0, 35.45), COUNTY), error(square(113.0, 35.45), COUNTY, OTHER)
    assert "以东" in alone.text.zh
    # 0.2 degrees west of the other one, 0.4 degrees east of the county.
    assert "以西" in both.text.zh


def test_a_footprint_that_touches_a_territory_is_not_away_from_it() -> None:
    told = error(shapely.box(112.6, 35.4, 112.61, 35.41), COUNTY)
    assert "最近的辖区" not in told.text.zh
    assert "nearest one" not in told.text.en


def test_a_workspace_without_territories_says_the_rest() -> None:
    told = error(square(112.9, 35.45))
    assert "最近的辖区" not in told.text.zh
    assert told.text.zh.endswith("；请检查坐标系、带号和坐标顺序")
    assert told.text.en.endswith("; check coordinate system, zone and axis order")


def test_a_place_that_no_mistake_explains_asks_to_check() -> None:
    told = error(square(100.0, 26.0), COUNTY)
    assert told.text.zh.endswith("；请检查坐标系、带号和坐标顺序")
    assert told.text.en.endswith("; check coordinate system, zone and axis order")


def test_exchanged_coordinates_are_a_likely_cause() -> None:
    swapped = shapely.box(35.44, 112.29, 35.46, 112.31)
    site = Site(id="1", name="地块一", geometry=square(112.9, 35.45), crs="EPSG:4490", source="site.geojson")
    here = Footprint.of(site, PLANE)
    # What was read lies elsewhere; what the file says is latitude before longitude.
    told = misplaced(replace(here, site=replace(site, geometry=swapped)), territories(COUNTY))
    assert "落在辖区之内，请更正文件" in told.text.zh
    assert "it would lie in one if it were" in told.text.en
    assert "--crs" in told.text.en


def test_a_shift_of_map_services_is_a_likely_cause_close_by() -> None:
    # GCJ-02 shifts by about 500 m to the east here: the true place lies inside the eastern border.
    told = error(square(112.6025, 35.45, 0.0005), COUNTY)
    assert "GCJ-02" in told.text.zh
    assert "GCJ-02" in told.text.en


@pytest.mark.parametrize("lon", [112.9, 112.65])
def test_farther_off_no_map_service_shifts(lon: float) -> None:
    assert "GCJ-02" not in error(square(lon, 35.45, 0.0005), COUNTY).text.zh
