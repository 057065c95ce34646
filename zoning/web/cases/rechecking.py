"""Checks cases again when layers or rules have changed, and writes a notice where one comes out otherwise.

It is driven by how things stand, not by events: a case is looked at when its latest verdict rests on other content than
there is now, and nobody has looked at it since. So an interrupted run goes on by itself, edits by hand are found, and
nothing is noticed twice.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from weakref import WeakKeyDictionary

from zoning.errors import ZoningError
from zoning.registers.case_notices import SYSTEM, NewNotice, notice
from zoning.registers.case_rows import CaseVerdict, last_verdicts
from zoning.registers.entries import Stamp
from zoning.registers.files import keep_copy
from zoning.registers.parts import rows_of
from zoning.registers.place import stored_records
from zoning.registers.schema_cases import StoredNotice
from zoning.texts import Text, joined
from zoning.web.cases.considered import Considered, ContentState
from zoning.web.cases.place import case_place, document_path, has_cases
from zoning.web.hooks.announce import announce
from zoning.web.server import Server
from zoning.web.workers.asking import task_folder, written_answer
from zoning.web.workers.work import Task, failure

if TYPE_CHECKING:
    from zoning.overlay.source import LayerSource
    from zoning.workspace import Workspace

_LOG = logging.getLogger("zoning.web")
CHUNK = 20
"""Cases of one task: so much is lost when the server ends in the middle of it."""
_LEFT: Final = ("withdrawn",)
"""Cases in these states are not checked again."""
_BEFORE: "WeakKeyDictionary[Server, tuple[str, Workspace]]" = WeakKeyDictionary()
"""The workspace that the last run saw, with the key of its content: what it was before the next change."""
_CONTENT: "WeakKeyDictionary[Server, tuple[Workspace, ContentState]]" = WeakKeyDictionary()
_LOCKS: "WeakKeyDictionary[Server, threading.Lock]" = WeakKeyDictionary()

What = Literal["edition", "rollback", "rules", "content"]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why cases are checked again."""

    what: What
    text: Text
    layer: str = ""
    edition: str = ""
    rule: str = ""

    def plain(self) -> dict[str, str]:
        """Return it as JSON values."""
        told = {"layer": self.layer, "edition": self.edition, "rule": self.rule}
        return {"what": self.what, "zh": self.text.zh, "en": self.text.en, **{k: v for k, v in told.items() if v}}


@dataclass(slots=True)
class RecheckReport:
    """What came of it.

    Attributes
    ----------
    checked
        Cases that were checked again; `reached`: of these the ones that the change can reach.
    noticed
        Numbers of the cases that got a notice.
    failed
        Cases whose check did not come to an end; they got a notice that says so.
    """

    checked: int = 0
    reached: int = 0
    noticed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    everywhere: tuple[Text, ...] = field(default=())


def recheck(
    server: Server,
    cause: Cause | None = None,
    before: "tuple[Workspace, LayerSource] | None" = None,
    after: "tuple[Workspace, LayerSource] | None" = None,
) -> RecheckReport:
    """Check the cases again that are not of the present content; called after `server.reload()`, in a thread.

    Only those cases are checked that the change can reach, where the content before is known: as it is told, or as the
    last run saw it.

    Parameters
    ----------
    cause
        What was changed; without it the notices tell what differs in the content.
    before, after
        The content before and after.

    Raises
    ------
    ZoningError
        When no worker can read the content; the cases are looked at later.
    """
    if not has_cases(server):
        return RecheckReport()
    with _LOCKS.setdefault(server, threading.Lock()):
        return _Run(server, cause, before[0] if before is not None and after is not None else None).all()


def waits(server: Server) -> Callable[[str, CaseVerdict], bool]:
    """Return what tells, of the state and the last verdict of a case, whether its re-check is pending.

    It is when content has changed since the verdict, and nobody has looked yet what comes of it.
    """
    known = _CONTENT.get(server)
    if known is None:
        return lambda *_: False  # the server has just started and looks in a moment
    if known[0] is not server.workspace:
        return lambda state, _: state not in _LEFT
    considered = Considered.read(_path(server))
    if considered.state is None or considered.state.key != known[1].key:
        # The run that was begun by the change has not written yet which cases it cannot reach.
        considered = Considered(considered.path, known[1])
    return lambda state, verdict: state not in _LEFT and not considered.knows(verdict)


def stand(server: Server) -> tuple[object, ...]:
    """Return objects of which at least one is another one when `waits` may tell otherwise than before."""
    try:
        state = _path(server).stat()
        file = state.st_ino, state.st_mtime_ns, state.st_size
    except OSError:
        file = 0, 0, 0
    return server.workspace, _CONTENT.get(server), *file


def _path(server: Server) -> Path:
    return server.folder("cases") / "considered.json"


class _Run:
    def __init__(self, server: Server, cause: Cause | None, before: "Workspace | None") -> None:
        self._server = server
        self._place = case_place(server)
        self._before = before
        self._cause = cause
        self._on = server.today()
        self._considered = Considered.read(_path(server))
        self._report = RecheckReport()

    def all(self) -> RecheckReport:
        """Look at all cases that need it."""
        if not self._has_verdicts():
            return self._report
        old = Considered(self._considered.path, self._considered.state, dict(self._considered.cases))
        workspace = self._server.workspace
        state = self._content()
        key, last = _BEFORE.get(self._server, ("", None))
        if self._before is None and old.state is not None and key == old.state.key:
            self._before = last
        _BEFORE[self._server] = (state.key, workspace)
        self._considered.turn_to(state, self._cause.plain() if self._cause is not None else None)
        self._settle(state)
        waiting = self._waiting()
        if waiting and self._before is not None and old.state is not None and old.state.key != state.key:
            waiting = self._reached(waiting, old)
        self._considered.write()
        self._report.reached = len(waiting)
        for start in range(0, len(waiting), CHUNK):
            some = waiting[start : start + CHUNK]
            self._check(some)
            self._considered.cases |= {one.record: one.number for one in some}
            self._considered.write()
        return self._report

    def _has_verdicts(self) -> bool:
        with self._place.database.reading() as connection:
            return bool(last_verdicts(connection, self._place))

    def _content(self) -> ContentState:
        """Return what verdicts of today rest on; asked of a worker once for each opened content and day."""
        workspace = self._server.workspace
        known = _CONTENT.get(self._server)
        if known is not None and known[0] is workspace and known[1].day == self._on:
            return known[1]
        state = self._asked_content()
        _CONTENT[self._server] = workspace, state
        return state

    def _asked_content(self) -> ContentState:
        with self._asked("content", {"on": self._on.isoformat()}) as told:
            if isinstance(told, Text):
                raise ZoningError(
                    "工作空间的内容没有读出，稍后重试", "the content could not be read: tried again later"
                )
            return ContentState.of(told[0], self._on)

    def _waiting(self) -> list[CaseVerdict]:
        with self._place.database.reading() as connection:
            found = last_verdicts(connection, self._place)
            unknown = [one for _, one in sorted(found.items()) if not self._considered.knows(one)]
            rows = stored_records(connection, self._place.kind, [one.record for one in unknown])
        return [one for one in unknown if rows[one.record]["state"] not in _LEFT]

    def _settle(self, state: ContentState) -> None:
        """End the notices of cases whose verdict rests on the present content again: it is what it was."""
        with self._place.database.writing() as connection:
            found = last_verdicts(connection, self._place)
            rows = [row for row in rows_of(connection, self._place, StoredNotice) if not row["seen_at"]]
            stamp = Stamp(SYSTEM, self._server.now())
            for record in dict.fromkeys(row["record"] for row in rows):
                verdict = found[record]
                if state.holds_for(verdict):
                    same = NewNotice({}, verdict.number, verdict.decision, verdict.decision, "", ())
                    notice(connection, self._place, record, same, stamp)

    def _reached(self, waiting: Sequence[CaseVerdict], old: Considered) -> list[CaseVerdict]:
        """Leave out what the change cannot reach; those that were not of the content before are all left in."""
        known = [one for one in waiting if old.knows(one)]
        told = {
            "on": self._on.isoformat(),
            "before": self._before,
            "digests": old.state.digests if old.state is not None else {},
            "sites": [self._site(one) for one in known],
        }
        if not known or old.state is None or not old.state.holds_on(self._on):
            return list(waiting)
        with self._asked("reached", told) as answer:
            if isinstance(answer, Text):
                return list(waiting)
            keys = set(answer[0]["keys"])
            self._report.everywhere = tuple(Text(one["zh"], one["en"]) for one in answer[0]["everywhere"])
        untouched = {one.record: one.number for one in known if one.record not in keys}
        self._considered.cases |= untouched
        return [one for one in waiting if one.record not in untouched]

    def _site(self, verdict: CaseVerdict) -> dict[str, Any]:
        path = document_path(self._server, verdict.document)
        return {"key": verdict.record, "document": str(path), "facts": dict(verdict.facts)}

    def _check(self, some: Sequence[CaseVerdict]) -> None:
        """Check a few cases; where the worker does not come to an end, each alone."""
        told = {"on": self._on.isoformat(), "sites": [self._site(one) for one in some]}
        with self._asked("recheck", told) as answer:
            if not isinstance(answer, Text):
                results, folder = {one["key"]: one for one in answer[0]["results"]}, answer[1]
                for one in some:
                    self._notice(one, results[one.record], folder)
                self._report.checked += len(some)
                return
        if len(some) > 1:
            for one in some:
                self._check([one])
            return
        self._asked_content()  # where nothing can be computed (the server ends, a full disk), it is not this case
        self._report.failed += (some[0].record,)
        change = {"what": "decision", "before": some[0].decision, "after": "failed"}
        self._notice(some[0], {"changes": [change], "decision": "failed", "error": answer.plain()}, None)

    def _notice(self, verdict: CaseVerdict, result: Mapping[str, Any], folder: Any) -> None:
        changes, after, document = result["changes"], result.get("decision", "refused"), ""
        if changes and folder is not None and "file" in result:
            document = keep_copy(self._place.files, folder / result["file"]).sha256
        cause = self._considered.cause or self._told_cause(verdict)
        if "error" in result:
            cause = {**cause, "error": result["error"]}
        new = NewNotice(cause, verdict.number, verdict.decision, after, document, changes)
        stamp = Stamp(SYSTEM, self._server.now())
        with self._place.database.writing() as connection:
            number = notice(connection, self._place, verdict.record, new, stamp)
            if number is None:
                return
            told = {key: cause[key] for key in ("layer", "edition", "rule") if key in cause}
            payload = {"case": verdict.record, "number": number, "before": verdict.decision, "after": after, **told}
            announce(connection, "case.notice", {**payload, "document": document}, stamp)
        self._report.noticed += (verdict.record,)

    def _told_cause(self, verdict: CaseVerdict) -> dict[str, Any]:
        """Say what of the content is not as it was when the verdict was reached."""
        state = self._considered.state
        parts = content_changes(self._server, verdict.digests, state.digests if state is not None else {})
        if not parts:
            parts = [Text("规定或图层版本的生效日期已到", "a rule or an edition has come into force")]
        return {"what": "content", **joined(parts, "；", "; ").plain()}

    @contextmanager
    def _asked(self, task: str, told: Mapping[str, Any]) -> "Iterator[tuple[Any, Any] | Text]":
        """Run a task, yield its answer and folder, or why it did not come to an end."""
        server = self._server
        quotas = server.settings.quotas
        with task_folder(server, "cases") as folder:
            done = Task(folder, task, dict(told), seconds=quotas.job_s, memory_mb=quotas.memory_mb)
            outcome = server.pool.jobs.run(done)
            if outcome.state != "done":
                _LOG.warning("recheck %s: %s", task, outcome.state)
                yield failure(outcome.state, done)
                return
            answer = written_answer(done)
            refused = answer.get("error")
            yield (answer, folder) if refused is None else Text(refused["zh"], refused["en"])


def content_changes(server: Server, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Text]:
    """Return what of the content differs, by the digests of a verdict and those of today."""
    found = []
    layers = server.workspace.catalogue.layers
    for part in ("layers", "definitions"):
        one, other = old.get(part, {}), new.get(part, {})
        found += [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]
    texts = []
    for name in dict.fromkeys(found):
        title = layers[name].title if name in layers else Text(name, name)
        texts.append(Text(f"图层“{title.zh}”已改变", f"layer '{title.en}' has changed"))
    for part, text in (
        ("rules", Text("规则已改变", "the rules have changed")),
        ("workspace", Text("工作空间设置已改变", "the settings of the workspace have changed")),
        ("program", Text("程序版本已改变", "the program is another version")),
    ):
        if old.get(part) != new.get(part):
            texts.append(text)
    return texts
