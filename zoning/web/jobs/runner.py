"""Runs the jobs of a server, one after another, in a keeper of its own: no check waits for a job.

What waits is in the database: a server that ends and comes back goes on with it. What ran when a server ended is
`interrupted`; nobody starts it again by himself, because what it wrote may be half of something.
"""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select, update

from zoning.errors import ZoningError
from zoning.registers.canonical import moment
from zoning.registers.log import Entry, append
from zoning.registers.schema_server import StoredJob
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.jobs.asking import JOBS, folder_of, get_job
from zoning.web.jobs.folders import OUT, note_failure, remove, sweep
from zoning.web.jobs.job import ANSWERS, CODES, NO_CODE, Job
from zoning.web.jobs.places import filled, inputs_of, uses_register, with_register
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.web.uploads import plain_name
from zoning.web.workers.handing import hand_over
from zoning.web.workers.work import Outcome, Task, failure

_LOG = logging.getLogger("zoning.web.jobs")
KEPT_DAYS: Final = 30.0
"""Folders of jobs go so many days after they were last written to; their rows stay."""
MADE: Final = ("desk", "drawings", "maps", "photos", "questions")
"""Folders of the state with what is made again when somebody asks for it; it goes after as many days."""
_SWEEP_S = 6 * 3600.0
_AGAIN_S = 5.0
_LEAVE_S = 10.0
_ROOM_MB: Final = 4_000
"""Of one job's folder; the team's choice."""

Ended = Callable[[Server, Job], None]
_WHEN_ENDED: dict[str, list[Ended]] = {}


def when_ended(kind: str) -> Callable[[Ended], Ended]:
    """Let a function be called with the server and the job after a job of a kind has ended, however it ended.

    It runs in the thread of the jobs; it must be quick, and what it raises is only logged.
    """

    def note(function: Ended) -> Ended:
        _WHEN_ENDED.setdefault(kind, []).append(function)
        return function

    return note


@dataclass(slots=True)
class _Running:
    """The job that runs, and how it is cancelled once it has begun."""

    job: str
    is_cancelled: bool = False
    stop: Callable[[], None] | None = None


@dataclass(slots=True)
class Runner:
    """The thread that takes one waiting job after another."""

    server: Server
    thread: threading.Thread | None = None
    _turn: threading.Condition = field(default_factory=threading.Condition)
    _has_news: bool = False
    _is_closed: bool = False
    _running: _Running | None = None

    def begin(self) -> None:
        """Mark what a server before this one left running, and start."""
        with self.server.store.database.writing() as connection:
            connection.execute(
                update(StoredJob)
                .where(StoredJob.state == "running")
                .values(state="interrupted", ended=moment(self.server.now()))
            )
        self.thread = threading.Thread(target=self._work, name="zoning-jobs", daemon=True)
        self.thread.start()

    def wake(self) -> None:
        """Say that a job waits."""
        with self._turn:
            self._has_news = True
            self._turn.notify_all()

    def cancel(self, job: str) -> bool:
        """End a job that runs; False when it does not run."""
        with self._turn:
            running = self._running
            if running is None or running.job != job:
                return False
            running.is_cancelled = True
            stop = running.stop
        if stop is not None:
            stop()
        return True

    def close(self) -> None:
        """End; a job that runs is interrupted."""
        with self._turn:
            self._is_closed = True
            self._turn.notify_all()
            stop = self._running.stop if self._running is not None else None
        if stop is not None:
            stop()
        if self.thread is not None:
            self.thread.join(_LEAVE_S)

    def _work(self) -> None:
        self._has_news = True
        while True:
            with self._turn:
                if not self._has_news and not self._is_closed:
                    self._turn.wait(_SWEEP_S)
                if self._is_closed:
                    return
                self._has_news = False
            try:
                while self._one():
                    pass
                self._sweep()
            except (ZoningError, OSError):
                # The register cannot be written just now (a full disk, a database that starts again): later.
                _LOG.exception("jobs wait")
                with self._turn:
                    self._turn.wait(_AGAIN_S)
                    self._has_news = True

    def _one(self) -> bool:
        """Do the job that waits longest; False when none does."""
        with self._turn:
            if self._is_closed:
                return False
        row, running = self._taken()
        if row is None or running is None:
            return False
        try:
            outcome = self._run(row, running)
        except Exception:  # noqa: BLE001 - logged
            # The thread must go on, whatever one job is.
            _LOG.exception("a job could not be run", extra={"job": row["id"]})
            outcome = Outcome("died", -1, 0.0)
        self._end(row, running, outcome)
        return True

    def _taken(self) -> tuple[dict[str, Any] | None, _Running | None]:
        """Take the job that waits longest out of the line; None where none does."""
        running = None
        with self.server.store.database.writing() as connection:
            self._put_back(connection)
            query = select(*StoredJob.__table__.columns).where(StoredJob.state == "waiting")
            found = connection.execute(query.order_by(StoredJob.at, StoredJob.id).limit(1)).mappings().one_or_none()
            if found is not None:
                running = _Running(found["id"])
                with self._turn:
                    self._running = running
                values = {"state": "running", "started": moment(self.server.now())}
                connection.execute(update(StoredJob).where(StoredJob.id == found["id"]).values(values))
        with self._turn:
            self._running = running
        return (None if found is None else dict(found)), running

    def _put_back(self, connection: Connection) -> None:
        """Put a job in line again that was taken when the database was lost: whether that was kept is not known."""
        with self._turn:
            left = self._running
        if left is None:
            return
        query = update(StoredJob).where(StoredJob.id == left.job, StoredJob.state.in_(("waiting", "running")))
        ended = {"state": "cancelled", "ended": moment(self.server.now())}
        connection.execute(query.values(ended if left.is_cancelled else {"state": "waiting"}))

    def _run(self, row: dict[str, Any], running: _Running) -> Outcome:
        folder = folder_of(self.server, row["id"])
        files, language = inputs_of(row["inputs"])
        (folder / OUT).mkdir(parents=True, exist_ok=True)
        kept = self.server.settings.files
        inputs = [
            hand_over(kept / one["path"], folder / "in" / str(number), plain_name(one["name"]))
            for number, one in enumerate(files)
        ]
        quotas, register = self.server.settings.quotas, self.server.settings.register
        arguments = json.loads(row["arguments"])
        task = Task(
            folder,
            "command",
            with_register(filled(arguments, folder, inputs), register),
            language,
            seconds=quotas.job_s,
            memory_mb=quotas.memory_mb,
            room_mb=_ROOM_MB,
            needs_network="://" in register and uses_register(arguments),
        )

        def begun(stop: Callable[[], None]) -> None:
            with self._turn:
                running.stop = stop
                is_over = running.is_cancelled or self._is_closed
            if is_over:
                stop()

        outcome = self.server.pool.jobs.run(task, begun)
        if outcome.state in CODES:
            # With the figures of today: the limits may be others when somebody reads it.
            note_failure(folder, failure(outcome.state, task))
        return outcome

    def _end(self, row: dict[str, Any], running: _Running, outcome: Outcome) -> None:
        with self._turn:
            self._running = None
            is_closed = self._is_closed
        state, code = ("done" if outcome.code in ANSWERS else "failed"), outcome.code
        if outcome.state != "done":
            state, code = "failed", CODES.get(outcome.state, CODES["died"])
            if running.is_cancelled:
                state, code = "cancelled", NO_CODE
            elif is_closed:
                state, code = "interrupted", NO_CODE
        remove(folder_of(self.server, row["id"]) / "tmp")
        self._note(row["id"], {"state": state, "code": code, "ended": moment(self.server.now())})
        for function in _WHEN_ENDED.get(row["kind"], ()):
            try:
                function(self.server, get_job(self.server, row["id"]))
            except Exception:  # noqa: BLE001 - logged
                _LOG.exception("after a job", extra={"job": row["id"]})

    def _note(self, job: str, ended: dict[str, Any]) -> None:
        """Write down how a job ended, as soon as the register can be written."""
        while True:
            try:
                with self.server.store.database.writing() as connection:
                    connection.execute(update(StoredJob).where(StoredJob.id == job).values(ended))
            except ZoningError:
                _LOG.exception("the end of a job cannot be written yet", extra={"job": job})
            else:
                return
            with self._turn:
                if self._is_closed:
                    return
                self._turn.wait(_AGAIN_S)

    def _sweep(self) -> None:
        with self.server.store.database.reading() as connection:
            busy = connection.execute(select(StoredJob.id).where(StoredJob.state.in_(("waiting", "running")))).scalars()
            names = set(busy)
        sweep(self.server.folder(JOBS), KEPT_DAYS, names)
        for made in MADE:
            sweep(self.server.folder(made), KEPT_DAYS, ())


_RUNNERS: dict[Path, Runner] = {}
_LOCK = threading.Lock()


def runner_of(server: Server) -> Runner:
    """Return the runner of a server; it begins when it is first asked for."""
    key = server.settings.state.absolute()
    with _LOCK:
        found = _RUNNERS.get(key)
        if found is None or found.server is not server:
            found = _RUNNERS[key] = Runner(server)
            found.begin()
    return found


def begin(server: Server) -> Callable[[], None]:
    """Start the jobs of a server; return what ends them."""
    runner = runner_of(server)

    def end() -> None:
        runner.close()
        with _LOCK:
            if _RUNNERS.get(server.settings.state.absolute()) is runner:
                del _RUNNERS[server.settings.state.absolute()]

    return end


BACKGROUND: Final = (begin,)


def cancel_job(server: Server, who: Who, job: str) -> None:
    """End a job that waits or runs; what it has written stays.

    Raises
    ------
    Refused
        404; 409 when it has ended already.
    """
    get_job(server, job)
    if not _unlined(server, job) and not runner_of(server).cancel(job):
        raise Refused(409, Text("任务已经结束", "the job has ended already"))
    with server.store.database.writing() as connection:
        append(connection, [Entry("server", f"job:{job}", 3, "admin", {"what": "cancel"})], server.stamp(who))


def _unlined(server: Server, job: str) -> bool:
    """Take a job out of the line; False when it is not in it."""
    with server.store.database.writing() as connection:
        values = {"state": "cancelled", "ended": moment(server.now())}
        query = update(StoredJob).where(StoredJob.id == job, StoredJob.state == "waiting").values(values)
        return connection.execute(query).rowcount == 1
