"""How much an account has handed in on a day, counted from what was kept."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from zoning.registers.canonical import moment
from zoning.registers.database import Database
from zoning.registers.schema import StoredAttachment
from zoning.registers.schema_server import StoredCheck, StoredEdition, StoredJob

_CHINA = timezone(timedelta(hours=8))


def handed_in(database: Database, files: Path, account: str, day: date) -> int:
    """Return the bytes of the files that an account handed in for checks, jobs, editions and records on a day in China.

    A file that was handed in twice counts twice.
    """
    begin = datetime.combine(day, time(), _CHINA)
    first, last = moment(begin), moment(begin + timedelta(days=1))
    checks = select(StoredCheck.request).where(
        StoredCheck.account == account, StoredCheck.at >= first, StoredCheck.at < last
    )
    jobs = select(StoredJob.inputs).where(StoredJob.account == account, StoredJob.at >= first, StoredJob.at < last)
    editions = select(StoredEdition.file).where(
        StoredEdition.uploaded_by == account, StoredEdition.uploaded_at >= first, StoredEdition.uploaded_at < last
    )
    attachments = select(func.coalesce(func.sum(StoredAttachment.size), 0)).where(
        StoredAttachment.actor == account, StoredAttachment.at >= first, StoredAttachment.at < last
    )
    with database.reading() as connection:
        told = [text for query in (checks, jobs, editions) for text in connection.execute(query).scalars()]
        total = int(connection.execute(attachments).scalar_one())
    return total + sum(_size(files / path) for text in told if text for path in _paths(json.loads(text)))


def _paths(told: Any) -> Iterator[str]:
    """Yield every `path` of a description of files."""
    if isinstance(told, dict):
        if isinstance(told.get("path"), str):
            yield told["path"]
        for value in told.values():
            yield from _paths(value)
    elif isinstance(told, list):
        for value in told:
            yield from _paths(value)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
