"""`dashboard`: the register with what the analyses found, on one offline page."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.register_opening import Opened, day_of, opened
from zoning.cli.register_options import RegisterRequest
from zoning.cli.session import Session
from zoning.cli.territory_outlines import territory_outlines
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.mines.dashboard.content import Dashboard
    from zoning.mines.dashboard.gathering import Contribution, Frame
    from zoning.workspace import Workspace

_FILE = Path("out") / "desk.html"


@dataclass(frozen=True, slots=True)
class DashboardRequest:
    """The options; see `zoning mines dashboard --help`."""

    where: RegisterRequest
    out: Path | None = None
    analyses: Path | None = None
    territory: str | None = None
    on: str | None = None
    personal: bool = False
    photos: bool = True


def run_dashboard(session: Session, request: DashboardRequest) -> int:
    """Write the page and print its path; return the exit code.

    Raises
    ------
    UsageError
        When the file is no .html, a day is no date, there is no register or nothing in it, or no such folder of
        analyses.
    ContentError
        When workspace, register or an analysis cannot be read, or the page cannot be written.
    """
    from zoning.atomic_write import write_whole
    from zoning.mines.dashboard.page import render_dashboard

    path = request.out or _FILE
    if path.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"--out：{path.name} 应是 .html 文件", f"--out: {path.name} has to be an .html file")
    workspace = session.open_workspace(request.where.workspace)
    write_whole(path, render_dashboard(made_dashboard(session, workspace, request), session.language))
    sys.stdout.write(f"{path}\n")
    return 0


def made_dashboard(
    session: Session, workspace: "Workspace", request: DashboardRequest, ids: Sequence[str] | None = None
) -> "Dashboard":
    """Return the content of the page; `ids`: only of these.

    Raises
    ------
    UsageError
        When there is nothing in the register.
    ContentError
        When the workspace, the register or an analysis cannot be read.
    """
    from zoning.mines.dashboard.gathering import make_dashboard
    from zoning.mines.dossier import read_dossiers
    from zoning.overlay.plane import MeasuringPlane

    on = day_of(session, request.on, "--on")
    contributions, missing = read_contributions(request.analyses, workspace)
    with opened(session, request.where) as desk:
        dossiers = read_dossiers(desk.register, on=on, territory=request.territory, ids=ids)
        if not dossiers:
            raise UsageError(
                f"{desk.kind.title.zh}中没有记录；请先用 import 导入或 add 添加",
                f"there is nothing in the register {desk.kind.title.en}: import a ledger or add a record first",
            )
        return make_dashboard(
            dossiers,
            desk.kind,
            _frame(session, workspace, desk, request, on),
            contributions=contributions,
            remarks=missing,
            files=desk.store.files if request.photos else None,
            plane=MeasuringPlane(workspace.settings.latitude),
        )


def read_contributions(folder: Path | None, workspace: "Workspace") -> "tuple[Sequence[Contribution], Sequence[Text]]":
    """Return what the analyses in a folder add, and which are missing; nothing where no folder is named.

    Raises
    ------
    UsageError
        When there is no such folder.
    ContentError
        When a document in it cannot be read, or is of something else.
    """
    from zoning.mines.dashboard.analyses import read_analyses

    if folder is None:
        return (), ()
    if not folder.is_dir():
        raise UsageError(f"--analyses：没有文件夹 {folder}", f"--analyses: there is no folder {folder}")
    return read_analyses(folder, {name: layer.title for name, layer in workspace.catalogue.layers.items()})


def _frame(session: Session, workspace: "Workspace", desk: Opened, request: DashboardRequest, on: date) -> "Frame":
    """Return what stands around the cards."""
    from zoning.mines.dashboard.gathering import Frame

    catalogue = workspace.catalogue
    return Frame(
        title=Text(f"{desk.kind.title.zh}台账", f"Register of {desk.kind.title.en}"),
        on=on,
        notice=workspace.settings.notice,
        schematic=any(layer.schematic for layer in catalogue.layers.values()),
        outlines=list(territory_outlines(session.source(workspace), on)),
        personal=request.personal,
    )
