"""`zoning plan units` and `zoning plan zones`: a territory divided, named, numbered and written."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.cli.quantity_options import quantity
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError, every_mistake
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.overlay.source import LayerSource
    from zoning.planning.units.plan import Plan
    from zoning.planning.units.scheme import Scheme
    from zoning.workspace import Workspace

ALL = "all"
_DONE, _NO_DATA = 0, 3
_FINEST_M, _COARSEST_M = 1e-7, 1.0


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """The options of one run, as they were typed."""

    scheme: str
    territory: str
    on: str | None = None
    workspace: Path | None = None
    out: Path | None = None
    grid: str = "0.000001 m"
    minimum: str | None = None
    previous: str | None = None
    overwrite: bool = False
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What every territory of a run rests on."""

    session: Session
    workspace: "Workspace"
    source: "LayerSource"
    scheme: "Scheme"
    on: date
    grid_m: float
    previous: str | None
    out: Path | None

    def inputs(self, code: str) -> dict[str, Any]:
        """Return what the result of a territory depends on."""
        from zoning.planning.units.document import inputs_of
        from zoning.version import __version__

        return inputs_of(
            self.source,
            self.scheme,
            code,
            on=self.on,
            grid_m=self.grid_m,
            previous=self.previous,
            rules=self.workspace.rulebook.sha256 if self.scheme.access_list else "",
            program=__version__,
        )


def run_plan(session: Session, request: PlanRequest, *, as_json: bool) -> int:
    """Divide one territory, or all; return the exit code.

    Raises
    ------
    UsageError
        When scheme, territory, grid, least area or day cannot be meant, or results are to be kept or replaced without a
        folder.
    ContentError
        When workspace or scheme have mistakes, there is a result already, the units do not add up to the territory on
        this grid, or a file cannot be written.
    LayerError
        When a layer holds something that its definition does not know.
    """
    desk = _desk(session, request)
    codes = _codes(desk, request)
    _check_folders(desk, codes, request)
    incomplete = False
    documents: list[str] = []
    for number, (code, name) in enumerate(codes.items(), start=1):
        place = f"{number}/{len(codes)} " if len(codes) > 1 else ""
        inputs = desk.inputs(code)
        finished = _finished(desk, code, inputs) if request.resume else None
        if finished is not None:
            session.say(
                Text(f"{place}{name}：输入未变，沿用已有结果", f"{place}{name}: inputs unchanged, kept as it is")
            )
            incomplete |= bool(json.loads(finished)["incomplete"])
            documents.append(finished)
            continue
        session.say(Text(f"{place}正在划定：{name}", f"{place}working on: {name}"))
        plan, document = _one(desk, code, inputs)
        incomplete |= plan.incomplete
        documents.append(document)
        if not as_json:
            from zoning.cli.plan_units_text import print_plan

            print_plan(session, plan)
    if as_json:
        _print_json(documents)
    return _NO_DATA if incomplete else _DONE


def _one(desk: Desk, code: str, inputs: Mapping[str, Any]) -> "tuple[Plan, str]":
    from zoning.cli.plan_units_files import write_files
    from zoning.planning.units.document import document_of
    from zoning.planning.units.plan import make_plan
    from zoning.planning.units.skeleton import skeletons_of
    from zoning.planning.units.tables import lonlat_of, written_error

    plan = make_plan(desk.source, desk.scheme, code, on=desk.on, previous=desk.previous, grid_m=desk.grid_m)
    skeletons = skeletons_of(plan, desk.workspace.rulebook) if desk.scheme.access_list else ()
    written = lonlat_of(plan, desk.source.plane)
    document = document_of(plan, skeletons, inputs, written_error(plan, written, desk.source.plane))
    if desk.out is not None:
        write_files(desk, plan, skeletons, written, document)
    return plan, document


def document_path(desk: Desk, code: str) -> Path:
    """Return where the JSON of a territory lies; it is written last: with it a folder is finished."""
    return (desk.out or Path()) / code / f"{desk.scheme.units}.json"


def _finished(desk: Desk, code: str, inputs: Mapping[str, Any]) -> str | None:
    path = document_path(desk, code)
    if desk.out is None or not path.is_file():
        return None
    try:
        text = path.read_text(encoding="utf-8")
        same = json.loads(text)["inputs"] == json.loads(json.dumps(inputs))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return text if same else None


def _check_folders(desk: Desk, codes: Mapping[str, str], request: PlanRequest) -> None:
    if desk.out is None:
        if request.resume or request.overwrite:
            raise UsageError("--resume、--overwrite 须与 --out 一起用", "--resume and --overwrite go with --out")
        return
    if request.resume or request.overwrite:
        return
    for code in codes:
        path = document_path(desk, code)
        if path.exists():
            raise ContentError(
                f"{path}：已有结果；请换一个文件夹，或用 --overwrite 覆盖、--resume 继续",
                f"{path}: there is a result already; choose another folder, --overwrite it, or --resume",
            )


def _print_json(documents: list[str]) -> None:
    if len(documents) == 1:
        sys.stdout.write(documents[0])
        return
    sys.stdout.write("[\n" + ",\n".join(one.rstrip() for one in documents) + "\n]\n")


def _desk(session: Session, request: PlanRequest) -> Desk:
    workspace = session.open_workspace(request.workspace)
    scheme = _scheme(workspace, request)
    return Desk(
        session=session,
        workspace=workspace,
        source=session.source(workspace),
        scheme=scheme,
        on=session.day(request.on),
        grid_m=_grid(request.grid),
        previous=request.previous,
        out=request.out,
    )


def _scheme(workspace: "Workspace", request: PlanRequest) -> "Scheme":
    from zoning.planning.units.scheme import read_scheme
    from zoning.workspace import builtin_root

    path = workspace.own_or_builtin(f"plans/{request.scheme}.yaml")
    if not path.is_file() or path.parent.name != "plans":
        known = sorted(
            {one.stem for root in (workspace.root, builtin_root()) for one in (root / "plans").glob("*.yaml")}
        )
        raise UsageError(
            f"--scheme：没有方案 plans/{request.scheme}.yaml；可用：{'、'.join(known)}",
            f"--scheme: there is no plans/{request.scheme}.yaml; allowed: {', '.join(known)}",
        )
    scheme = read_scheme(path)
    mistakes = scheme.mistakes(workspace.catalogue)
    if mistakes:
        raise every_mistake(mistakes)
    if request.minimum is None:
        return scheme
    return scheme.model_copy(update={"minimum": _minimum(request.minimum)})


def _minimum(text: str) -> float:
    from zoning.quantities import parse_area

    return 0.0 if text.strip() == "0" else quantity("--minimum", text, parse_area)


def _grid(text: str) -> float:
    from zoning.quantities import parse_length

    found = quantity("--grid", text, parse_length)
    if not _FINEST_M <= found <= _COARSEST_M:
        raise UsageError("--grid：须在 0.0000001 m 与 1 m 之间", "--grid: it must lie between 0.0000001 m and 1 m")
    return found


def _codes(desk: Desk, request: PlanRequest) -> dict[str, str]:
    """Return the territories to divide with their names."""
    from zoning.citations import binds_in
    from zoning.planning.units.members import territories

    known = territories(desk.source, desk.on)
    holds = desk.scheme.territories
    fitting = {code: name for code, name in known.items() if not holds or binds_in(holds, code)}
    if request.territory == ALL:
        if not fitting:
            raise _does_not_hold(desk.scheme, "、".join(known))
        return fitting
    asked = request.territory.strip()
    found = {code: name for code, name in known.items() if asked in (code, name)}
    if len(found) != 1:
        listed = "、".join(f"{code} {name}" for code, name in known.items())
        raise UsageError(f"没有辖区“{asked}”；可用：{listed}", f"there is no territory '{asked}'; allowed: {listed}")
    code = next(iter(found))
    if code not in fitting:
        raise _does_not_hold(desk.scheme, code)
    return found


def _does_not_hold(scheme: "Scheme", codes: str) -> UsageError:
    holds = scheme.territories
    return UsageError(
        f"方案 {scheme.id} 只适用于 {'、'.join(holds)}：来源文件没有为 {codes} 定义这些分区；"
        "请在 plans/ 另写方案，用 --scheme 指明",
        f"scheme {scheme.id} holds for {', '.join(holds)} only: no document defines these zones for "
        f"{codes.replace('、', ', ')}; write a scheme of your own below plans/ and name it with --scheme",
    )
