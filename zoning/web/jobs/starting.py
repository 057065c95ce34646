"""Jobs are put in line: their files kept, their command line written down."""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from zoning.registers.canonical import canonical, moment
from zoning.registers.files import Copy, keep_copy
from zoning.registers.log import Entry, append
from zoning.registers.schema_server import StoredJob
from zoning.texts import Language, Text
from zoning.web.access import Who
from zoning.web.jobs.asking import JOBS, folder_of, get_job
from zoning.web.jobs.folders import remove
from zoning.web.jobs.job import NO_CODE, Job
from zoning.web.jobs.places import check_places
from zoning.web.jobs.runner import runner_of
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.web.workers.room import size_of

MOST_WAITING: Final = 20
"""Jobs of one account that wait or run."""


def start_job(
    server: Server,
    who: Who,
    kind: str,
    title: Text,
    arguments: Sequence[str],
    inputs: Sequence[Path | Copy] = (),
    *,
    language: Language | None = None,
) -> str:
    """Put a command line in line; return the id of the job, whose page is /jobs/ID.

    Parameters
    ----------
    arguments
        As after `zoning` on the command line. An argument of the form `{0}`, `--facts={1}`, `{out}`, `{out}/map.html`
        stands for the path of an input or of the folder of results; anything else is taken as it is.
    inputs
        Files that people have handed in; they are kept before the job is. The job sees each under its own name. One
        that has been kept already comes as the `Copy` of it.
    language
        Of what the command says and writes; that of the account, else of the server.

    Raises
    ------
    Refused
        429 when too many jobs of the account wait; 413 when its results take too much room.
    ContentError
        When a file cannot be kept.
    ValueError
        When an argument names an input that is not there.
    """
    check_places(arguments, len(inputs))
    _demand_room(server, who)
    copies = [one if isinstance(one, Copy) else keep_copy(server.settings.files, one) for one in inputs]
    files = [{"name": one.name, "sha256": one.sha256, "path": one.path} for one in copies]
    spoken = language or who.language or server.settings.language
    return _put(
        server, who, kind, title, list(arguments), {"files": files, "language": spoken, "roles": sorted(who.roles)}
    )


def again(server: Server, who: Who, job: str) -> str:
    """Start a job once more, as a new one; return its id.

    Raises
    ------
    Refused
        As `start_job`; 404.
    """
    before = get_job(server, job)
    _demand_roles(who, before)
    _demand_room(server, who)
    given = {"files": [dict(one) for one in before.inputs], "language": before.language, "roles": before.roles}
    return _put(server, who, before.kind, before.title, list(before.arguments), given)


def resume_job(server: Server, who: Who, job: str) -> None:
    """Let a job go on where it was interrupted.

    Raises
    ------
    Refused
        404; 409 when it cannot go on.
    """
    before = get_job(server, job)
    _demand_roles(who, before)
    cannot = Refused(
        409, Text("此任务不能续做，请重新运行", "this job cannot go on where it ended: run it again instead")
    )
    if not before.can_resume:
        raise cannot
    arguments = list(before.arguments)
    if "--resume" not in arguments:
        arguments.append("--resume")
    with server.store.database.writing() as connection:
        values = {"state": "waiting", "arguments": canonical(arguments), "ended": "", "code": NO_CODE}
        query = update(StoredJob).where(StoredJob.id == job, StoredJob.state == before.state).values(values)
        if connection.execute(query).rowcount != 1:
            raise cannot
        append(connection, [_entry(job, 2, {"what": "resume"})], server.stamp(who))
    runner_of(server).wake()


def remove_results(server: Server, who: Who, job: str) -> None:
    """Remove the folder of a job that has ended.

    Raises
    ------
    Refused
        404; 409 while it waits or runs.
    """
    found = get_job(server, job)
    if not found.has_ended:
        raise Refused(409, Text("任务还没有结束", "the job has not ended yet"))
    with server.store.database.writing() as connection:
        append(connection, [_entry(job, 4, {"what": "remove results"})], server.stamp(who))
    remove(found.folder)


def _put(server: Server, who: Who, kind: str, title: Text, arguments: list[str], given: Mapping[str, Any]) -> str:
    job = secrets.token_urlsafe(12)
    row = {
        "id": job,
        "account": who.name,
        "kind": kind,
        "title": canonical(title.plain()),
        "arguments": canonical(arguments),
        "inputs": canonical(given),
        "state": "waiting",
        "at": moment(server.now()),
        "started": "",
        "ended": "",
        "code": NO_CODE,
    }
    digests = [one["sha256"] for one in given["files"]]
    told = {"what": "start", "kind": kind, "arguments": arguments, "files": digests}
    try:
        with server.store.database.writing() as connection:
            connection.execute(insert(StoredJob).values(row))
            append(connection, [_entry(job, 1, told)], server.stamp(who))
    finally:
        runner_of(server).wake()  # also where the database was lost after it had kept the row
    return job


def _entry(job: str, version: int, payload: Mapping[str, Any]) -> Entry:
    return Entry("server", f"job:{job}", version, "admin", payload)


def _demand_roles(who: Who, job: Job) -> None:
    """Refuse somebody who has lost a role since the job was handed in: the job may do what that role alone may."""
    if not (who.has("admin") or who.roles.issuperset(job.roles)):
        raise Refused(
            403, Text("您的角色已变化，不能再运行此任务", "your roles have changed: you may no longer run this job")
        )


def _demand_room(server: Server, who: Who) -> None:
    with server.store.database.reading() as connection:
        mine = StoredJob.account == who.name
        waits = select(func.count()).where(mine, StoredJob.state.in_(("waiting", "running")))
        waiting = connection.execute(waits).scalar_one()
        ids = connection.execute(select(StoredJob.id).where(mine)).scalars().all()
    if waiting >= MOST_WAITING:
        raise Refused(
            429,
            Text(
                f"您有 {waiting} 个任务还没有完成，请等其中一些完成或取消后再提交",
                f"{waiting} of your jobs have not ended: wait for some, or cancel them, before you start more",
            ),
        )
    home = server.folder(JOBS)
    names = {path.name for path in home.iterdir()}
    taken = sum(size_of(folder_of(server, one)) for one in ids if one in names)
    most = server.settings.quotas.day_bytes
    if taken > most:
        raise Refused(
            413,
            Text(
                f"您的任务结果已占 {taken / 1e6:,.0f} MB，超过上限 {most / 1e6:,.0f} MB；请先删除旧任务的结果",
                f"the results of your jobs take {taken / 1e6:,.0f} MB, more than the limit of {most / 1e6:,.0f} MB: "
                "remove those of old jobs first",
            ),
        )
