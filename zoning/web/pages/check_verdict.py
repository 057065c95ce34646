"""The verdict page: the answer, its reasons, its questions, and what can be made of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Form, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from zoning.errors import ContentError, UsageError
from zoning.registers.files import Copy
from zoning.rules.access.words import RESULT_TITLES
from zoning.rules.facts import Fact, parse_facts
from zoning.texts import Text
from zoning.web.access import only, signed_in
from zoning.web.checks import Check, demand_ended, get_check, may_see, run_again, share
from zoning.web.checks_made import arguments_of, command_of, map_of, questions_of, verdict_json, words_of
from zoning.web.checks_view import views_of
from zoning.web.headers import DOCUMENT_POLICY
from zoning.web.jobs import list_jobs, start_job
from zoning.web.refusals import Refused, not_found
from zoning.web.rendering import language_of, render
from zoning.web.routes import Routes
from zoning.web.server import server_of, who_of

routes = Routes()
_CHECKERS = only("reviewer", "planner")
_FORMATS: Final = ("docx", "pdf", "xlsx", "html")
_FIELDS: Final[Mapping[str, Text]] = {
    "width": Text("线的宽度（米）", "width of the line (m)"),
    "radius": Text("点的半径（米）", "radius around the point (m)"),
    "area": Text("点的面积（平方米）", "area around the point (m²)"),
    "crs": Text("坐标系", "coordinate system"),
    "encoding": Text("文字编码", "text encoding"),
    "layer": Text("图层或文件", "layer or file"),
}
_KEYS: Final = {"width": "width_m", "radius": "radius_m", "area": "area_m2"}
_OPTION: Final = re.compile(r"--(width|radius|area|crs|encoding|layer)\b")
_SYSTEM: Final = re.compile(r"--crs\s+([A-Za-z]+[:\w]*\d\w*)")
_NAMES: Final = re.compile(r"--layer[^：:]*[：:]\s*(.+)$")
_BETWEEN: Final = re.compile(r"[,，、;；\s]+")
_ASKED_AT_ONCE: Final = 4
_FRAMED: Final = """<style>.page > .answer { display: none !important; }</style><script>
addEventListener("message", ({ source, data }) => {
  const light = typeof zoningMap === "undefined" || !zoningMap.state ? null : zoningMap.state.light;
  if (source !== parent || !light) return;
  light.off();
  const meant = (item) => data && item.dataset.rule === data.rule && item.dataset.key === data.key;
  const found = [...document.querySelectorAll(".finding")].find(meant);
  if (found) light.on(found.dataset);
});
</script>"""
"""The page has the answer itself; a finding that is pointed at there is lit here."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something the reader of the file has to be told; `choices` are those that the sentence names."""

    name: str
    title: Text
    choices: tuple[str, ...]


@routes.get("/checks/{check}", access=signed_in())
def verdict_page(request: Request, check: str, site: int = 0) -> Response:
    """Show a verdict."""
    server, who = server_of(request), who_of(request)
    found = _visible(request, check)
    language = language_of(request)
    views = views_of(server, found, language)
    number = min(max(site, 0), max(len(views) - 1, 0))
    return render(
        request,
        "verdict.html.j2",
        check=found,
        views=views,
        number=number,
        view=views[number] if views else None,
        command=command_of(found),
        fields=_fields(found) if found.state == "refused" else (),
        sentence=_sentence(found),
        vocabulary=server.workspace.rulebook.vocabulary.facts,
        formats=_FORMATS,
        result_titles=RESULT_TITLES,
        jobs=list_jobs(server, who.name, kind=f"check:{found.id}", limit=6),
        may_check=_CHECKERS.admits(who),
        request_url=(server.settings.public_url or str(request.base_url).rstrip("/")) + f"/checks/{found.id}",
    )


@routes.get("/checks/{check}/questions", access=signed_in())
def questions_page(request: Request, check: str, part: int = 0) -> Response:
    """Show the questions that are open; `part`: only the form, for the script of the verdict page."""
    return _questions(request, _visible(request, check), part=bool(part))


@routes.post("/checks/{check}/facts", access=_CHECKERS)
async def answer(request: Request, check: str) -> Response:
    """Check again with what was answered; what is left open stays unknown."""
    from fastapi.concurrency import run_in_threadpool

    form = await request.form(max_fields=2000)
    said = {
        name.removeprefix("fact."): [str(value) for value in form.getlist(name)]
        for name in form
        if name.startswith("fact.")
    }
    return await run_in_threadpool(_answer, request, check, said)


def _answer(request: Request, check: str, said: Mapping[str, Sequence[str]]) -> Response:
    server = server_of(request)
    found = _visible(request, check)
    vocabulary = server.workspace.rulebook.vocabulary
    facts: dict[str, Any] = {}
    for name, values in said.items():
        given = [value.strip() for value in values if value.strip()]
        if given:
            facts[name] = _answer_to(vocabulary.facts.get(name), given)
    try:
        parse_facts(vocabulary, facts, Text("回答", "answers").get(language_of(request)))
    except ContentError as error:
        return _questions(request, found, part=False, facts=facts, problem=error, status=422)
    made = run_again(server, who_of(request), found, on=server.today(), language=language_of(request), facts=facts)
    return RedirectResponse(f"/checks/{made}", 303)


def _answer_to(fact: Fact | None, given: list[str]) -> str | list[str]:
    if fact is not None and fact.kind == "choices":
        return given
    if fact is not None and fact.kind == "code":
        return [word for word in _BETWEEN.split(given[0]) if word]
    return given[0]


@routes.post("/checks/{check}/options", access=_CHECKERS)
def read_otherwise(
    request: Request,
    check: str,
    width: Annotated[str, Form(max_length=20)] = "",
    radius: Annotated[str, Form(max_length=20)] = "",
    area: Annotated[str, Form(max_length=20)] = "",
    crs: Annotated[str, Form(max_length=80)] = "",
    encoding: Annotated[str, Form(max_length=40)] = "",
    layer: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Read the kept file again with what its reader had asked for.

    Raises
    ------
    Refused
        404 when there is no such check, or it is not shared.
    UsageError
        When width, radius or area is no number above zero.
    ContentError
        When the kept file is not there any more, or the register does not answer.
    """
    found = _visible(request, check)
    options = dict(found.request["options"])
    for name, text in {"width": width, "radius": radius, "area": area}.items():
        if text.strip():
            options[_KEYS[name]] = _number(name, text)
    options.update({k: v.strip() for k, v in {"crs": crs, "encoding": encoding, "layer": layer}.items() if v.strip()})
    server = server_of(request)
    made = run_again(
        server, who_of(request), found, on=found.day, language=language_of(request), options=options,
        previous=found.previous,
    )  # fmt: skip
    return RedirectResponse(f"/checks/{made}", 303)


@routes.post("/checks/{check}/share", access=signed_in())
def share_check(request: Request, check: str, shared: Annotated[str, Form()] = "") -> Response:
    """Let everybody of the office see the check by its link, or no longer; only its owner decides."""
    found = _visible(request, check)
    if found.account != who_of(request).name:
        raise Refused(403, Text("只有检查人可以共享", "only who made the check may share it"))
    share(server_of(request), who_of(request), found, shared=shared == "yes")
    return RedirectResponse(f"/checks/{found.id}", 303)


@routes.get("/checks/{check}/map", access=signed_in())
def verdict_map(request: Request, check: str, site: int = 0, download: int = 0, frame: int = 0) -> Response:
    """Give the map of a footprint, apart from the session; `frame`: without the answer, which the page has itself."""
    found = _visible(request, check)
    path = map_of(server_of(request), found, max(site, 0), language_of(request))
    headers = {"content-security-policy": DOCUMENT_POLICY}
    if frame:
        page = path.read_text(encoding="utf-8").replace("</head>", f"{_FRAMED}</head>", 1)
        return Response(page, media_type="text/html", headers=headers)
    name = f"{_stem(found)}-{site + 1}.html" if download else None
    return FileResponse(path, media_type="text/html", headers=headers, filename=name)


@routes.get("/checks/{check}/verdict.json", access=signed_in())
def verdict_file(request: Request, check: str) -> Response:
    """Give the verdicts, in the bytes that the command line writes."""
    found = _visible(request, check)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{_quoted(_stem(found))}.json"}
    return Response(verdict_json(found), media_type="application/json", headers=headers)


@routes.post("/checks/{check}/report", access=signed_in())
def make_report(
    request: Request,
    check: str,
    to: Annotated[list[str] | None, Form()] = None,
    maker: Annotated[str, Form(max_length=100)] = "",
    maps: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Start writing the report.

    Raises
    ------
    Refused
        404 when there is no such check, or it is not shared; else as `zoning.web.jobs.starting.start_job`.
    UsageError
        When no format is chosen.
    ContentError
        When the register does not answer.
    """
    found = _visible(request, check)
    chosen = [name for name in _FORMATS if name in (to or [])]
    if not chosen:
        raise UsageError("请至少选一种格式", "choose at least one format")
    formats = [word for name in chosen for word in ("--to", name)]
    named = ["--maker", maker.strip()] if maker.strip() else []
    title = Text(f"报告：{found.title}", f"report: {found.title}")
    pictures = "--maps" if maps == "yes" else "--no-maps"
    arguments = ["report", "{0}", *arguments_of(found), *formats, *named, pictures, "--out", "{out}"]
    return _started(request, found, title, arguments)


@routes.post("/checks/{check}/advice", access=signed_in())
def make_advice(request: Request, check: str) -> Response:
    """Start looking for what could be done instead."""
    found = _visible(request, check)
    title = Text(f"建议：{found.title}", f"advice: {found.title}")
    return _started(request, found, title, ["advise", "{0}", *arguments_of(found), "--out", "{out}", "--map", "html"])


def _started(request: Request, check: Check, title: Text, arguments: list[str]) -> Response:
    kept = Copy(check.request["name"], check.request["sha256"], 0, check.request["path"])
    language = language_of(request)
    server, who = server_of(request), who_of(request)
    job = start_job(server, who, f"check:{check.id}", title, arguments, [kept], language=language)
    return RedirectResponse(f"/jobs/{job}", 303)


def _visible(request: Request, check: str) -> Check:
    found = get_check(server_of(request), check)
    if found is None or not may_see(who_of(request), found):
        raise not_found("没有这次检查，或没有共享给您", "there is no such check, or it is not shared with you")
    return found


def _questions(
    request: Request,
    check: Check,
    *,
    part: bool,
    facts: Mapping[str, Any] | None = None,
    problem: ContentError | None = None,
    status: int = 200,
) -> Response:
    server = server_of(request)
    demand_ended(check)
    if check.state != "done":
        raise not_found("这次检查没有结论，没有问题可答", "this check has no verdict, so nothing is asked")
    found = questions_of(server, check, language_of(request))
    told = {name: words_of(value) for name, value in (check.facts if facts is None else facts).items()}
    facts_known = server.workspace.rulebook.vocabulary.facts
    return render(
        request,
        "check-questions.html.j2" if part else "check-facts.html.j2",
        status=status,
        check=check,
        asked=found,
        told=told,
        answered=[name for name in facts_known if name in told],
        vocabulary=facts_known,
        at_once=_ASKED_AT_ONCE,
        chosen_first=_chosen_first,
        problem=problem,
        may_check=_CHECKERS.admits(who_of(request)),
    )


def _chosen_first(values: Mapping[str, Text], chosen: Sequence[str]) -> list[tuple[str, Text]]:
    """Return the words of a fact, those that were chosen first: the list is long and they must be seen."""
    return sorted(values.items(), key=lambda item: item[0] not in chosen)


def _fields(check: Check) -> tuple[Field, ...]:
    """Return what the reader asked for in its sentence."""
    said = (check.error or {}).get("zh", "")
    names = dict.fromkeys(_OPTION.findall(said))
    return tuple(Field(name, _FIELDS[name], _choices(name, said)) for name in names)


def _choices(name: str, said: str) -> tuple[str, ...]:
    if name == "crs":
        return tuple(dict.fromkeys(_SYSTEM.findall(said)))
    if name == "layer" and (match := _NAMES.search(said)):
        return tuple(part.strip("“”\"' 。") for part in match[1].split("、"))
    return ("GB18030", "UTF-8", "Big5") if name == "encoding" else ()


def _sentence(check: Check) -> Text | None:
    """Return why there is no verdict, with fields of the page instead of options of the command line."""
    if check.error is None:
        return None
    zh, en = check.error["zh"], check.error["en"]
    if check.state == "refused":
        zh = _OPTION.sub(lambda match: f"“{_FIELDS[match[1]].zh}”", zh)
        en = _OPTION.sub(lambda match: f"'{_FIELDS[match[1]].en}'", en)
    return Text(zh, en)


def _number(name: str, text: str) -> float:
    try:
        found = float(text.strip().replace("，", "."))
    except ValueError:
        found = 0.0
    if not 0 < found <= 1e9:  # noqa: PLR2004 - the reader has narrower limits
        title = _FIELDS[name]
        raise UsageError(f"{title.zh}须为正数", f"{title.en}: a number above zero")
    return found


def _stem(check: Check) -> str:
    return str(check.title).rsplit(".", 1)[0] or "verdict"


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")
