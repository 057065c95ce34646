"""A verdict as a person reads it on the terminal: answer first, then zones, rules, questions, next step."""

import re
from collections import Counter
from collections.abc import Mapping

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from zoning.cli.printing import plain_table
from zoning.cli.session import WIDTH
from zoning.quality.kinds import KINDS
from zoning.quality.site_quality import titles_of
from zoning.quantities import SMALLEST_M2, format_area, hectares, mu
from zoning.rules.facts import Fact
from zoning.rules.verdict import CitationEntry, ClassEntry, Effect, Finding, LayerEntry, Verdict, answering
from zoning.rules.wording.words import COULD, EFFECTS, STATUSES
from zoning.rules.wording.words import DECISIONS as DECISION_WORDS
from zoning.sites.crs.zones import label
from zoning.texts import Language, Text, joined

# Sign, word and colour: readable without the colour, and without the sign where a font lacks it.
DECISIONS: dict[str, tuple[str, Text, str]] = {
    "prohibited": ("×", DECISION_WORDS["prohibited"], "#C8324A"),
    "undetermined": ("?", DECISION_WORDS["undetermined"], "#9B7FCB"),
    "restricted": ("!", DECISION_WORDS["restricted"], "#C98A1A"),
    "permitted": ("✓", DECISION_WORDS["permitted"], "#1FA58B"),
}
_COLON = Text("：", ": ")
_ORDER: dict[Effect, int] = {"prohibit": 0, "restrict": 1, "require": 2, "encourage": 3}
_QUESTIONS_SHOWN = 8
_REASON_WIDTH = 50
_SOURCE_WIDTH = 24
_REASON_LEAST = 20
_SOURCE_LEAST = 14
# Cells between the four columns.
_BETWEEN = 6
_STATED = ("stated-area", "stated-points")
_WORDS_SHOWN = 6
_NAME_WIDTH = 44
# A share below this would be printed as 0.00 %, and so many 亩 as 0.00.
_SMALL = 0.00005
_SMALLEST_MU = 0.005
# A figure with its unit, a word, one Chinese character, or a space: lines break only between such pieces.
_PIECE = re.compile(r"（?[0-9][0-9.,]* (?:公顷|亩|%|km|m|ha|mu|条规则|条|项|处)|（?[!-~]+|\S|\s")
_NO_LINE_START = "，。；：、）%"
# One full-width sign may hang over the end of a line.
_HANGING = 2


def print_verdict(
    console: Console, verdict: Verdict, language: Language, *, facts: Mapping[str, Fact] | None = None
) -> None:
    """Print one verdict; `facts` is the vocabulary that tells how a question can be answered."""
    from zoning.cli.comparison import print_comparison

    _print_answer(console, verdict, language)
    _print_layers(console, verdict, language)
    _print_findings(console, verdict, language)
    _print_other_findings(console, verdict, language)
    print_comparison(console, verdict.access_lists, language)
    _print_questions(console, verdict, language, facts or {})
    _print_notes(console, verdict, language)


def print_reasons(console: Console, verdict: Verdict, language: Language, *, facts: Mapping[str, Fact]) -> None:
    """Print the answer of one verdict with its rules and questions; zones and notes are left out."""
    _print_answer(console, verdict, language)
    _print_findings(console, verdict, language)
    _print_questions(console, verdict, language, facts)


def answer(verdict: Verdict, language: Language) -> Styled:
    """Return sign and word of the decision in its colour."""
    sign, word, colour = DECISIONS[verdict.decision]
    return Styled(f"{sign} {word.get(language)}", style=f"bold {colour}")


def _print_answer(console: Console, verdict: Verdict, language: Language) -> None:
    site = verdict.site
    line = answer(verdict, language)
    rest = Styled()
    if verdict.blocked:
        rest.append(Text("（程序受阻）", " (blocked)").get(language), style=line.style)
    rest.append(f"   {_short(site.name)}   {format_area(site.area_m2).get(language)}   {verdict.on}")
    console.print(Styled.assemble(line, rest))
    _print_block(console, verdict.summary.get(language), after=1)


def _short(name: str) -> str:
    return name if cell_len(name) <= _NAME_WIDTH else f"{set_cell_size(name, _NAME_WIDTH).rstrip()}…"


def _print_layers(console: Console, verdict: Verdict, language: Language) -> None:
    told = {finding.layer for finding in verdict.findings}
    touched = [
        e for e in verdict.layers if e.status in ("affected", "possible") and (e.group != "base" or e.layer in told)
    ]
    if touched:
        console.print(_layer_table(touched, verdict.site.accuracy_m, language))
    # Also zones of layers that the table leaves out: who answers for them is asked even where no rule speaks of them.
    for entry, zone in answering(verdict.layers):
        who = zone.responsible
        of = f"{entry.title.get(language)} {zone.name or zone.id}"
        _print_block(console, f"{of}  {who.title.get(language)}{_COLON.get(language)}{who.text.get(language)}")
    clear = [entry.title.get(language) for entry in verdict.layers if entry.status == "not_affected"]
    missing = [entry for entry in verdict.layers if entry.status == "no_data"]
    heavy = [entry.title.get(language) for entry in missing if entry.layer in verdict.missing_layers]
    light = [entry.title.get(language) for entry in missing if entry.layer not in verdict.missing_layers]
    unseen = STATUSES["no_data"].get(language)
    without = Text("（本次结论不取决于它）", " (the decision does not rest on it)").get(language)
    for status, titles, style in (
        (STATUSES["not_affected"].get(language), clear, "dim"),
        (unseen, heavy, "bold yellow"),
        (unseen + without, light, "dim"),
    ):
        if titles:
            listed = Text("、", ", ").get(language).join(titles)
            _print_block(console, f"{status}{_COLON.get(language)}{listed}", style=style)
    console.print()


def _layer_table(entries: list[LayerEntry], site_accuracy_m: float, language: Language) -> Table:
    heads = (
        *(Text("图层 · 类别", "layer · class"), Text("管控区", "zones"), Text("公顷", "ha"), Text("亩", "mu")),
        *(Text("占比 %", "share %"), Text("确定性", "certainty")),
    )
    table = plain_table(*heads, language=language, figures=(2, 3, 4))
    for entry in entries:
        for found in entry.classes:
            table.add_row(*_layer_row(entry, found, entry.accuracy_m + site_accuracy_m, language))
    return table


def _layer_row(entry: LayerEntry, found: ClassEntry, accuracy_m: float, language: Language) -> tuple[str, ...]:
    names = list(dict.fromkeys(zone.name or zone.id for zone in found.zones))
    shown = "、".join(names[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "")  # noqa: PLR2004 - two names are shown
    one_class = found.title == entry.title
    title = entry.title.get(language) if one_class else f"{entry.title.get(language)} · {found.title.get(language)}"
    certain = (
        Text("确定", "certain")
        if found.certainty == "certain"
        else Text(f"±{accuracy_m:g} m 之内", f"within ±{accuracy_m:g} m")
    )
    if found.length_m:
        return title, shown, f"{found.length_m:,.2f} m", "", "", certain.get(language)
    return (
        title,
        shown,
        "< 0.0001" if 0 < found.overlap_m2 < SMALLEST_M2 else f"{hectares(found.overlap_m2):,.4f}",
        "< 0.01" if 0 < mu(found.overlap_m2) < _SMALLEST_MU else f"{mu(found.overlap_m2):,.2f}",
        "< 0.01" if 0 < found.share < _SMALL else f"{found.share * 100:.2f}",
        certain.get(language),
    )


def _print_findings(console: Console, verdict: Verdict, language: Language) -> None:
    moving = [finding for finding in verdict.findings if finding.decision is not None]
    moving.sort(key=lambda f: (f.outcome != "applies", _ORDER[f.effect], -(f.overlap_m2 or 0.0), f.rule))
    if moving:
        table = Table(box=None, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
        for title in (
            Text("规则", "rule"),
            Text("效力", "effect"),
            Text("内容与理由", "what and why"),
            Text("依据", "source"),
        ):
            table.add_column(title.get(language), no_wrap=True)
        # On a narrow terminal the two long columns give way: rule and effect are never cut.
        source = max(_SOURCE_LEAST, _SOURCE_WIDTH + min(0, console.width - WIDTH) // 3)
        taken = max(cell_len(f.rule) for f in moving) + max(cell_len(_effect_word(f, language)) for f in moving)
        reason = min(_REASON_WIDTH, max(_REASON_LEAST, console.width - taken - source - _BETWEEN - 2 * _HANGING))
        for finding in moving:
            table.add_row(*_finding_row(finding, language, reason, source))
        console.print(table)
        console.print()


def _print_other_findings(console: Console, verdict: Verdict, language: Language) -> None:
    others = [f for f in verdict.findings if f.decision is None and f.outcome == "applies"]
    if not others:
        return
    joint = Text("、", ", ").get(language)
    counts = Counter(f.effect for f in others)
    kinds = joint.join(f"{EFFECTS[effect].get(language)} {counts[effect]}" for effect in _ORDER if effect in counts)
    lead = Text(
        f"另有 {len(others)} 条普遍适用、不影响本次结论的规则（{kinds}；zoning rules show 编号 可查看）：",
        f"{len(others)} more rules apply without weight for the decision ({kinds}; see: zoning rules show ID): ",
    )
    _print_block(console, lead.get(language) + joint.join(f.rule for f in others), after=1, style="dim")


def _finding_row(finding: Finding, language: Language, reason: int, source: int) -> tuple[str, str, str, str]:
    reasons = joined(finding.reasons, "；", "; ").get(language)
    conditions = "".join(f"\n→ {text.get(language)}" for text in finding.conditions)
    what = folded(f"{finding.title.get(language)}\n{reasons}{conditions}", reason)
    return (
        finding.rule,
        _effect_word(finding, language),
        what,
        folded(source_of(finding.citation, language, "\n"), source),
    )


def _effect_word(finding: Finding, language: Language) -> str:
    if finding.blocked:
        return Text("受阻", "blocked").get(language)
    words = COULD if finding.outcome == "undetermined" else EFFECTS
    return words[finding.effect].get(language)


def source_of(cited: CitationEntry, language: Language, joint: str = " ") -> str:
    """Return number, or else title, and section of a citation, marked where it was not verified.

    Laws bear no number: without their title nobody could tell whose article is meant.
    """
    name = cited.number or cited.title.get(language).removeprefix("中华人民共和国")
    marked = cited.verified or "待核实" in cited.section
    mark = "" if marked else Text("（待核实）", "(not verified)").get(language)
    return joint.join(part for part in (name, cited.section, mark) if part)


def _print_block(console: Console, text: str, *, after: int = 0, style: str = "") -> None:
    shown = Styled(folded(text, console.width - 4), style=style)
    console.print(Padding(shown, (0, 0, 0, 2), expand=False))
    for _ in range(after):
        console.print()


def folded(text: str, width: int) -> str:
    """Break lines at `width` cells (a Chinese character takes two), never between a figure and its unit.

    >>> print(folded("重叠 9.0624 公顷（135.94 亩）", 12))
    重叠
    9.0624 公顷
    （135.94 亩）
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line: list[str] = []
        for piece in _PIECE.findall(paragraph):
            over = cell_len("".join(line) + piece) - width
            if line and over > (_HANGING if piece in _NO_LINE_START else 0):
                kept = _before_break(line, piece)
                lines.append("".join(kept).rstrip())
                line = line[len(kept) :]
            if line or not piece.isspace():
                line.append(piece)
        lines.append("".join(line).rstrip())
    return "\n".join(lines)


def _before_break(line: list[str], following: str) -> list[str]:
    """Return the pieces that stay on a line; a sign that may begin none takes what stands before it to the next one."""
    end = len(line)
    if following in _NO_LINE_START:
        end -= 1
        while end > 0 and line[end] in _NO_LINE_START:
            end -= 1
    return line[:end] or line


def _print_questions(console: Console, verdict: Verdict, language: Language, facts: Mapping[str, Fact]) -> None:
    if not verdict.missing_facts:
        return
    count = len(verdict.missing_facts)
    lead = Text(f"待补充 {count} 项：", f"{count} question{'s' if count > 1 else ''} open:")
    console.print(lead.get(language), style="bold")
    for number, item in enumerate(verdict.missing_facts[:_QUESTIONS_SHOWN], start=1):
        rules = ", ".join(item.why[:6]) + (" …" if len(item.why) > 6 else "")  # noqa: PLR2004 - six rules are named
        how = f"--set {item.fact}={_allowed(facts.get(item.fact))}"
        _print_block(console, f"{number}. {item.question.get(language)}  {how}  [{rules}]")
    left = count - _QUESTIONS_SHOWN
    if left > 0:
        _print_block(console, Text(f"… 另有 {left} 项", f"... and {left} more").get(language))
    console.print()


def _allowed(fact: Fact | None) -> str:
    if fact is None:
        return "…"
    if fact.kind == "code":
        return f"…({fact.examples[0]})" if fact.examples else "…"
    if fact.kind == "number":
        return f"…({fact.unit})" if fact.unit else "…"
    words = ["yes", "no"] if fact.kind == "yes_no" else list(fact.values)
    return "|".join(words[:_WORDS_SHOWN]) + ("|…" if len(words) > _WORDS_SHOWN else "")


def _print_notes(console: Console, verdict: Verdict, language: Language) -> None:
    _print_quality(console, verdict, language)
    if verdict.site.conversion is not None:
        _print_block(console, f"· {verdict.site.conversion.get(language)}", style="yellow")
    for text in verdict.site.warnings:
        _print_block(console, f"· {text.get(language)}", style="yellow")
    for repair in verdict.site.repairs:
        _print_block(console, f"· {repair.text.get(language)}", style="yellow")
    name = label(verdict.site.crs)
    text = Text(f"坐标系：{name.zh}", f"coordinate system: {name.en}")
    _print_block(console, text.get(language), style="dim")
    _print_block(console, verdict.notice.get(language), after=1, style="dim")


def _print_quality(console: Console, verdict: Verdict, language: Language) -> None:
    """Say what is wrong with the drawing; notes are left to `zoning inspect`."""
    quality = verdict.site.quality
    told = {kind: n for kind, n in (quality.counts if quality else {}).items() if KINDS[kind].severity != "note"}
    if quality is None or not told:
        return
    titles = titles_of(told)
    text = Text(
        f"· 图形问题：{titles.zh}（位置和图：zoning inspect）",
        f"· faults of the drawing: {titles.en} (places and a picture: zoning inspect)",
    )
    _print_block(console, text.get(language), style="yellow")
    # What the file says against itself is no matter of places.
    for fault in quality.faults:
        if fault.kind in _STATED:
            _print_block(console, f"· {fault.text.get(language)}", style="yellow")
