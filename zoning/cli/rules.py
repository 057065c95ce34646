"""`zoning rules`: list, show, test."""

import json
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.maps.wording import EFFECTS
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.rules.rule import Rule
    from zoning.rules.rulebook import Rulebook


def list_rules(session: Session, folder: Path | None, on: str | None, territory: str | None, *, as_json: bool) -> int:
    """Print the rules in force on a day."""
    from rich.table import Table

    rulebook = session.open_workspace(folder).rulebook
    day = session.day(on)
    rules = [r for r in rulebook.rules if r.in_force.covers(day) and (territory is None or territory in r.territories)]
    if as_json:
        sys.stdout.write(json.dumps([_plain(rule, rulebook) for rule in rules], ensure_ascii=False, indent=2) + "\n")
        return 0
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    for title in (
        Text("规则", "rule"),
        Text("辖区", "territory"),
        Text("效力", "effect"),
        Text("名称", "title"),
        Text("依据", "source"),
    ):
        table.add_column(title.get(session.language), overflow="fold")
    for rule in rules:
        source = f"{rulebook.documents[rule.document].number} {rule.citation.section}"
        effect = EFFECTS[rule.effect].get(session.language)
        table.add_row(rule.id, ", ".join(rule.territories), effect, rule.title.get(session.language), source)
    session.console().print(table)
    session.say(Text(f"{day} 有效规则 {len(rules)} 条", f"{len(rules)} rules in force on {day}"))
    return 0


def show_rule(session: Session, folder: Path | None, name: str, *, as_json: bool) -> int:
    """Print everything that is known of one rule."""
    rulebook = session.open_workspace(folder).rulebook
    rule = find_rule(rulebook, name)
    if as_json:
        sys.stdout.write(json.dumps(_plain(rule, rulebook), ensure_ascii=False, indent=2) + "\n")
        return 0
    console, language = session.console(), session.language
    document = rulebook.documents[rule.document]

    def line(label: Text, value: str) -> None:
        console.print(f"  {session.labelled(label, value)}", markup=False)

    console.print(f"{rule.id}  {rule.title.get(language)}", style="bold", markup=False)
    line(Text("内容", "says"), rule.says.get(language))
    line(Text("效力", "effect"), EFFECTS[rule.effect].get(language))
    line(Text("文件", "document"), f"{document.issuer.get(language)} {document.number} {document.title.get(language)}")
    line(Text("出处", "place"), f"{rule.citation.section} {rule.citation.lines}「{rule.citation.anchor}」")
    line(Text("有效期", "in force"), f"{rule.in_force.from_} – {rule.in_force.to or '…'}")
    line(Text("辖区", "territory"), ", ".join(rule.territories))
    for where in rule.where:
        classes = ", ".join(where.classes) or "*"
        line(Text("范围", "where"), f"{where.relation} {where.layer} [{classes}] {where.distance or ''}")
    for text in (rule.condition, rule.curable, rule.note):
        if text is not None:
            line(Text("说明", "note"), text.get(language))
    for parameter in rule.values.values():
        for start, value in parameter.in_force.items():
            line(
                Text("参数", "value"),
                f"{parameter.title.get(language)} = {value.value}（{start}，{value.source.get(language)}）",
            )
    return 0


def run_rule_cases(session: Session, folder: Path | None, name: str | None) -> int:
    """Run the worked cases; exit 0 when all come out as written, 10 when one does not."""
    from zoning.rules.cases import read_cases, run_cases

    workspace = session.open_workspace(folder)
    files = [file for file in read_cases(workspace.root / "rules" / "cases") if name in (None, file.rule)]
    if not files:
        raise UsageError(f"没有规则“{name}”的案例", f"there are no cases of rule '{name}'")
    results = [result for file in files for result in run_cases(file, workspace.rulebook, workspace.catalogue)]
    wrong = [result for result in results if result.mistake is not None]
    for result in wrong:
        mistake = result.mistake or Text("", "")
        session.console().print(f"× {result.rule} {result.name}：{mistake.get(session.language)}", markup=False)
    session.say(
        Text(f"{len(results)} 个案例，{len(wrong)} 个不符", f"{len(results)} cases, {len(wrong)} came out differently")
    )
    return ContentError.exit_code if wrong else 0


def find_rule(rulebook: "Rulebook", name: str) -> "Rule":
    """Return a rule by its id.

    Raises
    ------
    UsageError
        When there is none, with the nearest id.
    """
    rule = rulebook.get(name)
    if rule is None:
        near = get_close_matches(name, [item.id for item in rulebook.rules], n=1)
        hint_zh, hint_en = (f"；是否想写“{near[0]}”？", f" - did you mean '{near[0]}'?") if near else ("", "")
        raise UsageError(f"没有规则“{name}”{hint_zh}", f"there is no rule '{name}'{hint_en}")
    return rule


def _plain(rule: "Rule", rulebook: "Rulebook") -> dict[str, object]:
    document = rulebook.documents[rule.document]
    plain = rule.model_dump(mode="json", exclude={"when", "provisos"}, by_alias=True)
    return {**plain, "number": document.number, "issuer": {"zh": document.issuer.zh, "en": document.issuer.en}}
