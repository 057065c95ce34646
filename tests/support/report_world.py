"""Reports made in code: of a box in the tiny workspace, with names that break what is not escaped."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

import tiny_workspace
from zoning.check import Examination, check_site
from zoning.layers.catalogue import Catalogue
from zoning.maps.made import Made
from zoning.report.content import read_report_content
from zoning.report.document import Number, Report, cell_text
from zoning.report.making import Reporter
from zoning.report.source import WorkspaceParts
from zoning.rules.facts import FactSheet, FactValue
from zoning.rules.wording.territories import read_territories
from zoning.sites.site import Site
from zoning.styles.stylebook import read_stylebook
from zoning.texts import Language
from zoning.workspace import Workspace, builtin_root

ON = date(2026, 6, 1)
MADE = Made("2026-06-02", "0.0.1", "甲县行政审批局")
IN_LEVEL_1 = (112.4010, 35.5010, 112.4030, 35.5025)
CLEAR = (112.3500, 35.5500, 112.3520, 35.5515)
OVER_THE_BORDER = (112.4990, 35.5500, 112.5010, 35.5515)
NASTY = 'A&B<矿>"一号" {{7*7}} {% x %}'


def examine(
    folder: Path,
    box: tiny_workspace.Box = IN_LEVEL_1,
    *,
    name: str = "某某民宿",
    facts: Mapping[str, FactValue] | None = None,
    accuracy_m: float = 0.0,
    geometry: BaseGeometry | None = None,
) -> tuple[Examination, Workspace]:
    """Check a box in the tiny workspace."""
    workspace = Workspace.open(tiny_workspace.build(folder / "w", accuracy_m=accuracy_m))
    drawn = shapely.box(*box) if geometry is None else geometry
    site = Site("1", name, drawn, "EPSG:4490", "site.geojson")
    sheet = FactSheet({"construction": ("new",)} if facts is None else facts)
    found = check_site(
        site,
        sheet,
        on=ON,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
    )
    return found, workspace


def reporter(workspace: Workspace, language: Language = "zh", made: Made = MADE, own: Path | None = None) -> Reporter:
    """Return a reporter with templates and styles of the program."""
    root = builtin_root()
    stylebook = read_stylebook(root / "styles")
    parts = WorkspaceParts(
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        territories=read_territories(workspace.root / "rules"),
        content=read_report_content(root / "maps" / "report.yaml"),
        outcomes=stylebook.outcomes,
    )
    templates = root / "maps" / "templates"
    return Reporter(parts, templates / "report.html", templates / "report.docx", language, made, own)


def report(folder: Path, language: Language = "zh", **more: Any) -> Report:
    """Return the report of a box in the tiny workspace."""
    examination, workspace = examine(folder, **more)
    return reporter(workspace, language).report(examination, applicant="某某公司")


def without(catalogue: Catalogue, *layers: str) -> Catalogue:
    """Return a catalogue without some layers."""
    kept = {name: layer for name, layer in catalogue.layers.items() if name not in layers}
    return Catalogue(catalogue.root, kept, catalogue.territory_layer)


def numbers(found: Report) -> Iterator[tuple[str, str, Number]]:
    """Yield every figure of the tables: table, name of the row, figure."""
    tables = [found.front.figures, *(table for section in found.sections for table in section.tables)]
    for table in tables:
        for row in table.rows:
            for cell in row:
                if isinstance(cell, Number):
                    yield table.id, cell_text(row[0]), cell


def texts(found: Report) -> Iterator[str]:
    """Yield every text of a report."""
    yield from (found.front.word, found.front.sentence, *found.front.missing, *found.front.rules)
    for section in found.sections:
        yield section.heading
        for block in section.blocks:
            if hasattr(block, "text"):
                yield block.text
            if hasattr(block, "rows"):
                yield from (cell_text(cell) for row in block.rows for cell in row)


def rewritten(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return a packed file with its parts changed; None takes a part out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                target.writestr(name, data)
    return made.getvalue()


def pdf_text(path: Path) -> str:
    """Return the text of a PDF as poppler reads it, without white space."""
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


def pdf_fonts(path: Path) -> list[tuple[str, bool]]:
    """Return the fonts of a PDF as poppler lists them: name, and whether it is embedded."""
    done = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True)
    rows = [line for line in done.stdout.splitlines()[2:] if line.strip()]
    flags = (re.search(r"\s(yes|no)\s+(?:yes|no)\s+(?:yes|no)\s", line) for line in rows)
    names = (line.split()[0].partition("+")[2] for line in rows)
    return [(name, flag is not None and flag[1] == "yes") for name, flag in zip(names, flags, strict=True)]


def as_pdf(path: Path, folder: Path, soffice: str) -> Path:
    """Return a document converted by LibreOffice, which has its own profile here."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    made = folder / f"{path.stem}.pdf"
    assert made.is_file()
    return made


def program(name: str) -> str | None:
    """Return the path of a program, None where it is not installed."""
    return shutil.which(name)
