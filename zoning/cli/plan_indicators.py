"""`zoning plan indicators`: the promises of the plans against what layers say."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.printing import JsonDocuments
from zoning.cli.writing import write_all
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from zoning.cli.session import Session
    from zoning.overlay.source import LayerSource
    from zoning.planning.indicators.measuring import PlanAnswers
    from zoning.planning.indicators.plan_file import Plan
    from zoning.workspace import Workspace


@dataclass(frozen=True, slots=True)
class IndicatorsRequest:
    """The options of one run."""

    territory: str | None = None
    plan: str | None = None
    out: Path | None = None
    on: str | None = None
    workspace: Path | None = None


def run_indicators(session: "Session", request: IndicatorsRequest, *, as_json: bool) -> int:
    """Print, and write, the indicators of the plans; return the exit code.

    Raises
    ------
    UsageError
        When the workspace has no plans, or none of this name or of this territory.
    ContentError
        When the workspace or a plan has mistakes, or a file cannot be written.
    LayerError
        When a layer holds something that its definition does not know.
    """
    from zoning.planning.indicators.entries import to_json
    from zoning.planning.indicators.measuring import Measured, answer_plan

    workspace = session.open_workspace(request.workspace)
    on = session.day(request.on)
    source = session.source(workspace)
    plans = _plans(workspace, source, request, on)
    states: set[str] = set()
    measured: Measured = {}
    documents = JsonDocuments(several=len(plans) != 1)
    for plan in plans:
        session.say(Text(f"计算：{plan.title.zh}", f"measuring: {plan.title.en}"))
        found = answer_plan(source, plan, on=on, measured=measured)
        states |= {one.judged.state for one in found.answers if one.indicator.measure is not None}
        if as_json:
            documents.show(to_json(found, on=on))
        else:
            _show_text(session.console(), session, found)
        if request.out is not None:
            _write(session, workspace, found, request.out, on)
    if as_json:
        documents.close()
    return 1 if "not-met" in states else 3 if "unknown" in states else 0


def _plans(workspace: "Workspace", source: "LayerSource", request: IndicatorsRequest, on: "date") -> "list[Plan]":
    from zoning.planning.indicators.plan_file import FOLDER, read_plans

    plans = read_plans(workspace.root, workspace.catalogue, workspace.rulebook.documents)
    if not plans:
        raise UsageError(
            f"工作空间没有规划指标（{FOLDER}/*.yaml）", f"the workspace has no indicators ({FOLDER}/*.yaml)"
        )
    if request.plan is not None:
        return [_named(plans, request.plan)]
    if request.territory is None:
        return plans
    code = _code(source, request.territory, on)
    found = [plan for plan in plans if plan.territory == code]
    if not found:
        known = ", ".join(sorted({plan.territory for plan in plans}))
        raise UsageError(
            f"没有行政区“{request.territory}”的规划；有规划的：{known}",
            f"there is no plan for '{request.territory}'; there are plans for: {known}",
        )
    return found


def _named(plans: "list[Plan]", name: str) -> "Plan":
    for plan in plans:
        if plan.id == name:
            return plan
    known = ", ".join(plan.id for plan in plans)
    raise UsageError(f"没有规划“{name}”；可用：{known}", f"there is no plan '{name}'; allowed: {known}")


def _code(source: "LayerSource", name: str, on: "date") -> str:
    """Return the code of a territory that is named by code or name; the name itself where it is neither."""
    from zoning.layers.datum import WORLD
    from zoning.layers.reader import Unavailable

    layer = source.layer(source.catalogue.territory_layer, on=on, bounds=WORLD)
    if isinstance(layer, Unavailable):
        return name
    return next((code for code, title in zip(layer.ids, layer.names, strict=True) if name in (code, title)), name)


def _show_text(console: "Console", session: "Session", found: "PlanAnswers") -> None:
    from rich.table import Table
    from rich.text import Text as Styled

    from zoning.planning.indicators.paper import STATES

    language = session.language
    title = Styled.assemble((found.plan.title.get(language), "bold"), f"  {found.territory.get(language)}")
    console.print(title)
    table = Table(box=None, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
    heads = (
        Text("指标", "indicator"),
        Text("2020年", "2020"),
        Text("目标", "target"),
        Text("现值", "present"),
        Text("结果", "result"),
    )
    for number, head in enumerate(heads):
        table.add_column(head.get(language), justify="right" if number in (1, 2, 3) else "left", overflow="fold")
    measured = [one for one in found.answers if one.indicator.measure is not None]
    for one in measured:
        indicator = one.indicator
        sign, word, _ = STATES[one.judged.state]
        table.add_row(
            f"{indicator.title.get(language)} {indicator.unit}",
            indicator.baseline.printed or "—" if indicator.baseline else "—",
            indicator.target.printed or "—" if indicator.target else "—",
            "—" if one.value is None else f"{one.value:,.2f}",
            f"{sign} {word.get(language)}",
        )
    console.print(table)
    _show_notes(console, session, found)


def _show_notes(console: "Console", session: "Session", found: "PlanAnswers") -> None:
    """Say what is not known and why, and where the documents contradict themselves."""
    language = session.language
    measured = [one for one in found.answers if one.indicator.measure is not None]
    for one in measured:
        if one.judged.state == "unknown":
            why = Text("；", "; ").get(language).join(text.get(language) for text in one.judged.reasons)
            console.print(f"? {one.indicator.title.get(language)}{Text('：', ': ').get(language)}{why}")
    for one in found.answers:
        for text in one.contradictions:
            console.print(f"≠ {one.indicator.title.get(language)}{Text('：', ': ').get(language)}{text.get(language)}")
    left = len(found.answers) - len(measured)
    if left:
        console.print(
            Text(
                f"另有 {left} 项指标图层不能回答（监测、统计数据），见 --out 的网页",
                f"{left} more indicators that layers cannot answer; see the page of --out",
            ).get(language),
            style="dim",
        )
    if any(behind.schematic for one in measured for behind in one.behind):
        console.print(
            Text("由示意数据计算，非法定边界", "computed from schematic data, no legal boundaries").get(language),
            style="yellow",
        )
    console.print()


def _write(session: "Session", workspace: "Workspace", found: "PlanAnswers", folder: Path, on: "date") -> None:
    from zoning.maps.made import Made
    from zoning.planning.indicators.entries import to_json
    from zoning.planning.indicators.paper import paper_of
    from zoning.planning.paper import paper_csv, paper_html, paper_workbook
    from zoning.version import __version__

    made = Made(session.today().isoformat(), __version__)
    paper = paper_of(found, workspace.rulebook, language=session.language, made=made, on=on.isoformat())
    stem = f"indicators-{found.plan.id}"
    contents: dict[str, str | bytes] = {
        f"{stem}.json": to_json(found, on=on),
        f"{stem}.html": paper_html(paper),
        f"{stem}.xlsx": paper_workbook(paper),
        f"{stem}.csv": paper_csv(paper.sections[0].tables[0]),
    }
    write_all(session, folder, contents)
