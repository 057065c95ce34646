"""The pages of new editions: hand in, describe, look at audit and differences, put into force, take back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Depends, Form, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from starlette.datastructures import FormData

from zoning.errors import UsageError, ZoningError
from zoning.layers.catalogue import Layer
from zoning.layers.edition_text import changed_lines
from zoning.registers.canonical import digest
from zoning.registers.failures import RegisterFailedError
from zoning.texts import Text
from zoning.web.access import only
from zoning.web.editions.differences import PIECES, ZONE_WORDS, difference_of, kind_of_piece
from zoning.web.editions.drafts import (
    discard,
    hand_in,
    jobs_of,
    json_result,
    layer_of,
    preview,
    result_file,
    settle,
    would_change,
)
from zoning.web.editions.listing import territory_names
from zoning.web.editions.recovering import begin
from zoning.web.editions.settings import Settings, codes_of
from zoning.web.editions.store import STATES, Uploaded, get_edition, history
from zoning.web.editions.switching import activate, new_text, roll_back, settings_of
from zoning.web.headers import DOCUMENT_POLICY
from zoning.web.jobs.job import STATES as JOB_STATES
from zoning.web.jobs.job import Job
from zoning.web.pages.layers import EDITORS, drawn
from zoning.web.refusals import Refused, without_places
from zoning.web.rendering import language_of, render
from zoning.web.routes import Routes
from zoning.web.server import Server, server_of, who_of
from zoning.web.uploads import upload_folder, write_upload

routes = Routes()
_ADMIN: Final = only("admin")
_DOWNLOADS: Final = ("audit.json", "issues.csv", "comparison.json", "comparison.xlsx", "pieces.gpkg")
Version = Annotated[int, Form(ge=1)]
Note = Annotated[str, Form(max_length=500)]


BACKGROUND = (begin,)


async def _read_form(request: Request) -> FormData:
    return await request.form()


WholeForm = Annotated[FormData, Depends(_read_form)]


@routes.get("/layers/{layer}/upload", access=EDITORS)
def upload_page(request: Request, layer: str) -> Response:
    """Show the form for a new edition."""
    return _upload(request, layer, {})


@routes.post("/layers/{layer}/upload", access=EDITORS)
def upload(
    request: Request,
    layer: str,
    file: UploadFile | None = None,
    edition: Annotated[str, Form(max_length=80)] = "",
    valid_from: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Keep the file and look at what it holds.

    Raises
    ------
    Refused
        404 when there is no such layer; what else is refused stands on the page.
    """
    server = server_of(request)
    found = layer_of(server, layer)
    typed = {"edition": edition, "valid_from": valid_from}
    try:
        if file is None or not file.filename:
            raise UsageError("请选择数据文件", "choose the data file")
        with upload_folder(server) as folder:
            path = write_upload(file, folder)
            made = hand_in(server, who_of(request), found, edition.strip(), _day(valid_from), path)
    except ZoningError as error:
        return _upload(request, layer, typed, error.text, error.http_status)
    except Refused as refused:
        return _upload(request, layer, typed, refused.text, refused.status)
    return RedirectResponse(f"/editions/{made}", 303)


def _upload(
    request: Request, layer: str, typed: dict[str, str], problem: Text | None = None, status: int = 200
) -> Response:
    server = server_of(request)
    return render(
        request,
        "layer-upload.html.j2",
        status=status,
        layer=layer_of(server, layer),
        typed=typed,
        problem=None if problem is None else without_places(request, problem),
        today=server.today(),
    )


@routes.get("/editions/{edition}", access=EDITORS)
def edition_page(request: Request, edition: str) -> Response:
    """Show an edition: its description, then what came of the preview."""
    server = server_of(request)
    jobs = _jobs_before(server, edition)
    return _page(request, settle(server, edition), jobs=jobs)


@routes.get("/editions/{edition}/state", access=EDITORS)
def edition_state(request: Request, edition: str) -> Response:
    """Return how far the preview is, for the script of the page."""
    server = server_of(request)
    jobs = _jobs_before(server, edition)
    found = settle(server, edition)
    content = {
        "state": found.state,
        "version": found.version,
        "jobs": {
            kind: {"state": job.state, "word": JOB_STATES[job.state].get(language_of(request)), "ended": job.has_ended}
            for kind, job in jobs.items()
        },
    }
    return JSONResponse(content)


@routes.post("/editions/{edition}/preview", access=EDITORS)
def preview_edition(request: Request, edition: str, form: WholeForm, version: Version) -> Response:
    """Convert the file as described, and start audit and comparison."""
    server = server_of(request)
    found = get_edition(server, edition)
    typed = settings_of(found)
    try:
        typed = _typed(form, found, layer_of(server, found.layer))
        preview(server, who_of(request), edition, version, typed, language_of(request))
    except ZoningError as error:
        return _page(request, get_edition(server, edition), typed, error.text, error.http_status)
    except Refused as refused:
        return _page(request, get_edition(server, edition), typed, refused.text, refused.status)
    return RedirectResponse(f"/editions/{edition}#preview", 303)


@routes.post("/editions/{edition}/activate", access=_ADMIN)
def activate_edition(request: Request, edition: str, version: Version, note: Note = "") -> Response:
    """Put an edition into force."""
    return _switched(request, edition, lambda server: activate(server, who_of(request), edition, version, note))


@routes.post("/editions/{edition}/rollback", access=_ADMIN)
def roll_edition_back(request: Request, edition: str, version: Version, note: Note = "") -> Response:
    """Take an edition back."""
    return _switched(request, edition, lambda server: roll_back(server, who_of(request), edition, version, note))


@routes.post("/editions/{edition}/discard", access=EDITORS)
def discard_edition(request: Request, edition: str, version: Version, note: Note = "") -> Response:
    """Give up an edition that waits."""
    server, who = server_of(request), who_of(request)
    found = get_edition(server, edition)
    if found.uploaded_by != who.name and not who.has("admin"):
        raise Refused(403, Text("只有上传人或管理员可以放弃", "only who handed it in or an administrator may do this"))
    return _switched(request, edition, lambda _: discard(server, who, edition, version, note))


def _switched(request: Request, edition: str, do: Callable[[Server], None]) -> Response:
    server = server_of(request)
    try:
        do(server)
    except RegisterFailedError:
        raise  # there may be no database to make the page from, and its sentence would be another one
    except ZoningError as error:
        return _page(request, get_edition(server, edition), None, error.text, error.http_status)
    except Refused as refused:
        return _page(request, get_edition(server, edition), None, refused.text, refused.status)
    return RedirectResponse(f"/editions/{edition}", 303)


@routes.get("/editions/{edition}/map", access=EDITORS)
def edition_map(request: Request, edition: str) -> Response:
    """Show what changes, as a drawing within a page."""
    server = server_of(request)
    found = get_edition(server, edition)
    layer = layer_of(server, found.layer)
    path = result_file(server, found, "pieces.gpkg")
    is_line = layer.geometry == "line"
    on = found.told["jobs"]["on"]
    told = {"pieces": str(path), "layer": layer.id, "on": on, "line": is_line}
    answer = drawn(server, digest([path.name, on]), told)
    parts = [(PIECES[kind_of_piece(word)], path, answer["zones"][word]) for word, path in answer["shapes"].items()]
    return render(request, "layer-pieces.html.j2", drawing=answer, parts=parts, is_line=is_line, label=layer.title)


@routes.get("/editions/{edition}/cases", access=EDITORS)
def edition_cases(request: Request, edition: str) -> Response:
    """Show which cases of the register would come out otherwise, as a part of a page."""
    server = server_of(request)
    cases = would_change(server, get_edition(server, edition))
    return render(request, "layer-cases.html.j2", cases=cases)


@routes.get("/editions/{edition}/audit", access=EDITORS)
def audit_document(request: Request, edition: str) -> Response:
    """Show the report of the audit, apart from the session."""
    server = server_of(request)
    path = result_file(server, get_edition(server, edition), "audit.html")
    return FileResponse(path, media_type="text/html", headers={"content-security-policy": DOCUMENT_POLICY})


@routes.get("/editions/{edition}/file", access=EDITORS)
def download(request: Request, edition: str, name: Annotated[str, Query(max_length=40)]) -> Response:
    """Return a result of the preview, the uploaded file (`upload`) or the converted data (`data`)."""
    server = server_of(request)
    found = get_edition(server, edition)
    stem = f"{found.layer}-{found.edition}"
    kind = "application/octet-stream"
    if name == "upload":
        return FileResponse(server.settings.files / found.file["path"], media_type=kind, filename=found.file["name"])
    if name == "data" and found.told.get("data"):
        path = server.settings.files / found.told["data"]["path"]
        return FileResponse(path, media_type=kind, filename=f"{stem}.gpkg")
    path = result_file(server, found, name if name in _DOWNLOADS else "")
    return FileResponse(path, media_type=kind, filename=f"{stem}-{name}")


def _jobs_before(server: Server, edition: str) -> Mapping[str, Job]:
    """Return the jobs as they stand before their results are taken: who sees that both have ended sees what came."""
    return jobs_of(server, get_edition(server, edition))


def _page(
    request: Request,
    found: Uploaded,
    typed: Settings | None = None,
    problem: Text | None = None,
    status: int = 200,
    *,
    jobs: Mapping[str, Job] | None = None,
) -> Response:
    server = server_of(request)
    layer = layer_of(server, found.layer)
    settings = typed or settings_of(found)
    table = table_of(found, settings.table)
    jobs = jobs_of(server, found) if jobs is None else jobs
    comparison = json_result(server, found, "comparison.json")
    return render(
        request,
        "layer-edition.html.j2",
        status=status,
        edition=found,
        layer=layer,
        settings=settings,
        table=table,
        values=next((one["values"] for one in table["fields"] if one["name"] == settings.class_field), None) or {},
        territories=territory_names(server),
        states=STATES,
        jobs=jobs,
        job_states=JOB_STATES,
        problem=None if problem is None else without_places(request, problem),
        audit=json_result(server, found, "audit.json"),
        difference=None if comparison is None else difference_of(comparison, layer),
        zone_words=ZONE_WORDS,
        is_text=lambda value: isinstance(value, Text),
        lines=_lines(server, found),
        log=history(server, (found.id,)),
        today=server.today(),
        kept=found.told.get("kept") or {},
        runs=bool(jobs) and found.state == "uploaded" and not all(job.has_ended for job in jobs.values()),
    )


def table_of(found: Uploaded, name: str | None) -> Mapping[str, Any]:
    """Return a table of the uploaded file; the first where there is none of the name."""
    tables: Sequence[Mapping[str, Any]] = found.told["tables"]
    return next((one for one in tables if one["name"] == name), tables[0])


def _lines(server: Server, found: Uploaded) -> tuple[tuple[str, str], ...]:
    """Return what would change in the layer's file; nothing where it cannot be told any more."""
    if not found.is_open or not found.told.get("data"):
        return ()
    path = server.settings.workspace / "layers" / f"{found.layer}.yaml"
    try:
        return changed_lines(path.read_text(encoding="utf-8"), new_text(server, found))
    except (ZoningError, OSError, UnicodeDecodeError):
        return ()


def _typed(form: FormData, found: Uploaded, layer: Layer) -> Settings:
    """Return the settings as they were typed.

    Raises
    ------
    UsageError
        When a day or a number is none.
    """

    def told(name: str) -> str:
        value = form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    before = settings_of(found)
    names = {one["name"] for one in found.told["tables"]}
    values = {str(number): _text(form, f"value-{number}") for number in range(_count(form))}
    codes = {value: told(f"class-{number}") for number, value in values.items() if told(f"class-{number}")}
    table = told("table") if told("table") in names and len(names) > 1 else before.table
    if told("class_field") != told("values_of"):
        codes = codes_of(layer, table_of(found, table), told("class_field"))
    return replace(
        before,
        edition=told("edition"),
        valid_from=_day(told("valid_from")),
        table=table,
        id_field=told("id_field"),
        name_field=told("name_field"),
        class_field=told("class_field"),
        codes=codes,
        attributes={name: told(f"attribute-{name}") for name in before.attributes},
        crs=told("crs"),
        territories=tuple(one for one in form.getlist("territories") if isinstance(one, str)),
        accuracy_m=_number(told("accuracy_m")),
        source=Text(told("source_zh"), told("source_en") or told("source_zh")),
    )


def _count(form: FormData) -> int:
    return sum(name.startswith("value-") for name in form)


def _text(form: FormData, name: str) -> str:
    value: Any = form.get(name, "")
    return value if isinstance(value, str) else ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(
            f"生效日“{text[:20]}”不是日期；写成 2027-01-01 的形式",
            f"'{text[:20]}' is no day: write it like 2027-01-01",
        ) from error


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError as error:
        raise UsageError(f"位置精度“{text[:20]}”不是数字", f"the accuracy '{text[:20]}' is no number") from error
    if found != found:  # noqa: PLR0124 - NaN
        raise UsageError("位置精度不是数字", "the accuracy is no number")
    return found
