"""What the law says of each way of restoring a parcel.

Every check runs through the engine (`zoning.check.Checker`) on the footprint of the parcel, with the facts of that way
(mines/modes.yaml). "Undetermined" never counts as allowed: its questions go along with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from zoning.check import Checker, Examination, Refusal
from zoning.overlay.footprint import Footprint
from zoning.overlay.overlap import LayerOverlap
from zoning.registers.record import Record
from zoning.rules.facts import FactSheet, FactValue, Vocabulary, parse_facts
from zoning.rules.verdict import DECISIONS, CitationEntry, Decision, Finding, Verdict
from zoning.sites.site import Site
from zoning.strict_models import Content
from zoning.texts import Text
from zoning.yaml_files import read_model

FILE = "mines/modes.yaml"
CRS = "EPSG:4490"
_CHUNK = 40

Kind = Literal["mode", "share", "works"]


class Measured(Content):
    """A fact that the desk measures: the lowest, highest or mean value of a criterion on the parcel.

    `only_from`: smaller values are not told to the rules. A grid smooths the ground: a slope of 24 degrees in it does
    not say that the ground is nowhere steeper, and the question stays.
    """

    criterion: str
    take: Literal["min", "max", "mean"]
    only_from: float | None = None
    source: Text


class LawCheck(Content):
    """One check of the law.

    Attributes
    ----------
    kind
        mode: a mode of mines/suitability.yaml of the same name; share: a part of the parcel used for industry; works:
        what may not be done on the way, whatever the mode.
    facts
        What the mode is by its nature; all else is left to the answers of the user, or unknown.
    """

    title: Text
    kind: Kind = "mode"
    facts: dict[str, str | tuple[str, ...]]
    measured: dict[str, Measured] = Field(default_factory=dict)
    source: Text


class ModesLaw(Content):
    """All that `mines/modes.yaml` says. `duties`: rules that ask for something and are named wherever they apply."""

    title: Text
    note: Text
    checks: dict[str, LawCheck]
    duties: tuple[str, ...]


def read_modes_law(path: Path) -> ModesLaw:
    """Read `mines/modes.yaml`.

    Raises
    ------
    ContentError
        With file and line of every mistake.
    """
    return read_model(path, ModesLaw)


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that moves a decision: what it is, where it stands, and on how much of the parcel it holds."""

    rule: str
    title: Text
    decision: Decision
    citation: Text
    layer: str | None
    class_id: str | None
    overlap_m2: float | None
    conditions: tuple[Text, ...]
    missing_facts: tuple[str, ...]
    missing_layers: tuple[str, ...]
    verified: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that nobody told, and the rules that wait for it."""

    fact: str
    question: Text
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the law says of one check at one parcel.

    Attributes
    ----------
    decision
        None where the parcel could not be checked: `refused` says why.
    reasons
        The rules that prohibit, leave open or restrict, strictest first.
    """

    check: str
    decision: Decision | None
    reasons: tuple[Reason, ...] = ()
    questions: tuple[Question, ...] = ()
    missing_layers: tuple[str, ...] = ()
    duties: tuple[Reason, ...] = ()
    refused: Text | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def prohibiting(self) -> tuple[Reason, ...]:
        """The rules that forbid it."""
        return tuple(reason for reason in self.reasons if reason.decision == "prohibited")

    @property
    def is_open(self) -> bool:
        """Whether something is not known that could forbid it, or it was not checked at all."""
        return self.decision in (None, "undetermined")


class MeasuredOnce(Checker):
    """A checker that measures a site once, however many sets of facts it is asked about.

    A site is the same when it is the same object.
    """

    def __init__(self, checker: Checker) -> None:
        super().__init__(
            on=checker.on,
            catalogue=checker.catalogue,
            rulebook=checker.rulebook,
            settings=checker.settings,
            source=checker.source,
        )
        self._measured: dict[tuple[int, str, int, int], tuple[LayerOverlap, object]] = {}

    def measure(
        self, footprint: Footprint, layer_id: str, within: BaseGeometry | None = None, *, parts: int = 1
    ) -> LayerOverlap:
        """Measure a footprint against a layer (`within`: of the plane), or return what was measured of that site."""
        key = (id(footprint.site), layer_id, id(within), parts)
        if key not in self._measured:
            # Site and territory are kept beside it: their ids stay their own.
            found = super().measure(footprint, layer_id, within, parts=parts)
            self._measured[key] = (found, (footprint.site, within))
        return self._measured[key][0]

    def forget(self) -> None:
        """Drop what was measured: the next sites are others."""
        self._measured.clear()


@dataclass(frozen=True, slots=True, eq=False)
class Parcel:
    """A parcel with what the desk knows of it: its register entry, its site, and measured values of criteria."""

    record: Record
    site: Site
    figures: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    answers: Mapping[str, object] = field(default_factory=dict)


def site_of(record: Record) -> Site:
    """Return a parcel of a register as a site."""
    if record.geometry is None:
        raise ValueError(record.id)
    return Site(id=record.id, name=record.name, geometry=record.geometry, crs=CRS, source="register")


def facts_of(check: LawCheck, parcel: Parcel, vocabulary: Vocabulary) -> FactSheet:
    """Return the facts of a check at a parcel: answers of the user, what is measured, and what the mode is.

    What the mode is goes before the answers: a forest is no cropland whatever the ledger says.

    Raises
    ------
    ContentError
        When a fact is unknown, or does not allow its value.
    """
    raw: dict[str, object] = dict(parcel.answers)
    for fact, measured in check.measured.items():
        value = parcel.figures.get(measured.criterion, {}).get(measured.take)
        enough = isinstance(value, float) and (measured.only_from is None or value >= measured.only_from)
        if enough and fact not in parcel.answers:
            raw[fact] = value
    return parse_facts(vocabulary, raw | check.facts, FILE)


def sources_of(check: LawCheck, facts: Iterable[str]) -> dict[str, Text]:
    """Return where each fact comes from: what the mode is by its nature, or what was found for the parcel."""
    of_mode = Text(
        f"修复方向“{check.title.zh}”的设定（{FILE}）：{check.source.zh}",
        f"set for the mode '{check.title.en}' ({FILE}): {check.source.en}",
    )
    return {fact: of_mode if fact in check.facts else _FOUND for fact in facts}


_FOUND = Text("选择修复方向时测得或回答（mode.json）", "measured or answered when the mode was chosen (mode.json)")


def rulings(
    law: ModesLaw, parcels: Sequence[Parcel], checker: Checker, tick: Callable[[int], None] = lambda _: None
) -> Iterator[dict[str, Ruling]]:
    """Yield the rulings of every parcel, by check; `tick` is told how many parcels are done.

    Raises
    ------
    LayerError
        When a layer holds something that its definition does not know.
    ContentError
        When a fact is unknown, or does not allow its value.
    """
    once = MeasuredOnce(checker)
    vocabulary = checker.rulebook.vocabulary
    for first in range(0, len(parcels), _CHUNK):
        chunk = parcels[first : first + _CHUNK]
        sheets = [{name: facts_of(one, parcel, vocabulary) for name, one in law.checks.items()} for parcel in chunk]
        # Checks with the same facts are one.
        asked = [{_key(sheet): sheet for sheet in mine.values()} for mine in sheets]
        results = once.check(
            [(parcel.site, sheet) for parcel, mine in zip(chunk, asked, strict=True) for sheet in mine.values()]
        )
        for number, (mine, different) in enumerate(zip(sheets, asked, strict=True), start=first + 1):
            found = {key: next(results) for key in different}
            yield {name: _ruling(law, name, sheet, found[_key(sheet)]) for name, sheet in mine.items()}
            tick(number)
        once.forget()


def _key(sheet: FactSheet) -> tuple[tuple[str, FactValue], ...]:
    return tuple(sorted(sheet.values.items()))


def _ruling(law: ModesLaw, name: str, sheet: FactSheet, result: Examination | Refusal) -> Ruling:
    if isinstance(result, Refusal):
        return Ruling(name, None, refused=result.error.text, facts=sheet.as_plain())
    return ruling_of(law, name, result.verdict)


def ruling_of(law: ModesLaw, name: str, verdict: Verdict) -> Ruling:
    """Return what a verdict says of a check."""
    moving = [_reason(finding) for finding in verdict.findings if finding.decision not in (None, "permitted")]
    moving.sort(key=lambda one: (-DECISIONS.index(one.decision), -(one.overlap_m2 or 0.0), one.rule))
    duties = [
        _reason(finding) for finding in verdict.findings if finding.rule in law.duties and finding.outcome == "applies"
    ]
    return Ruling(
        check=name,
        decision=verdict.decision,
        reasons=tuple(moving),
        questions=tuple(Question(one.fact, one.question, one.why) for one in verdict.missing_facts),
        missing_layers=verdict.missing_layers,
        duties=tuple(duties),
        facts=verdict.trace.facts,
    )


def _reason(finding: Finding) -> Reason:
    return Reason(
        rule=finding.rule,
        title=finding.title,
        decision=finding.decision or "permitted",
        citation=_citation(finding.citation),
        layer=finding.layer,
        class_id=finding.class_,
        overlap_m2=finding.overlap_m2,
        conditions=finding.conditions,
        missing_facts=finding.missing_facts,
        missing_layers=finding.missing_layers,
        verified=finding.verified,
        blocked=finding.blocked,
    )


def _citation(entry: CitationEntry) -> Text:
    """Return document, number and place in one line."""
    number = f" {entry.number}" if entry.number else ""
    place = f" {entry.lines}" if entry.lines else ""
    return Text(
        f"《{entry.title.zh}》{number}·{entry.section}{place}", f"{entry.title.en}{number} · {entry.section}{place}"
    )
