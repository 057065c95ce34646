"""The options that say how a series of rasters is to be read: declared once, for `recovery` and `watch`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zoning.cli.options import t
from zoning.errors import UsageError

if TYPE_CHECKING:
    from zoning.mines.rasters import CloudMask, Scene

_PANEL = t("怎样读取栅格", "How the rasters are read")
MANIFEST_NAMES = ("manifest.csv", "manifest.yaml", "manifest.yml")
"""A folder that holds one of them is read as it says."""


def _option(*names: str, metavar: str, help_text: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help_text, rich_help_panel=_PANEL)


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """How the rasters are to be read; every field is an option of `recovery` and `watch`."""

    rasters: Annotated[
        list[Path],
        _option(
            "--rasters",
            metavar="FOLDER|FILE",
            help_text=t(
                "NDVI 或多波段栅格：文件夹、文件或清单（CSV：file,date,mask；YAML），可重复",
                "NDVI or bands: folder, file or manifest (CSV: file,date,mask; YAML); may be repeated",
            ),
        ),
    ]
    date_pattern: Annotated[
        str,
        _option(
            "--date-pattern",
            metavar="PATTERN",
            help_text=t(
                "文件名中的日期，如 ndvi_%Y%m%d.tif、*_%YQ%q.tif（默认自动识别，再看 TIFF 标签）",
                "the date in the file name, e.g. ndvi_%Y%m%d.tif, *_%YQ%q.tif (default: found, then the TIFF tag)",
            ),
        ),
    ] = ""
    formula: Annotated[
        str,
        _option(
            "--formula",
            metavar="FORMULA",
            help_text=t("由波段计算，如 (b4-b3)/(b4+b3)", "from bands, e.g. (b4-b3)/(b4+b3)"),
        ),
    ] = ""
    band: Annotated[int, _option("--band", metavar="N", help_text=t("取第几波段（默认 1）", "which band (1)"))] = 1
    scale: Annotated[
        float | None,
        _option(
            "--scale", metavar="FACTOR", help_text=t("比例系数（默认取文件所写）", "factor (default: of the file)")
        ),
    ] = None
    offset: Annotated[
        float | None,
        _option("--offset", metavar="NUMBER", help_text=t("偏移（默认取文件所写）", "offset (default: of the file)")),
    ] = None
    nodata: Annotated[
        float | None,
        _option(
            "--nodata",
            metavar="VALUE",
            help_text=t("无数据值（默认取文件所写）", "nodata value (default: of the file)"),
        ),
    ] = None
    mask: Annotated[
        str,
        _option(
            "--mask",
            metavar="NAME",
            help_text=t("云掩膜文件名，如 {stem}_SCL.tif", "name of the cloud mask, e.g. {stem}_SCL.tif"),
        ),
    ] = ""
    mask_band: Annotated[
        int | None,
        _option("--mask-band", metavar="N", help_text=t("云掩膜的波段", "band of the cloud mask")),
    ] = None
    clouds: Annotated[
        str,
        _option(
            "--clouds",
            metavar="CODES",
            help_text=t(
                "掩膜中表示云的代码或位，如 3,8,9,10 或 bit3,bit4（默认：非 0 即云）",
                "codes or bits of the mask that mean a cloud, e.g. 3,8,9,10 or bit3,bit4 (default: all but 0)",
            ),
        ),
    ] = ""


def scenes_of(request: SeriesRequest, possible: tuple[float, float]) -> "tuple[Scene, ...]":
    """Return the scenes in the order of their days; `possible`: lowest and highest value of a pixel.

    Raises
    ------
    UsageError, ContentError
        When there are none, or the options cannot be meant.
    LayerError
        When a raster cannot be read.
    """
    from zoning.mines.band_formula import parse_formula
    from zoning.mines.rasters import Scene
    from zoning.mines.scenes import SeriesOptions, find_scenes

    if request.formula:
        parse_formula(request.formula)
    pixels = Scene(
        Path(),
        band=request.band,
        formula=request.formula,
        scale=request.scale,
        offset=request.offset,
        nodata=request.nodata,
        valid=possible,
    )
    options = SeriesOptions(pixels, request.date_pattern, request.mask, _cloud(request))
    return find_scenes(_inputs(request.rasters), options)


def _inputs(given: Sequence[Path]) -> list[Path]:
    """Return what is to be read: of a folder with a manifest the manifest."""
    found = []
    for path in given:
        manifests = [path / name for name in MANIFEST_NAMES if (path / name).is_file()]
        found.append(manifests[0] if manifests else path)
    return found


def _cloud(request: SeriesRequest) -> "CloudMask | None":
    from zoning.mines.rasters import CloudMask

    codes, bits = _codes(request.clouds)
    if request.mask_band is None and not request.clouds:
        return None
    return CloudMask(None, request.mask_band or 1, codes, bits)


def _codes(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return codes and bits of `3,8,bit4`."""
    codes: list[int] = []
    bits: list[int] = []
    for part in text.replace("，", ",").split(",") if text.strip() else ():
        word = part.strip().lower()
        number = word.removeprefix("bit")
        if not number.isdigit():
            raise UsageError(
                f"--clouds：“{part}”应写成代码或位，如 3,8,9 或 bit3", f"--clouds: write '{part}' as 3,8,9 or bit3"
            )
        (bits if word.startswith("bit") else codes).append(int(number))
    return tuple(codes), tuple(bits)
