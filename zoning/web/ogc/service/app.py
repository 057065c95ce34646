"""The services as an application: each request is judged here, answered by pygeoapi, and its answer put right.

pygeoapi is used through its functions and an `API` object of our own for every request; its Starlette application,
which reads one environment variable for the whole process, is not loaded. So two servers in one process do not mix.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pygeoapi.api import API, APIRequest, describe_collections, get_collection_schema, landing_page
from pygeoapi.api.itemtypes import get_collection_item, get_collection_items, get_collection_queryables
from pygeoapi.api.processes import delete_job, describe_processes, execute_process, get_job_result, get_jobs
from pygeoapi.process.base import JobNotFoundError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from zoning.errors import ZoningError
from zoning.texts import Language, Text
from zoning.web.access import NOBODY, Who
from zoning.web.ogc.service import document, job_keeping, provider, site_check, tidy
from zoning.web.ogc.service.collection import Collection
from zoning.web.ogc.service.conformance import CLASSES
from zoning.web.ogc.service.execution import Execution, execution
from zoning.web.ogc.service.job_keeping import Asking
from zoning.web.ogc.service.operations import OPERATIONS, Operation
from zoning.web.ogc.service.provider import Asked
from zoning.web.ogc.service.reference import SYSTEMS
from zoning.web.ogc.service.refusing import (
    NO_SUCH_JOB,
    NO_SUCH_PROCESS,
    RESULT_NOT_READY,
    OgcRefused,
    bad,
    missing,
    refusal,
)
from zoning.web.ogc.service.selection import selection, system, whole
from zoning.web.ogc.service.view import Views
from zoning.web.refusals import Refused

if TYPE_CHECKING:
    from zoning.web.server import Server

logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)  # it logs what was asked, persons and all
_TITLE: Final = {"zh": "分区管控研判数据服务", "en": "zoning data services"}
_KINDS: Final = {"NoSuchJob": NO_SUCH_JOB, "NoSuchProcess": NO_SUCH_PROCESS, "ResultNotReady": RESULT_NOT_READY}
_TYPES: Final = {
    "items": "application/geo+json",
    "item": "application/geo+json",
    "schema": "application/schema+json",
    "queryables": "application/schema+json",
    "openapi": "application/vnd.oai.openapi+json;version=3.0",
}
_PASSED: Final = ("content-crs", "location", "preference-applied", "content-language")
_RELATIONS = "http://www.opengis.net/def/rel/ogc/1.0"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What pygeoapi sees of a request."""

    query_params: Mapping[str, str]
    scope: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)


class Asker:
    """One request: what it asks for, who asks, and pygeoapi as it is to see both."""

    def __init__(self, service: "Service", operation: Operation, request: Request, body: bytes) -> None:
        self.service = service
        self.operation = operation
        self.request = request
        self.body = body
        self.who: Who = getattr(request.state, "who", NOBODY)
        self.base = _base(service.server, request)
        self.view = service.views.view(self.who)
        self.params: Mapping[str, str] = dict(request.query_params)
        self.path: Mapping[str, str] = request.path_params
        self.today = service.server.today()

    @property
    def language(self) -> Language:
        """Language of sentences: as asked for, of the account, of the server."""
        told = self.params.get("lang", "") or self.request.headers.get("accept-language", "")
        if told.lower().startswith(("zh", "en")):
            return "zh" if told.lower().startswith("zh") else "en"
        return self.who.language or self.service.server.settings.language

    def collection(self) -> Collection:
        """Return the collection of the path; one that may not be seen is not there."""
        found = self.view.collections.get(self.path["collection"])
        if found is None:
            raise missing("没有这个图层或台账", "there is no such collection")
        return found

    def api(self, asked: Mapping[str, Asked], wanted: Execution | None = None) -> API:
        """Return pygeoapi with these collections, for this request alone."""
        resources: dict[str, Any] = {name: _resource(one) for name, one in asked.items()}
        if self.view.may_check:
            resources[site_check.ID] = {"type": "process", "processor": {"name": site_check.NAME}}
        api = API(_config(self.base, resources, self.language), {})
        api.base_url = self.base
        api.manager = api.manager.asked(Asking(self.service.server, self.who, self.language, wanted))
        return api

    def asking(self) -> APIRequest:
        """Return the request as pygeoapi sees it: JSON is wanted, whatever a browser accepts.

        Headers stay here: what pygeoapi makes of languages, encodings and formats of strangers ends in faults.
        """
        kept = {name: value for name, value in self.params.items() if name in ("limit", "offset", "crs")}
        made = APIRequest(_Seen(kept, {"path": self.request.url.path}), _locales(self.language))
        made._data = self.body  # noqa: SLF001 - what its own factories do
        made._format = "json"  # noqa: SLF001 - what its own factories do
        return made


class Service:
    """The services of one server."""

    def __init__(self, server: "Server") -> None:
        self.server = server
        self.views = Views(server)

    def application(self) -> Router:
        """Return the application; faults are left to the server around it."""
        routes = [Route(one.path, self._endpoint(one), methods=[one.method]) for one in OPERATIONS]
        return Router(routes=routes, redirect_slashes=False)

    def _endpoint(self, operation: Operation) -> Callable[[Request], Any]:
        answer = getattr(_Answers, operation.id)

        async def endpoint(request: Request) -> Response:
            body = await request.body() if operation.method == "POST" else b""

            def work() -> Response:
                try:
                    asker = Asker(self, operation, request, body)
                    _judge(asker)
                    return _response(asker, *answer(asker))
                except Refused as error:
                    return refusal(error.status, error.text, getattr(error, "kind", "about:blank"))
                except ZoningError as error:
                    return refusal(error.http_status, error.text)

            return await run_in_threadpool(work)

        return endpoint


Said = tuple[Mapping[str, str], int, Any]


class _Answers:
    """What each operation answers: headers, status, document."""

    @staticmethod
    def landing(ask: Asker) -> Said:
        headers, status, content = _said(landing_page(ask.api({}), ask.asking()))
        found = tidy.landing(tidy.without_pages(content), may_check=ask.view.may_check)
        found["links"].append({"rel": f"{_RELATIONS}/conformance", "type": "application/json", "title": "Conformance",
                               "href": f"{ask.base}/conformance"})  # fmt: skip
        return headers, status, found

    @staticmethod
    def openapi(ask: Asker) -> Said:
        return {}, 200, document.document(ask.base, ask.view)

    @staticmethod
    def conformance(ask: Asker) -> Said:
        _ = ask
        return {}, 200, {"conformsTo": list(CLASSES)}

    @staticmethod
    def collections(ask: Asker) -> Said:
        asked = {name: Asked(one, ask.today) for name, one in ask.view.collections.items()}
        headers, status, content = _said(describe_collections(ask.api(asked), ask.asking()))
        tidied = tidy.without_pages(content)
        described = [
            tidy.described(one, found := ask.view.collections[one["id"]], found.extent(ask.today))
            for one in tidied["collections"]
        ]
        return headers, status, tidy.collections(tidied, described)

    @staticmethod
    def collection(ask: Asker) -> Said:
        one = ask.collection()
        api = ask.api({one.id: Asked(one, ask.today)})
        headers, status, content = _said(describe_collections(api, ask.asking(), one.id))
        return headers, status, tidy.described(tidy.without_pages(content), one, one.extent(ask.today))

    @staticmethod
    def schema(ask: Asker) -> Said:
        one = ask.collection()
        return _said(get_collection_schema(ask.api({one.id: Asked(one, ask.today)}), ask.asking(), one.id))

    @staticmethod
    def queryables(ask: Asker) -> Said:
        one = ask.collection()
        return _said(get_collection_queryables(ask.api({one.id: Asked(one, ask.today)}), ask.asking(), one.id))

    @staticmethod
    def items(ask: Asker) -> Said:
        one = ask.collection()
        wanted = selection(ask.params, frozenset(one.fields))
        api = ask.api({one.id: Asked(one, ask.today, wanted)})
        headers, status, content = _said(get_collection_items(api, ask.asking(), one.id))
        return headers, status, tidy.items(content, ask.base, one.id, ask.params, wanted)

    @staticmethod
    def item(ask: Asker) -> Said:
        one = ask.collection()
        crs = system(ask.params, "crs")
        api = ask.api({one.id: Asked(one, ask.today, crs=crs)})
        headers, status, content = _said(get_collection_item(api, ask.asking(), one.id, ask.path["feature"]))
        href = f"{ask.base}/collections/{one.id}/items/{quote(ask.path['feature'], safe='')}"
        return headers, status, tidy.item(content, ask.base, one.id, href)

    @staticmethod
    def processes(ask: Asker) -> Said:
        headers, status, content = _said(describe_processes(ask.api({}), ask.asking()))
        return headers, status, _described(content)

    @staticmethod
    def process(ask: Asker) -> Said:
        headers, status, content = _said(describe_processes(ask.api({}), ask.asking(), ask.path["process"]))
        return headers, status, _described(content)

    @staticmethod
    def execute(ask: Asker) -> Said:
        if ask.path["process"] != site_check.ID:
            raise missing("没有这个处理", "there is no such process", NO_SUCH_PROCESS)
        wanted = execution(ask.body, ask.request.headers.get("prefer", ""))
        api = ask.api({}, wanted)
        headers, status, content = _said(execute_process(api, ask.asking(), ask.path["process"]))
        if wanted.is_async:  # pygeoapi leaves the status out where the answer is wanted as a document
            return headers, status, api.manager.status_of(headers["Location"].rpartition("/")[2])
        return {name: value for name, value in headers.items() if name.lower() != "location"}, status, content

    @staticmethod
    def jobs(ask: Asker) -> Said:
        headers, status, content = _said(get_jobs(ask.api({}), ask.asking()))
        return headers, status, tidy.without_pages(content)

    @staticmethod
    def job(ask: Asker) -> Said:
        api = ask.api({})
        _job(api, ask.path["job"])
        headers, status, content = _said(get_jobs(api, ask.asking(), ask.path["job"]))
        return headers, status, tidy.without_pages({k: v for k, v in content.items() if v is not None})

    @staticmethod
    def dismiss(ask: Asker) -> Said:
        headers, status, content = _said(delete_job(ask.api({}), ask.asking(), ask.path["job"]))
        return headers, status, {**content, "processID": site_check.ID, "type": "process"}

    @staticmethod
    def results(ask: Asker) -> Said:
        api = ask.api({})
        job = _job(api, ask.path["job"])
        if job["status"] == "failed":
            raise OgcRefused(422, Text(job["message"], job["message"]))
        return _said(get_job_result(api, ask.asking(), ask.path["job"]))


def _job(api: API, job: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = api.manager.get_job(job)
    except JobNotFoundError:
        raise missing("没有这个任务", "there is no such job", NO_SUCH_JOB) from None
    return found


def _judge(ask: Asker) -> None:
    """Refuse what nobody knows: parameters that would be ignored, forms that are not offered."""
    operation = ask.operation
    if operation.checks and not ask.view.may_check:
        raise OgcRefused(403, Text("您的角色或令牌不能使用此功能", "your role or token may not use this"))
    known = set(operation.parameters)
    if operation.fields:
        known |= set(ask.collection().fields)
    names = [name for name, _ in ask.request.query_params.multi_items()]
    for name in names:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise bad(f"没有参数“{name[:40]}”；可用：{listed}", f"unknown parameter '{name[:40]}'; allowed: {listed}")
        if names.count(name) > 1:
            raise bad(f"参数“{name[:40]}”出现多次", f"the parameter '{name[:40]}' is there more than once")
    whole(ask.params, "limit", 1, 1)
    whole(ask.params, "offset", 0, 0)
    if any(not value.isprintable() for value in ask.path.values()):
        raise missing("没有这项内容", "there is no such thing")
    if ask.params.get("f", "json") != "json":
        raise bad("f 只能为 json", "f can only be json")
    if ask.params.get("lang", "zh") not in ("zh", "en", "zh-CN", "en-US"):
        raise bad("lang 为 zh 或 en", "lang is zh or en")


def _said(answer: tuple[Mapping[str, str], int, Any], kind: str = "") -> Said:
    """Return what pygeoapi answers as a document; raise what it refuses."""
    headers, status, content = answer
    found = json.loads(content) if isinstance(content, str | bytes) else content
    if int(status) >= 400:  # noqa: PLR2004 - from here on HTTP calls it an error
        code, why = str(found.get("code", "")), str(found.get("description", "refused"))
        number = 404 if code == "NotFound" else int(status)
        text = Text("没有这项内容", "there is no such thing") if number == 404 else Text(f"请求有误：{why}", why)  # noqa: PLR2004 - HTTP: not found
        raise OgcRefused(number, text, kind or _KINDS.get(code, "about:blank"))
    return headers, int(status), found


def _described(content: dict[str, Any]) -> dict[str, Any]:
    """Return processes with how they can be controlled, as this server does it."""
    control = site_check.METADATA["jobControlOptions"]
    if "processes" in content:
        content["processes"] = [{**one, "jobControlOptions": control} for one in content["processes"]]
    else:
        content["jobControlOptions"] = control
    found: dict[str, Any] = tidy.without_pages(content)
    return found


def _response(ask: Asker, headers: Mapping[str, str], status: int, content: Any) -> Response:
    kept = {name: value for name, value in headers.items() if name.lower() in _PASSED}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    media = _TYPES.get(ask.operation.id, "application/json")
    return Response(text, status, {**kept, "vary": "authorization, cookie"}, media_type=media)


def _base(server: "Server", request: Request) -> str:
    root = server.settings.public_url or f"{request.url.scheme}://{request.url.netloc}"
    return f"{root}/ogc"


def _locales(language: Language) -> list[str]:
    return ["zh-CN", "en-US"] if language == "zh" else ["en-US", "zh-CN"]


def _config(base: str, resources: dict[str, Any], language: Language) -> dict[str, Any]:
    return {
        "server": {
            "url": base,
            "languages": _locales(language),
            "limits": {"default_items": 500, "max_items": 5000},
            "manager": {"name": job_keeping.NAME},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": _TITLE, "description": _TITLE, "url": base, "keywords": []},
            "license": {"name": ""},
            "provider": {"name": ""},
            "contact": {"name": ""},
        },
        "resources": resources,
    }


def _resource(asked: Asked) -> dict[str, Any]:
    one = asked.collection
    return {
        "type": "collection",
        "title": one.title.plain(),
        "description": one.description.plain(),
        "keywords": [],
        "links": [],
        "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}},
        "providers": [{"type": "feature", "name": provider.NAME, "data": asked, "crs": list(SYSTEMS)}],
    }
