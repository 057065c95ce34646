"""The verdict of one small case, as JSON and as people read it, word for word.

After a wanted change: ZONING_WRITE_GOLDEN=1 pytest tests/golden, then read the difference before it is committed.
"""

import io
import os
from datetime import date
from pathlib import Path

import pytest
import shapely
from rich.console import Console

import tiny_workspace
from zoning.check import check_site
from zoning.cli.tables import print_verdict
from zoning.rules.facts import FactSheet
from zoning.rules.verdict import Verdict
from zoning.sites.site import Site
from zoning.texts import Language
from zoning.workspace import Workspace

FOLDER = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    w = Workspace.open(tiny_workspace.build(tmp_path_factory.mktemp("golden") / "w", accuracy_m=5.0))
    ring = [(112.4095, 35.5095), (112.4125, 35.5095), (112.4125, 35.5115), (112.4095, 35.5110)]
    site = Site("7", "某某民宿", shapely.Polygon(ring), "EPSG:4490", "site.geojson", stated_area_m2=50_000.0)
    facts = FactSheet({"construction": ("new",)})
    found = check_site(
        site, facts, on=date(2026, 6, 1), catalogue=w.catalogue, rulebook=w.rulebook, settings=w.settings
    )
    return found.verdict


def compare(name: str, text: str) -> None:
    path = FOLDER / name
    if os.environ.get("ZONING_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_json(verdict: Verdict) -> None:
    compare("verdict.json", verdict.to_json())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text(verdict: Verdict, language: Language) -> None:
    out = io.StringIO()
    print_verdict(Console(file=out, width=100, highlight=False, color_system=None), verdict, language)
    compare(f"verdict.{language}.txt", out.getvalue())
