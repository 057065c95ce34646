"""Changes of records on pages: the second of two people is told who was first; nothing half is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from zoning.errors import ContentError, UsageError
from zoning.registers.history import history
from zoning.registers.place import Place
from zoning.registers.register import Register
from zoning.registers.values import is_plain_text
from zoning.web.rendering import local


class RecordConflictError(ContentError):
    """Somebody else has changed the record since it was read; nothing was written."""

    http_status = 409


@contextmanager
def seen_at(place: Place, record: str, version: int) -> Iterator[None]:
    """Let a change of a record happen that was read at this version.

    Raises
    ------
    RecordConflictError
        When it is at another one by now, in the place of whatever the register says of that.
    """
    try:
        yield
    except ContentError as error:
        now = Register(place).get(record)
        if now is None or now.version == version:
            raise
        raise _changed(place, record) from error


def _changed(place: Place, record: str) -> RecordConflictError:
    last = history(place, record)[-1]
    at = local(last.at.isoformat())
    return RecordConflictError(
        f"{record}：在您打开之后，{last.actor} 于 {at} 已作修改；您的内容没有写入，请核对后再提交",
        f"{record}: {last.actor} changed it at {at}, after you had opened it; nothing of yours was written: compare, "
        "then send it again",
    )


def demand_new(place: Place, record: str) -> None:
    """Refuse the number of a record that is there already.

    Raises
    ------
    RecordConflictError
        When it is taken.
    UsageError
        When it is empty, or no plain line of text.
    """
    title = place.type.fields[place.type.id_field].title
    if not record:
        raise UsageError(f"请填写{title.zh}", f"fill in: {title.en}")
    if not is_plain_text(record) or "\n" in record:
        raise UsageError(f"{title.zh}不能含控制字符", f"{title.en}: no control characters")
    if Register(place).get(record) is not None:
        raise RecordConflictError(
            f"{title.zh} {record} 已在台账中，请换一个编号", f"{title.en} {record} is taken: choose another one"
        )


def day_of(text: str, otherwise: date | None) -> date | None:
    """Return the day of a form field.

    Raises
    ------
    UsageError
        When it is none.
    """
    if not text.strip():
        return otherwise
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"日期“{text[:20]}”应写成 2026-03-01", f"write the day as 2026-03-01, not as '{text[:20]}'"
        ) from None
