"""The options that say how a boundary file is to be read: declared once, given to every command that reads one."""

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zoning.cli.option_groups import takes_options
from zoning.cli.options import t
from zoning.cli.quantity_options import quantity
from zoning.errors import UsageError

if TYPE_CHECKING:
    from zoning.sites.limits import Bounds, Options
    from zoning.sites.site import Site

STDIN = "-"
PASTED = "pasted"
"""What a file from standard input is called in sentences."""

_MOST_STDIN = 200_000_000
_WIDEST_M = 10_000
_WHOLE = re.compile(r"[1-9][0-9]{0,14}")
_LIMIT_HELP = t(
    "改变某项上限，如 vertices=9000000；名称：file_bytes、unpacked_bytes、members、ratio、records、parts、rings、"
    "vertices、nesting、fields、text、crossings，以及 --sandbox 的 memory_mb、seconds",
    "change a limit, e.g. vertices=9000000; names: file_bytes, unpacked_bytes, members, ratio, records, parts, rings, "
    "vertices, nesting, fields, text, crossings, and memory_mb, seconds of --sandbox",
)
_PANEL = t("怎样读取边界文件", "How the boundary file is read")


class OnInvalid(StrEnum):
    """What happens to geometries that are not valid."""

    repair = "repair"
    refuse = "refuse"


def _option(name: str, help_text: str, metavar: str | None = None) -> Any:
    return typer.Option(name, metavar=metavar, help=help_text, rich_help_panel=_PANEL)


@dataclass(frozen=True, slots=True)
class Intake:
    """What the user said about the boundary file; every field is an option of the command line."""

    crs: Annotated[
        str | None,
        _option(
            "--crs",
            t(
                "坐标系（文件未写或写错时），如 EPSG:4525、GCJ02、BD09",
                "coordinate system, where the file has none or a wrong one: EPSG:4525, GCJ02, BD09",
            ),
        ),
    ] = None
    layer: Annotated[
        str | None, _option("--layer", t("图层、工作表或压缩包内的文件名", "which layer, sheet or archived file"))
    ] = None
    encoding: Annotated[str | None, _option("--encoding", t("文字编码，如 GBK", "text encoding, e.g. GBK"))] = None
    width: Annotated[
        float | None,
        _option("--width", t("线的宽度或点的直径（米）", "width of a line, diameter of a point (m)"), "METRES"),
    ] = None
    radius: Annotated[float | None, _option("--radius", t("点的半径（米）", "radius around a point (m)"), "METRES")] = (
        None
    )
    area: Annotated[
        str | None,
        _option("--area", t("点的面积，如 2公顷、30亩、500m2", "area around a point: 2ha, 30mu, 500m2"), "AREA"),
    ] = None
    datum_shift: Annotated[
        Path | None,
        _option(
            "--datum-shift",
            t("西安80、北京54 转换参数文件（YAML）", "parameters from an old datum to CGCS2000 (YAML)"),
            "FILE",
        ),
    ] = None
    on_invalid: Annotated[
        OnInvalid,
        _option("--on-invalid", t("图形有错时：修复并说明，或拒绝", "wrong geometry: repair and say so, or refuse")),
    ] = OnInvalid.repair
    limit: Annotated[
        list[str] | None,
        _option("--limit", _LIMIT_HELP, "NAME=N"),
    ] = None
    sandbox: Annotated[
        bool,
        _option(
            "--sandbox",
            t(
                "在内存和时间受限的独立进程中读取（来历不明的文件）",
                "read in a process of its own with little memory and time (files of strangers)",
            ),
        ),
    ] = False


takes_intake = takes_options(intake=Intake)
"""Gives a command all options of `Intake`; it receives them together as its parameter `intake`."""


def read_intake(path: Path, intake: Intake, expected: "Bounds | None") -> "tuple[Site, ...]":
    """Read a boundary file as the options say; `-` reads what stands on standard input.

    Parameters
    ----------
    expected
        West, south, east, north in degrees of the land that footprints are expected on; None: anywhere.

    Raises
    ------
    UsageError
        When an option cannot be meant, or nothing, or too much, stands on standard input.
    SiteError, CRSError
        When the file cannot be read as footprints, or a geometry is not valid and is not to be repaired.
    ContentError
        When the parameters of `datum_shift` have mistakes.
    """
    from zoning.sites.reading import read_file as read

    if intake.sandbox:
        from zoning.sites.sandbox import read_sites_sandboxed as read

    options = reading_options(intake, expected)
    with boundary_file(path) as file:
        sites = read(file, options)
    if intake.on_invalid is OnInvalid.refuse:
        from zoning.quality.refusal import refuse_invalid

        refuse_invalid(sites)
    return sites


def reading_options(intake: Intake, expected: "Bounds | None") -> "Options":
    """Return what a reader is to be told beside the file; `expected` as in `read_intake`.

    Raises
    ------
    UsageError
        When a size, an area or a limit cannot be meant.
    """
    from zoning.quantities import parse_area
    from zoning.sites.limits import Limits, Options

    for name, size in (("--width", intake.width), ("--radius", intake.radius)):
        if size is not None and not 0 < size <= _WIDEST_M:
            raise UsageError(f"{name}：须在 0 与 10000 米之间", f"{name}: it must lie between 0 and 10000 m")
    return Options(
        expected=expected,
        width_m=intake.width,
        radius_m=intake.radius,
        area_m2=None if intake.area is None else quantity("--area", intake.area, parse_area),
        encoding=intake.encoding,
        crs=intake.crs,
        layer=intake.layer,
        datum_shift=intake.datum_shift,
        limits=Limits(**_limits(intake.limit or [])),
    )


@contextmanager
def boundary_file(path: Path) -> Iterator[Path]:
    """Give the file; of standard input (`-`) a copy that lives as long as it is needed.

    Raises
    ------
    UsageError
        When nothing stands on standard input, or more than 200 MB.
    """
    if str(path) != STDIN:
        yield path
        return
    pasted = sys.stdin.buffer.read(_MOST_STDIN + 1)
    if not pasted.strip():
        raise UsageError("标准输入是空的；请粘贴坐标", "nothing stands on standard input; paste the coordinates")
    if len(pasted) > _MOST_STDIN:
        # What was cut off would be land that nobody has checked, whatever --limit allows.
        raise UsageError(
            f"标准输入超过 {_MOST_STDIN // 1_000_000} MB；请存为文件，再写出文件名",
            f"standard input holds more than {_MOST_STDIN // 1_000_000} MB: save it as a file and name that",
        )
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        file = Path(folder) / PASTED
        file.write_bytes(pasted)
        yield file


def _limits(texts: list[str]) -> Mapping[str, int]:
    from zoning.sites import Limits

    names = [field.name for field in fields(Limits)]
    limits = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or name not in names or not _WHOLE.fullmatch(value):
            raise UsageError(
                f"--limit：“{text}”应写成 名称=正整数，名称为 {'、'.join(names)} 之一",
                f"--limit: write '{text}' as name=whole number; the names are {', '.join(names)}",
            )
        limits[name] = int(value)
    return limits
