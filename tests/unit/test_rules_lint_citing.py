"""Citations that nobody could find again, word for word, with the line of the file where they stand."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from zoning.citations import Document
from zoning.rules.facts import Vocabulary
from zoning.rules.lint.citing import examine_citations
from zoning.rules.lint.precedence import Precedence
from zoning.rules.lint.rule_base import Fault, RuleBase
from zoning.rules.rulebook import Rulebook, rule_from
from zoning.yaml_files import load

TODAY = date(2024, 6, 1)
SOME = {"zh": "某", "en": "some"}
PLAN = {"section": "第一章", "lines": "L1", "anchor": "一级区"}
LAW = {"section": "第六十五条"}
COMPARED = {"zh": "未见正式文本", "en": "the official text was not seen"}


def faults(
    folder: Path,
    citation: dict[str, object] | list[dict[str, object]],
    *,
    weight: str = "law",
    document: dict[str, object] | None = None,
    **rule: object,
) -> list[Fault]:
    """Examine one rule of one document."""
    raw = {
        "title": SOME,
        "says": {"zh": "不得建设。", "en": "Nothing may be built."},
        "citation": citation,
        "territories": ["140522"],
        "in_force": {"from": "2023-01-01"},
        "scope": "attribute",
        "effect": "prohibit",
        **rule,
    }
    path = folder / "paper" / "R001.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    vocabulary = Vocabulary.model_validate({"facts": {}})
    paper = Document.model_validate(
        {
            "title": SOME,
            "issuer": SOME,
            "issued": "2020-01-01",
            "weight": weight,
            "territories": ["CN"],
            "valid_from": "2020-01-01",
            **(document or {}),
        }
    )
    book = Rulebook((rule_from(load(path), vocabulary),), {"paper": paper}, vocabulary, "")
    return list(examine_citations(RuleBase(folder, book, {}, {}, Precedence(), TODAY)))


def kinds(found: list[Fault]) -> list[str]:
    return [fault.kind for fault in found]


@pytest.mark.parametrize(
    ("weight", "citation"),
    [
        ("law", LAW),
        ("regulation", {"section": "第12条第二款"}),
        ("regulation", {"section": "第三章 第〇条"}),
        ("law", {"section": "第一百零二条", "lines": "L7-9", "anchor": "某"}),
        # Papers of the administration are cut in other ways.
        ("policy", {"section": "二、（三）"}),
        ("plan", PLAN),
        ("scheme", PLAN),
        ("plan", {**PLAN, "lines": "L10-11"}),
    ],
)
def test_a_citation_that_can_be_found_again_passes(tmp_path: Path, weight: str, citation: dict[str, object]) -> None:
    assert faults(tmp_path, citation, weight=weight) == []


@pytest.mark.parametrize("section", ["", "  "])
@pytest.mark.parametrize("weight", ["law", "policy"])
def test_a_citation_without_a_section_is_told_once(tmp_path: Path, section: str, weight: str) -> None:
    (fault,) = faults(tmp_path, {"section": section}, weight=weight)
    assert fault.kind == "no-section"
    assert fault.text.zh == "引用没有章节；请写 section"
    assert fault.text.en == "the citation names no section: write 'section'"


@pytest.mark.parametrize("weight", ["plan", "scheme"])
def test_a_plan_needs_lines_and_anchor(tmp_path: Path, weight: str) -> None:
    (fault,) = faults(tmp_path, {"section": "第一章"}, weight=weight)
    assert fault.kind == "no-place"
    assert fault.text.zh == "规划、方案的引用须写 lines、anchor，方便查找"
    assert fault.text.en == ("a citation of a plan or scheme needs lines and anchor, so that the place can be found")


def test_blank_words_are_no_anchor(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, {**PLAN, "anchor": " "}, weight="plan")
    assert fault.text.en == "a citation of a plan or scheme needs anchor, so that the place can be found"


@pytest.mark.parametrize("weight", ["law", "regulation"])
@pytest.mark.parametrize("section", ["第三章", "65", "第条", "六十五条", "附件"])
def test_a_law_is_cited_by_its_article(tmp_path: Path, weight: str, section: str) -> None:
    (fault,) = faults(tmp_path, {"section": section}, weight=weight)
    assert fault.kind == "no-article"
    assert fault.text.zh == f"法律、法规的引用须写条号，如“第六十五条”；现为“{section}”"
    assert fault.text.en.endswith(f"such as 第六十五条; here it is '{section}'")


@pytest.mark.parametrize("lines", ["1", "L", "l1", "L1-", "L1-L2", "L1,3", " L1", "L3-2", "L3-3", "L10-9", "L1–2"])
def test_lines_are_written_in_one_way(tmp_path: Path, lines: str) -> None:
    (fault,) = faults(tmp_path, {**PLAN, "lines": lines}, weight="plan")
    assert fault.kind == "wrong-lines"
    assert fault.text.zh == f"行号“{lines}”应写成 L1 或 L1-2，后一个数较大"
    assert fault.text.en == f"the lines '{lines}' are written L1 or L1-2, the larger number last"


@pytest.mark.parametrize("lines", ["L1", "L007", "L9-10", "L1-2", "L1-100000"])
def test_lines_that_are_written_so_pass(tmp_path: Path, lines: str) -> None:
    assert faults(tmp_path, {**PLAN, "lines": lines}, weight="plan") == []


def test_every_citation_of_a_rule_is_looked_at_in_turn(tmp_path: Path) -> None:
    found = faults(tmp_path, [{"section": "第六十五条"}, {"section": "附件"}, {"section": ""}])
    assert kinds(found) == ["no-article", "no-section"]
    assert found[0].line < found[1].line


def test_a_fault_names_rule_file_and_line(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, {"section": "附件"})
    assert (fault.rule, fault.path) == ("R001", tmp_path / "paper" / "R001.yaml")
    assert fault.path.read_text(encoding="utf-8").splitlines()[fault.line - 1].strip() == "section: 附件"


@pytest.mark.parametrize(
    ("verified", "document", "silent"),
    [
        (True, {}, False),
        (False, {}, True),
        (True, {"verified": False}, True),
        (False, {"verified": False}, True),
        # A note of the document serves where it speaks of what was compared.
        (False, {"note": COMPARED}, False),
        (False, {"note": {"zh": "条号待核对", "en": "article to be compared"}}, False),
        (False, {"note": {"zh": "由某局核实", "en": "verified by an office"}}, False),
        (False, {"note": {"zh": "第二版", "en": "second edition"}}, True),
    ],
)
def test_what_is_not_verified_says_why(
    tmp_path: Path, document: dict[str, object], *, verified: bool, silent: bool
) -> None:
    found = faults(tmp_path, {**LAW, "verified": "yes" if verified else "no"}, document=document)
    assert kinds(found) == ["unverified-silent"] * silent
    for fault in found:
        assert fault.text.zh == "引用待核实，却没有说明原因；请在 note 写明什么没有核实"
        assert fault.text.en.endswith("write in 'note' what could not be verified")


def test_a_note_of_the_rule_says_why(tmp_path: Path) -> None:
    assert faults(tmp_path, {**LAW, "verified": "no"}, note={"zh": "条号未定", "en": "article open"}) == []
