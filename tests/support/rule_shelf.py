"""Small workspaces on disk whose rules are to be read, compared and put into tables: no geometry is needed."""

from collections.abc import Mapping
from pathlib import Path

import tiny_workspace

FACTS = """\
facts:
  construction:
    title: {zh: 建设性质, en: kind of construction}
    question: {zh: 新建、改建还是扩建？, en: "new, rebuild or extension?"}
    kind: choice
    values: {new: {zh: 新建, en: new}, rebuild: {zh: 改建, en: rebuild}, expand: {zh: 扩建, en: extension}}
  activity:
    title: {zh: 活动类别, en: activity}
    question: {zh: 哪些活动？, en: which activities?}
    kind: choices
    values:
      coking: {zh: 焦化, en: coking}
      cement: {zh: 水泥, en: cement}
      orchard: {zh: 林果业（果园、苗圃）, en: "orchards (and nurseries)"}
      loose-coal: {zh: 散煤储存、销售或燃用, en: "storing, selling or burning loose coal"}
      hotel: {zh: 宾馆住宿, en: hotel}
    groups: {industry: {title: {zh: 工业生产, en: industry}, words: [coking, cement]}}
  discharges:
    title: {zh: 排放水污染物, en: discharges water pollutants}
    question: {zh: 项目是否排放水污染物？, en: "Does the project discharge water pollutants?"}
    kind: yes_no
  licensed:
    title: {zh: 采伐已获许可, en: logging licensed}
    question: {zh: 采伐是否已依法取得许可？, en: "Is the logging licensed by law?"}
    kind: yes_no
  freight:
    title: {zh: 年货运量, en: freight per year}
    question: {zh: 年货运量是多少？, en: how much freight a year?}
    kind: number
    unit: Mt/a
"""
DOCUMENTS = """\
documents:
  plan:
    title: {zh: 甲县规划, en: plan of county A}
    number: 甲政发〔2023〕1号
    issuer: {zh: 甲县人民政府, en: county A}
    issued: 2023-01-01
    weight: plan
    territories: ["140522"]
    valid_from: 2023-01-01
  law:
    title: {zh: 某法, en: Some Law}
    abbreviation: LAW
    issuer: {zh: 全国人大常委会, en: Standing Committee}
    issued: 2010-01-01
    weight: law
    territories: ["CN"]
    valid_from: 2010-01-01
"""
TERRITORIES = """\
territories:
  CN: {zh: 全国, en: whole country}
  "140522": {zh: 甲县, en: county A}
"""
BANK = """\
title: {zh: 水源两百米内限制工业, en: industry near water limited}
says: {zh: 水源两百米内建工业项目要论证。, en: Industry near water is argued.}
citation: {section: 第二章, lines: L10-12, anchor: 两百米}
territories: ["140522"]
in_force: {from: 2023-01-01}
scope: zone
where: {layer: water, relation: within, distance: bank}
when: {activity: [industry], construction: [new, expand]}
effect: restrict
condition: {zh: 先论证。, en: Argue it first.}
provisos:
  - {when: {discharges: yes}, effect: prohibit}
  - {when: {activity: [hotel]}, effect: none}
values:
  bank:
    title: {zh: 距水源, en: distance to the water}
    unit: m
    in_force:
      2023-01-01: {value: 200 m, source: {zh: L10, en: L10}}
      2025-01-01: {value: 300 m, source: {zh: L11, en: L11}}
note: {zh: 起算点未定。, en: Where to count from is not said.}
"""
CASES = """\
rule: R101
cases:
  - name: 一百米处的焦化
    on: 2024-01-01
    layers: {water: {level-1: {distance: 100 m}}}
    facts: {construction: new, activity: coking, discharges: no}
    expect: applies
    effect: restrict
  - name: 二百五十米处的焦化
    on: 2024-01-01
    layers: {water: {level-1: {distance: 250 m}}}
    facts: {construction: new, activity: coking, discharges: no}
    expect: applies
"""
OLD_ARTICLE = """\
title: {zh: 一级区不得建设, en: no building in level 1}
says: {zh: 一级区里什么也不能建。, en: Nothing may be built in level 1.}
citation:
  - {section: 第五条}
  - {section: 第九条, verified: false}
territories: ["CN"]
in_force: {from: 2010-01-01, to: 2023-12-31}
superseded_by: LAW-6
scope: zone
where: {layer: water, classes: [level-1]}
effect: prohibit
"""
NEW_ARTICLE = """\
title: {zh: 一级区不得新建, en: nothing new in level 1}
says: {zh: 一级区里不得新建。, en: Nothing new in level 1.}
citation: {section: 第六条, verified: false}
territories: ["CN"]
in_force: {from: 2024-01-01}
scope: zone
where: {layer: water, classes: [level-1]}
when: {construction: [new]}
effect: prohibit
overrides: [{rule: R101, section: 第七条, because: {zh: 水源区按本法, en: water zones follow this law}}]
"""
RULES: Mapping[str, str] = {
    "plan/R101": BANK,
    "law/LAW-5": OLD_ARTICLE,
    "law/LAW-6": NEW_ARTICLE,
    "cases/R101": CASES,
}


def build(root: Path) -> Path:
    """Write the workspace into `root` and return it: a plan with a graded rule, a law with an old and a new article."""
    tiny_workspace.build(root)
    rules = root / "rules"
    for path in (rules / "plan").glob("*.yaml"):
        path.unlink()
    (rules / "law").mkdir()
    for name, text in (("documents", DOCUMENTS), ("facts", FACTS), ("territories", TERRITORIES), *RULES.items()):
        write(root, name, text)
    return root


def write(root: Path, name: str, text: str) -> None:
    """Write one file below `rules/`, given without its suffix."""
    (root / "rules" / f"{name}.yaml").write_text(text, encoding="utf-8")


def edit(root: Path, name: str, before: str, after: str) -> None:
    """Replace a part of a file below `rules/`; it must be there."""
    path = root / "rules" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text, before
    path.write_text(text.replace(before, after), encoding="utf-8")
