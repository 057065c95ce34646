"""What a person who filed a verdict has to know: decision, areas, or what it rests on came out otherwise."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from zoning.check import Examination, Refusal
from zoning.rules.verdict import CitationEntry, Finding, Verdict
from zoning.sites.site import Site
from zoning.texts import Text

What = Literal["decision", "status", "area", "finding", "citation", "clause"]

TITLES: dict[What, Text] = {
    "decision": Text("结论", "decision"),
    "status": Text("图层状态", "status of a layer"),
    "area": Text("面积", "area"),
    "finding": Text("判定", "finding"),
    "citation": Text("依据", "citation"),
    "clause": Text("清单条款", "clause"),
}
REFUSED = "refused"

_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: `before` and `after` as they stand in the verdicts, None where there is none."""

    what: What
    layer: str | None
    class_id: str | None
    rule: str | None
    territory: str | None
    before: str | float | None
    after: str | float | None


@dataclass(frozen=True, slots=True)
class SiteChange:
    """A site whose verdict differs."""

    number: int
    id: str
    name: str
    source: str
    before: str
    after: str
    changes: tuple[Change, ...]

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {**asdict(self), "changes": [asdict(change) for change in self.changes]}


_State = dict[tuple[What, str, str, str, str], str | float]


def site_change(number: int, site: Site, a: Examination | Refusal, b: Examination | Refusal) -> SiteChange | None:
    """Return what differs between two results for the same site; None where nothing does.

    Compared are the decision, every status and area of a layer, every finding that applies or is undetermined with its
    area and its citations, and every clause of an access list that concerns the project. Distances are not.
    """
    one, other = _state(a), _state(b)
    changes = [
        Change(key[0], key[1] or None, key[2] or None, key[3] or None, key[4] or None, one.get(key), other.get(key))
        for key in sorted({*one, *other}, key=_order)
        if one.get(key) != other.get(key)
    ]
    if not changes:
        return None
    return SiteChange(number, site.id, site.name, site.source, _decision(a), _decision(b), tuple(changes))


_ORDER: tuple[What, ...] = ("decision", "finding", "citation", "clause", "status", "area")


def _order(key: tuple[What, str, str, str, str]) -> tuple[int, str, str, str, str]:
    return _ORDER.index(key[0]), *key[1:]


def _decision(result: Examination | Refusal) -> str:
    return REFUSED if isinstance(result, Refusal) else result.verdict.decision


def _state(result: Examination | Refusal) -> _State:
    if isinstance(result, Refusal):
        return {("decision", "", "", "", ""): f"{REFUSED} ({type(result.error).__name__})"}
    verdict = result.verdict
    blocked = ", blocked" if verdict.blocked else ""
    found: _State = {("decision", "", "", "", ""): f"{verdict.decision}{blocked}"}
    _add_layers(found, verdict)
    for finding in verdict.findings:
        if finding.outcome != "does_not_apply":
            _add_finding(found, finding)
    for unit in verdict.access_lists:
        for clause in unit.clauses:
            if clause.result != "not_concerned":
                found["clause", unit.unit or "", "", clause.id, unit.territory] = clause.result
    return found


def _add_layers(found: _State, verdict: Verdict) -> None:
    for entry in verdict.layers:
        found["status", entry.layer, "", "", ""] = entry.status
        if entry.uncovered_m2:
            found["area", entry.layer, "no_data", "", ""] = entry.uncovered_m2
        for one in entry.classes:
            amount = one.overlap_m2 or one.length_m
            if amount:
                found["area", entry.layer, one.class_, "", ""] = amount
            found["status", entry.layer, one.class_, "", ""] = one.certainty


def _add_finding(found: _State, finding: Finding) -> None:
    layer, class_id, rule, territory = finding.layer or "", finding.class_ or "", finding.rule, finding.territory
    said = f"{finding.outcome}, {finding.effect}, {finding.decision or _NOTHING}"
    found["finding", layer, class_id, rule, territory] = said
    if finding.overlap_m2:
        found["area", layer, class_id, rule, territory] = finding.overlap_m2
    cited = "; ".join(_cited(citation) for citation in (finding.citation, *finding.also))
    found["citation", layer, class_id, rule, territory] = cited


def _cited(citation: CitationEntry) -> str:
    parts = (citation.document, citation.number, citation.section, citation.lines, citation.anchor)
    verified = "" if citation.verified else "unverified"
    return " ".join(part for part in (*parts, str(citation.in_force_from), verified) if part)
