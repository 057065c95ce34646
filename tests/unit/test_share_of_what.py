"""A site partly outside the territory: whatever prints a share says of what, or gives that of the whole site."""

import re
from datetime import date
from pathlib import Path

import pytest
import shapely

import report_world
import tiny_workspace
from zoning.check import Examination, check_site
from zoning.maps.findings import cards_of
from zoning.maps.gathering import content_from
from zoning.maps.product import read_site_map
from zoning.quantities import format_area
from zoning.report.document import cell_text
from zoning.rules.facts import FactSheet
from zoning.rules.reasons import share_of
from zoning.rules.verdict import verdict_schema
from zoning.sites.site import Site
from zoning.texts import Language, Text
from zoning.workspace import Workspace, builtin_root

ON = date(2026, 6, 1)
BORDER = 112.5
ZONE = (112.490, 35.550, BORDER, 35.560)
INSIDE = (112.496, 35.552, BORDER, 35.554)
WIDTH = 0.009  # 0.004 of it inside: four ninths
ACROSS = (112.496, 35.552, 112.496 + WIDTH, 35.554)


def checked(folder: Path, box: tiny_workspace.Box) -> tuple[Examination, Workspace]:
    """Check a box where level 1 reaches up to the border of the territory, and the layer ends there."""
    root = tiny_workspace.build(folder / "w")
    tiny_workspace.geojson(root / "layers" / "data" / "water.geojson", [("W1", "下芹", "1", ZONE)])
    workspace = Workspace.open(root)
    site = Site("1", "地块一", shapely.box(*box), "EPSG:4490", "site.geojson")
    found = check_site(
        site,
        FactSheet({"construction": ("new",)}),
        on=ON,
        catalogue=workspace.catalogue,
        rulebook=workspace.rulebook,
        settings=workspace.settings,
    )
    return found, workspace


def test_the_sentence_says_of_what(tmp_path: Path) -> None:
    found, _ = checked(tmp_path, ACROSS)
    verdict = found.verdict
    assert verdict.site.in_parts
    finding = next(one for one in verdict.findings if one.rule == "R042")
    assert finding.overlap_m2 is not None
    area = format_area(finding.overlap_m2)
    told = Text(
        f"与一级区（下芹）重叠 {area.zh}，占辖区内部分的 100.00 %",
        f"overlaps level-1 (下芹) by {area.en}, 100.00 % of the part inside the territory",
    )
    assert finding.reasons[0] == told
    assert told.zh in verdict.summary.zh
    assert "100.00 % of the part inside the territory" in verdict.summary.en
    # The finding is about the part in its territory, the class about the whole site.
    (entry,) = (one for layer in verdict.layers for one in layer.classes if layer.layer == "water")
    assert finding.share == pytest.approx(1.0, abs=1e-6)
    assert entry.share == pytest.approx(4 / 9, abs=1e-4)
    assert finding.overlap_m2 / verdict.site.area_m2 == pytest.approx(entry.share, abs=1e-7)


def test_where_all_of_it_is_inside_nothing_is_added(tmp_path: Path) -> None:
    found, _ = checked(tmp_path, INSIDE)
    finding = next(one for one in found.verdict.findings if one.rule == "R042")
    assert not found.verdict.site.in_parts
    assert finding.reasons[0].zh.endswith("，100.00 %")
    assert finding.reasons[0].en.endswith(", 100.00 %")


@pytest.mark.parametrize(
    ("language", "of_what"), [("zh", "占辖区内部分的 100.00 %"), ("en", "100.00 % of the part inside the territory")]
)
def test_the_report_never_says_100_per_cent_of_nothing(tmp_path: Path, language: Language, of_what: str) -> None:
    found, workspace = checked(tmp_path, ACROSS)
    report = report_world.reporter(workspace, language).report(found)
    figures = [[cell_text(cell) for cell in row] for row in report.front.figures.rows]
    assert [row[-1] for row in figures] == ["100.00", "44.44"]
    assert of_what in report.front.sentence
    for text in (report.front.sentence, *report_world.texts(report)):
        for place in re.finditer(r"100\.00 %", text):
            around = text[max(0, place.start() - 8) : place.end() + 35]
            assert of_what.replace("100.00 %", "").strip() in around


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_map_gives_the_share_of_the_whole_site(tmp_path: Path, language: Language) -> None:
    found, workspace = checked(tmp_path, ACROSS)
    product = read_site_map(builtin_root() / "maps" / "site-map.yaml")
    content = content_from(found, workspace.catalogue, product)
    card = next(card for card in cards_of(content, language) if card.finding.rule == "R042")
    assert card.figures[-1] == "44.44 %"


def test_the_schema_says_of_what_the_shares_are() -> None:
    told = {name: " ".join(one.get("description", "").split()) for name, one in verdict_schema()["$defs"].items()}
    assert "share of the whole site (0..1)" in told["ClassEntry"]
    assert "those of the part of the site in `territory`" in told["Finding"]
    assert "share (0..1) of that part, not of the whole site" in told["UnitComparison"]


def test_a_share_of_a_part_is_never_a_bare_figure() -> None:
    assert share_of(0.5, of_part=False) == Text("50.00 %", "50.00 %")
    assert share_of(0.5, of_part=True) == Text("占辖区内部分的 50.00 %", "50.00 % of the part inside the territory")
