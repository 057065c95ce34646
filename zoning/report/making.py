"""One reporter for a whole run: from an examination to the bytes of a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from zoning.check import Examination
from zoning.maps.made import Made
from zoning.report.composing import report_of
from zoning.report.document import Picture, Report
from zoning.report.source import WorkspaceParts
from zoning.texts import Language, Text

To = Literal["docx", "pdf", "html", "xlsx"]
MapsOf = Callable[[Examination], tuple[Picture, ...]]


def no_maps(_: Examination) -> tuple[Picture, ...]:
    """Return no map."""
    return ()


@dataclass(frozen=True, slots=True)
class Reporter:
    """Makes reports.

    Attributes
    ----------
    page, word
        The templates for HTML and PDF, and for Word.
    own
        The office's own Word template.
    maps
        Draws the maps of the annex.
    """

    parts: WorkspaceParts
    page: Path
    word: Path
    language: Language
    made: Made
    own: Path | None = None
    maps: MapsOf = no_maps

    def report(
        self, examination: Examination, *, applicant: str = "", facts_from: Mapping[str, Text] = MappingProxyType({})
    ) -> Report:
        """Return what the report of one site says; `facts_from`: see `report_of`.

        Raises
        ------
        UsageError, ContentError
            See `report_of`.
        """
        return report_of(
            examination,
            self.parts,
            language=self.language,
            made=self.made,
            applicant=applicant,
            maps=self.maps(examination),
            facts_from=facts_from,
        )

    def write(self, report: Report, to: To) -> bytes:
        """Return the file: the same report gives the same bytes.

        Raises
        ------
        ZoningError
            When a template cannot be used, or (PDF) a font or a library is missing.
        """
        if to == "docx":
            from zoning.report.word import render_docx

            return render_docx(report, self.word, self.own)
        if to == "xlsx":
            from zoning.report.sheets import render_xlsx

            return render_xlsx(report)
        if to == "pdf":
            from zoning.report.pdf import render_pdf

            return render_pdf(report, self.page)
        from zoning.report.html import render_html

        return render_html(report, self.page).encode()
