"""What a batch found, as a person reads it on the terminal."""

from typing import TYPE_CHECKING

from zoning.cli.printing import plain_table
from zoning.cli.session import Session
from zoning.cli.tables import DECISIONS, folded
from zoning.quantities import format_area, hectares, mu
from zoning.rules.wording.words import STATUSES
from zoning.texts import Text

if TYPE_CHECKING:
    from rich.table import Table

    from zoning.batch.tally import Tally
    from zoning.workspace import Workspace

_TOP = 8
_TITLE_WIDTH = 60
_COUNT = Text("个数", "count")
REASONS = {
    "site": Text("边界文件中的图形不能用", "the footprint cannot be used"),
    "tangled": Text("图形缠绕", "the footprint is a tangle"),
    "crs": Text("坐标系问题", "coordinate system"),
    "content": Text("内容错误", "content error"),
    "fault": Text("程序内部错误", "a fault of the program"),
    "process_ended": Text("计算使进程中止", "the computation ended its process"),
}


def print_summary(session: Session, workspace: "Workspace", tally: "Tally") -> None:
    """Print decisions, refusals, layers, rules and questions."""
    console = session.console()
    console.print(_decisions(session, tally))
    for table in (
        _layers(session, workspace, tally),
        _rules(session, workspace, tally),
        _facts(session, workspace, tally),
    ):
        if table.row_count:
            console.print()
            console.print(table)


def _decisions(session: Session, tally: "Tally") -> "Table":
    from rich.text import Text as Styled

    language = session.language
    area = format_area(tally.area_m2)
    head = Text(f"{tally.sites:,} 个地块，{area.zh}", f"{tally.sites:,} footprints, {area.en}")
    table = plain_table(head, _COUNT, Text("%", "%"), language=language, figures=(1, 2))
    for name, (sign, word, colour) in DECISIONS.items():
        if tally.decisions[name]:
            shown = Styled(f"{sign} {word.get(language)}", style=f"bold {colour}")
            table.add_row(shown, f"{tally.decisions[name]:,}", _share(tally.decisions[name], tally.sites))
    for code, count in tally.top(tally.errors, len(tally.errors)):
        why = REASONS.get(code, Text(code, code))
        shown = Styled(Text(f"– 未研判：{why.zh}", f"– refused: {why.en}").get(language))
        table.add_row(shown, f"{count:,}", _share(count, tally.sites))
    return table


def _share(count: int, total: int) -> str:
    return f"{count / max(total, 1) * 100:.1f}"


def _layers(session: Session, workspace: "Workspace", tally: "Tally") -> "Table":
    titles = [STATUSES[name] for name in ("affected", "possible", "no_data")]
    heads = (Text("图层", "layer"), *titles, Text("公顷", "ha"), Text("亩 / 米", "mu / m"))
    table = plain_table(*heads, language=session.language, figures=range(1, len(heads)))
    for count in tally.layers:
        statuses = count.statuses
        if count.columns.layer == workspace.catalogue.territory_layer:
            continue
        if not statuses["affected"] + statuses["possible"] + statuses["no_data"]:
            continue
        title = workspace.catalogue[count.columns.layer].title.get(session.language)
        figures = ("", f"{count.amount:,.0f} m") if count.columns.line else _areas(count.amount)
        if not statuses["affected"] + statuses["possible"]:
            figures = ("", "")  # of what was not checked nobody knows how much it is
        table.add_row(title, *(f"{statuses[name]:,}" for name in ("affected", "possible", "no_data")), *figures)
    return table


def _areas(area_m2: float) -> tuple[str, str]:
    return f"{hectares(area_m2):,.2f}", f"{mu(area_m2):,.1f}"


def _rules(session: Session, workspace: "Workspace", tally: "Tally") -> "Table":
    heads = Text("决定结论的规则", "deciding rules"), Text("", ""), _COUNT
    table = plain_table(*heads, language=session.language, figures=(2,))
    titles = {rule.id: rule.title for rule in workspace.rulebook.rules}
    for name, count in tally.top(tally.rules, _TOP):
        title = titles.get(name, Text("", "")).get(session.language)
        table.add_row(name, folded(title, _TITLE_WIDTH), f"{count:,}")
    return table


def _facts(session: Session, workspace: "Workspace", tally: "Tally") -> "Table":
    heads = Text("最常缺的事实", "facts asked most"), Text("", ""), _COUNT
    table = plain_table(*heads, language=session.language, figures=(2,))
    facts = workspace.rulebook.vocabulary.facts
    for name, count in tally.top(tally.facts, _TOP):
        question = facts[name].question.get(session.language) if name in facts else ""
        table.add_row(name, folded(question, _TITLE_WIDTH), f"{count:,}")
    return table
