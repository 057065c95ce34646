"""The pages of the rules: an index, and one page per document with one row per rule."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from manual.markdown import page, said, table, wide
from zoning.citations import Document, Weight
from zoning.rules.proofreading.table_files import markdown_cell
from zoning.rules.rule import Rule
from zoning.rules.wording.card import RuleCard, describe, proviso_text
from zoning.rules.wording.territories import territories_text
from zoning.rules.wording.words import UNVERIFIED, WEIGHTS
from zoning.texts import Language, Text
from zoning.workspace import Workspace

_ORDER: tuple[Weight, ...] = ("law", "regulation", "policy", "plan", "scheme")
_COLUMNS: tuple[tuple[Text, int], ...] = (
    (Text("规则", "Rule"), 20),
    (Text("内容", "What it says"), 50),
    (Text("地点与条件", "Where and when"), 42),
    (Text("效力", "Effect"), 32),
    (Text("依据与有效期", "Source and dates"), 30),
)
_LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True)
class Manual:
    """What the pages are written from.

    Attributes
    ----------
    names
        Names of territories by code.
    """

    workspace: Workspace
    names: Mapping[str, Text]

    def rules_of(self, document: str) -> list[Rule]:
        """Return the rules of a document, 60 before 286."""
        found = [rule for rule in self.workspace.rulebook.rules if rule.citation.document == document]
        return sorted(found, key=lambda rule: _natural(rule.id))

    def card(self, rule: Rule) -> RuleCard:
        """Put a rule into words."""
        return describe(rule, self.workspace.rulebook, self.workspace.catalogue, self.names)


def rule_pages(manual: Manual) -> Iterator[tuple[str, str]]:
    """Yield file name and content of the index and of every document's page."""
    documents = manual.workspace.rulebook.documents
    yield "README.md", _index(manual, documents)
    for name, document in documents.items():
        rules = manual.rules_of(name)
        if rules:
            cards = [manual.card(rule) for rule in rules]
            yield f"{name}.md", _document_page(name, document, cards, manual)


def _natural(name: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name))


def _index(manual: Manual, documents: Mapping[str, Document]) -> str:
    rules = manual.workspace.rulebook.rules
    counts = {"rules": len(rules), "documents": len({rule.citation.document for rule in rules})}
    blocks = ["# 规则手册 · Rule manual", _INTRODUCTION.format_map(counts), _HOW_TO_READ]
    for weight in _ORDER:
        listed = [(name, document) for name, document in documents.items() if document.weight == weight]
        if listed:
            blocks += [f"## {WEIGHTS[weight].zh} · {WEIGHTS[weight].en}", _index_table(manual, listed)]
    return page(*blocks)


_INTRODUCTION = """\
内置规则 {rules} 条，出自 {documents} 个文件：每个文件一页，每条规则一行，先中文后英文。
这里的句子由规则文件生成，与程序判定时用的一致；要改规则，改 `rules/` 里的文件。

{rules} built-in rules from {documents} documents: one page per document, one row per rule, Chinese first.
The sentences are made from the rule files: they say what the program decides by.
To change a rule, change its file in `rules/`.

[规则语言 · rule language](../rule-language.md) · [项目事实 · facts](facts.md) ·
[怎样写规则 · how to write a rule](../../rules/README.md)"""
_HOW_TO_READ = """\
## 怎样读 · How to read

- **效力**：禁止、限制改变结论；要求、鼓励不改变结论，列在结论之后。多条规则同时适用时，最严的决定结论。
  *Only “prohibits” and “restricts” move the decision; the strictest rule decides.*
- **地点、条件**：都成立，规则才适用。写着“或者”的，一项成立即可；括号里的先看。没有写地点的，在全辖区适用。
  *A rule applies where its place and its condition hold; without a place it holds in the whole territory.*
- **不知道就是不知道**：没有回答的事实、没有数据的图层不当作“否”或“不涉及”；答案可能使结论更严时，结论为“待补充信息”。
  *What is not known never counts as “no”: the decision stays undetermined where the answer could be stricter.*
- **但书**：从上往下，第一个成立的取代本条的效力。 *The first proviso that holds replaces the effect.*
- **活动类别**等词组（如“工业生产”“采矿”）所含的词见[项目事实](facts.md)。
  *Groups of words such as “industry” are listed among the [facts](facts.md).*
- **普遍要求**只作提示，永远不改变结论。 *A baseline rule is a note and never moves the decision.*
- **待核实**：条号或内容没有与正式公布的文本核对；这样的规则不单独作为结论，最多使结论为“待补充信息”。
  *“Not verified”: not compared with the official text; such a rule never decides alone.*
- **行号**（L…）是所读文本的行，引号「」里是该行上的几个字，方便查找。 *L… are lines of the text that was read.*"""


def _index_table(manual: Manual, listed: Sequence[tuple[str, Document]]) -> str:
    rows = []
    for name, document in listed:
        rules = manual.rules_of(name)
        unverified = sum(not manual.workspace.rulebook.is_verified(rule) for rule in rules)
        title = f"{markdown_cell(document.title.zh)}<br>{markdown_cell(document.title.en)}"
        issuer = f"{markdown_cell(document.issuer.zh)}<br>{markdown_cell(document.number)}"
        count = str(len(rules)) + (f"<br>（待核实 {unverified}）" if unverified else "")
        rows.append(
            (
                f"[{title}]({name}.md)" if rules else title,
                issuer,
                markdown_cell(territories_text(document.territories, manual.names).zh),
                _days(document, "zh"),
                count,
            )
        )
    return table(
        (
            "文件 Document",
            "发文机关、文号 Issuer",
            "辖区 Territory",
            wide("有效期 Dates", 28),
            "规则 Rules",
        ),
        rows,
    )


def _days(document: Document, language: Language) -> str:
    first, last = document.valid_from, document.valid_to
    if last is None:
        return Text(f"自 {first} 起", f"from {first}").get(language)
    return Text(f"{first} 至 {last}", f"{first} to {last}").get(language)


def _document_page(name: str, document: Document, cards: Sequence[RuleCard], manual: Manual) -> str:
    blocks = [f"# {document.title.zh}", f"**{document.title.en}** · [全部文件 · all documents](README.md)"]
    for language, heading in zip(_LANGUAGES, ("规则", "Rules"), strict=True):
        blocks += [f"## {heading}"]
        blocks += ["  \n".join(_about(document, manual, language))]
        blocks += [_rule_table(name, cards, manual.names, language)]
    return page(*blocks)


def _about(document: Document, manual: Manual, language: Language) -> list[str]:
    successor = manual.workspace.rulebook.documents.get(document.superseded_by or "")
    return [
        *said(Text("发文机关", "Issuer"), document.issuer, language),
        *said(Text("文号", "Number"), document.number, language),
        *said(Text("效力级别", "Weight"), WEIGHTS[document.weight], language),
        *said(Text("印发或公布", "Issued"), document.issued.isoformat(), language),
        *said(Text("有效期", "In force"), _days(document, language), language),
        *said(Text("被取代", "Superseded by"), None if successor is None else successor.title, language),
        *said(Text("辖区", "Territory"), territories_text(document.territories, manual.names), language),
        *said(
            UNVERIFIED,
            None
            if document.verified
            else Text("全文未与正式文本核对", "the document was not compared with its official text"),
            language,
        ),
        *said(Text("说明", "Note"), document.note, language),
    ]


def _rule_table(name: str, cards: Sequence[RuleCard], names: Mapping[str, Text], language: Language) -> str:
    titles = [wide(title.get(language), width) for title, width in _COLUMNS]
    return table(titles, [_row(name, card, names, language) for card in cards])


def _row(name: str, card: RuleCard, names: Mapping[str, Text], language: Language) -> tuple[str, ...]:
    rule = card.rule
    place = "" if language == "en" else f'<a id="{rule.id.lower()}"></a>'
    mark = "" if card.verified else f"<br>**{UNVERIFIED.get(language)}**"
    says = [
        f"**{markdown_cell(rule.title.get(language))}**",
        markdown_cell(rule.says.get(language)),
        *said(Text("说明", "Note"), rule.note, language),
    ]
    return (
        f"{place}{rule.id}{mark}",
        "<br>".join(says),
        "<br>".join(_where_and_when(card, language)),
        "<br>".join(_effect(card, language)),
        "<br>".join(_source(name, card, names, language)),
    )


def _where_and_when(card: RuleCard, language: Language) -> list[str]:
    lines = [
        *said(Text("地点", "Where"), card.where, language),
        *_condition(card, language),
    ]
    if not lines:
        lines = [Text("全辖区", "The whole territory").get(language)]
    for value in card.values:
        told = Text(
            f"{value.title.zh} = {value.value.zh}（自 {value.since} 起；{value.source.zh}）",
            f"{value.title.en} = {value.value.en} (from {value.since}; {value.source.en})",
        )
        lines += said(Text("参数", "Value"), told, language)
    return lines


def _condition(card: RuleCard, language: Language) -> list[str]:
    label, parts = Text("条件", "When"), card.when_parts
    if parts is None:
        return said(label, card.when, language)
    listed = [f"({number}) {markdown_cell(text.get(language))}" for number, text in enumerate(parts.texts, start=1)]
    return [*said(label, parts.heading, language), *listed]


def _effect(card: RuleCard, language: Language) -> list[str]:
    word = card.effect.get(language)
    baseline = Text("（普遍要求，不改变结论）", " (baseline: no decision)").get(language)
    lines = [f"**{word}**" + (baseline if card.rule.scope == "baseline" else "")]
    if card.rule.condition is not None:
        lines.append(markdown_cell(card.rule.condition.get(language)))
    for proviso in card.provisos:
        lines += said(Text("但书", "Proviso"), proviso_text(proviso), language)
    lines += said(Text("可补正", "Can be cured"), card.rule.curable, language)
    for other, because in card.overrides:
        lines += said(Text("优先于", "Goes before"), Text(f"{other}：{because.zh}", f"{other}: {because.en}"), language)
    for other, because in card.overridden_by:
        told = Text(f"{other}：{because.zh}", f"{other}: {because.en}")
        lines += said(Text("让位于", "Steps back for"), told, language)
    return lines


def _source(name: str, card: RuleCard, names: Mapping[str, Text], language: Language) -> list[str]:
    rule = card.rule
    at = rule.citation
    anchor = f"「{at.anchor}」" if at.anchor else ""
    lines = [markdown_cell(" ".join(part for part in (at.section, at.lines) if part) + anchor)]
    for citation in card.citations[1:]:
        other = citation.citation
        document = "" if other.document == name else f"《{citation.document.title.get(language)}》"
        mark = "" if citation.verified else f"（{UNVERIFIED.get(language)}）"
        place = " ".join(part for part in (other.section, other.lines) if part)
        lines += said(Text("另见", "See also"), f"{document}{place}{mark}", language)
    if rule.territories != card.document.territories:
        joint = "、" if language == "zh" else ", "
        lines.append(joint.join(names[code].get(language) if code in names else code for code in rule.territories))
    lines.append(card.dates.get(language))
    for entry in card.history:
        word = Text("取代它的", "Superseded by") if entry.later else Text("此前", "Before")
        link = f"[{entry.rule.id}]({entry.rule.citation.document}.md#{entry.rule.id.lower()})"
        colon = "：" if language == "zh" else ": "
        lines.append(f"*{word.get(language)}*{colon}{link}")
    return lines
