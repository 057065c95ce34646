"""Issues as a GeoPackage that QGIS opens with styles by severity and by kind, and as a table for spreadsheets."""

import csv
import io
from collections.abc import Sequence
from math import cos, radians
from pathlib import Path
from typing import cast

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from zoning.atomic_write import write_whole
from zoning.maps.qgis.geopackage import StyledTable, geopackage, style_geopackage
from zoning.maps.qgis.tables import Table
from zoning.planning.audit.earlier import FORMULA, TABLES
from zoning.planning.audit.issue import Issue, shape_of
from zoning.planning.audit.kinds import KINDS, SEVERITIES
from zoning.planning.audit.result import AuditResult
from zoning.styles.drawing import Category, Drawing, Outline, Tint
from zoning.texts import Language, Text

_MARK_M = 15.0
_METRES_PER_DEGREE = 111_320.0
_SEVERITY_COLOURS = {"error": "#B3001B", "warning": "#B35C00", "note": "#2F6DA8"}
_KIND_COLOURS = (
    "#B3001B", "#7A0177", "#C51B8A", "#D95F02", "#B35C00", "#8C510A", "#01665E", "#1B7837", "#2166AC", "#4D4D4D",
    "#E7298A", "#66A61E", "#E6AB02", "#542788", "#80CDC1", "#A6761D", "#BF812D", "#35978F", "#6A51A3", "#737373",
)  # fmt: skip
_FIELDS = (
    "id", "status", "note", "severity", "kind", "title", "layers", "zones", "territory", "text", "advice", "citations",
    "area_m2", "length_m", "offset_m", "dx_m", "dy_m", "confidence_m", "lon", "lat", "first_seen",
)  # fmt: skip
_NUMBERS = frozenset(("area_m2", "length_m", "offset_m", "dx_m", "dy_m", "confidence_m", "lon", "lat"))


def cited(issue: Issue, documents: dict[str, Text], language: Language) -> list[str]:
    """Return the citations of an issue in words; what was not verified says so."""
    unsure = Text("（待核实）", " (not verified)").get(language)
    told = []
    for citation in issue.citations:
        name = documents.get(citation.document, Text(citation.document, citation.document)).get(language)
        anchor = f"「{citation.anchor}」" if citation.anchor else ""
        lines = f" {citation.lines}" if citation.lines else ""
        told.append(f"{name} {citation.section}{lines}{anchor}{'' if citation.verified else unsure}")
    return told


def _row(issue: Issue, documents: dict[str, Text], language: Language) -> dict[str, str | float | None]:
    return {
        "id": issue.id,
        "status": issue.status,
        "note": issue.note,
        "severity": issue.severity,
        "kind": issue.kind,
        "title": issue.title.get(language),
        "layers": ", ".join(issue.layers),
        "zones": ", ".join(issue.zones),
        "territory": issue.territory or "",
        "text": issue.text.get(language),
        "advice": "" if issue.advice is None else issue.advice.get(language),
        "citations": "; ".join(cited(issue, documents, language)),
        "area_m2": issue.area_m2,
        "length_m": issue.length_m,
        "offset_m": issue.offset_m,
        "dx_m": issue.dx_m,
        "dy_m": issue.dy_m,
        "confidence_m": issue.confidence_m,
        "lon": issue.lon,
        "lat": issue.lat,
        "first_seen": issue.first_seen,
    }


def issues_csv(result: AuditResult, language: Language) -> bytes:
    """Return the issues as CSV (UTF-8 with mark): columns `status` and `note` are for the planner to change."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, _FIELDS)
    writer.writeheader()
    for issue in result.issues:
        row = _row(issue, result.documents, language)
        writer.writerow({name: _safe(value) for name, value in row.items()})
    return stream.getvalue().encode("utf-8-sig")


def _safe(value: str | float | None) -> str | float | None:
    # Names come from files of strangers: a spreadsheet must not take them for formulas.
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def write_package(path: Path, result: AuditResult, language: Language) -> None:
    """Write the issues as GeoPackage with two styles; whole or not at all.

    Raises
    ------
    ContentError
        When it cannot be written.
    """
    placed = [issue for issue in result.issues if issue.shape]
    rest = [issue for issue in result.issues if not issue.shape]
    tables = [
        _table(TABLES[0], placed, result.documents, language, shapes=True),
        _table(TABLES[1], rest, result.documents, language, shapes=False),
    ]
    tables = [table for table in tables if table.rows]
    if not tables:
        tables = [_table(TABLES[0], [], result.documents, language, shapes=True)]
    write_whole(path, geopackage(tables, result.on))
    if placed:
        by_severity = _drawing(Text("按严重程度", "by severity").get(language), "severity", _severities(language))
        style_geopackage(path, [StyledTable(TABLES[0], by_severity, by_severity.title)], result.on)


def _table(
    name: str, issues: Sequence[Issue], documents: dict[str, Text], language: Language, *, shapes: bool
) -> Table:
    rows = [_row(issue, documents, language) for issue in issues]
    drawing = _drawing(Text("按问题种类", "by kind").get(language), "kind", _kinds(language))
    return Table(
        key=name,
        name=name,
        role="zones" if shapes else "list",
        description=Text(
            "图层审核的问题；status 和 note 可修改", "issues of the audit; status and note may be changed"
        ).get(language),
        fields=_FIELDS,
        texts=frozenset(_FIELDS) - _NUMBERS,
        rows=tuple(tuple(row[field] for field in _FIELDS) for row in rows),
        geometries=tuple(area_of(issue) for issue in issues) if shapes else None,
        drawing=drawing if shapes else None,
    )


def area_of(issue: Issue) -> BaseGeometry:
    """Return the piece of an issue as polygons in degrees; points and lines as a mark around them."""
    shape = shape_of(issue)
    if shapely.get_dimensions(shape) < 2:  # noqa: PLR2004 - no area
        shrink = cos(radians(shape.bounds[1]))
        flat = affinity.scale(shape, shrink, 1.0, origin=(0.0, 0.0))
        mark = flat.buffer(_MARK_M / _METRES_PER_DEGREE, quad_segs=6)
        shape = affinity.scale(mark, 1 / shrink, 1.0, origin=(0.0, 0.0))
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return cast("BaseGeometry", shapely.MultiPolygon(parts))


def _drawing(title: str, field: str, categories: tuple[Category, ...]) -> Drawing:
    return Drawing(title=title, geometry="polygon", field=field, categories=categories)


def _severities(language: Language) -> tuple[Category, ...]:
    return tuple(_category(name, text.get(language), _SEVERITY_COLOURS[name]) for name, text in SEVERITIES.items())


def _kinds(language: Language) -> tuple[Category, ...]:
    colours = dict(zip(KINDS, _KIND_COLOURS, strict=True))
    return tuple(_category(name, kind.title.get(language), colours[name]) for name, kind in KINDS.items())


def _category(value: str, title: str, colour: str) -> Category:
    return Category((value,), title, (Tint(colour, 0.35), Outline(colour, 2.0)))
