"""An edition before it goes live: handed in, described, converted, audited, compared; nothing of it is used yet."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from zoning.errors import ContentError, UsageError, ZoningError
from zoning.layers.catalogue import Layer
from zoning.registers.files import Copy, keep_copy
from zoning.registers.log import append
from zoning.texts import Language, Text
from zoning.web.access import Who
from zoning.web.editions.changed import cases_of_preview
from zoning.web.editions.recovering import layer_sha256
from zoning.web.editions.settings import Settings, check_id, check_settings, prefilled
from zoning.web.editions.store import Uploaded, add_edition, change, conflict, edition_in, entry, get_edition
from zoning.web.editions.switching import new_text, staged
from zoning.web.jobs import Job, find_job, start_job
from zoning.web.jobs.job import ANSWERS
from zoning.web.refusals import not_found
from zoning.web.server import Server
from zoning.web.workers.asking import answer_of, task_folder
from zoning.web.workers.work import Task

KEPT: Final = {
    "audit": ("audit.html", "audit.json", "issues.csv"),
    "compare": ("comparison.json", "comparison.xlsx", "pieces.gpkg"),
}
"""Results of the two jobs that are kept with the edition."""
_SECONDS: Final = 600.0


def layer_of(server: Server, layer: str) -> Layer:
    """Return a layer.

    Raises
    ------
    Refused
        404.
    """
    found = server.workspace.catalogue.layers.get(layer)
    if found is None:
        raise not_found("没有这个图层", "there is no such layer")
    return found


def run_task(
    server: Server,
    folder: Path,
    task: str,
    told: Mapping[str, Any],
    language: Language = "zh",
    refuse: type[ZoningError] = UsageError,
) -> dict[str, Any]:
    """Let a worker do a task in a folder; return its answer.

    Parameters
    ----------
    refuse
        What the sentence of the worker is raised as.

    Raises
    ------
    UsageError
        With the sentence of the worker.
    NoAnswerError, NoRoomError
        When it has none.
    """
    memory = server.settings.quotas.memory_mb
    done = Task(folder, task, dict(told), language, seconds=_SECONDS, memory_mb=memory)
    return answer_of(server.pool, done, refuse)


def hand_in(server: Server, who: Who, layer: Layer, edition: str, valid_from: date, file: Path) -> str:
    """Keep a file, look at what it holds, and note it as an edition that waits; return its id.

    Raises
    ------
    UsageError
        When the id cannot be one, or the file cannot be read.
    Refused
        409 when the same edition waits already.
    ContentError
        When the file cannot be kept, or the edition not be written down.
    """
    check_id(edition)
    copy = keep_copy(server.settings.files, file)
    told = {"file": str(server.settings.files / copy.path), "name": copy.name}
    with task_folder(server, "editions") as folder:
        tables = run_task(server, folder, "edition-look", told)["tables"]
    settings = prefilled(layer, tables, edition, valid_from)
    kept = {"name": copy.name, "sha256": copy.sha256, "path": copy.path, "size": copy.size}
    return add_edition(server, who, settings, kept, {"tables": tables})


def preview(server: Server, who: Who, edition: str, version: int, settings: Settings, language: Language) -> None:
    """Convert the file as described, lay out the workspace with it, and start the audit and the comparison.

    Raises
    ------
    UsageError
        When the description cannot hold, or the file does not fit it.
    ContentError
        When the strict models refuse the edition.
    Refused
        409 when somebody else has changed the edition in the meantime.
    """
    found = get_edition(server, edition)
    if found.version != version or not found.is_open:
        raise conflict(found)
    layer = layer_of(server, found.layer)
    check_settings(layer, settings, found.told["tables"])
    folder = server.folder("editions") / found.id / "made"
    shutil.rmtree(folder, ignore_errors=True)
    answer = run_task(server, folder, "edition-convert", _convert(server, found, settings), language)
    data = keep_copy(server.settings.files, folder / "edition.gpkg")
    made = _with(found, settings, data, answer, layer_sha256(server, layer.id))
    text = new_text(server, made)
    jobs = _jobs(server, who, made, staged(server, made, text, "w"), language)
    told = {**made.told, "jobs": jobs, "kept": None}
    with server.store.database.writing() as connection:
        values = {"edition": settings.edition, "valid_from": settings.valid_from, "state": "uploaded"}
        number = change(connection, found, {**values, "report": "", "preview": ""}, told)
        payload = {"what": "preview", "settings": settings.plain(), "data": data.sha256, "jobs": jobs}
        append(connection, [entry(found.id, number, payload)], server.stamp(who))


def _convert(server: Server, found: Uploaded, settings: Settings) -> dict[str, Any]:
    file = str(server.settings.files / found.file["path"])
    return {"file": file, "name": found.file["name"], "settings": settings.plain()}


def _with(found: Uploaded, settings: Settings, data: Copy, answer: Mapping[str, Any], base: str) -> Uploaded:
    told = {
        **found.told,
        "settings": settings.plain(),
        "data": {"sha256": data.sha256, "path": data.path, "size": data.size},
        "found": dict(answer),
        "base": base,
    }
    return replace(found, told=told, edition=settings.edition, valid_from=settings.valid_from)


def _jobs(server: Server, who: Who, found: Uploaded, folder: Path, language: Language) -> dict[str, str]:
    from zoning.layers.edition_text import edition_before

    layer = layer_of(server, found.layer)
    before = edition_before(layer, found.edition, found.valid_from)
    day = max(found.valid_from, server.today()).isoformat()
    common = ["--layer", layer.id, "--on", day, "--workspace", str(folder), "--out", "{out}", "--lang", language]
    name = Text(f"{layer.title.zh} {found.edition}", f"{layer.title.en} {found.edition}")
    audit = start_job(
        server, who, "audit", Text(f"审核 {name.zh}", f"audit {name.en}"), ["plan", "audit", *common], language=language
    )
    compare = start_job(
        server,
        who,
        "compare",
        Text(f"比较 {name.zh} 与 {before}", f"compare {name.en} with {before}"),
        ["compare", *common, "--from", before, "--to", found.edition],
        language=language,
    )
    return {"audit": audit, "compare": compare, "language": language, "before": before, "on": day}


def jobs_of(server: Server, found: Uploaded) -> dict[str, Job]:
    """Return the jobs of the preview, as far as they are known."""
    named = {kind: find_job(server, found.told.get("jobs", {}).get(kind, "")) for kind in KEPT}
    return {kind: job for kind, job in named.items() if job is not None}


def settle(server: Server, edition: str) -> Uploaded:
    """Keep the results of the preview once both jobs have ended well; return the edition as it stands then."""
    found = get_edition(server, edition)
    jobs = jobs_of(server, found)
    if found.state != "uploaded" or len(jobs) != len(KEPT):
        return found
    if not all(job.state == "done" and job.code in ANSWERS for job in jobs.values()):
        return found
    kept: dict[str, Any] = {}
    for kind, names in KEPT.items():
        for name in names:
            result = jobs[kind].result(name)
            if result is not None:
                copy = keep_copy(server.settings.files, result.path)
                kept[name] = {"sha256": copy.sha256, "path": copy.path}
    if not {"audit.json", "comparison.json"} <= kept.keys():
        return found
    with server.store.database.writing() as connection:
        now = edition_in(connection, edition)
        if now.version != found.version:
            return now
        values = {
            "state": "audited",
            "report": kept["audit.json"]["sha256"],
            "preview": kept["comparison.json"]["sha256"],
        }
        change(connection, now, values, {"kept": kept})
        return edition_in(connection, edition)


def result_file(server: Server, found: Uploaded, name: str) -> Path:
    """Return a kept result of the preview.

    Raises
    ------
    Refused
        404.
    """
    kept = (found.told.get("kept") or {}).get(name)
    if kept is None:
        raise not_found("没有这个文件", "there is no such file")
    return server.settings.files / str(kept["path"])


def json_result(server: Server, found: Uploaded, name: str) -> dict[str, Any] | None:
    """Return a kept result that is JSON; None while there is none.

    Raises
    ------
    ContentError
        When it cannot be read.
    """
    if name not in (found.told.get("kept") or {}):
        return None
    try:
        read: dict[str, Any] = json.loads(result_file(server, found, name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ContentError(f"{name} 无法读取", f"{name} cannot be read") from error
    return read


def would_change(server: Server, found: Uploaded) -> list[dict[str, Any]]:
    """Return the cases that would come out otherwise with an edition that waits; nothing is written.

    Raises
    ------
    Refused
        404 when the edition does not wait, or was not previewed.
    """
    if not found.is_open or not found.told.get("data"):
        raise not_found("这个版本没有待定的预览", "this edition has no preview that waits")
    folder = server.folder("editions") / found.id / "w"
    if not (folder / "zoning.yaml").is_file():
        folder = staged(server, found, new_text(server, found), "w")
    return cases_of_preview(server, folder, max(found.valid_from, server.today()))


def discard(server: Server, who: Who, edition: str, version: int, note: str) -> None:
    """Give up an edition that waits; its files stay.

    Raises
    ------
    Refused
        409 when somebody else has changed it in the meantime, or it does not wait any more.
    """
    found = get_edition(server, edition)
    if found.version != version or not found.is_open:
        raise conflict(found)
    stamp = server.stamp(who, note)
    with server.store.database.writing() as connection:
        from zoning.registers.canonical import moment

        values = {"state": "refused", "answered_by": who.name, "answered_at": moment(stamp.at), "note": note}
        number = change(connection, found, values)
        append(connection, [entry(found.id, number, {"what": "discard"})], stamp)
    shutil.rmtree(server.folder("editions") / found.id, ignore_errors=True)
