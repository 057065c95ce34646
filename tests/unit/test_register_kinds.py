import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import tiny_workspace
from ledgers import Office, builtin_kind, write_book
from zoning.errors import ContentError
from zoning.layers.catalogue import Layer
from zoning.registers.types import RegisterType, read_register_types
from zoning.rules.rulebook import read_rulebook
from zoning.workspace import Workspace, copy_workspace
from zoning.yaml_files import read_model

ROOT = Path(__file__).parents[2]
KINDS = read_register_types(ROOT)

# The national attributes with their codes (conventions, section 6.10), in the order of the table of a province.
COLUMNS = [
    "id",
    "xzs",
    "xzx",
    "ztbh",
    "kfx",
    "kfy",
    "tbmj",
    "TBDL",
    "TBXL",
    "BHDLX",
    "BHDJB",
    "WZ",
    "CKZH",
    "KZ",
    "KCFS",
    "TBHDMJ",
    "SDZLMJ",
    "GBND",
    "HDYDSX",
    "HFZLQK",
    "TBSX",
    "SDDL",
    "SYQ",
    "SHYQ",
    "STWT",
    "NXFFS",
    "NXFFX",
    "NXFSJD",
    "FKYWR",
    "HCDW",
    "HCRY",
    "HCRQ",
    "BZ",
]
CODES = {
    "TBDL": "10 20 30 40",
    "TBXL": "11 12 21 22 31 32 33 34 35 36 37 41 42 43",
    "BHDLX": "1 2 3 4 5",
    "BHDJB": "1 2 3 4 5",
    "KCFS": "A B C",
    "HDYDSX": "A B",
    "HFZLQK": "A B",
    "TBSX": "1 2 3 4 5 6 7 8 12 13 14 17",
    "SYQ": "A B",
    "SHYQ": "A B C",
    "STWT": "1 2 3",
    "NXFFS": "1 2 3 4",
    "NXFSJD": "A B",
}

MADE_UP = """\
title: {zh: 古树名木, en: old trees}
item: {zh: 古树, en: tree}
shape: point
id_field: BH
name_field: MC
territory_field: XZQ
source: {zh: 测试, en: made up}
fields:
  BH: {title: {zh: 编号, en: number}, required: true}
  MC: {title: {zh: 树名, en: name}}
  XZQ: {title: {zh: 行政区, en: territory}}
  SL: {title: {zh: 树龄, en: age}, kind: integer, unit: 年, minimum: 0}
  JB:
    title: {zh: 级别, en: grade}
    kind: code
    codes: {"1": {title: {zh: 一级, en: first}}, "2": {title: {zh: 二级, en: second}}}
  XL:
    title: {zh: 细类, en: detail}
    kind: code
    parent: JB
    codes: {a: {title: {zh: 甲, en: first one}, under: ["1"]}, b: {title: {zh: 乙, en: second one}}}
workflow:
  states:
    seen: {title: {zh: 已发现, en: seen}}
    guarded: {title: {zh: 已挂牌, en: guarded}}
    dead: {title: {zh: 已死亡, en: dead}, final: true}
  initial: seen
  transitions:
    - {from: seen, to: guarded}
    - {from: guarded, to: dead, evidence: true}
deadlines:
  signs: {title: {zh: 挂牌, en: signs}, reach: guarded, days_after: {seen: 90}, values: {JB: ["1"]}}
"""


def made_up(folder: Path, text: str = MADE_UP) -> Path:
    root = tiny_workspace.build(folder / "w")
    (root / "layers" / "registers").mkdir()
    (root / "layers" / "registers" / "trees.yaml").write_text(text, encoding="utf-8")
    return root


def refusal(folder: Path, *changes: tuple[str, str]) -> str:
    text = MADE_UP
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(ContentError) as raised:
        read_register_types(made_up(folder, text))
    return re.sub(r"^.*/(trees\.yaml)", r"\1", raised.value.text.en)


def test_the_six_kinds_are_there() -> None:
    assert set(KINDS) == {
        "mine-parcels", "tailings-ponds", "river-outlets", "contaminated-plots", "problem-lists", "cases",
    }  # fmt: skip
    for kind in KINDS.values():
        assert kind.fields[kind.id_field].required
        assert kind.territory_field == "XZQDM"
        assert kind.notes


def test_the_columns_and_codes_of_parcels_are_the_national_ones() -> None:
    fields = KINDS["mine-parcels"].fields
    own = {"TBMC", "XZQDM", "XZ"}
    assert [name for name in fields if name not in own] == COLUMNS
    assert all("项目组" in fields[name].source for name in own)
    for name, codes in CODES.items():
        assert list(fields[name].codes) == codes.split()
    assert fields["TBDL"].codes["10"].title.zh == "历史遗留矿山"
    for code, entry in fields["TBXL"].codes.items():
        assert entry.under == (f"{code[0]}0",)
    assert fields["SDDL"].codes["0602"].title.zh == "采矿用地"
    assert len(fields["SDDL"].codes) == 67
    # Whoever reads the file sees what has a document and what is the team's choice.
    assert all(spec.source for spec in fields.values())


def test_the_deadline_of_the_district_is_cited_and_only_for_historic_open_pits() -> None:
    (deadline,) = KINDS["mine-parcels"].deadlines.values()
    assert deadline.by == date(2025, 12, 31)
    assert deadline.territories == ("140502",)
    assert deadline.values == {"TBDL": ("10",), "KCFS": ("A", "C")}
    assert deadline.citation is not None
    assert (deadline.citation.document, deadline.citation.lines) == ("jincheng-urban-2023-3", "3240-3244")


def test_persons_are_marked_in_every_kind() -> None:
    named = {"HCRY", "LXR", "LXDH"}
    for kind in KINDS.values():
        for name, spec in kind.fields.items():
            assert spec.personal == (name in named or (kind.id == "problem-lists" and name == "ZRR")), (kind.id, name)


def test_plots_become_the_layer_that_blocks_uses() -> None:
    shown = KINDS["contaminated-plots"].as_layer
    assert shown is not None
    layer = read_model(ROOT / "layers" / f"{shown.layer}.yaml", Layer, id=shown.layer)
    assert set(shown.classes.values()) == set(layer.classes)
    rules = {rule.id: rule for rule in read_rulebook(ROOT / "rules").rules}
    blocked = {name for one in ("R135", "R136", "R137") for where in rules[one].where for name in where.classes}
    assert blocked <= set(layer.classes)
    # What is off the register, and what was found clean, is no zone; every other state is one.
    states = KINDS["contaminated-plots"].workflow.states
    assert set(states) - set(shown.classes) == {name for name, state in states.items() if state.final}


def test_a_kind_made_up_here_needs_no_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = made_up(tmp_path)
    assert set(read_register_types(root)) == {"trees"}
    office = Office(root, "trees")
    rows: list[list[Any]] = [["编号", "树名", "树龄（年）", "级别", "行政区", "WKT"],
                             ["T1", "古槐", "800年", "一级", "甲县", "POINT (112.41 35.51)"]]  # fmt: skip
    assert office.bring(write_book(tmp_path / "a.xlsx", rows)) == 10
    assert "there is no territory '甲县'" in capsys.readouterr().out
    rows[1][4] = "140522"
    assert office.bring(write_book(tmp_path / "a.xlsx", rows)) == 0
    record = office.records()["T1"]
    assert (record.name, record.state, record.territory) == ("古槐", "seen", "140522")
    assert (record.values["SL"], record.values["JB"]) == (800, "1")
    assert record.geometry is not None


# What is changed in the made-up kind, and what is said about it.
MISTAKES: tuple[tuple[tuple[tuple[str, str], ...], str], ...] = (
    ((("initial: seen", "initial: sen"),), "27: workflow.initial: there is no state 'sen' - did you mean 'seen'?"),
    ((("{from: seen, to: guarded}", "{from: seen, to: guardet}"),), "there is no state 'guardet' - did you mean"),
    (
        (("    - {from: seen, to: guarded}\n", ""), ("{from: guarded, to: dead,", "{from: seen, to: dead,")),
        "the state 'guarded' cannot be reached from 'seen'",
    ),
    ((("{zh: 已死亡, en: dead}, final: true}", "{zh: 已死亡, en: dead}}"),), "there is no way out of the state 'dead'"),
    ((("to: guarded}", "to: guarded}\n    - {from: seen, to: guarded}"),), "from 'seen' to 'guarded' stands twice"),
    ((("{from: seen, to: guarded}", "{from: seen, to: seen}"),), "a step from 'seen' to itself is none"),
    ((("parent: JB", "parent: JBB"),), "fields.XL.parent: there is no field 'JBB' - did you mean 'JB'?"),
    ((("parent: JB", "parent: SL"),), "'parent' is another field of kind: code, 'SL' is not"),
    ((('under: ["1"]', 'under: ["3"]'),), "there is no code of 'JB' '3'"),
    ((("    parent: JB\n", ""),), "'under' without a 'parent' of the field"),
    ((("id_field: BH", "id_field: BHH"),), "trees.yaml:4: id_field: there is no field 'BHH'"),
    ((("name_field: MC", "name_field: SL"),), "the field 'SL' has to be of kind: text"),
    ((("reach: guarded", "reach: garded"),), "there is no state 'garded' - did you mean 'guarded'?"),
    ((("days_after: {seen: 90}", "days_after: {sen: 90}"),), "there is no state 'sen'"),
    ((("days_after: {seen: 90}, ", ""),), "write either 'by' (a date) or 'days_after'"),
    ((('values: {JB: ["1"]}', 'values: {JB: ["7"]}'),), "there is no code of 'JB' '7'"),
    ((('values: {JB: ["1"]}', 'values: {BJ: ["1"]}'),), "there is no field 'BJ'"),
    ((("kind: integer, unit: 年, minimum: 0", "unit: 年"),), "'unit' belongs to kind: number or integer"),
    ((("minimum: 0", "minimum: 9, maximum: 3"),), "minimum 9 is above maximum 3"),
    ((("kind: integer, unit: 年, minimum: 0", "kind: code"),), "'codes' belongs to kind: code or codes"),
    ((("{zh: 二级, en: second}", "{zh: 一级, en: second}"),), "'一级' means both code 1 and 2"),
    ((("  SL:", "  state:"),), "'state' is no name of a field"),
    ((("  SL:", "  bh:"),), "the fields 'BH' and 'bh' differ in case only"),
    (
        (("{zh: 树名, en: name}", "{zh: 编号, en: name}"),),
        "trees.yaml:10: the header '编号' means both field BH and field MC",
    ),
    ((("shape: point", "shape: dot"),), "3: shape:"),
    ((("kind: integer", "kindd: integer"),), "did you mean 'kind'?"),
    ((("deadlines:", "facts: {depth: SLL}\ndeadlines:"),), "there is no field 'SLL' - did you mean 'SL'?"),
    ((("deadlines:", "as_layer: {layer: water, field: JB, classes: {'1': level-1}}\ndeadlines:"),), "shape: point"),
    (
        (
            ("shape: point", "shape: area"),
            ("deadlines:", "as_layer: {layer: water, field: JB, classes: {'1': levl-1}}\ndeadlines:"),
        ),
        "layer water has no class 'levl-1' - did you mean 'level-1'?",
    ),
    (
        (("90}", "90}, citation: {document: plann, section: 一}"),),
        "rules/documents.yaml has no document 'plann' - did you mean 'plan'?",
    ),
)


@pytest.mark.parametrize(("changes", "sentence"), MISTAKES, ids=[sentence[-30:] for _, sentence in MISTAKES])
def test_every_mistake_is_named_with_its_line(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], sentence: str
) -> None:
    said = refusal(tmp_path, *changes)
    assert re.match(r"trees\.yaml:\d+: ", said), said
    assert sentence in said


def test_all_kinds_are_read_before_their_mistakes_are_told(tmp_path: Path) -> None:
    root = made_up(tmp_path, MADE_UP.replace("initial: seen", "initial: sen"))
    other = root / "layers" / "registers" / "bushes.yaml"
    other.write_text(MADE_UP.replace("reach: guarded", "reach: garded"), encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        read_register_types(root)
    assert len(raised.value.text.en.splitlines()) == 2


def test_a_workspace_takes_the_kinds_along(tmp_path: Path) -> None:
    copy_workspace(ROOT, tmp_path / "mine")
    assert read_register_types(tmp_path / "mine") == KINDS
    assert Workspace.open(tmp_path / "mine").catalogue.layers
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert "layers" in settings["wheel"]["only-include"]
    assert settings["wheel"]["sources"]["layers"] == "zoning/builtin/layers"


def test_the_kinds_are_plain_yaml_with_sentences_in_both_languages() -> None:
    for name in KINDS:
        content = yaml.safe_load((ROOT / "layers" / "registers" / f"{name}.yaml").read_text(encoding="utf-8"))
        assert RegisterType.model_validate({"id": name, **content}) == KINDS[name]
    assert builtin_kind("mine-parcels").title.en == "mine parcels"
