"""`zoning doctor`: can this computer do the work, and if not, what has to be done."""

import codecs
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from math import hypot
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from zoning.errors import WorkspaceNotFoundError
from zoning.foreign_proj import VARIABLES
from zoning.texts import Text
from zoning.version import __version__

Status = Literal["ok", "warning", "problem"]
_ORDER: tuple[Status, ...] = ("ok", "warning", "problem")

# A point in 阳城县, and where the Gauss-Krüger projection puts it in the 3° zone 37 (Krüger's series, see the test).
PROBE_LON_LAT = (112.4, 35.5)
PROBE_EAST_NORTH = (37_627_025.2998, 3_930_966.7847)
PROBE_TOLERANCE_M = 0.001

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
NOTHING_REMOVED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `detail` says what was found and, where it is not well, what to do."""

    name: Text
    status: Status
    detail: Text


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was looked at."""

    checks: tuple[Check, ...]

    @property
    def status(self) -> Status:
        """The worst status of all checks."""
        return max((check.status for check in self.checks), key=_ORDER.index, default="ok")


def examine(
    environ: Mapping[str, str],
    *,
    removed: Mapping[str, str] = NOTHING_REMOVED,
    stdout_encoding: str | None = None,
) -> Report:
    """Look at this computer; nothing is changed and no network is used.

    Parameters
    ----------
    environ
        The environment variables of the process.
    removed
        What `unset_foreign_proj` has taken out of them before.
    stdout_encoding
        The encoding of standard output; that of `sys.stdout` when not given.
    """
    encoding = stdout_encoding or sys.stdout.encoding or "ascii"
    return Report(
        (
            _versions(),
            _builtin_workspace(_find_builtin_root),
            *(_library(name, engine) for name, engine in _LIBRARIES.items()),
            _foreign_proj(environ, removed),
            *(_transform(name, transform) for name, transform in _TRANSFORMS.items()),
            _fonts(_chinese_fonts),
            _encoding(encoding),
            _browser(environ),
        )
    )


def _versions() -> Check:
    detail = f"Python {'.'.join(map(str, sys.version_info[:3]))}, zoning {__version__}"
    return Check(Text("Python 与 zoning 版本", "Python and zoning"), "ok", Text(detail, detail))


def _find_builtin_root() -> Path:
    # Imported here: the report must come out even where a library that the workspace needs is broken.
    from zoning.workspace import builtin_root

    return builtin_root()


def _builtin_workspace(find: Callable[[], Path]) -> Check:
    name = Text("内置工作空间", "built-in workspace")
    try:
        root = str(find())
    except WorkspaceNotFoundError as error:
        return Check(name, "problem", error.text)
    except (ImportError, OSError) as error:
        return Check(name, "problem", Text(f"无法加载（{error}）", f"cannot be loaded ({error})"))
    return Check(name, "ok", Text(root, root))


def _geos() -> str:
    import shapely

    return f"GEOS {shapely.geos_version_string}"


def _pyproj_proj() -> str:
    import pyproj

    return f"PROJ {pyproj.proj_version_str}"


def _pyogrio_gdal() -> str:
    import pyogrio

    return f"GDAL {pyogrio.__gdal_version_string__}"


def _fiona_gdal() -> str:
    import fiona

    return f"GDAL {fiona.__gdal_version__}"


def _rasterio_gdal() -> str:
    import rasterio

    return f"GDAL {rasterio.__gdal_version__}, PROJ {rasterio.__proj_version__}"


def _importable(name: str) -> Callable[[], str]:
    def engine() -> str:
        __import__(name)
        return ""

    return engine


_PURE = ("numpy", "pyarrow", "pydantic", "typer", "ezdxf", "matplotlib", "openpyxl", "xlrd")
_LIBRARIES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "shapely": _geos,
        "pyproj": _pyproj_proj,
        "pyogrio": _pyogrio_gdal,
        "fiona": _fiona_gdal,
        "rasterio": _rasterio_gdal,
        **{name: _importable(name) for name in _PURE},
    }
)


def _library(name: str, engine: Callable[[], str]) -> Check:
    """Import a library; `engine` does it and returns what the library was built on."""
    title = Text(name, name)
    try:
        built_on, number = engine(), version(name)
    except (ImportError, OSError, PackageNotFoundError) as error:
        if ".so" in str(error):
            todo = Text(
                "缺少系统库，Debian 上可执行 apt install libexpat1",
                "a system library is missing; on Debian: apt install libexpat1",
            )
        else:
            todo = Text("请重新安装 zoning-check", "install zoning-check again")
        detail = Text(f"无法加载（{error}）；{todo.zh}", f"cannot be loaded ({error}); {todo.en}")
        return Check(title, "problem", detail)
    detail_text = f"{number} ({built_on})" if built_on else number
    return Check(title, "ok", Text(detail_text, detail_text))


def _foreign_proj(environ: Mapping[str, str], removed: Mapping[str, str]) -> Check:
    name = Text("其他程序设置的 PROJ 变量", "PROJ variables of other programs")
    present = {key: environ[key] for key in VARIABLES if key in environ}
    if present:
        shown = _settings(present)
        detail = Text(
            f"{shown} 指向另一套 PROJ，坐标转换可能失败；请先取消该变量再启动",
            f"{shown} points to another PROJ and transformations may fail; unset it before starting",
        )
        return Check(name, "problem", detail)
    if removed:
        shown = _settings(removed)
        detail = Text(
            f"{shown} 由其他程序设置，本次运行已忽略，无须处理",
            f"{shown} was set by another program and is ignored in this run; nothing has to be done",
        )
        return Check(name, "warning", detail)
    return Check(name, "ok", Text("未设置", "not set"))


def _settings(variables: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in variables.items())


def _with_pyproj(lon: float, lat: float) -> tuple[float, float]:
    from pyproj import Transformer

    east, north = Transformer.from_crs(4490, 4525, always_xy=True).transform(lon, lat)
    return east, north


def _with_rasterio(lon: float, lat: float) -> tuple[float, float]:
    from rasterio.warp import transform

    east, north = transform("EPSG:4490", "EPSG:4525", [lon], [lat])
    return east[0], north[0]


def _with_fiona(lon: float, lat: float) -> tuple[float, float]:
    from fiona.transform import transform

    east, north = transform("EPSG:4490", "EPSG:4525", [lon], [lat])
    return east[0], north[0]


_TRANSFORMS: Mapping[str, Callable[[float, float], tuple[float, float]]] = MappingProxyType(
    {"pyproj": _with_pyproj, "rasterio": _with_rasterio, "fiona": _with_fiona}
)


def _transform(library: str, transform: Callable[[float, float], tuple[float, float]]) -> Check:
    """Transform one known point: the three libraries carry three copies of PROJ, and each must work."""
    name = Text(f"坐标转换（{library}）", f"transformation ({library})")
    try:
        east, north = transform(*PROBE_LON_LAT)
    except Exception as error:  # noqa: BLE001 - whatever the library raises is what this check is for
        detail = Text(f"EPSG:4490 → EPSG:4525 失败：{error}", f"EPSG:4490 -> EPSG:4525 failed: {error}")
        return Check(name, "problem", detail)
    off = hypot(east - PROBE_EAST_NORTH[0], north - PROBE_EAST_NORTH[1])
    if not off <= PROBE_TOLERANCE_M:
        detail = Text(
            f"EPSG:4490 → EPSG:4525 偏差 {off:.3f} m，请重新安装 {library}",
            f"EPSG:4490 -> EPSG:4525 is off by {off:.3f} m; install {library} again",
        )
        return Check(name, "problem", detail)
    return Check(name, "ok", Text("EPSG:4490 → EPSG:4525 正确", "EPSG:4490 -> EPSG:4525 is right"))


def _chinese_fonts() -> tuple[str, ...]:
    # Imported here for the same reason as the workspace above.
    from zoning.maps.fonts import cjk_fonts

    return tuple(dict.fromkeys(face.path.name for face in cjk_fonts()))


def _fonts(find: Callable[[], tuple[str, ...]]) -> Check:
    name = Text("中文字体", "Chinese fonts")
    try:
        found = find()
        if not found:
            from zoning.maps.fonts import no_chinese_font

            return Check(name, "warning", no_chinese_font().text)
    except (ImportError, OSError) as error:
        return Check(name, "problem", Text(f"无法加载（{error}）", f"cannot be loaded ({error})"))
    more_zh, more_en = (f" 等 {len(found)} 个", f" and {len(found) - 1} more") if len(found) > 1 else ("", "")
    return Check(name, "ok", Text(f"{found[0]}{more_zh}", f"{found[0]}{more_en}"))


def _encoding(encoding: str) -> Check:
    name = Text("输出编码", "encoding of the output")
    try:
        known = codecs.lookup(encoding).name
    except LookupError:
        known = encoding
    if known == "utf-8":
        return Check(name, "ok", Text("UTF-8", "UTF-8"))
    detail = Text(
        f"{encoding}；无法显示的字符将以转义形式输出，建议设置 PYTHONUTF8=1",
        f"{encoding}; characters it lacks are written as escapes; set PYTHONUTF8=1",
    )
    return Check(name, "warning", detail)


def _browser(environ: Mapping[str, str]) -> Check:
    """Look for a browser. The maps open in any; only the tests of this project need one in the path."""
    name = Text("浏览器（可选）", "browser (optional)")
    paths = (shutil.which(browser, path=environ.get("PATH", "")) for browser in BROWSERS)
    found = next((path for path in paths if path), None)
    if found is None:
        return Check(name, "ok", Text("路径中未找到；只有测试需要", "none in the path; only the tests need one"))
    return Check(name, "ok", Text(found, found))
