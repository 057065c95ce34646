"""`zoning check --explain`: the trace of every rule as a tree of sentences."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.text import Text as Styled
from rich.tree import Tree

from zoning.rules.rulebook import Rulebook
from zoning.rules.truth import Truth
from zoning.rules.wording.explain import Explanation, Node, explain
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from rich.console import Console

    from zoning.check import Examination
    from zoning.layers.catalogue import Catalogue

_MARKS = {Truth.TRUE: "✓", Truth.FALSE: "✗", Truth.UNKNOWN: "?"}
_STYLES = {Truth.TRUE: "green", Truth.FALSE: "dim", Truth.UNKNOWN: "yellow"}
_KEY = Text("✓ 成立　✗ 不成立　? 不知道", "✓ holds   ✗ does not hold   ? not known")


def print_explanation(
    console: "Console", examination: "Examination", rulebook: Rulebook, catalogue: "Catalogue", language: Language
) -> None:
    """Print the tree of every rule that applies or may apply; the others by number."""
    title = Text("判定过程", "How every rule was decided").get(language)
    console.print(f"{title}（{_KEY.zh}）" if language == "zh" else f"{title} ({_KEY.en})", style="bold", markup=False)
    console.print()
    for territory, situation in examination.situations.items():
        explained = [
            explain(rule, situation, rulebook, catalogue) for rule in rulebook.in_force(situation.on, territory)
        ]
        for one in sorted(explained, key=_weight):
            if one.finding.outcome != "does_not_apply":
                console.print(_tree(one, territory, language))
                console.print()
        _print_rest(console, explained, territory, language)


def _weight(explanation: Explanation) -> tuple[int, str]:
    finding = explanation.finding
    rank = {"prohibited": 0, "undetermined": 1, "restricted": 2, "permitted": 3, None: 4}[finding.decision]
    return rank + (finding.scope == "baseline"), finding.rule


def _tree(explanation: Explanation, territory: str, language: Language) -> Tree:
    rule, finding = explanation.rule, explanation.finding
    cited = finding.citation
    source = f"{cited.number or cited.title.get(language)} {cited.section}".strip()
    head = Styled(f"{rule.id} [{territory}] {rule.title.get(language)}", style="bold")
    head.append(f"  {source}", style="dim")
    tree = Tree(head, guide_style="dim")
    for node in explanation.nodes:
        _add(tree, node, language)
    return tree


def _add(tree: Tree, node: Node, language: Language) -> None:
    line = Styled()
    if node.truth is not None:
        line.append(f"{_MARKS[node.truth]} ", style=_STYLES[node.truth])
    line.append(node.text.get(language))
    if node.detail is not None:
        line.append(f" — {node.detail.get(language)}", style="dim")
    branch = tree.add(line)
    for part in node.parts:
        _add(branch, part, language)


def _print_rest(console: "Console", explained: Iterable[Explanation], territory: str, language: Language) -> None:
    rest = [one.rule.id for one in explained if one.finding.outcome == "does_not_apply"]
    if not rest:
        return
    joint = Text("、", ", ").get(language)
    lead = Text(
        f"[{territory}] 不适用的规则 {len(rest)} 条：", f"[{territory}] {len(rest)} rules that do not apply: "
    ).get(language)
    console.print(Styled(lead + joint.join(rest), style="dim"))
    console.print()
