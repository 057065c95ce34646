"""A time series of rasters: which files, which day each shows, where its clouds are told."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from zoning.errors import ContentError, UsageError, os_reason
from zoning.mines.rasters import CloudMask, Scene, open_dataset
from zoning.strict_models import Content
from zoning.yaml_files import read_model

RASTERS = (".tif", ".tiff", ".img", ".vrt", ".jp2")
MANIFESTS = (".csv", ".yaml", ".yml")
MIDDLE_MONTH, MIDDLE_DAY = 2, 15
"""A quarter stands for the 15th of its second month: the team's choice."""

_TAGS = ("TIFFTAG_DATETIME", "ACQUISITIONDATETIME", "ACQUISITION_DATE", "DATE_ACQUIRED", "date")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})([-_.]?)(0[1-9]|1[0-2])\2([0-2]\d|3[01])(?!\d)")
_QUARTER = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_.]?[Qq]([1-4])(?!\d)")
_PLACES = {
    "%Y": r"(?P<Y>\d{4})",
    "%m": r"(?P<m>\d{2})",
    "%d": r"(?P<d>\d{2})",
    "%j": r"(?P<j>\d{3})",
    "%q": r"(?P<q>[1-4])",
    "*": ".*",
}


@dataclass(frozen=True, slots=True)
class SeriesOptions:
    """How the files of a series are understood.

    Attributes
    ----------
    pixels
        What holds for every scene: band or formula, scale, offset, nodata, the values that can be.
    pattern
        File name with %Y %m %d, %j (day of the year) or %q (quarter), `*` for anything; empty: the date is looked for.
    mask
        Name of the cloud mask beside a scene, `{stem}` for the name of the scene without its ending; such files are
        no scenes themselves. Empty: none, unless `cloud` names a band.
    cloud
        What in the mask means a cloud; its `path` is not used.
    """

    pixels: Scene = field(default_factory=lambda: Scene(Path()))
    pattern: str = ""
    mask: str = ""
    cloud: CloudMask | None = None


class ManifestScene(Content):
    """One line of a manifest."""

    file: str
    date: date
    mask: str = ""


class Manifest(Content):
    """A YAML manifest of a series."""

    scenes: tuple[ManifestScene, ...]


def find_scenes(inputs: Sequence[Path], options: SeriesOptions) -> tuple[Scene, ...]:
    """Return the scenes of files, folders and manifests in the order of their days.

    Raises
    ------
    UsageError
        When there is no raster, or the day of one cannot be told.
    ContentError
        When a manifest says something impossible.
    LayerError
        When a raster cannot be read.
    """
    found: list[Scene] = []
    for given in inputs:
        if given.suffix.lower() in MANIFESTS:
            found.extend(_scene(path, day, mask, options) for path, day, mask in _of_manifest(given))
        else:
            found.extend(_scene(path, _day(path, options.pattern), None, options) for path in _files(given, options))
    if not found:
        listed = "、".join(str(path) for path in inputs)
        raise UsageError(f"{listed}：没有栅格（{' '.join(RASTERS)}）", f"{listed}: no rasters ({' '.join(RASTERS)})")
    return tuple(sorted(found, key=lambda scene: (scene.on or date.min, scene.path.name)))


def _scene(path: Path, day: date, mask: Path | None, options: SeriesOptions) -> Scene:
    cloud = options.cloud
    if mask is None and options.mask:
        mask = path.with_name(options.mask.replace("{stem}", path.stem))
    if mask is not None:
        if not mask.is_file():
            raise UsageError(
                f"{path.name}：没有云掩膜 {mask.name}", f"{path.name}: its cloud mask {mask.name} is not there"
            )
        cloud = replace(cloud or CloudMask(), path=mask)
    return replace(options.pixels, path=path, on=day, cloud=cloud)


def _files(given: Path, options: SeriesOptions) -> Iterator[Path]:
    if not given.exists():
        raise UsageError(f"{given}：不存在", f"{given}: does not exist")
    if not given.is_dir():
        yield given
        return
    rasters = sorted(path for path in given.iterdir() if path.suffix.lower() in RASTERS)
    masks = {path.with_name(options.mask.replace("{stem}", path.stem)) for path in rasters} if options.mask else set()
    yield from (path for path in rasters if path not in masks)


def _day(path: Path, pattern: str) -> date:
    """Return the day that a raster shows: by the pattern, else told by its name, else by a tag.

    A name that holds two days does not tell.
    """
    if pattern:
        return _by_pattern(path, pattern)
    days = _days_in(path.name)
    if not days:
        with open_dataset(path) as dataset:
            tags = {**dataset.tags(), **dataset.tags(ns="IMAGERY")}
        days = {day for name in _TAGS if name in tags for day in _days_in(tags[name].replace(":", "-"))}
    if len(days) == 1:
        return days.pop()
    seen = "、".join(sorted(day.isoformat() for day in days)) or "—"
    raise UsageError(
        f"{path.name}：不能确定日期（找到：{seen}）；请用 --date-pattern（如 ndvi_%Y%m%d.tif）或清单文件写明",
        f"{path.name}: its day cannot be told (found: {seen.replace('、', ', ')}); state it with --date-pattern "
        "(such as ndvi_%Y%m%d.tif) or in a manifest",
    )


def _days_in(text: str) -> set[date]:
    found = set(_real((int(m[1]), int(m[3]), int(m[4])) for m in _DAY.finditer(text)))
    return found | {_of_quarter(int(m[1]), int(m[2])) for m in _QUARTER.finditer(text)}


def _real(parts: Iterable[tuple[int, int, int]]) -> Iterator[date]:
    for year, month, day in parts:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _of_quarter(year: int, quarter: int) -> date:
    return date(year, (quarter - 1) * 3 + MIDDLE_MONTH, MIDDLE_DAY)


def _by_pattern(path: Path, pattern: str) -> date:
    pieces = re.split(r"(%[YmdjqD]|\*)", pattern)
    try:
        match = re.fullmatch("".join(_PLACES.get(piece) or re.escape(piece) for piece in pieces), path.name)
        if match is not None:
            return _from_places(match.groupdict())
    except (re.error, ValueError):
        pass
    raise UsageError(
        f"{path.name}：与日期格式“{pattern}”不符；可用 %Y %m %d、%j（年内日序）、%q（季度）、*",
        f"{path.name}: does not fit the date pattern '{pattern}'; allowed: %Y %m %d, %j (day of the year), "
        "%q (quarter), *",
    )


def _from_places(places: dict[str, str]) -> date:
    year = int(places.get("Y", "0"))
    if "q" in places:
        return _of_quarter(year, int(places["q"]))
    if "j" in places:
        first = date(year, 1, 1)
        found = date.fromordinal(first.toordinal() + int(places["j"]) - 1)
        if found.year != year:
            raise ValueError(places)
        return found
    return date(year, int(places.get("m", "0")), int(places.get("d", MIDDLE_DAY)))


def _of_manifest(path: Path) -> Iterator[tuple[Path, date, Path | None]]:
    lines = _csv_lines(path) if path.suffix.lower() == ".csv" else read_model(path, Manifest).scenes
    for line in lines:
        yield path.parent / line.file, line.date, path.parent / line.mask if line.mask else None


def _csv_lines(path: Path) -> Iterator[ManifestScene]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(f"{path}：无法读取（{reason.zh}）", f"{path}: cannot be read ({reason.en})") from error
    except UnicodeDecodeError as error:
        raise ContentError(f"{path}：不是 UTF-8", f"{path}: is not UTF-8") from error
    rows = csv.DictReader(io.StringIO(text))
    if not {"file", "date"} <= set(rows.fieldnames or ()):
        raise ContentError(
            f"{path}:1：清单须有 file、date 两列（可有 mask）",
            f"{path}:1: a manifest has the columns file and date (and may have mask)",
        )
    for row in rows:
        try:
            day = date.fromisoformat((row["date"] or "").strip())
        except ValueError as error:
            raise ContentError(
                f"{path}:{rows.line_num}：“{row['date']}”不是日期；写成 2026-11-22",
                f"{path}:{rows.line_num}: '{row['date']}' is no date; write it like 2026-11-22",
            ) from error
        yield ManifestScene(file=(row["file"] or "").strip(), date=day, mask=(row.get("mask") or "").strip())
