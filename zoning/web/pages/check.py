"""The check page: hand in a footprint, answer what matters, read the verdict."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from zoning.errors import UsageError
from zoning.texts import Text
from zoning.web.access import only, signed_in
from zoning.web.checks import get_check, run_check
from zoning.web.navigation import Entry
from zoning.web.refusals import not_found
from zoning.web.rendering import language_of, render
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of

routes = Routes()
_CHECKERS = only("reviewer", "planner")
NAVIGATION = (Entry(10, "/check", Text("地块检查", "check"), _CHECKERS),)


@routes.get("/check", access=_CHECKERS)
def check_page(request: Request) -> Response:
    """Show the form."""
    return render(request, "check.html.j2")


@routes.post("/check", access=_CHECKERS)
def check(request: Request, file: UploadFile | None = None, text: Annotated[str, Form()] = "") -> Response:
    """Check what was handed in, and show the verdict."""
    server = server_of(request)
    with tempfile.TemporaryDirectory(prefix="zoning-upload-", dir=server.folder("uploads")) as folder:
        if file is not None and file.filename:
            path = Path(folder) / (Path(file.filename.replace("\\", "/")).name or "upload")
            with path.open("wb") as target:
                while piece := file.file.read(1 << 20):
                    target.write(piece)
        elif text.strip():
            path = Path(folder) / "pasted.txt"
            path.write_text(text, encoding="utf-8")
        else:
            raise UsageError("请选择文件或粘贴坐标", "choose a file or paste coordinates")
        found = run_check(server, who_of(request), path, on=server.today(), language=language_of(request))
    return RedirectResponse(f"/checks/{found}", 303)


@routes.get("/checks/{check}", access=signed_in())
def verdict_page(request: Request, check: str) -> Response:
    """Show a verdict."""
    found = get_check(server_of(request), check)
    if found is None:
        raise not_found("没有这次检查", "there is no such check")
    return render(request, "verdict.html.j2", check=found)
