"""What others call when content has changed, and what they ask before it does."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from zoning.registers.case_rows import last_verdicts
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.cases.place import case_place, document_path, has_cases
from zoning.web.cases.rechecking import CHUNK, Cause, recheck
from zoning.web.server import Server
from zoning.web.workers.asking import task_folder, written_answer
from zoning.web.workers.work import Task

_LOG = logging.getLogger("zoning.web")
_EVERY_S: Final = 60.0
_FIRST_S: Final = 4.0
_STEP_S: Final = 2.0


def content_changed(
    server: Server, who: Who, *, layer: str = "", edition: str = "", doing: str = "", rules: bool = False
) -> None:
    """Check the cases again in a thread of its own; what it does not finish goes on later by itself.

    Parameters
    ----------
    doing
        "activate" or "rollback" of an edition.
    """
    layers = server.workspace.catalogue.layers
    title = layers[layer].title if layer in layers else Text(layer, layer)
    if rules:
        cause = Cause("rules", Text("规则已改变", "the rules have changed"))
    elif doing == "rollback":
        text = Text(f"图层“{title.zh}”恢复原版本", f"layer '{title.en}' went back to its former edition")
        cause = Cause("rollback", text, layer=layer, edition=edition)
    else:
        text = Text(f"图层“{title.zh}”启用版本 {edition}", f"edition {edition} of layer '{title.en}' went live")
        cause = Cause("edition", text, layer=layer, edition=edition)
    _LOG.info("recheck after a change", extra={"layer": layer, "by": who.name})
    threading.Thread(target=_quietly, args=(server, cause), name="zoning-recheck", daemon=True).start()


def _quietly(server: Server, cause: Cause | None) -> None:
    try:
        recheck(server, cause)
    except Exception:  # noqa: BLE001 - the watch goes on
        _LOG.exception("the re-check of cases was not finished: it goes on later")


def preview(server: Server, workspace: Path, on: date) -> list[dict[str, Any]]:
    """Return the cases that would come out otherwise with the content of another folder; nothing is written.

    Returns
    -------
    list
        By number of the case: `number`, `id` (the same), `name`, `before`, `after`, `changes`.
    """
    if not has_cases(server):
        return []
    place = case_place(server)
    with place.database.reading() as connection:
        found = [one for _, one in sorted(last_verdicts(connection, place).items())]
    names = {record.id: record.name for record in server.store.register(place.kind).records()}
    listed: list[dict[str, Any]] = []
    for start in range(0, len(found), CHUNK):
        some = {one.record: one for one in found[start : start + CHUNK]}
        sites = [
            {"key": key, "document": str(document_path(server, one.document)), "facts": dict(one.facts)}
            for key, one in some.items()
        ]
        for result in _asked(server, {"on": on.isoformat(), "root": str(workspace), "sites": sites}):
            if result["changes"]:
                key = result["key"]
                after = result.get("decision", "refused")
                told = {"before": some[key].decision, "after": after, "changes": result["changes"]}
                listed.append({"number": key, "id": key, "name": names.get(key, ""), **told})
    return listed


def _asked(server: Server, told: dict[str, Any]) -> list[dict[str, Any]]:
    quotas = server.settings.quotas
    with task_folder(server, "cases") as folder:
        task = Task(folder, "recheck", told, seconds=quotas.job_s, memory_mb=quotas.memory_mb)
        if server.pool.jobs.run(task).state == "done":
            answer = written_answer(task)
            if "error" not in answer:
                results: list[dict[str, Any]] = answer["results"]
                return results
    keys = [one["key"] for one in told["sites"]]
    return [{"key": key, "decision": "failed", "changes": [{"what": "decision", "after": "failed"}]} for key in keys]


def signature(root: Path) -> tuple[tuple[str, int, int], ...]:
    """Return names, sizes and times of all files that verdicts rest on: cheap to compare."""
    found = [root / "zoning.yaml"]
    for name in ("layers", "rules"):
        found += [path for path in (root / name).rglob("*") if path.is_file() and not path.name.startswith(".")]
    told = []
    for path in sorted(found):
        try:
            state = path.stat()
        except OSError:
            continue  # it was being replaced: seen with its new time at the next look
        told.append((str(path.relative_to(root)), state.st_size, state.st_mtime_ns))
    return tuple(told)


class Watch:
    """Looks once a minute whether content or the day has changed, and checks the cases again."""

    def __init__(self, server: Server, every_s: float = _EVERY_S) -> None:
        self._server = server
        self._every_s = every_s
        self._end = threading.Event()
        self._seen: tuple[Any, ...] | None = None
        self._files = signature(server.settings.workspace)
        self._thread = threading.Thread(target=self._loop, name="zoning-recheck-watch", daemon=True)

    def start(self) -> Callable[[], None]:
        """Begin; return what ends it."""
        self._thread.start()
        return self.close

    def close(self) -> None:
        """End it; a check that runs is left to its worker."""
        self._end.set()
        self._thread.join(2.0)

    def _loop(self) -> None:
        due, workspace = time.monotonic() + _FIRST_S, self._server.workspace
        while not self._end.wait(min(_STEP_S, self._every_s)):
            # A reload is seen at once: until then pages say that cases are being checked again.
            if time.monotonic() < due and self._server.workspace is workspace:
                continue
            try:
                self.look()
            except Exception:  # noqa: BLE001 - content that cannot be read, a full disk, a busy pool: tried again
                _LOG.exception("cases could not be looked at again")
            due, workspace = time.monotonic() + self._every_s, self._server.workspace

    def look(self) -> None:
        """Look once."""
        files = signature(self._server.settings.workspace)
        if files != self._files:
            self._server.reload()
            self._files = files
        seen = (files, self._server.today(), id(self._server.workspace), self._verdicts())
        if seen != self._seen:
            recheck(self._server)
            self._seen = seen

    def _verdicts(self) -> tuple[tuple[str, int], ...]:
        if not has_cases(self._server):
            return ()
        place = case_place(self._server)
        with place.database.reading() as connection:
            return tuple(sorted((one.record, one.number) for one in last_verdicts(connection, place).values()))
