"""What is refused, and how it is said: a page for people, JSON for programs, never a traceback."""

import logging
import re
import uuid
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from zoning.errors import NoRoomError, ZoningError, is_want_of_room
from zoning.texts import Text
from zoning.web.wrong_values import wrong_values

_LOG = logging.getLogger("zoning.web")

_WORDS = {
    400: Text("请求有误", "the request cannot be understood"),
    401: Text("请先登录", "sign in first"),
    403: Text("不允许", "not allowed"),
    404: Text("没有这个页面或记录", "there is no such page or record"),
    405: Text("此地址不接受这种请求", "this address does not take such requests"),
    408: Text("上传太慢，已中止", "the upload was too slow and was ended"),
    409: Text("与他人的修改冲突", "this conflicts with somebody else's change"),
    413: Text("内容过大", "too large"),
    429: Text("请求太频繁，请稍后再试", "too many requests: try again later"),
    503: Text("暂时不可用，请稍后再试", "not available now: try again later"),
    507: Text(
        "磁盘已满，操作没有完成，没有保存；请告知管理员，腾出空间后重试",
        "the disk is full: nothing was done or kept. Tell the administrator, and try again when there is room",
    ),
}
_FAULT = Text("程序内部错误，操作没有完成；编号 {}", "a fault of the program: nothing was done; number {}")


class Refused(HTTPException):
    """A request that is not carried out: status of HTTP and the sentence.

    An exception of FastAPI, because it lets only those through that are raised while a body is read.
    """

    def __init__(self, status: int, text: Text, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, text.en, headers)
        self.status = status
        self.text = text
        self.headers: dict[str, str] = headers or {}


def words_of_status(status: int) -> Text:
    """Return what is said where only the status of HTTP is known."""
    return _WORDS[status]


def not_found(zh: str, en: str) -> Refused:
    """Return the refusal for what does not exist (or may not be known to exist)."""
    return Refused(404, Text(zh, en))


def add_refusals(app: FastAPI) -> None:
    """Answer every error in one way."""

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        return _answer(request, error.status, error.text, error.headers)

    @app.exception_handler(ZoningError)
    async def sentence(request: Request, error: ZoningError) -> Response:
        return _answer(request, error.http_status, without_places(request, error.text))

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        if has_no_room(error):
            return _full(request)
        text = _WORDS.get(error.status_code, Text(str(error.detail), str(error.detail)))
        return _answer(request, error.status_code, text, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        is_program = request.url.path.startswith(("/api/", "/ogc"))
        return _answer(request, 422, _faults(error) if is_program else wrong_values(error.errors()))

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        return fault_answer(request, error)


def fault_answer(request: Request, error: Exception) -> Response:
    """Return the answer for a fault of the program: a number, under which the log has the rest.

    A full disk is no fault of the program: it is said as it is.
    """
    if has_no_room(error):
        return _full(request)
    number = uuid.uuid4().hex[:8]
    _LOG.error("fault", exc_info=error, extra={"fault": number, "path": request.url.path})
    return _answer(request, 500, Text(_FAULT.zh.format(number), _FAULT.en.format(number)))


def has_no_room(error: BaseException) -> bool:
    """Tell whether an error, or what it came from, is a full disk."""
    found: BaseException | None = error
    while found is not None and not (isinstance(found, NoRoomError) or is_want_of_room(found)):
        found = found.__cause__ or found.__context__
    return found is not None


def _full(request: Request) -> Response:
    _LOG.warning("the disk is full")
    return _answer(request, 507, _WORDS[507])


def refusal_answer(request: Request, error: Refused) -> Response:
    """Return the answer for what was refused before any route was looked for."""
    return _answer(request, error.status, error.text, error.headers)


def without_places(request: Request, text: Text) -> Text:
    """Return a sentence without the folders of this computer: a file is told by its name."""
    from zoning.web.server import server_of

    settings = server_of(request).settings
    folders = sorted({str(settings.state), str(settings.files), str(settings.workspace)}, key=len, reverse=True)
    # Files that are read for a moment lie in folders with random names.
    places = re.compile("|".join(rf"{re.escape(folder)}(?:/uploads/[^/\s]+)?/?" for folder in folders))
    return Text(places.sub("", text.zh), places.sub("", text.en))


def _faults(error: RequestValidationError) -> Text:
    """Return what Pydantic says, for those who write programs."""
    told = [(".".join(map(str, one["loc"][1:])) or "-", str(one["msg"])) for one in error.errors()[:10]]
    listed = "; ".join(f"{where}: {why}" for where, why in told)
    return Text(f"填写有误：{listed}", f"wrong values: {listed}")


def _answer(request: Request, status: int, text: Text, headers: dict[str, str] | None = None) -> Response:
    from zoning.web.routes import wants_page

    if not wants_page(request):
        content: dict[str, Any] = {"status": status, "title": text.en, "detail": text.plain()}
        return JSONResponse(content, status, headers, media_type="application/problem+json")
    from zoning.web.rendering import render

    is_read = request.method in ("GET", "HEAD")
    return render(request, "refused.html.j2", status=status, headers=headers, text=text, is_read=is_read)
