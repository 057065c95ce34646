"""Three territories that border on each other, checks of boxes across the borders, and books of a few own rules."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

import scenario_world as world
from scenario_world import JINCHENG, YANGCHENG, YANGQUAN
from zoning.check import check_site
from zoning.rules.facts import parse_facts
from zoning.rules.rulebook import Rulebook, read_rulebook
from zoning.rules.verdict import Verdict
from zoning.sites import Site

ON = date(2025, 6, 1)
# As in the shared world, but 阳泉市 lies north of 阳城县 and 晋城市城区: all three meet at 113°E, 36°N.
BOXES: Mapping[str, world.Box] = {**world.BOXES, YANGQUAN: (112.0, 36.0, 114.0, 37.0)}
NORTH_BORDER, EAST_BORDER, CORNER = (112.5, 36.0), (113.0, 35.5), (113.0, 36.0)
SOUTH_BORDER = (113.5, 35.0)  # 晋城市城区 ends here, and nothing begins
EVERYWHERE = shapely.box(-30_000, -30_000, 30_000, 30_000)
Zones = Mapping[str, Sequence[tuple[str | None, BaseGeometry]]]


def checked(
    made: world.World, rulebook: Rulebook, site: Site, facts: Mapping[str, object], *, on: date = ON
) -> Verdict:
    """Check a site and return its verdict; the layers stay open for the next one."""
    sheet = parse_facts(rulebook.vocabulary, facts, "test")
    found = check_site(
        site, sheet, on=on, catalogue=made.catalogue, rulebook=rulebook, settings=made.settings, source=made.source
    )
    return found.verdict


def box_at(at: tuple[float, float], west: float, south: float, east: float, north: float) -> Site:
    """Return a box in metres from `at` as a site."""
    return world.site_of(world.to_degrees(shapely.box(west, south, east, north), at))


def text(zh: str) -> dict[str, str]:
    """Return the same words as both languages."""
    return {"zh": zh, "en": zh}


def document(number: str, issuer: str, territories: Sequence[str], **more: object) -> dict[str, object]:
    """Return an entry of `documents.yaml`."""
    told: dict[str, object] = {"title": text(f"{issuer}文件"), "number": number, "issuer": text(issuer)}
    return {**told, "issued": "2020-01-01", "weight": "plan", "territories": list(territories), **more}


DOCUMENTS = {
    "yangcheng": document("阳政办发〔2023〕43号", "阳城县", [YANGCHENG], valid_from="2020-01-01"),
    "jincheng": document("城政发〔2023〕3号", "晋城市城区", [JINCHENG], valid_from="2020-01-01"),
    "yangquan": document("阳政办发〔2025〕23号", "阳泉市", [YANGQUAN], valid_from="2020-01-01"),
    "province": document("", "省", ["14"], abbreviation="PRO", valid_from="2020-01-01"),
    "city": document("", "晋城市", ["1405"], abbreviation="CITY", valid_from="2020-01-01"),
    "nation": document("", "国家", ["CN"], abbreviation="NAT", valid_from="2020-01-01"),
}


FACTS = {
    "construction": {
        "title": text("建设性质"),
        "question": text("新建吗？"),
        "kind": "choice",
        "values": {"new": text("新建"), "none": text("不施工")},
    },
    "high_pollution": {"title": text("高污染"), "question": text("是否高污染？"), "kind": "yes_no"},
}


def few_rules(root: Path, rules: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Rulebook:
    """Write a book: rule id -> (document, what the rule says beside its names) and read it."""
    root.mkdir(parents=True)
    for name, content in (("documents", DOCUMENTS), ("facts", FACTS)):
        (root / f"{name}.yaml").write_text(json.dumps({name: content}, ensure_ascii=False), encoding="utf-8")
    for rule_id, (document_id, said) in rules.items():
        told: dict[str, Any] = {
            "title": text(rule_id),
            "says": text(rule_id),
            "citation": {"section": "第一条"},
            "territories": DOCUMENTS[document_id]["territories"],
            "in_force": {"from": "2020-01-01"},
            "scope": "attribute",
            "effect": "require",
            **said,
        }
        if told["effect"] == "restrict":
            told["condition"] = text("条件")
        folder = root / document_id
        folder.mkdir(exist_ok=True)
        (folder / f"{rule_id}.yaml").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return read_rulebook(root)
