"""REST: checks."""

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import func, select
from starlette.datastructures import FormData, UploadFile

from zoning.registers.schema_server import StoredCheck
from zoning.texts import Text
from zoning.web.access import only
from zoning.web.api.content.checking import check_now, told_check, visible_check
from zoning.web.api.content.handed_in import HandedIn, check_crs, check_day, check_facts, handed_in
from zoning.web.api.content.models import (
    NOT_YET,
    PROBLEMS,
    CheckLine,
    CheckList,
    CheckTold,
    NoParameters,
    PageWanted,
    QuestionsTold,
)
from zoning.web.api.content.strict_json import bad_request, parse_json
from zoning.web.checks_made import questions_of
from zoning.web.refusals import Refused
from zoning.web.rendering import language_of
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of
from zoning.web.uploads import plain_name

routes = Routes(prefix="/api/v1", tags=["checks"], in_schema=True)
_CHECKERS = only("reviewer", "planner", scope="check")
_FORM_KEYS = ("file", "facts", "on", "crs", "csrf")
_GEOJSON = {
    "type": "object",
    "description": "GeoJSON: Polygon, MultiPolygon, Feature or FeatureCollection, longitude and latitude",
    "required": ["type"],
}
_FACTS = {"type": "object", "description": "fact -> value; GET /api/v1/checks/{check}/questions names them"}
_DAY = {"type": "string", "format": "date", "description": "the day whose law and layers are asked; today if left out"}
_CRS = {"type": "string", "maxLength": 60, "pattern": "^[A-Za-z0-9:_.-]+$", "description": "such as EPSG:4547"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "site": _GEOJSON,
                        "text": {"type": "string", "maxLength": 2_000_000, "description": "coordinates as text"},
                        "file": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["name", "content"],
                            "properties": {
                                "name": {"type": "string", "minLength": 1, "maxLength": 500},
                                "content": {"type": "string", "contentEncoding": "base64"},
                            },
                        },
                        "facts": _FACTS,
                        "on": _DAY,
                        "crs": _CRS,
                    },
                    "example": {
                        "site": {
                            "type": "Polygon",
                            "coordinates": [
                                [[112.4016, 35.4886], [112.4031, 35.4886], [112.4031, 35.4895], [112.4016, 35.4886]]
                            ],
                        },
                        "facts": {},
                        "on": "2026-11-23",
                    },
                }
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "facts": {"type": "string", "description": "JSON object"},
                        "on": _DAY,
                        "crs": _CRS,
                    },
                }
            },
        },
    }
}


@routes.post(
    "/checks", access=_CHECKERS, response_model=CheckTold, responses=PROBLEMS, openapi_extra=_BODY, status_code=200
)
async def make_check(request: Request, _: NoParameters) -> Any:
    """Check a boundary and wait for the verdicts: one of `site` (GeoJSON), `text` (coordinates), `file`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        told = await _of_form(await request.form(max_files=64, max_fields=2000))
    elif kind == "application/json":
        told = await run_in_threadpool(_of_json, await request.body())
    else:
        raise bad_request(
            "内容应为 application/json 或 multipart/form-data",
            "the content has to be application/json or multipart/form-data",
        )
    check = await run_in_threadpool(check_now, server_of(request), who_of(request), told, language_of(request))
    if check.state == "failed":
        error = check.error or {"zh": "没有得出结果", "en": "there is no result"}
        raise Refused(503, Text(error["zh"], error["en"]))
    if check.state == "refused" and check.error is not None:
        raise Refused(422, Text(check.error["zh"], check.error["en"]))
    return told_check(check)


@routes.get("/checks", access=_CHECKERS, response_model=CheckList, responses=PROBLEMS)
def list_checks(request: Request, page: PageWanted) -> Any:
    """Return the checks of whoever asks, the newest first."""
    server, who = server_of(request), who_of(request)
    mine = StoredCheck.account == who.name
    columns = [getattr(StoredCheck, name) for name in ("id", "state", "at", "day", "title", "decision")]
    query = select(*columns).where(mine).order_by(StoredCheck.at.desc(), StoredCheck.id)
    with server.store.database.reading() as connection:
        total = connection.execute(select(func.count()).select_from(StoredCheck).where(mine)).scalar_one()
        rows = connection.execute(query.limit(page.limit).offset(page.offset)).all()
    items = [
        CheckLine(check=row.id, state=row.state, at=row.at, on=row.day, title=row.title, decision=row.decision)
        for row in rows
    ]
    end = page.offset + len(items)
    return CheckList(items=items, total=total, next=end if items and end < total else None)


@routes.get("/checks/{check}", access=_CHECKERS, response_model=CheckTold, responses=PROBLEMS)
def read_check(request: Request, check: str, _: NoParameters) -> Any:
    """Return a check with its verdicts: one's own, or one that is shared."""
    return told_check(visible_check(server_of(request), who_of(request), check))


@routes.get(
    "/checks/{check}/questions", access=_CHECKERS, response_model=QuestionsTold, responses={**PROBLEMS, **NOT_YET}
)
def read_questions(request: Request, check: str, _: NoParameters) -> Any:
    """Return what is still to be asked about the footprints of a check, in the order of what it decides."""
    server, who = server_of(request), who_of(request)
    return questions_of(server, visible_check(server, who, check), language_of(request))


def _of_json(data: bytes) -> HandedIn:
    return handed_in(parse_json(data))


async def _of_form(form: FormData) -> HandedIn:
    for key in form:
        if key not in _FORM_KEYS:
            listed = ", ".join(_FORM_KEYS[:-1])
            raise bad_request(f"没有“{key[:40]}”；可用：{listed}", f"there is no '{key[:40]}'; allowed: {listed}")
    files = form.getlist("file")
    if len(files) != 1 or not isinstance(files[0], UploadFile):
        raise bad_request("file 应为一个文件", "file has to be one file")
    data = await files[0].read()
    if not data:
        raise bad_request("file 是空的", "the file is empty")
    texts = {key: form.get(key) for key in ("facts", "on", "crs")}
    if any(isinstance(value, UploadFile) for value in texts.values()):
        raise bad_request("facts、on、crs 应为文字", "facts, on and crs are texts")
    facts = str(texts["facts"] or "")
    return HandedIn(
        plain_name(files[0].filename or "upload"),
        data,
        check_facts(parse_json(facts.encode("utf-8", "replace")) if facts.strip() else None),
        check_day(texts["on"] or None),
        {"crs": check_crs(texts["crs"])} if texts["crs"] else {},
    )
