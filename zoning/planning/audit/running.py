"""All checks of an audit, one after the other; what cannot be looked at is an issue, never silence."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.errors import ZoningError
from zoning.overlay import beside
from zoning.planning.audit.checks import Check, checks_of
from zoning.planning.audit.issue import Finding, Issue, issue_of, shape_of
from zoning.planning.audit.kinds import ORDER, SEVERITIES
from zoning.planning.audit.parts import Parts
from zoning.planning.audit.scene import Missing, Scene
from zoning.planning.audit.wording import listed
from zoning.texts import Text

_WITHIN = 0.9
_FOLDED = {"gap", "overlap", "sliver", "outside-coverage"}


@dataclass(frozen=True, slots=True)
class Done:
    """One check: its issues, or the layers for want of which it was not made."""

    check: Check
    issues: tuple[Issue, ...] = ()
    missing: tuple[str, ...] = ()
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found.

    Attributes
    ----------
    issues
        Worst first, each once.
    checks
        All that were to be made.
    editions
        Layer -> edition that was looked at.
    """

    issues: tuple[Issue, ...]
    checks: tuple[Done, ...]
    editions: dict[str, str]

    @property
    def missed(self) -> tuple[Done, ...]:
        """The checks that could not be made."""
        return tuple(done for done in self.checks if done.missing)


@dataclass(slots=True)
class Course:
    """How far an audit is."""

    total: int
    done: int = 0
    resumed: int = 0
    title: Text = field(default_factory=lambda: Text("", ""))


def audit(
    scene: Scene,
    *,
    layers: Sequence[str] = (),
    parts: Parts | None = None,
    version: str = "",
    tell: Callable[[Course], None] = lambda _: None,
) -> Audited:
    """Make all checks.

    Parameters
    ----------
    layers
        Only checks that look at one of them.
    parts
        Where finished checks are kept, and found again.
    version
        Of the program: what another one has found is not taken over.
    """
    checks = checks_of(scene, layers)
    course = Course(len(checks))
    found: list[Done] = []
    lost: dict[str, list[Check]] = {}
    reasons: dict[str, Text] = {}
    for check in checks:
        course.title = check.title
        tell(course)
        missing = [layer for layer in map(scene.layer, check.layers) if isinstance(layer, Missing)]
        for one in missing:
            lost.setdefault(one.layer, []).append(check)
            reasons[one.layer] = one.reason
        found.append(
            Done(check, missing=tuple(one.layer for one in missing)) if missing else _made(scene, check, parts, version)
        )
        course.done += 1
        course.resumed += found[-1].kept
    tell(course)
    unread = [issue_of(_not_audited(scene, name, lost[name], reasons[name]), scene.plane) for name in lost]
    issues = [*unread, *(issue for done in found for issue in done.issues)]
    editions = {
        name: layer.plane.edition_id
        for name in scene.catalogue.layers
        if not isinstance(layer := scene.layer(name), Missing)
    }
    return Audited(_ordered(_folded(issues)), tuple(found), editions)


def _made(scene: Scene, check: Check, parts: Parts | None, version: str) -> Done:
    digest = "" if parts is None else _digest(scene, check, version)
    kept = None if parts is None else parts.get(check.id, digest)
    if kept is not None:
        return Done(check, kept, kept=True)
    try:
        issues = tuple(issue_of(finding, scene.plane) for finding in check.run(scene))
    except (ZoningError, shapely.GEOSException) as error:
        text = error.text if isinstance(error, ZoningError) else Text(str(error), str(error))
        lost = Finding(
            "not-audited",
            check.layers,
            (),
            Text(
                f"未能完成检查“{check.title.zh}”：{text.zh}",
                f"the check '{check.title.en}' could not be made: {text.en}",
            ),
            detail=check.id,
        )
        return Done(check, (issue_of(lost, scene.plane),), missing=check.layers)
    if parts is not None:
        parts.put(check.id, digest, issues)
    return Done(check, issues)


def _digest(scene: Scene, check: Check, version: str) -> str:
    looked = {*check.layers, scene.catalogue.territory_layer}
    words = [version, str(scene.on), *scene.wanted, scene.plane.crs, scene.plan.model_dump_json(), check.id]
    return sha256("|".join([*words, *(scene.digest(name) for name in sorted(looked))]).encode()).hexdigest()


def _not_audited(scene: Scene, layer_id: str, checks: Sequence[Check], reason: Text) -> Finding:
    layer = scene.catalogue.layers.get(layer_id)
    title = Text(layer_id, layer_id) if layer is None else layer.title
    titles = listed([check.title for check in checks], 3)
    text = Text(
        f"{title.zh}未能审核：{reason.zh}；因此没有做的检查：{titles.zh}",
        f"{title.en} was not audited: {reason.en}; not made for want of it: {titles.en}",
    )
    return Finding("not-audited", (layer_id,), (), text, detail="layer")


def _folded(issues: Iterable[Issue]) -> list[Issue]:
    """Leave out gaps and overlaps that are nothing but a border of neighbours that was told as such."""
    listed_ = list(issues)
    borders = [(issue, shape_of(issue)) for issue in listed_ if issue.kind == "border-mismatch"]
    if not borders:
        return listed_
    return [issue for issue in listed_ if not any(_is_of(issue, one, shape) for one, shape in borders)]


def _is_of(issue: Issue, border: Issue, shape: BaseGeometry) -> bool:
    if issue.kind not in _FOLDED or not set(issue.layers) <= set(border.layers) or not issue.shape:
        return False
    piece = shape_of(issue)
    if piece.area == 0 or not shapely.intersects(piece, shape):
        return False
    return float(beside.intersection(piece, shape).area) >= _WITHIN * float(piece.area)


def _ordered(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    once = {issue.id: issue for issue in issues}
    worst = list(SEVERITIES)
    return tuple(
        sorted(
            once.values(),
            key=lambda one: (worst.index(one.severity), ORDER[one.kind], one.layers, -(one.area_m2 or 0.0), one.id),
        )
    )


def unplanned(scene: Scene) -> Issue:
    """Return that nothing says what layers have to do with each other."""
    text = Text(
        "工作空间没有 plans/audit.yaml：图层之间的关系（控制线重叠、包含、文件面积、偏移）没有审核",
        "the workspace has no plans/audit.yaml: nothing between layers (control lines, containment, stated areas, "
        "shifts) was audited",
    )
    return issue_of(Finding("not-audited", (), (), text, detail="plan"), scene.plane)
