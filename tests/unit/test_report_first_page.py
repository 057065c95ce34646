"""The first page alone carries decision, reasons and notice, also where nothing was told and everything is open."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest
from pypdf import PdfReader

import report_world
from zoning.check import Checker, Examination, Refusal
from zoning.maps.made import Made
from zoning.report.document import Report
from zoning.rules.facts import FactSheet
from zoning.sites import read_sites
from zoning.texts import Language
from zoning.workspace import Workspace

ON = date(2026, 6, 1)
WIDTHS = {"haul-road.kml": 20.0}
FILES = (
    "coal-panels.gpkg",
    "haul-road.kml",
    "lodge.zip",
    "processing-plant.txt",
    "school.geojson",
    "viewing-platform.txt",
)
LONG = Made("2026-06-02", "0.0.1", "Administrative Approval Bureau of Yangcheng County")
Unavailable = Callable[[str, str], NoReturn]


@pytest.fixture(scope="module")
def open_sites(workspace: Workspace) -> dict[str, list[Examination]]:
    """Return the examples, checked without a single fact: the longest first pages."""
    checker = Checker(on=ON, catalogue=workspace.catalogue, rulebook=workspace.rulebook, settings=workspace.settings)
    found: dict[str, list[Examination]] = {}
    for name in FILES:
        path = workspace.root / "examples" / name
        sites = read_sites(path, expected=workspace.extent(ON), width_m=WIDTHS.get(name))
        results = list(checker.check([(site, FactSheet({})) for site in sites]))
        found[name] = [one for one in results if not isinstance(one, Refusal)]
        assert len(found[name]) == len(sites)
    return found


def first_part(workspace: Workspace, found: Examination, language: Language) -> Report:
    """Return the report down to its first section."""
    applicant = "Construction and Development Company of Yangcheng County, Limited"
    report = report_world.reporter(workspace, language, LONG).report(found, applicant=applicant)
    return replace(report, sections=report.sections[:1])


def pages(content: bytes) -> list[str]:
    return [re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def holds_the_answer(report: Report, told: list[str]) -> None:
    front = report.front
    for wanted in (front.word, front.sentence, front.notice, *front.rules, *front.missing):
        assert re.sub(r"\s+", "", wanted) in told[0]
    # Nothing of it spills: the page after it begins with the first section.
    heading = re.sub(r"\s+", "", report.sections[0].heading)
    assert heading in told[1]
    assert heading not in told[0]


@pytest.mark.usefixtures("cjk_fonts")
@pytest.mark.parametrize(("name", "language"), [*((name, "en") for name in FILES), ("processing-plant.txt", "zh")])
def test_in_print(
    workspace: Workspace, open_sites: dict[str, list[Examination]], name: str, language: Language
) -> None:
    for found in open_sites[name]:
        report = first_part(workspace, found, language)
        assert report.front.decision == "undetermined"
        holds_the_answer(report, pages(report_world.reporter(workspace, language, LONG).write(report, "pdf")))


@pytest.mark.usefixtures("cjk_fonts")
def test_in_word(
    tmp_path: Path, workspace: Workspace, open_sites: dict[str, list[Examination]], unavailable: Unavailable
) -> None:
    soffice = report_world.program("soffice") or unavailable("LibreOffice", "apt install libreoffice-writer")
    longest = max((one for found in open_sites.values() for one in found), key=lambda one: len(one.verdict.summary.en))
    report = first_part(workspace, longest, "en")
    path = tmp_path / "long.docx"
    path.write_bytes(report_world.reporter(workspace, "en", LONG).write(report, "docx"))
    holds_the_answer(report, pages(report_world.as_pdf(path, tmp_path, soffice).read_bytes()))


def test_the_notice_stands_before_the_lists_in_the_page(
    workspace: Workspace, open_sites: dict[str, list[Examination]]
) -> None:
    report = first_part(workspace, open_sites["lodge.zip"][0], "en")
    page = report_world.reporter(workspace, "en", LONG).write(report, "html").decode()
    places = [page.index(wanted) for wanted in ('class="sentence"', report.front.notice, 'id="front-figures"')]
    assert places == sorted(places)
