"""Examination and workspace -> the neutral report."""

from collections.abc import Mapping
from types import MappingProxyType

from zoning.check import Examination
from zoning.maps.made import Made
from zoning.report.annexes import maps_section, points_section, trace_section
from zoning.report.basis import basis_section
from zoning.report.clauses import clauses_section
from zoning.report.coordinates import points_of
from zoning.report.digest import qr_png, short_hash, verdict_digest
from zoning.report.document import Picture, Report, Section
from zoning.report.findings import findings_section
from zoning.report.four_parts import parts_section, protected_section
from zoning.report.front import front_of
from zoning.report.open_points import advice_section, conclusion_section, missing_section
from zoning.report.overlays import overlay_section
from zoning.report.project import project_section
from zoning.report.source import Source, WorkspaceParts
from zoning.report.wording import WORDS
from zoning.texts import Language, Text


def report_of(
    examination: Examination,
    parts: WorkspaceParts,
    *,
    language: Language,
    made: Made,
    applicant: str = "",
    maps: tuple[Picture, ...] = (),
    facts_from: Mapping[str, Text] = MappingProxyType({}),
) -> Report:
    """Return everything that the report of one site says: the same input gives the same report.

    `facts_from` says of facts that the applicant did not tell where they come from.

    Raises
    ------
    UsageError
        When the site lies in none of the 3° zones of China.
    ContentError
        When a fact of the verdict is none of the workspace.
    """
    source = Source(examination, parts, language, made, applicant, maps, facts_from)
    verdict_json = examination.verdict.to_json()
    digest = verdict_digest(verdict_json)
    front = front_of(source)
    site = examination.verdict.site
    return Report(
        language=language,
        title=source.say(parts.content.title),
        subtitle=source.say(parts.content.subtitle),
        site=site.name or site.id,
        front=front,
        sections=tuple(section for section in _sections(source, front.word, digest) if section is not None),
        digest=digest,
        short=short_hash(digest),
        made=made,
        verdict_json=verdict_json,
        words={name: source.say(text) for name, text in WORDS.items()},
    )


def _sections(source: Source, word: str, digest: str) -> list[Section | None]:
    """Return the sections and annexes in their order; None for what does not concern the site."""
    points = points_of(source.examination.footprint)
    annex = points_section(source, points)
    return [
        project_section(source, points),
        basis_section(source),
        overlay_section(source),
        parts_section(source),
        clauses_section(source),
        protected_section(source),
        findings_section(source),
        missing_section(source),
        advice_section(source),
        conclusion_section(source, word),
        maps_section(source),
        annex,
        trace_section(source, digest, qr_png(digest), place=1 if annex is None else 2),
    ]
