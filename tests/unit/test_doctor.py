"""`zoning doctor`: what it finds on this computer, and what it says where something is wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from math import asinh, atan2, atanh, cos, cosh, hypot, radians, sin, sinh, sqrt, tan
from pathlib import Path

import pytest

from zoning import doctor
from zoning.doctor import Check, Report, Status, examine
from zoning.errors import WorkspaceNotFoundError
from zoning.foreign_proj import unset_foreign_proj
from zoning.texts import Text


def _named(report: Report, name: str) -> Check:
    return next(check for check in report.checks if check.name.en == name)


def test_this_computer_can_do_the_work() -> None:
    report = examine(os.environ)
    assert [check for check in report.checks if check.status == "problem"] == []


def test_each_engine_is_told_with_its_version() -> None:
    report = examine({})
    for library, engine in {
        "shapely": "GEOS",
        "pyproj": "PROJ",
        "pyogrio": "GDAL",
        "fiona": "GDAL",
        "rasterio": "GDAL",
    }.items():
        detail = _named(report, library).detail.en
        assert f"({engine} " in detail, detail
        assert detail.split(" ")[0].count(".") == 2


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [((), "ok"), (("ok", "ok"), "ok"), (("warning", "ok"), "warning"), (("problem", "warning"), "problem")],
)
def test_a_report_is_as_good_as_its_worst_check(statuses: tuple[Status, ...], worst: Status) -> None:
    name = Text("名", "name")
    assert Report(tuple(Check(name, status, name) for status in statuses)).status == worst


def _gauss_krueger(lon: float, lat: float, *, central: float, zone: int) -> tuple[float, float]:
    """Return east and north by Krüger's series in the third flattening, to the sixth power."""
    a, f = 6_378_137.0, 1 / 298.257222101
    n = f / (2 - f)
    radius = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64 + n**6 / 256)
    alphas = (
        n / 2 - 2 / 3 * n**2 + 5 / 16 * n**3 + 41 / 180 * n**4,
        13 / 48 * n**2 - 3 / 5 * n**3 + 557 / 1440 * n**4,
        61 / 240 * n**3 - 103 / 140 * n**4,
        49_561 / 161_280 * n**4,
    )
    e = sqrt(f * (2 - f))
    phi, delta = radians(lat), radians(lon - central)
    t = sinh(asinh(tan(phi)) - e * atanh(e * sin(phi)))
    xi, eta = atan2(t, cos(delta)), asinh(sin(delta) / hypot(t, cos(delta)))
    north = xi + sum(alpha * sin(2 * j * xi) * cosh(2 * j * eta) for j, alpha in enumerate(alphas, 1))
    east = eta + sum(alpha * cos(2 * j * xi) * sinh(2 * j * eta) for j, alpha in enumerate(alphas, 1))
    return zone * 1_000_000 + 500_000 + radius * east, radius * north


def test_the_known_point_is_right_by_another_formula() -> None:
    east, north = _gauss_krueger(*doctor.PROBE_LON_LAT, central=111.0, zone=37)
    assert (east, north) == pytest.approx(doctor.PROBE_EAST_NORTH, abs=0.001)


def test_a_transformation_that_is_off_is_a_problem() -> None:
    east, north = doctor.PROBE_EAST_NORTH
    check = doctor._transform("pyproj", lambda _lon, _lat: (east + 3.0, north - 4.0))
    assert check.status == "problem"
    assert check.detail.en == "EPSG:4490 -> EPSG:4525 is off by 5.000 m; install pyproj again"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_transformation_without_a_result_is_a_problem(value: float) -> None:
    assert doctor._transform("pyproj", lambda _lon, _lat: (value, value)).status == "problem"


def test_a_library_that_cannot_be_loaded_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fiona", None)
    check = _named(examine({}), "fiona")
    assert check.status == "problem"
    assert check.detail.en.endswith("; install zoning-check again")


def test_a_missing_system_library_is_named_with_the_way_out() -> None:
    def engine() -> str:
        msg = "libexpat.so.1: cannot open shared object file"
        raise ImportError(msg)

    assert doctor._library("rasterio", engine).detail.en == (
        "cannot be loaded (libexpat.so.1: cannot open shared object file); "
        "a system library is missing; on Debian: apt install libexpat1"
    )


def test_a_missing_workspace_is_a_problem() -> None:
    def find() -> Path:
        raise WorkspaceNotFoundError(zh="没有", en="the built-in workspace is in none of: a, b")

    check = doctor._builtin_workspace(find)
    assert (check.status, check.detail.en) == ("problem", "the built-in workspace is in none of: a, b")


def test_a_broken_workspace_module_is_a_problem() -> None:
    def find() -> Path:
        msg = "no module"
        raise ImportError(msg)

    assert doctor._builtin_workspace(find).detail.en == "cannot be loaded (no module)"


def test_a_proj_variable_still_set_is_a_problem() -> None:
    check = _named(examine({"PROJ_LIB": "/opt/qgis/share/proj"}), "PROJ variables of other programs")
    assert check.status == "problem"
    assert check.detail.en == (
        "PROJ_LIB=/opt/qgis/share/proj points to another PROJ and transformations may fail; unset it before starting"
    )


def test_a_proj_variable_taken_away_is_told() -> None:
    environ = {"PROJ_DATA": "/opt/qgis/share/proj", "PROJ_LIB": "/opt/conda/share/proj", "HOME": "/nowhere"}
    removed = unset_foreign_proj(environ)
    assert environ == {"HOME": "/nowhere"}
    check = _named(examine(environ, removed=removed), "PROJ variables of other programs")
    assert check.status == "warning"
    assert check.detail.en == (
        "PROJ_DATA=/opt/qgis/share/proj, PROJ_LIB=/opt/conda/share/proj was set by another program "
        "and is ignored in this run; nothing has to be done"
    )


# Prints the status of each check by its name; with `unset` the way every command starts.
_PROGRAM = """
import json, os, sys
from zoning.foreign_proj import unset_foreign_proj
removed = unset_foreign_proj(os.environ) if sys.argv[1] == "unset" else {}
from zoning.doctor import examine
report = examine(os.environ, removed=removed)
print(json.dumps({check.name.en: check.status for check in report.checks}))
"""


def _statuses_beside_another_proj(folder: Path, mode: str) -> Mapping[str, Status]:
    (folder / "proj.db").write_bytes(b"the database of another PROJ")
    environ = os.environ | {"PROJ_DATA": str(folder), "PROJ_LIB": str(folder)}
    # -c puts the current folder first in the path: from another folder, what is installed is tested.
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, mode], env=environ, cwd=folder, capture_output=True, text=True, check=True
    )
    statuses: Mapping[str, Status] = json.loads(done.stdout)
    return statuses


def test_beside_another_proj_the_transformations_work_once_it_is_unset(tmp_path: Path) -> None:
    statuses = _statuses_beside_another_proj(tmp_path, "unset")
    assert {statuses[f"transformation ({name})"] for name in ("pyproj", "rasterio", "fiona")} == {"ok"}
    assert statuses["PROJ variables of other programs"] == "warning"


def test_beside_another_proj_doctor_tells_what_fails_when_it_is_not_unset(tmp_path: Path) -> None:
    statuses = _statuses_beside_another_proj(tmp_path, "keep")
    assert statuses["transformation (rasterio)"] == statuses["transformation (fiona)"] == "problem"
    assert statuses["PROJ variables of other programs"] == "problem"


def test_the_module_that_unsets_imports_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; import zoning.foreign_proj; "
        "print(sorted({'pyproj', 'rasterio', 'fiona', 'shapely', 'pyogrio', 'numpy', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_missing_fonts_are_a_warning_with_the_way_out() -> None:
    check = doctor._fonts(tuple)
    assert check.status == "warning"
    assert "apt install fonts-noto-cjk" in check.detail.zh
    assert "apt install fonts-noto-cjk" in check.detail.en


def test_found_fonts_are_counted() -> None:
    assert doctor._fonts(lambda: ("SimHei.ttf",)).detail == Text("SimHei.ttf", "SimHei.ttf")
    assert doctor._fonts(lambda: ("SimHei.ttf", "msyh.ttc")).detail == Text(
        "SimHei.ttf 等 2 个", "SimHei.ttf and 1 more"
    )


def test_the_fonts_are_those_that_maps_are_drawn_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoning.maps.fonts.font_files", list)
    assert _named(examine({}), "Chinese fonts").status == "warning"


def test_the_report_comes_out_where_fonts_cannot_be_looked_for() -> None:
    def broken() -> tuple[str, ...]:
        raise ImportError("matplotlib")

    check = doctor._fonts(broken)
    assert (check.status, check.detail.en) == ("problem", "cannot be loaded (matplotlib)")


@pytest.mark.parametrize(
    ("encoding", "status"),
    [("utf-8", "ok"), ("UTF8", "ok"), ("gbk", "warning"), ("ascii", "warning"), ("nonsense", "warning")],
)
def test_an_output_without_all_characters_is_a_warning(encoding: str, status: Status) -> None:
    assert _named(examine({}, stdout_encoding=encoding), "encoding of the output").status == status


def test_a_browser_is_looked_for_in_the_path_and_never_required(tmp_path: Path) -> None:
    assert doctor._browser({"PATH": str(tmp_path)}).detail.en == "none in the path; only the tests need one"
    browser = tmp_path / "chromium"
    browser.touch(mode=0o755)
    found = doctor._browser({"PATH": str(tmp_path)})
    assert (found.status, found.detail.en) == ("ok", str(browser))
