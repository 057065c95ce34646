"""Which day a raster shows, what a formula may say, and where the clouds of a scene are told."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.transform import Affine

from zoning.errors import ContentError, UsageError
from zoning.mines.band_formula import parse_formula
from zoning.mines.rasters import CloudMask, Scene
from zoning.mines.scenes import SeriesOptions, find_scenes


def raster(path: Path, **tags: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    profile = {"driver": "GTiff", "width": 2, "height": 2, "count": 1, "dtype": "uint8", "crs": "EPSG:4490"}
    with rasterio.open(path, "w", **profile, transform=Affine(0.1, 0, 112, 0, -0.1, 36)) as file:
        file.write(np.ones((1, 2, 2), np.uint8))
        file.update_tags(**tags)
    return path


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("ndvi_20240315.tif", date(2024, 3, 15)),
        ("NDVI-2024-03-15-v2.tif", date(2024, 3, 15)),
        ("T49SFU_20240512T031519_B04.tif", date(2024, 5, 12)),
        ("S2A_20240512T031519_N0510_20240512T081234.tif", date(2024, 5, 12)),
        ("ndvi_2024Q3.tif", date(2024, 8, 15)),
        ("2024-q1.tif", date(2024, 2, 15)),
    ],
)
def test_the_day_is_in_the_name(tmp_path: Path, name: str, day: date) -> None:
    (scene,) = find_scenes([raster(tmp_path / name)], SeriesOptions())
    assert scene.on == day


@pytest.mark.parametrize(
    ("name", "pattern", "day"),
    [
        ("a2024120b.tif", "a%Y%jb.tif", date(2024, 4, 29)),
        ("L8_5_2023_11_7.tif", "L8_*_%Y_%m_*.tif", date(2023, 11, 15)),
        ("x-2-2022.tif", "x-%q-%Y.tif", date(2022, 5, 15)),
        ("31.12.2020.tif", "%d.%m.%Y.tif", date(2020, 12, 31)),
    ],
)
def test_a_pattern_tells_the_day(tmp_path: Path, name: str, pattern: str, day: date) -> None:
    (scene,) = find_scenes([raster(tmp_path / name)], SeriesOptions(pattern=pattern))
    assert scene.on == day


@pytest.mark.parametrize("pattern", ["ndvi_%Y.tif", "%Y%m%d", "%d%d.tif", "ndvi_%Y%j.tif"])
def test_a_pattern_that_does_not_fit_is_said(tmp_path: Path, pattern: str) -> None:
    path = raster(tmp_path / "ndvi_2023399.tif")
    with pytest.raises(UsageError) as caught:
        find_scenes([path], SeriesOptions(pattern=pattern))
    assert caught.value.get("en") == (
        f"ndvi_2023399.tif: does not fit the date pattern '{pattern}'; allowed: %Y %m %d, %j (day of the year), "
        "%q (quarter), *"
    )


def test_a_tag_tells_the_day_and_two_days_do_not(tmp_path: Path) -> None:
    (scene,) = find_scenes([raster(tmp_path / "a.tif", TIFFTAG_DATETIME="2024:06:01 10:20:30")], SeriesOptions())
    assert scene.on == date(2024, 6, 1)
    with pytest.raises(UsageError, match=r"^b_20240101_20240301\.tif: its day cannot be told \(found: 2024-01-01, "):
        find_scenes([raster(tmp_path / "b_20240101_20240301.tif")], SeriesOptions())
    with pytest.raises(UsageError, match=r"^c\.tif: its day cannot be told \(found: —\); state it with --date-pattern"):
        find_scenes([raster(tmp_path / "c.tif")], SeriesOptions())


def test_a_folder_is_read_in_the_order_of_days_and_masks_are_no_scenes(tmp_path: Path) -> None:
    for name in ("n_20240601.tif", "n_20230601.tif", "n_20240601_c.tif", "n_20230601_c.tif"):
        raster(tmp_path / "in" / name)
    (tmp_path / "in" / "notes.txt").write_text("x")
    options = SeriesOptions(Scene(Path(), valid=(-1, 1)), mask="{stem}_c.tif", cloud=CloudMask(codes=(3,)))
    found = find_scenes([tmp_path / "in"], options)
    assert [scene.path.name for scene in found] == ["n_20230601.tif", "n_20240601.tif"]
    assert found[0].valid == (-1.0, 1.0)
    assert found[0].cloud == CloudMask(tmp_path / "in" / "n_20230601_c.tif", codes=(3,))
    (tmp_path / "in" / "n_20230601_c.tif").unlink()
    with pytest.raises(UsageError, match=r"^n_20230601\.tif: its cloud mask n_20230601_c\.tif is not there$"):
        find_scenes([tmp_path / "in"], options)


def test_manifests(tmp_path: Path) -> None:
    raster(tmp_path / "one.tif")
    raster(tmp_path / "cloud.tif")
    sheet = tmp_path / "m.csv"
    sheet.write_bytes("\ufefffile,date,mask\r\none.tif,2024-05-01,cloud.tif\r\n".encode())
    (tmp_path / "m.yaml").write_text("scenes:\n  - {file: one.tif, date: 2024-06-01}\n")
    found = find_scenes([tmp_path / "m.yaml", sheet], SeriesOptions())
    assert [scene.on for scene in found] == [date(2024, 5, 1), date(2024, 6, 1)]
    assert found[0].cloud == CloudMask(tmp_path / "cloud.tif")
    assert found[1].cloud is None
    sheet.write_text("file,date\none.tif,01.05.2024\n")
    with pytest.raises(ContentError, match=r"m\.csv:2: '01\.05\.2024' is no date; write it like 2026-11-22$"):
        find_scenes([sheet], SeriesOptions())
    sheet.write_text("path,day\n")
    with pytest.raises(
        ContentError, match=r"m\.csv:1: a manifest has the columns file and date \(and may have mask\)$"
    ):
        find_scenes([sheet], SeriesOptions())
    (tmp_path / "m.yaml").write_text("scenes:\n  - {file: one.tif, day: 2024-06-01}\n")
    with pytest.raises(ContentError, match=r"m\.yaml:2: "):
        find_scenes([tmp_path / "m.yaml"], SeriesOptions())


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r": no rasters \(\.tif \.tiff \.img \.vrt \.jp2\)$"):
        find_scenes([tmp_path], SeriesOptions())
    with pytest.raises(UsageError, match=r"gone: does not exist$"):
        find_scenes([tmp_path / "gone"], SeriesOptions())


numbers = st.floats(0.01, 1)


@given(numbers, numbers)
def test_a_formula_gives_what_python_gives(red: float, near: float) -> None:
    bands = {3: np.array([red]), 4: np.array([near])}
    for text, value in {
        "(b4-b3)/(b4+b3)": (near - red) / (near + red),
        "2.5*(b4-b3)/(b4+6*b3+1)": 2.5 * (near - red) / (near + 6 * red + 1),
        "-b3**2 + max(b3, b4)": -(red**2) + max(red, near),
        "sqrt(abs(b3 - b4))": abs(red - near) ** 0.5,
        "1.5 * b4": 1.5 * near,
    }.items():
        assert parse_formula(text).values(bands)[0] == pytest.approx(value, rel=1e-12, abs=1e-15)


def test_what_has_no_value_is_not_finite() -> None:
    found = parse_formula("(b4-b3)/(b4+b3)").values({3: np.array([0.0, 1.0]), 4: np.array([0.0, -1.0])})
    assert not np.isfinite(found).any()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("b1.__class__", "'b1.__class__' is not allowed"),
        ("__import__('os').system('true')", "'__import__('os').system('true'' is not allowed"),
        ("open(b1)", "open(...) is not known"),
        ("sqrt(b1, b2)", "sqrt(...) is not known"),
        ("[b1 for b1 in (1,)]", "'[b1 for b1 in (1,)]' is not allowed"),
        ("b1 if b2 else b3", "'b1 if b2 else b3' is not allowed"),
        ("b0 + b1", "'b0' is no band: they are b1, b2 ..."),
        ("nir - red", "'nir' is no band: they are b1, b2 ..."),
        ("'b1'", "''b1'' is not allowed"),
        ("True + b1", "'True' is not allowed"),
        ("b1 @ b2", "'b1 @ b2' is not allowed"),
        ("2 + 3", "it names no band"),
        ("(b1", "it is not written as one"),
        ("", "it is not written as one"),
        ("b1" + "+b1" * 80, "too long"),
        ("-" * 30 + "b1", "nested too deeply"),
    ],
)
def test_nothing_but_a_formula_is_read(text: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_formula(text)
    assert caught.value.get("en") == (
        f"formula '{text[:60]}': {why}; allowed: bands b1, b2 ..., numbers, + - * / **, brackets, abs sqrt min max"
    )
