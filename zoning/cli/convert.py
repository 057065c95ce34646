"""`zoning convert`: a boundary file written in another format."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.intake import STDIN, Intake, read_intake
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.exchange.target import Encoding, Target
from zoning.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zoning.sites.site import Site

AUTO = "auto"
_MOST_NOTES = 50


@dataclass(frozen=True, slots=True)
class ConvertRequest:
    """The options of one conversion.

    Attributes
    ----------
    zone
        `auto`, or the number of a 3° zone.
    overwrite
        An existing file may be written over.
    """

    site: Path
    target: Target
    workspace: Path | None
    intake: Intake
    zone: str = AUTO
    crs: str | None = None
    encoding: Encoding | None = None
    out: Path | None = None
    overwrite: bool = False


def run_convert(session: Session, request: ConvertRequest) -> int:
    """Convert a file and print the path of what was written; return the exit code.

    Raises
    ------
    UsageError
        When the suffix does not go with the format, or zone, coordinate system or an option of reading cannot be meant.
    ContentError
        When the file exists and is not to be written over, what was read does not go into the format, the workspace has
        mistakes, or the file cannot be written.
    SiteError, CRSError
        When the boundary file cannot be read, or does not fit the coordinate system that is asked for.
    """
    from zoning.atomic_write import write_whole
    from zoning.exchange.converting import Wish, convert
    from zoning.exchange.unpacking import unpacked
    from zoning.overlay.plane import MeasuringPlane

    path = _path(request)
    wish = Wish(request.target, session.today(), _zone(request.zone), request.crs, request.encoding)
    workspace = session.open_workspace(request.workspace)
    sites = read_intake(request.site, request.intake, workspace.extent(session.today(), session.source(workspace)))
    _say_notes(session, (text for site in sites for text in _reader_notes(site)))
    made = convert(sites, MeasuringPlane(workspace.settings.latitude), wish, path.stem)
    _say_notes(session, made.notes)
    for part, content in unpacked(path, made.content) if _is_unpacked(path) else [(path, made.content)]:
        write_whole(part, content, over=request.overwrite)
    session.say(_written(len(sites), made.crs))
    sys.stdout.write(f"{path}\n")
    return 0


def _path(request: ConvertRequest) -> Path:
    from zoning.cli.intake import PASTED
    from zoning.exchange.converting import default_name
    from zoning.exchange.unpacking import parts_of

    source = Path(PASTED) if str(request.site) == STDIN else request.site
    path = request.out or Path(default_name(source, request.target))
    if path.is_dir() or not path.suffix:
        path = path / default_name(source, request.target)
    allowed = [request.target.suffix, *([".shp"] if request.target is Target.shp else [])]
    if path.suffix.lower() not in allowed:
        raise UsageError(
            f"--out：{request.target} 的扩展名是 {' 或 '.join(allowed)}，写的却是 “{path.name}”",
            f"--out: a file of {request.target} ends in {' or '.join(allowed)}, not “{path.name}”",
        )
    for part in parts_of(path) if _is_unpacked(path) else [path]:
        if part.exists() and not request.overwrite:
            raise ContentError(
                f"{part}：文件已存在；请换一个名称，或用 --overwrite 覆盖",
                f"{part}: the file exists; choose another name, or write over it with --overwrite",
            )
    return path


def _is_unpacked(path: Path) -> bool:
    """Tell whether a shapefile is wanted as the files that it consists of: a layer is no archive."""
    return path.suffix.lower() == ".shp"


def _zone(text: str) -> int | None:
    plain = text.strip().lower()
    if plain == AUTO:
        return None
    if not plain.isdecimal() or len(plain) > 3:  # noqa: PLR2004 - numbers of zones are short
        raise UsageError(
            f"--zone：“{text}”应为 auto 或 3 度带的带号（25–45）",
            f"--zone: '{text}' must be auto or a 3° zone (25 to 45)",
        )
    return int(plain)


def _reader_notes(site: "Site") -> "Iterable[Text]":
    yield from site.warnings
    for repair in site.repairs:
        yield Text(f"地块“{site.name}”：{repair.text.zh}", f"footprint '{site.name}': {repair.text.en}")
    if site.conversion is not None:
        yield site.conversion
    if site.accuracy_m > 0:
        yield Text(
            f"地块“{site.name}”：坐标误差可达 ±{site.accuracy_m:g} 米，写出的文件不再带有这一说明；核查请用原文件",
            f"footprint '{site.name}': its coordinates are good to ±{site.accuracy_m:g} m, which the new file does not "
            "say; check the file that you have",
        )


def _say_notes(session: Session, notes: "Iterable[Text]") -> None:
    said = list(dict.fromkeys(notes))
    for note in said[:_MOST_NOTES]:
        session.say(note)
    more = len(said) - _MOST_NOTES
    if more > 0:
        session.say(Text(f"……还有 {more} 条类似的说明", f"... and {more} more remarks"))


def _written(count: int, crs: str) -> Text:
    from zoning.sites.crs.zones import label

    name = label(crs)
    return Text(
        f"已写出 {count} 个地块，坐标系 {name.zh}", f"written: {count} footprint{'s' * (count != 1)} in {name.en}"
    )
