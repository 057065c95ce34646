"""`zoning mines plan`: the order, the modes and the costs as a document to print."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.cli.mines_dashboard import DashboardRequest, made_dashboard
from zoning.cli.session import Session
from zoning.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoning.cli.mines_dashboard_app import PlanFormat
    from zoning.report.handout import Handout
    from zoning.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """The options; see `zoning mines plan --help`."""

    desk: DashboardRequest
    analyses: Path
    to: "Sequence[PlanFormat]"
    out: Path
    maker: str


def run_plan(session: Session, request: PlanRequest) -> int:
    """Write the plan and print its paths; return the exit code.

    Raises
    ------
    UsageError
        When there is no `priority.json` in the folder of the analyses, or nothing in the register.
    ContentError
        When workspace, register, an analysis or the template cannot be read, or the plan cannot be written.
    """
    from zoning.atomic_write import write_whole
    from zoning.maps.made import Made
    from zoning.mines.plan.content import Analyses, plan_of
    from zoning.version import __version__

    workspace = session.open_workspace(request.desk.where.workspace)
    priority = _document(request.analyses, "priority")
    if priority is None:
        raise UsageError(
            f"--analyses：{request.analyses} 中没有 priority.json；请先运行 zoning mines priority",
            f"--analyses: there is no priority.json in {request.analyses}: run zoning mines priority first",
        )
    analyses = Analyses(
        priority,
        _document(request.analyses, "mode"),
        _document(request.analyses, "works"),
        {name: layer.title for name, layer in workspace.catalogue.layers.items()},
    )
    dashboard = made_dashboard(session, workspace, request.desk)
    made = Made(session.today().isoformat(), __version__, request.maker)
    handout = plan_of(dashboard, analyses, made, session.language)
    for to in request.to:
        path = request.out / f"mines-plan.{to}"
        write_whole(path, _written(handout, workspace, to))
        sys.stdout.write(f"{path}\n")
    return 0


def _written(handout: "Handout", workspace: "Workspace", to: "PlanFormat") -> bytes:
    from zoning.report.handout import handout_docx, handout_html, handout_pdf

    if to == "docx":
        return handout_docx(handout, workspace.own_or_builtin("maps/templates/report.docx"))
    template = workspace.own_or_builtin("maps/templates/plan.html")
    return handout_pdf(handout, template) if to == "pdf" else handout_html(handout, template).encode()


def _document(folder: Path, name: str) -> Any:
    from zoning.mines.dashboard.analyses import read_document

    path = folder / f"{name}.json"
    return read_document(path, name) if path.is_file() else None
