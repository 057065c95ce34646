"""Verdicts of cases: from a check that was made, from other facts, from another boundary. Computed in workers."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError, ZoningError
from zoning.registers.case_rows import CaseVerdict, Why
from zoning.registers.case_verdicts import NewVerdict
from zoning.registers.files import Copy, keep_copy
from zoning.rules.verdict import Verdict
from zoning.texts import Language
from zoning.web.cases.place import copy_of, document_path
from zoning.web.checks import Check
from zoning.web.server import Server
from zoning.web.workers.asking import answer_of, task_folder
from zoning.web.workers.work import Task


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict that can be written down, with the drawn boundary (lon/lat) and what the verdict says of the site."""

    verdict: NewVerdict
    geometry: BaseGeometry | None
    site: Mapping[str, Any]
    files: tuple[Copy, ...] = ()


class NotComputedError(ZoningError):
    """A check that was refused."""

    http_status = 422


class NotYetError(ZoningError):
    """A case was to be made of a check that still runs, or whose end is not written yet."""

    http_status = 409


def from_check(server: Server, check: Check, site: int) -> Found:
    """Return the verdict of one site of a check.

    Raises
    ------
    NotYetError
        When the check has not come to its end.
    UsageError
        When the check failed, or has no such verdict.
    ContentError
        When the verdict cannot be kept.
    """
    if check.state == "waiting":
        raise NotYetError(
            "这次检查还没有完成，没有保存；请稍后再登记",
            "this check has not come to its end yet, and nothing was kept: register the case a little later",
        )
    if check.state == "failed":
        raise UsageError("这次检查没有完成，没有结论", "this check did not come to its end and has no verdict")
    verdicts = (check.answer or {}).get("verdicts", [])
    if not 0 <= site < len(verdicts):
        raise UsageError("这次检查没有这个地块的结论", "this check has no verdict of such a site")
    boundary = copy_of(check.request, server)
    return _found(server, check.answer or {}, site, boundary, check.facts, check.day, "first")


def from_file(
    server: Server, file: Copy, facts: Mapping[str, Any], *, on: date, site: str, why: Why, language: Language
) -> Found:
    """Check a kept boundary file; return the verdict of one of its sites.

    Parameters
    ----------
    site
        Its id; "" where the file has only one.

    Raises
    ------
    NotComputedError
        When the file cannot be read, or the site was refused.
    NoAnswerError
        When the check did not come to an end.
    UsageError
        When the file has several sites and none is named.
    ContentError
        When the verdict cannot be kept.
    """
    told = {
        "file": str(server.settings.files / file.path),
        "name": file.name,
        "on": on.isoformat(),
        "facts": dict(facts),
        "options": {},
    }
    with _done(server, "check", told, language) as (answer, _):
        ids = [str(verdict["site"]["id"]) for verdict in answer["verdicts"]]
        if not ids:
            refused = (answer.get("refused") or [{"zh": "文件中没有地块", "en": "there is no site in the file"}])[0]
            raise NotComputedError(refused["zh"], refused["en"])
        if len(ids) > 1 and site not in ids:
            listed = "、".join(ids[:12])
            raise UsageError(
                f"文件中有 {len(ids)} 个地块，请填写要用的地块编号：{listed}",
                f"the file has {len(ids)} sites, say which one: {listed.replace('、', ', ')}",
            )
        return _found(server, answer, ids.index(site) if site in ids else 0, file, facts, on, why)


def with_facts(server: Server, last: CaseVerdict, facts: Mapping[str, Any], *, on: date, language: Language) -> Found:
    """Check the site of a verdict again with other facts.

    Raises
    ------
    NotComputedError
        When facts are wrong, or the site is refused.
    NoAnswerError
        When the check did not come to an end.
    UsageError, ContentError
        When the verdict cannot be kept.
    """
    site = {"key": "", "document": str(document_path(server, last.document)), "facts": dict(facts)}
    with _done(server, "recheck", {"on": on.isoformat(), "sites": [site]}, language) as (answer, folder):
        result = answer["results"][0]
        if "error" in result:
            raise NotComputedError(result["error"]["zh"], result["error"]["en"])
        copy = keep_copy(server.settings.files, folder / result["file"])
        verdict = json.loads((folder / result["file"]).read_text(encoding="utf-8"))
    made = NewVerdict(result["site"], result["decision"], on, copy, last.boundary, facts, result["digests"], "facts")
    return Found(made, None, verdict["site"])


def differences_between(server: Server, a: CaseVerdict, b: CaseVerdict, language: Language) -> list[Mapping[str, Any]]:
    """Return what differs between two verdicts of a case."""
    told = {key: str(document_path(server, one.document)) for key, one in (("a", a), ("b", b))}
    with _done(server, "compare-verdicts", told, language) as (answer, _):
        changes: list[Mapping[str, Any]] = answer["changes"]
    return changes


@contextmanager
def _done(server: Server, task: str, told: Mapping[str, Any], language: Language) -> Iterator[tuple[Any, Path]]:
    """Run a task, yield its answer and folder; the folder goes afterwards."""
    quotas = server.settings.quotas
    with task_folder(server, "cases") as folder:
        task_ = Task(folder, task, dict(told), language, seconds=quotas.check_s, memory_mb=quotas.memory_mb)
        yield answer_of(server.pool, task_, NotComputedError), folder


def _found(
    server: Server,
    answer: Mapping[str, Any],
    place: int,
    boundary: Copy,
    facts: Mapping[str, Any],
    on: date,
    why: Why,
) -> Found:
    told = answer["verdicts"][place]
    verdict = Verdict.from_plain(told)
    with tempfile.TemporaryDirectory(dir=server.folder("cases")) as folder:
        path = Path(folder) / "verdict.json"
        path.write_text(verdict.to_json(), encoding="utf-8")
        copy = keep_copy(server.settings.files, path)
    digests = verdict.digests.model_dump(mode="json")
    new = NewVerdict(verdict.site.id, verdict.decision, on, copy, boundary.sha256, facts, digests, why)
    return Found(new, _drawn(answer.get("sites", []), place), told["site"], (boundary,))


def _drawn(sites: Sequence[Mapping[str, Any]], place: int) -> BaseGeometry | None:
    """Return the drawn boundary of a site as areas that are valid; None where there is none."""
    if place >= len(sites):
        return None
    shape = shapely.from_geojson(json.dumps(sites[place]["geometry"]))
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    return shapely.MultiPolygon(parts) if parts else None
