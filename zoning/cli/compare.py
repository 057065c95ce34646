"""`zoning compare`: what differs between two editions, and which verdicts it changes."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.compare_sides import Sides, SidesRequest, sides_of
from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError
from zoning.texts import Text, joined

if TYPE_CHECKING:
    from zoning.advice.ground import Content
    from zoning.cli.compare_sites import VerdictDiff
    from zoning.overlay.plane_layer import PlaneLayer
    from zoning.overlay.source import LayerSource
    from zoning.planning.compare.adjustments import AdjustmentResult, Adjustments
    from zoning.planning.compare.keeps import KeepResult, Keeps
    from zoning.planning.compare.layer_change import Divisions, LayerChange, LayerGap

KEEPS, ADJUSTMENTS = "three-keeps.yaml", "boundary-adjustments.yaml"
_CLEAR, _FOUND, _OPEN = 0, 1, 3


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """The options of one comparison."""

    sides: SidesRequest
    townships: str
    match_share: float
    out: Path | None
    register: Path | None
    facts: Path | None
    sets: tuple[str, ...]
    crs: str | None
    verify: int
    resume: bool
    restart: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a run found."""

    sides: Sides
    changes: "dict[str, LayerChange | LayerGap]"
    keeps: "tuple[KeepResult, ...]"
    adjustments: "tuple[AdjustmentResult, ...]"
    verdicts: "VerdictDiff | None"

    def exit_code(self) -> int:
        """Return the exit code: what was found, else what is open."""
        from zoning.planning.compare.layer_change import LayerGap

        broken = any(one.outcome == "not_kept" for one in self.keeps)
        broken = broken or any(one.outcome == "not_met" for one in self.adjustments)
        if broken or (self.verdicts is not None and self.verdicts.changes):
            return _FOUND
        outcomes = [*(one.outcome for one in self.keeps), *(one.outcome for one in self.adjustments)]
        open_ = "undetermined" in outcomes
        return _OPEN if open_ or any(isinstance(one, LayerGap) for one in self.changes.values()) else _CLEAR


def run_compare(session: Session, request: CompareRequest, *, as_json: bool) -> int:
    """Compare, print, write; return the exit code.

    Raises
    ------
    UsageError
        When options cannot be meant or do not go together, or a layer that is named is not there.
    ContentError
        When a workspace, the three keeps, the register of adjustments or the facts have mistakes, or a file cannot be
        written.
    SiteError, CRSError
        When the boundary file of `--sites` cannot be read.
    LayerError
        When a layer holds something that its definition does not know.
    """
    from zoning.cli.compare_text import print_comparison

    _check(request)
    sides = sides_of(session, request.sides)
    keeps, adjustments = _plans(sides)
    changes = _layers(session, request, sides)
    found = Comparison(
        sides,
        changes,
        _kept(keeps, changes, sides),
        _adjusted(adjustments, changes, sides),
        _verdicts(session, request, sides),
    )
    if as_json:
        from zoning.cli.compare_files import document_of
        from zoning.planning.compare.document import to_json

        sys.stdout.write(to_json(document_of(found)))
    else:
        print_comparison(session, found)
    if request.out is not None:
        from zoning.cli.compare_files import write_files

        write_files(session, found, request.out)
    return found.exit_code()


def _check(request: CompareRequest) -> None:
    if not 0.5 <= request.match_share <= 1:  # noqa: PLR2004 - a half: no zone can have two partners
        raise UsageError("--match-share：须在 0.5 与 1 之间", "--match-share: it must lie between 0.5 and 1")
    if request.register is None:
        given = {
            "--verify": request.verify,
            "--resume": request.resume,
            "--restart": request.restart,
            "--facts": request.facts,
            "--set": request.sets,
            "--crs": request.crs,
        }
        for name, value in given.items():
            if value:
                raise UsageError(f"{name} 只用于 --sites", f"{name} goes with --sites")
    if (request.resume or request.restart) and request.out is None:
        raise UsageError("--resume 和 --restart 要和 --out 一起用", "--resume and --restart go with --out")


def _plans(sides: Sides) -> "tuple[Keeps | None, Adjustments | None]":
    from zoning.planning.compare.adjustments import read_adjustments
    from zoning.planning.compare.keeps import read_keeps

    content, folder = sides.after.content, sides.after.workspace.root / "plans"
    keeps = read_keeps(folder / KEEPS) if (folder / KEEPS).is_file() else None
    register = read_adjustments(folder / ADJUSTMENTS) if (folder / ADJUSTMENTS).is_file() else None
    for name, found in ((KEEPS, keeps), (ADJUSTMENTS, register)):
        wrong = [] if found is None else found.mistakes(content.catalogue, content.rulebook.documents)
        if wrong:
            named = joined(wrong, "；", "; ")
            raise ContentError(f"plans/{name}：{named.zh}", f"plans/{name}: {named.en}")
    return keeps, register


def _layers(session: Session, request: CompareRequest, sides: Sides) -> "dict[str, LayerChange | LayerGap]":
    from zoning.overlay.source import LayerSource

    before, after = sides.before.content, sides.after.content
    # One measuring plane for both: areas do not depend on its parallel.
    source = before.source
    if before.source.plane.crs != after.source.plane.crs:
        source = LayerSource(before.catalogue, after.source.plane)
    divisions = _divisions(session, request, sides)
    found: dict[str, LayerChange | LayerGap] = {}
    for number, name in enumerate(sides.layers, start=1):
        if len(sides.layers) > 1:
            session.say(
                Text(f"比较图层 {number}/{len(sides.layers)}：{name}", f"layer {number}/{len(sides.layers)}: {name}")
            )
        found[name] = _layer(name, (before, source), (after, after.source), divisions, request)
    return found


def _layer(
    name: str,
    one: "tuple[Content, LayerSource]",
    other: "tuple[Content, LayerSource]",
    divisions: "Divisions",
    request: CompareRequest,
) -> "LayerChange | LayerGap":
    from zoning.layers.datum import WORLD
    from zoning.planning.compare.layer_change import LayerGap, compare_layer

    for side, (content, _) in (("before", one), ("after", other)):
        if name not in content.catalogue.layers:
            known = (other if side == "before" else one)[0].catalogue[name]
            reason = Text("工作空间没有这个图层", "the workspace has no such layer")
            return LayerGap(name, known.title, "before" if side == "before" else "after", reason)
    a, b = (source.layer(name, on=content.on, bounds=WORLD) for content, source in (one, other))
    tolerance = other[0].settings.tolerance_m2
    return compare_layer(a, b, divisions, tolerance=tolerance, match_share=request.match_share)


def _divisions(session: Session, request: CompareRequest, sides: Sides) -> "Divisions":
    from zoning.planning.compare.layer_change import Divisions

    content = sides.after.content
    if request.townships not in content.catalogue.layers and request.townships != "townships":
        from zoning.cli.layers import find_layer

        find_layer(sides.after.workspace, request.townships)
    townships = _read(content, request.townships)
    if townships is None:
        session.say(
            Text(
                f"图层 {request.townships} 不可用，不分乡镇", f"layer {request.townships} cannot be used: no townships"
            )
        )
    return Divisions.of(townships, _read(content, content.catalogue.territory_layer))


def _read(content: "Content", name: str) -> "PlaneLayer | None":
    from zoning.layers.datum import WORLD
    from zoning.layers.reader import Unavailable

    if name not in content.catalogue.layers:
        return None
    found: PlaneLayer | Unavailable = content.source.layer(name, on=content.on, bounds=WORLD)
    return None if isinstance(found, Unavailable) else found


def _kept(
    keeps: "Keeps | None", changes: "dict[str, LayerChange | LayerGap]", sides: Sides
) -> "tuple[KeepResult, ...]":
    from zoning.planning.compare.keeps import check_keeps

    if keeps is None:
        return ()
    content = sides.after.content
    return check_keeps(
        keeps, changes, on=content.on, begins=sides.after.begins, tolerance_m2=content.settings.tolerance_m2
    )


def _adjusted(
    register: "Adjustments | None", changes: "dict[str, LayerChange | LayerGap]", sides: Sides
) -> "tuple[AdjustmentResult, ...]":
    from zoning.planning.compare.adjustments import check_moved, check_register
    from zoning.planning.compare.layer_change import LayerChange

    if register is None:
        return ()
    found: Sequence[AdjustmentResult] = check_register(register)
    for name, change in changes.items():
        if isinstance(change, LayerChange):
            days = sides.before.begins.get(name), sides.after.begins.get(name)
            found = [*found, *check_moved(register, change, after=days[0], until=days[1])]
    return tuple(one for one in found if any(one.rule == name for name in _rules_of(register, sides.layers)))


def _rules_of(register: "Adjustments", layers: Sequence[str]) -> list[str]:
    return [name for name, rule in register.rules.items() if rule.layer in layers]


def _verdicts(session: Session, request: CompareRequest, sides: Sides) -> "VerdictDiff | None":
    if request.register is None:
        return None
    from zoning.cli.compare_sites import SitesRequest, diff_verdicts

    wanted = SitesRequest(
        request.register,
        request.facts,
        request.sets,
        request.crs,
        request.verify,
        request.resume,
        request.restart,
        request.out,
    )
    return diff_verdicts(session, wanted, sides)
