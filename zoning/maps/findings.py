"""Findings as the page lists them: by severity, each with its place, its reasons and its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zoning.maps.content import MapContent, MapLayer
from zoning.maps.wording import SECTIONS, WORDS, amount_text, share_text
from zoning.quantities import format_length
from zoning.rules.verdict import CitationEntry, Decision, Finding, Verdict
from zoning.rules.wording.words import COULD, EFFECTS
from zoning.styles.legend import class_key
from zoning.texts import Language

ORDER = ("prohibited", "undetermined", "restricted", "duties", "open", "clear")


@dataclass(frozen=True, slots=True)
class FindingCard:
    """One finding, ready to be read.

    Attributes
    ----------
    index
        Its place in the verdict.
    light
        What the map lights for it: the `piece` of the site in the class, the `zones` of the class, or the whole `site`.
    place
        Zone and class; the whole site where no zone is meant.
    figures
        Area and its share of the whole site, or the distance.
    """

    index: int
    finding: Finding
    section: str
    decision: Decision | None
    key: str
    light: str
    title: str
    effect: str
    place: str
    figures: tuple[str, ...]
    reasons: tuple[str, ...]
    conditions: tuple[str, ...]
    questions: tuple[str, ...]
    citation: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Section:
    """All findings of one severity."""

    id: str
    title: str
    cards: tuple[FindingCard, ...]


def sections(content: MapContent, language: Language) -> tuple[Section, ...]:
    """Return the findings in order of severity, the largest part of the site first; empty sections are left out."""
    cards = cards_of(content, language)
    found = []
    for name in ORDER:
        chosen = sorted((card for card in cards if card.section == name), key=_weight)
        if chosen:
            found.append(Section(name, SECTIONS[name].get(language), tuple(chosen)))
    return tuple(found)


def _weight(card: FindingCard) -> tuple[float, str]:
    return -(card.finding.overlap_m2 or 0.0), card.finding.rule


def cards_of(content: MapContent, language: Language) -> tuple[FindingCard, ...]:
    """Return one card per finding, in the order of the verdict."""
    layers = {layer.layer.id: layer for layer in content.layers}
    questions = {item.fact: item.question.get(language) for item in content.verdict.missing_facts}
    verdict = content.verdict
    return tuple(_card(i, verdict, layers, questions, language) for i in range(len(verdict.findings)))


def _card(
    index: int, verdict: Verdict, layers: Mapping[str, MapLayer], questions: Mapping[str, str], language: Language
) -> FindingCard:
    finding = verdict.findings[index]
    layer = layers.get(finding.layer or "")
    key = class_key(finding.layer, finding.class_) if finding.layer and finding.class_ else ""
    return FindingCard(
        index=index,
        finding=finding,
        section=_section(finding),
        decision=finding.decision,
        key=key,
        light=_light(finding, layer),
        title=finding.title.get(language),
        effect=(COULD if finding.outcome == "undetermined" else EFFECTS)[finding.effect].get(language),
        place=_place(finding, layer, language),
        figures=_figures(finding, layer, verdict.site.area_m2, language),
        reasons=tuple(text.get(language) for text in finding.reasons),
        conditions=tuple(text.get(language) for text in finding.conditions),
        questions=tuple(questions[fact] for fact in finding.missing_facts if fact in questions),
        citation=cite(finding.citation, language),
        anchor=finding.citation.anchor,
    )


def _section(finding: Finding) -> str:
    if finding.outcome == "does_not_apply":
        return "clear"
    if finding.decision is not None and finding.decision != "permitted":
        return finding.decision
    return "open" if finding.outcome == "undetermined" else "duties"


def _light(finding: Finding, layer: MapLayer | None) -> str:
    if layer is None or finding.class_ is None:
        return "site"
    if finding.class_ in layer.pieces and finding.distance_m is None:
        return "piece"
    return "zones" if finding.class_ in layer.drawn_classes else "site"


def _place(finding: Finding, layer: MapLayer | None, language: Language) -> str:
    if layer is None:
        return WORDS["whole_site"].get(language)
    if finding.class_ is None:
        return layer.layer.title.get(language)
    title = layer.layer.classes[finding.class_].title.get(language)
    entry = layer.class_entry(finding.class_)
    zones = entry.zones if entry else ()
    if len(zones) > 1:
        return f"{title} · {WORDS['zones'].get(language).format(count=len(zones))}"
    name = zones[0].name if zones else ""
    return name if title in name else " · ".join(text for text in (title, name) if text)


def _figures(finding: Finding, layer: MapLayer | None, site_m2: float, language: Language) -> tuple[str, ...]:
    if finding.distance_m is not None:
        return (f"{WORDS['distance'].get(language)} {format_length(finding.distance_m)}",)
    entry = layer.class_entry(finding.class_) if layer and finding.class_ else None
    amount = amount_text(finding.overlap_m2, entry.length_m if entry else None, language)
    # Of the whole site, as everywhere on the page: the share of the finding is of the part in its territory.
    share = share_text(min((finding.overlap_m2 or 0.0) / site_m2, 1.0)) if finding.share else ""
    return tuple(text for text in (amount, share) if text)


def cite(citation: CitationEntry, language: Language) -> str:
    """Return document, number and place in one line."""
    title = citation.title.get(language)
    if language == "zh":
        return f"《{title}》{citation.number} · {citation.section}"
    return f"{title}, {citation.number}, {citation.section}"


def by_class(cards: Sequence[FindingCard]) -> dict[str, list[int]]:
    """Return, by class key, the indices of the findings that hold or may hold there, the gravest first."""
    found: dict[str, list[FindingCard]] = {}
    for card in cards:
        if card.key and card.section != "clear":
            found.setdefault(card.key, []).append(card)
    ranked = {
        key: sorted(group, key=lambda card: (ORDER.index(card.section), card.finding.rule))
        for key, group in found.items()
    }
    return {key: [card.index for card in group] for key, group in ranked.items()}
