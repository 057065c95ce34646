"""An audit on the terminal: how far it is, and what it found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zoning.cli.session import Session
from zoning.cli.telling import Bar
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.planning.audit.issue import Issue
    from zoning.planning.audit.result import AuditResult
    from zoning.planning.audit.running import Course

_MOST_SHOWN = 12
_PER_KIND = 3
_SIGNS = {"error": "×", "warning": "!", "note": "·"}
_STYLES = {"error": "red", "warning": "yellow", "note": "cyan"}


class AuditBar(Bar):
    """Tells how many checks are made."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, _columns, description="", total=None)
        self._session = session

    def tell(self, course: "Course") -> None:
        """Tell how far it is."""
        title = course.title.get(self._session.language)
        line = Text(
            f"已做 {course.done}/{course.total} 项检查：{title}", f"{course.done}/{course.total} checks made: {title}"
        )
        self.show(line, total=course.total, completed=course.done, description=title)
        if course.done == course.total and course.resumed:
            self._session.say(
                Text(
                    f"{course.resumed} 项沿用上次已完成的部分", f"{course.resumed} checks taken over from the last run"
                )
            )


def _columns() -> tuple[Any, ...]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

    return BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")


def print_audit(session: Session, result: "AuditResult", layers: Mapping[str, Text]) -> None:
    """Print the summary, and of every kind the first issues with what the documents say."""
    from zoning.planning.audit.page import summary_of

    console, language = session.console(), session.language
    counts = result.counts
    head = Text(
        f"图层审核  {result.workspace.zh}  {result.on}：{len(result.checks)} 项检查，"
        f"新发现 {counts['new']}，未解决 {counts['open']}，已认可 {counts['accepted']}，已消除 {counts['fixed']}",
        f"audit of layers  {result.workspace.en}  {result.on}: {len(result.checks)} checks, {counts['new']} new, "
        f"{counts['open']} open, {counts['accepted']} accepted, {counts['fixed']} fixed",
    )
    console.print(head.get(language), style="bold", markup=False)
    _missed(session, console, result)
    summary = summary_of(result)
    if summary:
        console.print(_table(session, summary, layers))
        _examples(session, console, result)
    elif result.complete:
        console.print(Text("没有发现问题", "nothing was found").get(language))


def _missed(session: Session, console: Any, result: "AuditResult") -> None:
    missed = [check for check in result.checks if check.missing]
    if result.complete:
        return
    text = Text(
        f"审核不完整：{len(missed)} 项检查没有做成，不能当作没有问题",
        f"incomplete: {len(missed)} checks were not made; that is not the same as nothing found",
    )
    console.print(text.get(session.language), style="bold red", markup=False)


def _table(session: Session, summary: "list[tuple[Issue, int, float]]", layers: Mapping[str, Text]) -> Any:
    from rich.table import Table

    language = session.language
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    for title in (Text("", ""), Text("问题", "issue"), Text("图层", "layers")):
        table.add_column(title.get(language), overflow="fold")
    table.add_column(Text("处数", "count").get(language), justify="right")
    table.add_column(Text("面积 公顷", "area ha").get(language), justify="right")
    for issue, count, area in summary:
        names = " × ".join(layers[name].get(language) if name in layers else name for name in issue.layers)
        shown = f"{area / 10_000:,.4f}" if area else ""
        table.add_row(
            _SIGNS[issue.severity], issue.title.get(language), names, str(count), shown, style=_STYLES[issue.severity]
        )
    return table


def _examples(session: Session, console: Any, result: "AuditResult") -> None:
    from zoning.planning.audit.package import cited

    shown: dict[str, int] = {}
    listed = 0
    for issue in result.open_issues:
        if listed >= _MOST_SHOWN or shown.get(issue.kind, 0) >= _PER_KIND:
            continue
        shown[issue.kind] = shown.get(issue.kind, 0) + 1
        listed += 1
        console.print(f"\n{_SIGNS[issue.severity]} {issue.id}  {issue.text.get(session.language)}", markup=False)
        if issue.advice is not None:
            console.print(f"    {issue.advice.get(session.language)}", markup=False)
        for line in cited(issue, result.documents, session.language):
            console.print(f"    {line}", style="dim", markup=False)
    rest = len(result.open_issues) - listed
    if rest > 0:
        session.say(
            Text(
                f"另有 {rest} 处未列出；用 --out DIR 写出全部", f"{rest} more are not listed here; --out DIR writes all"
            )
        )
