"""`zoning plan audit`: read the layers, make all checks, keep the statuses, print and write what was found."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.candidates import with_candidates
from zoning.cli.session import Session
from zoning.errors import UsageError, every_mistake
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.citations import Document
    from zoning.planning.audit.earlier import Earlier
    from zoning.planning.audit.issue import Issue
    from zoning.planning.audit.parts import Parts
    from zoning.planning.audit.plan import AuditPlan
    from zoning.planning.audit.result import AuditResult
    from zoning.planning.audit.running import Audited
    from zoning.planning.audit.scene import Scene
    from zoning.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """The options of one run."""

    workspace: Path | None = None
    on: str | None = None
    territories: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    out: Path | None = None
    previous: Path | None = None
    resume: bool = False
    candidates: tuple[str, ...] = ()


def run_audit(session: Session, request: AuditRequest, *, as_json: bool) -> int:
    """Audit the layers of a workspace; return the exit code.

    Raises
    ------
    UsageError
        When a run is to go on and no folder is named, the earlier run is not there, or a layer or territory is unknown.
    ContentError
        When the workspace, the demands of the plan or the earlier run cannot be read or have mistakes, or a file cannot
        be written.
    """
    from zoning.cli.plan_audit_text import AuditBar, print_audit
    from zoning.planning.audit.running import audit

    _refuse_contradictions(request)
    workspace = with_candidates(session.open_workspace(request.workspace), request.candidates, request.territories)
    documents = workspace.rulebook.documents
    plan = _plan(session, workspace, documents)
    scene = _scene(session, workspace, plan or _empty_plan(), request)
    earlier = _earlier(request)
    parts = _parts(request)
    from zoning.version import __version__

    with AuditBar(session) as progress:
        audited = audit(scene, layers=request.layers, parts=parts, version=__version__, tell=progress.tell)
    result = _result(session, workspace, request, scene, audited, earlier, documents, planned=plan is not None)
    if request.out is not None:
        _write(session, workspace, request.out, result, scene)
        if parts is not None:
            parts.clear()
    if as_json:
        sys.stdout.write(result.to_json())
    else:
        print_audit(session, result, {name: layer.title for name, layer in workspace.catalogue.layers.items()})
    return result.exit_code


def _refuse_contradictions(request: AuditRequest) -> None:
    if request.resume and request.out is None:
        raise UsageError(
            "--resume 须同时写 --out：已完成的部分保存在那里",
            "--resume needs --out: that is where finished parts are kept",
        )
    if request.previous is not None and not request.previous.exists():
        raise UsageError(f"--previous：{request.previous} 不存在", f"--previous: {request.previous} does not exist")


def _plan(session: Session, workspace: "Workspace", documents: "Mapping[str, Document]") -> "AuditPlan | None":
    from zoning.planning.audit.plan import FILE, read_plan

    path = workspace.root / FILE
    if not path.exists():
        session.say(
            Text(
                f"工作空间没有 {FILE}：图层之间的关系没有审核",
                f"the workspace has no {FILE}: nothing between layers is audited",
            )
        )
        return None
    plan = read_plan(path)
    mistakes = plan.mistakes(workspace.catalogue, documents)
    if mistakes:
        raise every_mistake(mistakes)
    return plan


def _empty_plan() -> "AuditPlan":
    from zoning.planning.audit.plan import AuditPlan

    return AuditPlan()


def _scene(session: Session, workspace: "Workspace", plan: "AuditPlan", request: AuditRequest) -> "Scene":
    from zoning.cli.layers import find_layer
    from zoning.overlay.plane import MeasuringPlane
    from zoning.planning.audit.scene import Missing, Scene

    for name in request.layers:
        find_layer(workspace, name)
    scene = Scene(
        workspace.catalogue,
        MeasuringPlane(workspace.file.latitude),
        plan,
        on=session.day(request.on),
        territories=request.territories,
    )
    territory = scene.layer(workspace.catalogue.territory_layer)
    if request.territories and not isinstance(territory, Missing):
        known = sorted(set(territory.features.ids))
        for code in request.territories:
            if code not in known:
                raise UsageError(
                    f"没有辖区“{code}”；可用：{', '.join(known)}",
                    f"there is no territory '{code}'; allowed: {', '.join(known)}",
                )
    return scene


def _earlier(request: AuditRequest) -> "Earlier":
    from zoning.planning.audit.earlier import JSON, Earlier, read_earlier

    if request.previous is not None:
        return read_earlier(request.previous)
    if request.out is not None and (request.out / JSON).exists():
        return read_earlier(request.out)
    return Earlier()


def _parts(request: AuditRequest) -> "Parts | None":
    from zoning.planning.audit.parts import Parts

    return None if request.out is None else Parts(request.out, resume=request.resume)


def _result(
    session: Session,
    workspace: "Workspace",
    request: AuditRequest,
    scene: "Scene",
    audited: "Audited",
    earlier: "Earlier",
    documents: "Mapping[str, Document]",
    *,
    planned: bool,
) -> "AuditResult":
    from zoning.planning.audit.result import AuditResult, checks_told, counts_of
    from zoning.planning.audit.running import unplanned
    from zoning.planning.audit.statuses import with_statuses
    from zoning.version import __version__

    found = audited.issues if planned else (unplanned(scene), *audited.issues)
    today = session.today().isoformat()
    issues = with_statuses(
        found,
        earlier.issues,
        earlier.marks or {},
        today=today,
        looked=lambda issue: _looked(issue, audited, request),
    )
    named = {citation.document for issue in issues for citation in issue.citations}
    return AuditResult(
        program=f"zoning {__version__}",
        workspace=workspace.file.title,
        on=str(scene.on),
        made=today,
        territories=request.territories,
        layers=request.layers,
        complete=planned and not audited.missed,
        counts=counts_of(issues),
        editions=audited.editions,
        documents={name: _named(documents[name]) for name in sorted(named) if name in documents},
        checks=checks_told(audited),
        issues=issues,
    )


def _named(document: "Document") -> Text:
    number = f" {document.number}" if document.number else ""
    return Text(f"{document.title.zh}{number}", f"{document.title.en}{number}")


def _looked(issue: "Issue", audited: "Audited", request: AuditRequest) -> bool:
    """Tell whether this run would have found an issue of an earlier one again."""
    if request.territories and issue.territory not in request.territories:
        return False
    if request.layers and not set(issue.layers) & set(request.layers):
        return False
    lost = {name for done in audited.missed for name in done.missing}
    return not set(issue.layers) & lost


def _write(session: Session, workspace: "Workspace", out: Path, result: "AuditResult", scene: "Scene") -> None:
    from zoning.atomic_write import write_whole
    from zoning.planning.audit.earlier import CSV, GPKG, JSON
    from zoning.planning.audit.package import issues_csv, write_package
    from zoning.planning.audit.page import audit_page
    from zoning.planning.audit.scene import Missing

    titles = {name: layer.title for name, layer in workspace.catalogue.layers.items()}
    lands = {}
    if not isinstance(scene.layer(workspace.catalogue.territory_layer), Missing):
        shapes = scene.territory_shapes
        lands = dict(zip(shapes, scene.plane.to_lonlat(list(shapes.values())), strict=True))
    # The JSON comes last: what is compared with it next time was written before.
    write_package(out / GPKG, result, session.language)
    write_whole(out / CSV, issues_csv(result, session.language))
    write_whole(out / "audit.html", audit_page(result, titles, lands, session.language))
    write_whole(out / JSON, result.to_json())
    session.say(
        Text(
            f"已写入 {out}：audit.html、audit.json、{GPKG}、{CSV}",
            f"written to {out}: audit.html, audit.json, {GPKG}, {CSV}",
        )
    )
