"""One report per site of a batch, in a folder with an index page."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.atomic_write import write_whole
from zoning.batch.job import Job
from zoning.batch.reports_ledger import Entry, Finished, Ledger
from zoning.check import Checker, Examination, Refusal
from zoning.errors import ZoningError
from zoning.maps.page_templates import templates_in
from zoning.quality.refusal import refuse_invalid
from zoning.report.digest import short_hash
from zoning.report.making import Reporter, To
from zoning.rules.wording.words import DECISIONS
from zoning.texts import Text
from zoning.workspace import Workspace

if TYPE_CHECKING:
    from zoning.sites.streaming import Row

INDEX = "index.html"
_TEMPLATE = "reports.html.j2"
_UNSAFE = re.compile(r"[^\w.-]+")
_MOST_BYTES = 120
_WORDS: dict[str, Text] = {
    "title": Text("报告目录", "Reports"),
    "number": Text("序号", "no."),
    "name": Text("名称", "name"),
    "decision": Text("结论", "decision"),
    "area": Text("面积 / 公顷", "area / ha"),
    "mu": Text("面积 / 亩", "area / mu"),
    "sentence": Text("说明", "sentence"),
    "code": Text("核对码", "check code"),
    "refused": Text("未研判", "refused"),
    "on": Text("研判日期", "checked as of"),
    "sites": Text("地块 {count} 个", "{count} sites"),
    "sites_one": Text("地块 {count} 个", "{count} site"),
}


@dataclass(frozen=True, slots=True)
class ReportTask:
    """What reports are made from, and where they go.

    Attributes
    ----------
    title
        Name of the boundary file.
    ledger
        What an interrupted run has finished; reports that it names are not made again.
    """

    job: Job
    workspace: Workspace
    reporter: Reporter
    to: To
    folder: Path
    title: str
    ledger: Ledger


def write_reports(
    task: ReportTask, rows: Iterable[tuple["Row", ...]], tell: Callable[[int], None] = lambda _: None
) -> int:
    """Check every record again and write its report; the index comes last. Return how many reports there are.

    Reports that an interrupted run has finished are left as they are.

    Raises
    ------
    ZoningError
        When a layer cannot be read, a template cannot be used, or a file cannot be written.
    """
    entries: list[Entry] = []
    for entry in _entries(task, rows):
        entries.append(entry)
        tell(len(entries))
    write_whole(task.folder / INDEX, _index(task, entries))
    return sum(entry.file is not None for entry in entries)


def _entries(task: ReportTask, rows: Iterable[tuple["Row", ...]]) -> Iterator[Entry]:
    workspace = task.workspace
    checker = Checker(
        on=task.job.on,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
        source=workspace.source(task.job.prepared),
    )
    for chunk in rows:
        for row in chunk:
            known = task.ledger.taken_over(row.number + 1, task.folder)
            yield _made(task, checker, row) if known is None else known


def _made(task: ReportTask, checker: Checker, row: "Row") -> Entry:
    """Write the report of a record and note it: a report that is noted is there."""
    done = _written(task, checker, row)
    task.ledger.add(done)
    return done.entry


def _written(task: ReportTask, checker: Checker, row: "Row") -> Finished:
    found = _examined(task, checker, row)
    if isinstance(found, ZoningError):
        word = _WORDS["refused"].get(task.reporter.language)
        sentence = found.get(task.reporter.language)
        return Finished(Entry(row.number + 1, row.name, None, word, "#555555", "—", "—", sentence, "—", None), None)
    report = task.reporter.report(found)
    stem = _UNSAFE.sub("_", row.name).strip("._") or "site"
    stem = stem.encode("utf-8")[:_MOST_BYTES].decode("utf-8", errors="ignore")
    # Names occur twice and come from strangers: the number makes them differ, and nothing leads out of the folder.
    name = f"{row.number + 1:05d}-{stem}.{task.to}"
    content = task.reporter.write(report, task.to)
    write_whole(task.folder / name, content)
    verdict = found.verdict
    language = task.reporter.language
    entry = Entry(
        number=row.number + 1,
        name=verdict.site.name,
        decision=verdict.decision,
        word=DECISIONS[verdict.decision].get(language),
        colour=report.front.colour,
        area_ha=f"{verdict.site.area_ha:,.4f}",
        area_mu=f"{verdict.site.area_mu:,.2f}",
        sentence=verdict.summary.get(language),
        code=short_hash(report.digest),
        file=name,
    )
    return Finished(entry, hashlib.sha256(content).hexdigest())


def _examined(task: ReportTask, checker: Checker, row: "Row") -> Examination | ZoningError:
    if row.site is None:
        return row.error or ZoningError("没有图形", "no footprint")
    try:
        if task.job.refuse_invalid:
            refuse_invalid([row.site])
        facts = task.job.told.of(row.site, task.workspace.rulebook.vocabulary)
    except ZoningError as error:
        return error
    found = next(checker.check([(row.site, facts)]))
    return found.error if isinstance(found, Refusal) else found


def _index(task: ReportTask, entries: list[Entry]) -> str:
    language = task.reporter.language
    words = {name: text.get(language) for name, text in _WORDS.items()}
    page: str = (
        templates_in("zoning.batch")
        .get_template(_TEMPLATE)
        .render(
            lang="zh-CN" if language == "zh" else "en",
            words=words,
            count=words["sites_one" if len(entries) == 1 else "sites"].format(count=f"{len(entries):,}"),
            title=task.title,
            on=task.job.on.isoformat(),
            made=task.reporter.made,
            notice=task.workspace.settings.notice.get(language),
            entries=entries,
        )
    )
    return page
