"""The skeleton of an access list: per unit and section, the rules that cite what the unit is made of.

It is no list of an authority: every clause says so, none can be found complied with, and an empty section says that it
is to be filled, never that there is no requirement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zoning.planning.units.members import MemberZone
from zoning.planning.units.plan import Plan, PlannedUnit
from zoning.rules.access.clauses import AccessList, Clause, ClauseEffect, UnitRecord
from zoning.rules.access.words import DIMENSIONS, Dimension, UnitClass
from zoning.rules.access.writing import Raw, edition_text
from zoning.rules.conditions import AtPlace, leaves
from zoning.rules.places import Where
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.texts import Text

TO_FILL = Text("（骨架，待补充）", "(skeleton, to be completed)")
EMPTY = Text(
    "（骨架，待补充）规则库中没有引用本单元成员的规则；不表示没有要求",
    "(skeleton, to be completed) no rule of the rulebook cites a member of this unit; that does not mean that "
    "there is no requirement",
)
_NOTICE = Text(
    "由程序按规则库和单元成员生成的骨架，不是任何机关发布的清单；各条须由编制人员核对、补充后才能报批。",
    "A skeleton made from the rulebook and the members of the units, published by no authority; people have to check "
    "and complete it.",
)
_BINDING: tuple[ClauseEffect, ...] = ("prohibit", "restrict", "require")
_LEAD = """\
骨架，待补充：不是任何机关发布的清单。由 zoning plan units 生成。
Skeleton, to be completed: published by no authority. Written by zoning plan units."""
_CLASSES: tuple[UnitClass, ...] = ("priority", "key", "general")


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule in a section of the list of a unit."""

    rule: str
    effect: ClauseEffect
    says: Text
    citation: Text
    verified: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitSkeleton:
    """The four sections of one unit; an empty one is to be filled."""

    code: str
    sections: dict[Dimension, tuple[Entry, ...]]


def skeletons_of(plan: Plan, rulebook: Rulebook) -> tuple[UnitSkeleton, ...]:
    """Return the skeleton of each unit; none where the scheme has no access lists."""
    if not plan.scheme.access_list:
        return ()
    return tuple(_skeleton(plan, rulebook, one) for one in plan.units)


def _skeleton(plan: Plan, rulebook: Rulebook, one: PlannedUnit) -> UnitSkeleton:
    sections: dict[Dimension, list[Entry]] = {dimension: [] for dimension in DIMENSIONS}
    for rule in rulebook.in_force(plan.on, one.county_code):
        effect = next((name for name in _BINDING if name == rule.effect), None)
        met = _cited(rule, plan, one)
        if effect is None or not met:
            continue
        entry = Entry(rule.id, effect, rule.says, _citation(rule, rulebook), rulebook.is_verified(rule), met)
        for dimension in _dimensions(plan, rule):
            sections[dimension].append(entry)
    return UnitSkeleton(one.code, {name: tuple(entries) for name, entries in sections.items()})


def _cited(rule: Rule, plan: Plan, one: PlannedUnit) -> tuple[str, ...]:
    """Return what of the unit a rule speaks of: layers of its members, or its own class."""
    found: dict[str, None] = {}
    for where in _places(rule):
        if where.relation not in ("overlaps", "inside", "touches"):
            continue
        if where.layer == plan.scheme.units and one.class_id in where.classes:
            found[where.layer] = None
        if any(_meets(where, zone) for zone, _ in one.unit.members):
            found[where.layer] = None
    return tuple(found)


def _meets(where: Where, zone: MemberZone) -> bool:
    return (
        where.layer == zone.layer
        and (not where.classes or zone.class_id in where.classes)
        and (not where.zones or zone.name in where.zones)
    )


def _places(rule: Rule) -> Iterator[Where]:
    yield from rule.where
    for leaf in leaves(rule.when) if rule.when is not None else ():
        if isinstance(leaf, AtPlace):
            yield leaf.where


def _dimensions(plan: Plan, rule: Rule) -> Sequence[Dimension]:
    named = [section.dimension for section in plan.scheme.access_list if rule.id in section.rules]
    if named:
        return named
    asked = {leaf.fact for leaf in leaves(rule.when) if not isinstance(leaf, AtPlace)} if rule.when else set()
    for section in plan.scheme.access_list:
        if asked & set(section.facts):
            return [section.dimension]
    return [section.dimension for section in plan.scheme.access_list if not section.rules and not section.facts][:1]


def _citation(rule: Rule, rulebook: Rulebook) -> Text:
    document = rulebook.documents[rule.citation.document]
    number = f" {document.number}" if document.number else ""
    lines = f" {rule.citation.lines}" if rule.citation.lines else ""
    return Text(
        f"《{document.title.zh}》{number.strip()} {rule.citation.section}{lines}".replace("  ", " "),
        f"{document.title.en}{number}, {rule.citation.section}{lines}",
    )


def edition_of(plan: Plan, skeletons: Sequence[UnitSkeleton], name: str) -> str:
    """Return the skeletons as a file of the form that access lists of the workspace have."""
    clauses: list[Clause] = []
    kept: dict[int, Raw] = {}
    for skeleton in skeletons:
        for place, (dimension, entries) in enumerate(skeleton.sections.items(), start=1):
            texts = [(_sentence(entry), entry.effect) for entry in entries] or [(EMPTY.zh, "require")]
            for number, (text, effect) in enumerate(texts, start=1):
                kept[len(clauses)] = {"effect": effect}
                clauses.append(
                    Clause(
                        number=f"{place}-{number}",
                        level="unit",
                        unit=skeleton.code,
                        dimension=dimension,
                        text=text,
                    )
                )
    edition = AccessList(
        id=name,
        title=Text(f"{plan.built.territory.name}管控单元准入清单（骨架，待补充）", "access list of units (skeleton)"),
        issuer=Text("骨架（无发布机关）", "skeleton (no authority)"),
        territories=tuple(dict.fromkeys(one.county_code for one in plan.units)),
        valid_from=plan.on,
        schematic=True,
        note=_NOTICE,
        units=tuple(_record(one) for one in plan.units),
        clauses=tuple(clauses),
    )
    return edition_text(edition, kept, _LEAD)


def _record(one: PlannedUnit) -> UnitRecord:
    class_id = next((name for name in _CLASSES if name == one.class_id), None)
    return UnitRecord.model_validate({"code": one.code, "name": one.name, "class": class_id, "county": one.county})


def _sentence(entry: Entry) -> str:
    doubt = "" if entry.verified else "，条文待核实"
    return f"{TO_FILL.zh}{entry.says.zh}（规则 {entry.rule}；依据{entry.citation.zh}{doubt}）"


def section_text(entries: Sequence[Entry]) -> str:
    """Return a section as one cell of a table, numbered."""
    if not entries:
        return EMPTY.zh
    return "\n".join(f"{number}. {_sentence(entry)}" for number, entry in enumerate(entries, start=1))
