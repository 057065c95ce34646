"""Citations that cannot be found again: no section, no lines or anchor in a plan, no article in a law."""

import re
from collections.abc import Iterator

from zoning.citations import Citation, Document
from zoning.rules.lint.rule_base import Fault, RuleBase
from zoning.rules.rule import Rule
from zoning.texts import Text
from zoning.yaml_files import Key

_LINES = re.compile(r"L(?P<first>\d+)(?:-(?P<last>\d+))?")
_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+条")
_COMPARED = re.compile(r"核实|核对|未见")
_NUMBERED = ("plan", "scheme")


def examine_citations(base: RuleBase) -> Iterator[Fault]:
    """Yield what is missing or wrong in the citations of every rule, and unverified ones that do not say why."""
    for rule in base.rulebook.rules:
        for index, citation in enumerate(rule.citations):
            document = base.rulebook.documents[citation.document]
            yield from _place(base, rule, citation, document, ("citation", index))
        yield from _silent(base, rule)


def _place(base: RuleBase, rule: Rule, citation: Citation, document: Document, key: Key) -> Iterator[Fault]:
    if not citation.section.strip():
        text = Text("引用没有章节；请写 section", "the citation names no section: write 'section'")
        yield base.fault("no-section", rule, key, text)
    if document.weight in _NUMBERED:
        lacking = [name for name in ("lines", "anchor") if not getattr(citation, name).strip()]
        if lacking:
            names = "、".join(lacking)
            text = Text(
                f"规划、方案的引用须写 {names}，方便查找",
                f"a citation of a plan or scheme needs {' and '.join(lacking)}, so that the place can be found",
            )
            yield base.fault("no-place", rule, key, text)
    elif citation.section.strip() and not _ARTICLE.search(citation.section) and document.weight != "policy":
        text = Text(
            f"法律、法规的引用须写条号，如“第六十五条”；现为“{citation.section}”",
            f"a citation of a law or regulation names its article, such as 第六十五条; here it is '{citation.section}'",
        )
        yield base.fault("no-article", rule, (*key, "section"), text)
    match = _LINES.fullmatch(citation.lines)
    backwards = match is not None and match["last"] is not None and int(match["last"]) <= int(match["first"])
    if citation.lines and (match is None or backwards):
        text = Text(
            f"行号“{citation.lines}”应写成 L1 或 L1-2，后一个数较大",
            f"the lines '{citation.lines}' are written L1 or L1-2, the larger number last",
        )
        yield base.fault("wrong-lines", rule, (*key, "lines"), text)


def _silent(base: RuleBase, rule: Rule) -> Iterator[Fault]:
    for index, citation in enumerate(rule.citations):
        document = base.rulebook.documents[citation.document]
        if (citation.verified and document.verified) or rule.note is not None:
            continue
        # A note of the document serves all its rules where it speaks of what was compared with the official text.
        if document.note is None or not _COMPARED.search(document.note.zh):
            text = Text(
                "引用待核实，却没有说明原因；请在 note 写明什么没有核实",
                "the citation is not verified and does not say why: write in 'note' what could not be verified",
            )
            yield base.fault("unverified-silent", rule, ("citation", index, "verified"), text)
