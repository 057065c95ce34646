"""A report on a made verdict: its source, layers, classes, rules and units with what a test changes of them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import report_world
from zoning.report.document import Paragraph, Section, cell_text
from zoning.report.source import Source
from zoning.rules.access.entries import ClauseEntry, UnitComparison
from zoning.rules.verdict import (
    ClassEntry,
    Finding,
    LayerEntry,
    ZoneEntry,
)
from zoning.texts import Language, Text

REASON = Text("图层文件缺失", "the file of the layer is missing")


def source_of_site(folder: Path) -> Source:
    """Return what a report on a site in level 1 of the tiny workspace is made from."""
    examination, workspace = report_world.examine(folder)
    return Source(examination, report_world.reporter(workspace).parts, "zh", report_world.MADE)


def told(base: Source, language: Language = "zh", **changes: Any) -> Source:
    """Return the source with another verdict."""
    verdict = base.verdict.model_copy(update=changes)
    return replace(base, examination=replace(base.examination, verdict=verdict), language=language)


def layer(base: Source, **changes: Any) -> LayerEntry:
    """Return what is said of a layer that is clear, with changes."""
    water = base.layer("water")
    assert water is not None
    clear = {"status": "not_affected", "classes": (), "nearest_m": 120.0, "uncovered_m2": 0.0, "reason": None}
    return water.model_copy(update={**clear, **changes})


def level(**changes: Any) -> ClassEntry:
    """Return a class of a layer, with changes."""
    values: dict[str, Any] = {
        "class_": "level-1",
        "title": Text("一级区", "level 1"),
        "assumed": False,
        "zones": (ZoneEntry(id="W1", name="下芹", overlap_m2=2_000.0, length_m=0.0),),
        "overlap_m2": 2_000.0,
        "share": 0.25,
        "length_m": 0.0,
        "certainty": "certain",
        "flips_at_m": None,
    }
    return ClassEntry(**{**values, **changes})


def finding(base: Source, **changes: Any) -> Finding:
    """Return the prohibition that applies, with changes."""
    found = next(one for one in base.verdict.findings if one.rule == "R042")
    return found.model_copy(update=changes)


def table(section: Section, name: str) -> list[tuple[str, ...]]:
    """Return the rows of a table of a section."""
    (found,) = [one for one in section.tables if one.id == name]
    return [tuple(cell_text(cell) for cell in row) for row in found.rows]


def paragraphs(section: Section, kind: str) -> list[str]:
    """Return the texts of a section, of one kind."""
    return [block.text for block in section.blocks if isinstance(block, Paragraph) and block.kind == kind]


def clause(**changes: Any) -> ClauseEntry:
    """Return a clause that is still to be verified, with changes."""
    values: dict[str, Any] = {
        "id": "2023/ZH1/1-1",
        "edition": "2023",
        "level": "unit",
        "dimension": "spatial-layout",
        "number": "1-1",
        "printed": "1-1.",
        "text": "禁止新建。",
        "effect": "prohibit",
        "facts": (),
        "result": "to_verify",
        "reasons": (),
        "missing_facts": (),
        "missing_layers": (),
    }
    return ClauseEntry(**{**values, **changes})


def unit(**changes: Any) -> UnitComparison:
    """Return the comparison of a unit, with changes."""
    values: dict[str, Any] = {
        "territory": "140522",
        "unit": "ZH1",
        "name": "析城山",
        "class_": "priority",
        "class_title": Text("优先保护单元", "priority"),
        "certainty": "certain",
        "overlap_m2": 10_000.0,
        "share": 0.5,
        "status": "compared",
        "reason": None,
        "missing_levels": (),
        "lists": (),
        "clauses": (),
        "silent": (),
        "warnings": (),
    }
    return UnitComparison(**{**values, **changes})
