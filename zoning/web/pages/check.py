"""The check page: hand in a footprint - as a file, as coordinates, or drawn - and the list of earlier checks."""

import shutil
import zipfile
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Annotated, Final

from fastapi import File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from zoning.errors import UsageError
from zoning.texts import Text
from zoning.web.access import only, signed_in
from zoning.web.checks import list_checks, run_check
from zoning.web.map_layers import drawing_of
from zoning.web.navigation import Entry
from zoning.web.rendering import language_of, pages_of, render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of
from zoning.web.uploads import plain_name, upload_folder, write_upload

routes = Routes()
CHECKERS = only("reviewer", "planner")
NAVIGATION = (
    Entry(10, "/check", Text("地块检查", "Check a site"), CHECKERS),
    Entry(11, "/checks", Text("检查记录", "Checks"), signed_in()),
)
_PAGE: Final = 25
_STAMP: Final = (2000, 1, 1, 0, 0, 0)
"""Files handed in together are the same archive whenever they are handed in."""


@routes.get("/check", access=CHECKERS)
def check_page(request: Request) -> Response:
    """Show the form."""
    server, who = server_of(request), who_of(request)
    recent, _ = list_checks(server, who, everybody=False, limit=5, offset=0)
    return render(
        request,
        "check.html.j2",
        recent=recent,
        today=server.today().isoformat(),
        drawing=drawing_of(server, language_of(request)),
        most_mb=server.settings.quotas.upload_bytes // 1_000_000,
    )


@routes.post("/check", access=CHECKERS)
def check(
    request: Request,
    file: Annotated[list[UploadFile] | None, File()] = None,
    text: Annotated[str, Form()] = "",
    drawn: Annotated[str, Form()] = "",
    title: Annotated[str, Form(max_length=200)] = "",
    on: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Check what was handed in, and show the verdict.

    Raises
    ------
    UsageError
        When nothing was handed in, two files have the same name, or the day is no date.
    ContentError
        When the file cannot be kept, or the register does not answer.
    """
    server = server_of(request)
    with upload_folder(server) as folder:
        path = _handed_in(folder, file or [], text, drawn, title)
        found = run_check(server, who_of(request), path, on=_day(server, on), language=language_of(request))
    return RedirectResponse(f"/checks/{found}", 303)


@routes.get("/checks", access=signed_in())
def checks_page(request: Request, page: int = 1, all: int = 0) -> Response:  # noqa: A002 - the name in the address
    """Show the checks of this account, or all that may be seen."""
    server, who = server_of(request), who_of(request)
    page = max(1, page)
    found, total = list_checks(server, who, everybody=bool(all), limit=_PAGE, offset=(page - 1) * _PAGE)
    pages = pages_of(total, _PAGE)

    def href(number: int) -> str:
        return f"/checks?{'all=1&' if all else ''}page={number}"

    return render(request, "checks.html.j2", checks=found, page=page, pages=pages, everybody=bool(all), href=href)


def _handed_in(folder: Path, files: list[UploadFile], text: str, drawn: str, title: str) -> Path:
    """Write what was handed in to a file of its own; nothing of it is read here."""
    given = [one for one in files if one.filename]
    if len(given) == 1:
        return write_upload(given[0], folder)
    if given:
        return _together(folder, given)
    name = plain_name(title, "")
    if drawn.strip():
        path = folder / f"{name or 'drawn'}.geojson"
        path.write_text(drawn, encoding="utf-8")
        return path
    if text.strip():
        path = folder / f"{name or 'pasted'}.txt"
        path.write_text(text, encoding="utf-8")
        return path
    raise UsageError(
        "请选择文件、粘贴坐标或在地图上画出范围", "choose a file, paste coordinates or draw the site on the map"
    )


def _together(folder: Path, given: list[UploadFile]) -> Path:
    """Put files that belong together - the parts of a shapefile - into one archive."""
    names = [plain_name(str(one.filename)) for one in given]
    if len({name.lower() for name in names}) < len(names):
        raise UsageError("选择的文件中有重名的", "two of the chosen files have the same name")
    first = next((name for name in names if name.lower().endswith(".shp")), names[0])
    path = folder / f"{PurePosixPath(first).stem}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, name in sorted(zip(given, names, strict=True), key=lambda pair: pair[1]):
            with archive.open(zipfile.ZipInfo(name, _STAMP), "w") as target:
                shutil.copyfileobj(one.file, target)
    return path


def _day(server: Server, text: str) -> date:
    if not text.strip():
        return server.today()
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"研判日期“{text}”应写成 2026-03-01", f"write the day as 2026-03-01, not as '{text}'"
        ) from None
