"""A comparison with the access lists as a person reads it on the terminal: requirement, project, result."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from zoning.cli.printing import plain_table
from zoning.cli.tables import folded
from zoning.quantities import format_area
from zoning.rules.access.entries import ClauseEntry, UnitComparison
from zoning.rules.access.words import DIMENSION_TITLES, LEVEL_TITLES, RESULT_TITLES, Result
from zoning.rules.wording.words import STATUSES
from zoning.texts import Language, Text

SIGNS: dict[Result, tuple[str, str]] = {
    "violates": ("×", "#C8324A"),
    "to_verify": ("?", "#9B7FCB"),
    "complies": ("✓", "#1FA58B"),
    "not_concerned": ("–", "dim"),
}
"""Sign and colour of each result, gravest first: readable without the colour."""

SCHEMATIC = Text(
    "示意清单，不是发布机关的清单，不得作为依据", "schematic: no list of an authority, no basis for anything"
)
_PLACE_WIDTH = 16
_TEXT_WIDTH = 34
_PROJECT_WIDTH = 20
_RESULT_WIDTH = 14


def print_comparison(console: Console, entries: Sequence[UnitComparison], language: Language) -> None:
    """Print the comparisons of one site: for every unit the clauses with the project's facts and the results."""
    if not entries:
        return
    console.print(Text("准入清单逐条对照", "access lists, clause by clause").get(language), style="bold")
    if any(one.schematic for entry in entries for one in entry.lists):
        _line(console, SCHEMATIC.get(language), "bold yellow")
    for entry in entries:
        _print_unit(console, entry, language)
    console.print()


def _print_unit(console: Console, entry: UnitComparison, language: Language) -> None:
    area = format_area(entry.overlap_m2).get(language)
    certainty = Text("确定", "certain") if entry.certainty == "certain" else STATUSES["possible"]
    if entry.unit is not None:
        title = entry.class_title.get(language) if entry.class_title is not None else ""
        parts = [part for part in (entry.unit, entry.name, title, area, certainty.get(language)) if part]
        console.print(Padding(Styled("  ".join(parts), style="bold"), (1, 0, 0, 2), expand=False))
    if entry.reason is not None:
        _line(console, entry.reason.get(language), "bold yellow")
    for warning in entry.warnings:
        _line(console, warning.get(language), "yellow")
    for one in entry.lists:
        print_list(console, (one.title, one.issuer, one.number), language)
    absent = [LEVEL_TITLES[level].get(language) for level in entry.missing_levels if level != "unit"]
    if absent and entry.unit is not None:
        joined = Text("、", ", ").get(language).join(absent)
        absent_text = Text(f"没有有效的{joined}清单，未核查", f"no list in force of level {joined}, not checked")
        _line(console, absent_text.get(language), "yellow")
    if entry.clauses:
        _line(console, _counts(entry, language), "bold")
        console.print(Padding(_clause_table(entry, language), (0, 0, 0, 2), expand=False))
    for silent in entry.silent:
        name = DIMENSION_TITLES[silent.dimension].get(language)
        said = Text(f"单元清单写“{silent.wording}”", f"the unit's list says '{silent.wording}'")
        blank = Text("单元清单没有内容", "nothing in the unit's list")
        _line(console, f"{name}{colon(language)}{(said if silent.wording else blank).get(language)}", "dim")


def print_list(console: Console, named: tuple[Text, Text, str], language: Language) -> None:
    """Print the name of a list: title, issuer, number."""
    title, issuer, number = (part if isinstance(part, str) else part.get(language) for part in named)
    quoted = f"《{title}》" if language == "zh" else f"'{title}'"
    _line(console, f"{quoted} {issuer} {number}".strip(), "dim")


def _line(console: Console, text: str, style: str) -> None:
    console.print(Padding(Styled(folded(text, console.width - 6), style=style), (0, 0, 0, 4), expand=False))


def _counts(entry: UnitComparison, language: Language) -> str:
    counts = Counter(clause.result for clause in entry.clauses)
    return "   ".join(
        f"{sign} {RESULT_TITLES[result].get(language)} {counts[result]}"
        for result, (sign, _) in SIGNS.items()
        if counts[result]
    )


def _clause_table(entry: UnitComparison, language: Language) -> Table:
    table = plain_table(
        Text("级别 · 维度", "level · dimension"),
        Text("条号", "clause"),
        Text("要求", "requirement"),
        Text("本项目情况", "this project"),
        Text("结果", "result"),
        language=language,
    )
    for clause in entry.clauses:
        table.add_row(*_clause_row(clause, language))
    return table


def _clause_row(clause: ClauseEntry, language: Language) -> tuple[str | Styled, ...]:
    sign, style = SIGNS[clause.result]
    level, dimension = LEVEL_TITLES[clause.level].get(language), DIMENSION_TITLES[clause.dimension].get(language)
    known = "\n".join(f"{fact.title.get(language)}{colon(language)}{fact.value.get(language)}" for fact in clause.facts)
    # The facts that are not known stand there already as 不详.
    told = clause.reasons[1:] if clause.missing_facts else clause.reasons
    why = "" if known and clause.result != "to_verify" else "\n".join(reason.get(language) for reason in told)
    project = "\n".join(part for part in (known, why) if part)
    return (
        folded(f"{level}\n{dimension}", _PLACE_WIDTH),
        clause.number,
        folded(f"{clause.printed} {clause.text}".strip(), _TEXT_WIDTH),
        folded(project, _PROJECT_WIDTH),
        Styled(folded(f"{sign} {RESULT_TITLES[clause.result].get(language)}", _RESULT_WIDTH), style=style),
    )


def colon(language: Language) -> str:
    """Return the colon of the language."""
    return "：" if language == "zh" else ": "
