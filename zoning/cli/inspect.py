"""`zoning inspect`: what was read from a boundary file, what is wrong with it, and what its repair changed."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from zoning.cli.intake import STDIN, Intake, read_intake
from zoning.cli.session import Session
from zoning.cli.writing import say_written
from zoning.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zoning.quality.inspection import Inspected

ERRORS_FOUND = 1
_PNG, _PAGE = (".png",), (".html", ".htm")
_OTHER_PICTURES = (".pdf", ".svg", ".jpg", ".jpeg", ".tif", ".tiff", ".json", ".txt")
_UNSAFE = re.compile(r"[^\w.-]+")
_MOST_BYTES = 180


@dataclass(frozen=True, slots=True)
class InspectRequest:
    """The options of one inspection; `out` is a folder, or a file that ends in .png or .html."""

    site: Path
    workspace: Path | None
    intake: Intake
    out: Path | None = None


def run_inspect(session: Session, request: InspectRequest, *, as_json: bool) -> int:
    """Read a file and report on its quality; exit 1 when it has errors.

    Raises
    ------
    UsageError
        When `out` ends in a format that is not written, or an option of reading cannot be meant.
    ContentError
        When the workspace has mistakes, or a file cannot be written.
    SiteError, CRSError
        When the boundary file cannot be read at all; faults of its geometry are reported instead.
    """
    import sys

    from zoning.cli.inspect_tables import print_inspection
    from zoning.overlay.plane import MeasuringPlane
    from zoning.quality.inspection import inspect_sites

    _check_out(request.out)
    workspace = session.open_workspace(request.workspace)
    sites = read_intake(request.site, request.intake, workspace.extent(session.today(), session.source(workspace)))
    path = None if str(request.site) == STDIN else request.site
    plane = MeasuringPlane(workspace.settings.latitude)
    inspected = inspect_sites(sites, plane, path=path, layer=request.intake.layer)
    if as_json:
        sys.stdout.write(inspected.report.to_json())
    else:
        print_inspection(session.console(), inspected, session.language)
    if request.out is not None:
        for written in _write(session, inspected, request.out):
            say_written(session, written)
    return ERRORS_FOUND if inspected.report.status == "errors" else 0


def _check_out(out: Path | None) -> None:
    if out is not None and out.suffix.lower() in _OTHER_PICTURES and not out.is_dir():
        raise UsageError(
            f"--out：{out.name} 不能写成 {out.suffix}；请给出文件夹、.png 文件或 .html 文件",
            f"--out: {out.name}: {out.suffix} is not written; give a folder, a .png file or an .html file",
        )


def _write(session: Session, inspected: "Inspected", out: Path) -> "Iterator[Path]":
    from zoning.atomic_write import write_whole

    suffix = "" if out.is_dir() else out.suffix.lower()
    stem = _stem(inspected.report.file.source)
    picture = out if suffix in _PNG else out / f"{stem}.png"
    page = out if suffix in _PAGE else out / f"{stem}.html"
    if suffix not in _PAGE:
        write_whole(picture, _png(session, inspected))
        yield picture
    if suffix not in _PNG:
        write_whole(page, _page(session, inspected))
        yield page


def _png(session: Session, inspected: "Inspected") -> bytes:
    from zoning.quality.pictures.listing import heading_of
    from zoning.quality.pictures.sheet import png
    from zoning.quality.pictures.sketch import scene_of

    return png(scene_of(inspected), heading_of(inspected), session.language)


def _page(session: Session, inspected: "Inspected") -> str:
    from zoning.quality.pictures.page import page

    return page(inspected, session.language)


def _stem(source: str) -> str:
    # The name comes from a stranger's archive: nothing in it may lead out of the folder.
    stem = _UNSAFE.sub("_", PurePosixPath(source).name.rsplit(".", 1)[0]).lstrip(".") or "site"
    return stem.encode("utf-8")[:_MOST_BYTES].decode("utf-8", errors="ignore")
