"""A small made-up county with a plan: zones are strips between meridians, so that shares can be worked out by hand.

The county reaches from 112.3°E to 112.5°E (0.20°). Forest: 112.30-112.40 and 112.36-112.44, together 0.14° = 70 %.
Red line: 112.42-112.47 = 0.05° = 25 %. Partial: covers the neighbouring county only.
"""

from pathlib import Path

import tiny_workspace

SOUTH, NORTH = 35.4, 35.6
FOREST = ((112.30, 112.40), (112.36, 112.44))
RED = ((112.42, 112.47),)
LAYER = """\
title: {{zh: {zh}, en: {id}}}
group: protection
authority: {{zh: 某局, en: some office}}
source: {{zh: 测试, en: test}}
crs: EPSG:4490
schematic: {schematic}
accuracy_m: {accuracy}
id_field: zone_id
name_field: name
class_field: class
classes:
  one: {{title: {{zh: 一类, en: one}}, codes: ["1"]}}
  two: {{title: {{zh: 二类, en: two}}, codes: ["2"]}}
editions:
  "2020": {{file: data/{id}.geojson, valid_from: 2020-01-01}}
coverage: {{territories: ["{covered}"]}}
"""
PLAN = """\
title: {zh: 甲县规划指标, en: indicators of county A}
document: plan
territory: "140522"
notes:
  - {zh: 测试规划。, en: A plan for tests.}
indicators:
"""
CITATION = "    citation: {document: plan, section: 表1, lines: L1, anchor: 某}\n"


def strips(*meridians: tuple[float, float]) -> list[tuple[float, float, float, float]]:
    """Return boxes between meridians over the height of the county."""
    return [(west, SOUTH, east, NORTH) for west, east in meridians]


def build(root: Path, indicators: str, *, schematic: bool = False) -> Path:
    """Write the workspace with a plan; `indicators` are entries of YAML, indented by two, each with CITATION."""
    tiny_workspace.build(root)
    add_layer(root, "forest", "林地", FOREST, schematic=schematic)
    add_layer(root, "red", "红线", RED, schematic=schematic, accuracy=5.0)
    add_layer(root, "partial", "局部", RED, covered="140825")
    write_plan(root, indicators)
    return root


def add_layer(
    root: Path,
    name: str,
    zh: str,
    meridians: tuple[tuple[float, float], ...],
    *,
    schematic: bool = False,
    accuracy: float = 0.0,
    covered: str = "140522",
) -> None:
    """Add a layer whose zones are strips: the first is of class one, the others of class two."""
    text = LAYER.format(id=name, zh=zh, schematic=str(schematic).lower(), accuracy=accuracy, covered=covered)
    (root / "layers" / f"{name}.yaml").write_text(text, encoding="utf-8")
    zones = [
        (f"{name}-{number}", f"{zh}{number}", "1" if number == 0 else "2", box)
        for number, box in enumerate(strips(*meridians))
    ]
    tiny_workspace.geojson(root / "layers" / "data" / f"{name}.geojson", zones)


def write_plan(root: Path, indicators: str, head: str = PLAN) -> Path:
    """Write the indicators of the plan."""
    path = root / "plans" / "indicators" / "plan.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + indicators, encoding="utf-8")
    return path


def entry(name: str, body: str, *, unit: str = '"%"') -> str:
    """Return an indicator of YAML; `body` are its further lines, indented by four."""
    return f"  {name}:\n    title: {{zh: 指标{name}, en: {name}}}\n    unit: {unit}\n{body}{CITATION}"
