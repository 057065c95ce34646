"""What a batch writes beside its table: workbook, and one report per site."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.batch.folder import WorkFolder
    from zoning.batch.job import Job
    from zoning.batch.tally import Tally
    from zoning.cli.report import ReportFormat
    from zoning.cli.session import Session
    from zoning.sites.streaming import Row
    from zoning.workspace import Workspace

_TOLD_EVERY = 20


@dataclass(frozen=True, slots=True)
class Products:
    """Writes the products of one batch.

    Attributes
    ----------
    title
        Name of the boundary file.
    maker
        Office or person; may be empty.
    """

    session: "Session"
    workspace: "Workspace"
    job: "Job"
    title: str
    maker: str = ""

    def write_workbook(self, folder: "WorkFolder", tally: "Tally", path: Path) -> None:
        """Write the workbook; whole or not at all.

        Raises
        ------
        ContentError
            When there are too many sites for a workbook, it cannot be written, or a part is damaged.
        """
        from zoning.atomic_write import write_whole
        from zoning.batch.merging import merged
        from zoning.batch.workbook import Subject, render_workbook
        from zoning.maps.made import Made
        from zoning.rules.wording.territories import read_territories
        from zoning.version import __version__

        catalogue = self.workspace.catalogue
        subject = Subject(
            title=self.title,
            on=self.job.on.isoformat(),
            notice=self.workspace.settings.notice,
            schematic=any(layer.schematic for layer in catalogue.layers.values()),
            catalogue=catalogue,
            rulebook=self.workspace.rulebook,
            territories=read_territories(self.workspace.root / "rules"),
        )
        made = Made(self.session.today().isoformat(), __version__, self.maker)
        tables = merged(folder, tally.sites)
        content = render_workbook(tables, tally, subject, language=self.session.language, made=made)
        folder.announce(path)
        write_whole(path, content)

    def write_reports(
        self,
        rows: "Iterable[tuple[Row, ...]]",
        folder: Path,
        to: "ReportFormat",
        *,
        total: int,
        work: Path,
        maps: bool = False,
    ) -> None:
        """Write one report per record and the index page.

        Parameters
        ----------
        work
            Folder of the run; it tells which reports were finished before an interruption.
        maps
            Whether the maps of the annex are drawn: some megabytes and seconds for each report.

        Raises
        ------
        ZoningError
            When a report cannot be made or written.
        """
        from zoning.batch.reports import ReportTask, write_reports
        from zoning.batch.reports_ledger import open_ledger
        from zoning.cli.report_making import report_digests, reporter_of

        digests = report_digests(self.workspace, maps=maps)
        said = {"language": self.session.language, "to": to.value, "maker": self.maker, "file": self.title}
        ledger = open_ledger(work, {**digests, **said}, self.session.today().isoformat())
        made_on = ledger.basis.made_on
        reporter = reporter_of(self.session, self.workspace, maker=self.maker, maps=maps, made_on=made_on)
        self._tell_taken_over(len(ledger.finished))

        def tell(done: int) -> None:
            if done % _TOLD_EVERY == 0 and done < total:
                self.session.say(Text(f"已写报告 {done}/{total}", f"reports: {done}/{total}"))

        write_reports(ReportTask(self.job, self.workspace, reporter, to.value, folder, self.title, ledger), rows, tell)

    def _tell_taken_over(self, count: int) -> None:
        if count:
            self.session.say(Text(f"沿用已写好的报告 {count} 份", f"{count} finished reports are taken over"))
