"""The report of an audit as one HTML page that loads nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files

import shapely
from shapely.geometry.base import BaseGeometry

from zoning.planning.audit.issue import STATUSES, Issue
from zoning.planning.audit.kinds import KINDS, SEVERITIES
from zoning.planning.audit.package import cited
from zoning.planning.audit.result import AuditResult
from zoning.texts import Language, Text

MOST_ROWS = 2_000
_WIDTH = 900.0
_SIGNS = {"error": "×", "warning": "!", "note": "i"}


def summary_of(result: AuditResult) -> list[tuple[Issue, int, float]]:
    """Return one issue of every severity, kind and layers, with how many there are and their area: worst first."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Issue]] = {}
    for issue in result.issues:
        if issue.status in {"new", "open"}:
            groups.setdefault((issue.severity, issue.kind, issue.layers), []).append(issue)
    return [(same[0], len(same), sum(one.area_m2 or 0.0 for one in same)) for same in groups.values()]


def audit_page(
    result: AuditResult, layers: Mapping[str, Text], territories: Mapping[str, BaseGeometry], language: Language
) -> str:
    """Return the page.

    Parameters
    ----------
    layers
        Id -> title.
    territories
        Code -> outline in degrees, for the overview.
    """
    from jinja2 import Environment, StrictUndefined

    template = files("zoning.planning.audit").joinpath("page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    shown = result.issues[:MOST_ROWS]
    return environment.from_string(template).render(
        language=language,
        t=lambda zh, en: Text(zh, en).get(language),
        result=result,
        title=result.workspace.get(language),
        counts=[(word.get(language), result.counts[status]) for status, word in STATUSES.items()],
        severities=_severities(result, language),
        summary=[(_head(one, layers, language), count, area) for one, count, area in summary_of(result)],
        missed=[(check.title.get(language), ", ".join(check.missing)) for check in result.checks if check.missing],
        rows=[_row(issue, result.documents, layers, language) for issue in shown],
        left_out=len(result.issues) - len(shown),
        map=_overview(result.issues, territories),
        editions=[(layers[name].get(language), name, edition) for name, edition in result.editions.items()],
    )


def _severities(result: AuditResult, language: Language) -> list[tuple[str, str, str, int]]:
    found = Counter(issue.severity for issue in result.issues if issue.status in {"new", "open"})
    return [(name, _SIGNS[name], text.get(language), found[name]) for name, text in SEVERITIES.items()]


def _head(issue: Issue, layers: Mapping[str, Text], language: Language) -> dict[str, str]:
    return {
        "severity": issue.severity,
        "sign": _SIGNS[issue.severity],
        "word": SEVERITIES[issue.severity].get(language),
        "kind": KINDS[issue.kind].title.get(language),
        "layers": " × ".join(layers[name].get(language) if name in layers else name for name in issue.layers),
    }


def _row(issue: Issue, documents: dict[str, Text], layers: Mapping[str, Text], language: Language) -> dict[str, object]:
    return {
        **_head(issue, layers, language),
        "id": issue.id,
        "status": STATUSES[issue.status].get(language),
        "fixed": issue.status in {"fixed", "accepted"},
        "note": issue.note,
        "text": issue.text.get(language),
        "advice": "" if issue.advice is None else issue.advice.get(language),
        "citations": cited(issue, documents, language),
        "place": "" if issue.lon is None else f"{issue.lon:.6f}, {issue.lat:.6f}",
        "first_seen": issue.first_seen,
    }


def _overview(issues: Sequence[Issue], territories: Mapping[str, BaseGeometry]) -> dict[str, object] | None:
    """Return paths and marks of the overview in its own units; None where there is nothing to draw."""
    shapes = [shape for shape in territories.values() if not shape.is_empty]
    if not shapes:
        return None
    west, south, east, north = shapely.union_all(shapes).bounds
    scale = _WIDTH / max(east - west, 1e-9)
    stretch = 1.23  # a degree of latitude is that much longer than one of longitude at 35.5°N

    def at(x: float, y: float) -> tuple[float, float]:
        return round((x - west) * scale, 1), round((north - y) * scale * stretch, 1)

    paths = []
    for shape in shapely.simplify(shapes, (east - west) / 1500):
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            places = [at(x, y) for x, y in shapely.get_coordinates(ring).tolist()]
            path = " L".join(f"{a} {b}" for a, b in places)
            paths += [f"M{path}Z"]
    marks = [
        {"severity": issue.severity, "at": at(issue.lon, issue.lat), "id": issue.id, "kind": issue.title}
        for issue in reversed(issues)
        if issue.lon is not None and issue.lat is not None and issue.status in {"new", "open"}
    ]
    height = round((north - south) * scale * stretch, 1)
    return {"width": _WIDTH, "height": height, "paths": paths, "marks": marks[-MOST_ROWS:]}
