"""`zoning rules`: list the rules, and run their cases."""

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.printing import plain_table, print_json
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.rules.rule import Rule
    from zoning.rules.rulebook import Rulebook


def list_rules(session: Session, folder: Path | None, on: str | None, territory: str | None, *, as_json: bool) -> int:
    """Print the rules in force on a day."""
    from zoning.citations import binds_in
    from zoning.rules.wording.words import EFFECTS, UNVERIFIED

    rulebook = session.open_workspace(folder).rulebook
    day = session.day(on)
    rules = [
        rule
        for rule in rulebook.rules
        if rule.in_force.covers(day) and (territory is None or binds_in(rule.territories, territory))
    ]
    if as_json:
        print_json([as_plain(rule, rulebook) for rule in rules])
        return 0
    heads = ("规则", "rule"), ("辖区", "territory"), ("效力", "effect"), ("名称", "title"), ("依据", "source")
    table = plain_table(*(Text(*head) for head in heads), language=session.language)
    for rule in rules:
        document = rulebook.documents[rule.citation.document]
        source = f"{document.number or document.title.get(session.language)} {rule.citation.section}"
        mark = "" if rulebook.is_verified(rule) else f" [{UNVERIFIED.get(session.language)}]"
        effect = EFFECTS[rule.effect].get(session.language)
        codes = ", ".join(rule.territories)
        table.add_row(rule.id, codes, effect, rule.title.get(session.language), source + mark)
    session.console().print(table)
    session.say(Text(f"{day} 有效规则 {len(rules)} 条", f"{len(rules)} rules in force on {day}"))
    return 0


def run_rule_cases(session: Session, folder: Path | None, name: str | None) -> int:
    """Run the worked cases; exit 0 when all come out as written, 10 when one does not.

    Raises
    ------
    UsageError
        When there are no cases, or none of this rule.
    ContentError
        When the workspace or its cases have mistakes.
    """
    from zoning.rules.cases import read_cases, run_cases

    workspace = session.open_workspace(folder)
    files = [file for file in read_cases(workspace.root / "rules" / "cases") if name in (None, file.rule)]
    if not files and name is None:
        raise UsageError("rules/cases 中没有案例", "there are no cases in rules/cases")
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


def as_plain(rule: "Rule", rulebook: "Rulebook") -> dict[str, object]:
    """Return a rule as JSON values, without its conditions."""
    document = rulebook.documents[rule.citation.document]
    plain = rule.model_dump(mode="json", exclude={"when", "provisos"}, by_alias=True)
    return {**plain, "number": document.number, "issuer": document.issuer.plain()}
