"""The check page: hand in a footprint - as a file, as coordinates, or drawn - and the list of earlier checks."""

import tempfile
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
from zoning.web.rendering import language_of, render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of

routes = Routes()
CHECKERS = only("reviewer", "planner")
NAVIGATION = (
    Entry(10, "/check", Text("地块检查", "Check a site"), CHECKERS),
    Entry(11, "/checks", Text("检查记录", "Checks made"), signed_in()),
)
_PAGE: Final = 25
_PIECE: Final = 1 << 20
_LONGEST_NAME: Final = 120
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
    """Check what was handed in, and show the verdict."""
    server = server_of(request)
    with tempfile.TemporaryDirectory(prefix="zoning-upload-", dir=server.folder("uploads")) as folder:
        path = _handed_in(Path(folder), file or [], text, drawn, title)
        found = run_check(server, who_of(request), path, on=_day(server, on), language=language_of(request))
    return RedirectResponse(f"/checks/{found}", 303)


@routes.get("/checks", access=signed_in())
def checks_page(request: Request, page: int = 1, all: int = 0) -> Response:  # noqa: A002 - the name in the address
    """Show the checks of this account, or all that may be seen."""
    server, who = server_of(request), who_of(request)
    page = max(1, page)
    found, total = list_checks(server, who, everybody=bool(all), limit=_PAGE, offset=(page - 1) * _PAGE)
    pages = max(1, -(-total // _PAGE))

    def href(number: int) -> str:
        return f"/checks?{'all=1&' if all else ''}page={number}"

    return render(request, "checks.html.j2", checks=found, page=page, pages=pages, everybody=bool(all), href=href)


def _handed_in(folder: Path, files: list[UploadFile], text: str, drawn: str, title: str) -> Path:
    """Write what was handed in to a file of its own; nothing of it is read here."""
    given = [one for one in files if one.filename]
    if len(given) == 1:
        path = folder / _safe(str(given[0].filename), "upload")
        _write(given[0], path)
        return path
    if given:
        return _together(folder, given)
    name = _safe(title, "")
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
    names = [_safe(str(one.filename), "upload") for one in given]
    if len({name.lower() for name in names}) < len(names):
        raise UsageError("选择的文件中有重名的", "two of the chosen files have the same name")
    first = next((name for name in names if name.lower().endswith(".shp")), names[0])
    path = folder / f"{PurePosixPath(first).stem}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, name in sorted(zip(given, names, strict=True), key=lambda pair: pair[1]):
            with archive.open(zipfile.ZipInfo(name, _STAMP), "w") as target:
                while piece := one.file.read(_PIECE):
                    target.write(piece)
    return path


def _write(upload: UploadFile, path: Path) -> None:
    with path.open("wb") as target:
        while piece := upload.file.read(_PIECE):
            target.write(piece)


def _safe(name: str, otherwise: str) -> str:
    """Return the last part of a name that a stranger gave, as a name of a file that is neither hidden nor too long."""
    plain = "".join(sign for sign in name.replace("\\", "/").rsplit("/", 1)[-1] if sign.isprintable())
    plain = plain.strip().lstrip(".")
    stem, dot, suffix = plain.rpartition(".")
    if not dot:
        stem, suffix = plain, ""
    while len(stem.encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    return (stem + dot + suffix[:20]) or otherwise


def _day(server: Server, text: str) -> date:
    if not text.strip():
        return server.today()
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"研判日期“{text}”应写成 2026-03-01", f"write the day as 2026-03-01, not as '{text}'"
        ) from None
