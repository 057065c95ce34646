"""`zoning check --explain`: the trace of every rule as a tree of sentences."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.text import Text as Styled
from rich.tree import Tree

from zoning.cli.tables import folded, source_of
from zoning.rules.truth import Truth
from zoning.rules.wording.explain import Explanation, Node
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from rich.console import Console

    from zoning.check import Examination
    from zoning.workspace import Workspace

_MARKS = {Truth.TRUE: "✓", Truth.FALSE: "✗", Truth.UNKNOWN: "?"}
_STYLES = {Truth.TRUE: "green", Truth.FALSE: "dim", Truth.UNKNOWN: "yellow"}
# Cells that the lines of the tree take in front of a branch.
_GUIDE = 4
_KEY = Text("✓ 成立　✗ 不成立　? 不知道", "✓ holds   ✗ does not hold   ? not known")


def print_explanation(
    console: "Console", examination: "Examination", workspace: "Workspace", language: Language
) -> None:
    """Print the tree of every rule that applies or may apply; the others by number."""
    title = Text("判定过程", "How every rule was decided").get(language)
    console.print(f"{title}（{_KEY.zh}）" if language == "zh" else f"{title} ({_KEY.en})", style="bold", markup=False)
    console.print()
    for territory, explained in workspace.explain(examination).items():
        for one in sorted(explained, key=_weight):
            if one.finding.outcome != "does_not_apply":
                console.print(_tree(one, territory, language, console.width - 2))
                console.print()
        _print_rest(console, explained, territory, language)


def _weight(explanation: Explanation) -> tuple[int, str]:
    finding = explanation.finding
    rank = {"prohibited": 0, "undetermined": 1, "restricted": 2, "permitted": 3, None: 4}[finding.decision]
    return rank + (finding.scope == "baseline"), finding.rule


def _tree(explanation: Explanation, territory: str, language: Language, width: int) -> Tree:
    rule, finding = explanation.rule, explanation.finding
    title = f"{rule.id} [{territory}] {rule.title.get(language)}"
    head = _Line(width).add(title, "bold").add(f"  {source_of(finding.citation, language)}", "dim")
    tree = Tree(head.styled(), guide_style="dim")
    for node in explanation.nodes:
        _add(tree, node, language, width - _GUIDE)
    return tree


def _add(tree: Tree, node: Node, language: Language, width: int) -> None:
    line = _Line(width)
    if node.truth is not None:
        line.add(f"{_MARKS[node.truth]} ", _STYLES[node.truth])
    line.add(node.text.get(language))
    if node.detail is not None:
        line.add(f" — {node.detail.get(language)}", "dim")
    branch = tree.add(line.styled())
    for part in node.parts:
        _add(branch, part, language, width - _GUIDE)


class _Line:
    """A line in several styles, broken where `folded` breaks: never inside a figure with its unit or a rule number."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._parts: list[tuple[str, str]] = []

    def add(self, text: str, style: str = "") -> "_Line":
        self._parts.append((text, style))
        return self

    def styled(self) -> Styled:
        whole = "".join(text for text, _ in self._parts)
        styles = [style for text, style in self._parts for _ in text]
        line, at = Styled(), 0
        for sign in folded(whole, self._width):
            if sign == "\n":
                line.append(sign)
                continue
            # A break swallows the spaces around it.
            at = whole.index(sign, at)
            line.append(sign, style=styles[at])
            at += 1
        return line


def _print_rest(console: "Console", explained: Iterable[Explanation], territory: str, language: Language) -> None:
    rest = [one.rule.id for one in explained if one.finding.outcome == "does_not_apply"]
    if not rest:
        return
    joint = Text("、", ", ").get(language)
    lead = Text(
        f"[{territory}] 不适用的规则 {len(rest)} 条：", f"[{territory}] {len(rest)} rules that do not apply: "
    ).get(language)
    console.print(Styled(folded(lead + joint.join(rest), console.width - 2), style="dim"))
    console.print()
