"""How far a batch is: a bar on a terminal, a line now and then in a log."""

import time
from typing import TYPE_CHECKING, Any

from zoning.cli.session import Session
from zoning.cli.telling import Bar
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.batch.running import Course


class BatchBar(Bar):
    """Tells how many footprints are done, how many per second, and how long the rest will take.

    Parameters
    ----------
    total
        How many there are, None where nobody knows yet.
    """

    def __init__(self, session: Session, total: int | None) -> None:
        title = Text("研判", "checking").get(session.language)
        super().__init__(session, lambda: _columns(session), description=title, total=total, rate="")
        self._session = session
        self._total = total
        self._begin = time.monotonic()

    def tell(self, course: "Course") -> None:
        """Tell how far it is."""
        rate = (course.done - course.resumed) / max(time.monotonic() - self._begin, 1e-3)
        shown = Text(f"{rate:,.0f} 个/秒", f"{rate:,.0f}/s").get(self._session.language)
        self.show(self._line(course, rate), completed=course.done, rate=shown)

    def _line(self, course: "Course", rate: float) -> Text:
        if self._total is None:
            return Text(f"已研判 {course.done:,} 个，{rate:,.0f} 个/秒", f"checked {course.done:,}, {rate:,.0f}/s")
        left = duration((self._total - course.done) / rate) if rate > 0 else Text("未知", "unknown")
        return Text(
            f"已研判 {course.done:,}/{self._total:,}，{rate:,.0f} 个/秒，剩余约 {left.zh}",
            f"checked {course.done:,}/{self._total:,}, {rate:,.0f}/s, about {left.en} left",
        )


def duration(seconds: float) -> Text:
    """Return a time in words.

    >>> duration(42).en, duration(125).zh, duration(7300).en
    ('42 s', '2 分', '2 h 1 min')
    """
    minutes, rest = divmod(round(max(seconds, 0.0)), 60)
    if not minutes:
        return Text(f"{rest} 秒", f"{rest} s")
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return Text(f"{minutes} 分", f"{minutes} min")
    return Text(f"{hours} 小时 {minutes} 分", f"{hours} h {minutes} min")


def _columns(session: Session) -> tuple[Any, ...]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    left = Text("剩余", "left").get(session.language)
    return (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn(left),
        TimeRemainingColumn(),
    )
