"""Worked cases in plain language: what is found, what is known, what comes out."""

from collections.abc import Iterator, Sequence

from zoning.layers.catalogue import Catalogue, Layer
from zoning.rules.cases import Case, CaseOverlap
from zoning.rules.facts import FactValue, Vocabulary, parse_facts
from zoning.rules.rule import Rule
from zoning.rules.verdict import Effect, Finding, Outcome
from zoning.rules.wording.places import area_text, class_name, length_text
from zoning.rules.wording.statements import statement
from zoning.rules.wording.values import value_text
from zoning.rules.wording.words import COULD, EFFECTS, OUTCOMES
from zoning.texts import Text, joined


def given_text(case: Case, rule: Rule, vocabulary: Vocabulary, catalogue: Catalogue) -> Text:
    """Return what a case finds and knows; layers are left out where neither case nor rule speaks of one.

    Raises
    ------
    ContentError
        When the case gives a fact a value that it cannot have.
    """
    known = known_text(case, vocabulary)
    return _listed([found_text(case, catalogue), known]) if case.layers or rule.places else known


def found_text(case: Case, catalogue: Catalogue) -> Text:
    """Return what a case finds in the layers."""
    parts = [text for name, found in case.layers.items() for text in _found(name, found, catalogue)]
    if not parts:
        return Text("不涉及任何图层", "clear of all layers")
    return _listed(parts)


def known_text(case: Case, vocabulary: Vocabulary) -> Text:
    """Return what a case knows of the project; facts that the vocabulary lacks stand as they are written.

    Raises
    ------
    ContentError
        When the case gives a fact a value that it cannot have.
    """
    parts: list[Text] = []
    for name, told in case.facts.items():
        if name not in vocabulary.facts:
            shown = told if isinstance(told, str) else ", ".join(told)
            parts.append(Text(f"{name}：{shown}", f"{name}: {shown}"))
            continue
        value = parse_facts(vocabulary, {name: told}, case.name).get(name)
        parts.append(fact_text(vocabulary, name, value))
    return _listed(parts) if parts else Text("没有已知的事实", "no fact is known")


def fact_text(vocabulary: Vocabulary, name: str, value: FactValue | None) -> Text:
    """Return one known fact as a phrase, None as unknown."""
    fact = vocabulary.facts[name]
    if isinstance(value, bool):
        return statement(fact, holds=value)
    shown = value_text(fact, value)
    return Text(f"{fact.title.zh}：{shown.zh}", f"{fact.title.en}: {shown.en}")


def expected_text(case: Case, vocabulary: Vocabulary, catalogue: Catalogue) -> Text:
    """Return what a case expects to come out."""
    effect = next((word for word in EFFECTS if word == case.effect), None)
    return _came(case.expect, effect, case.missing or (), vocabulary, catalogue)


def outcome_text(finding: Finding | None, vocabulary: Vocabulary, catalogue: Catalogue) -> Text:
    """Return what came out; None: the rule is not in force on the day."""
    if finding is None:
        return OUTCOMES["not in force"]
    effect = finding.effect if finding.outcome != "does_not_apply" else None
    asked = (*finding.missing_facts, *finding.missing_layers)
    return _came(finding.outcome, effect, asked, vocabulary, catalogue)


def _came(
    outcome: Outcome | str, effect: Effect | None, asked: Sequence[str], vocabulary: Vocabulary, catalogue: Catalogue
) -> Text:
    word = next((text for name, text in OUTCOMES.items() if name == outcome), Text(outcome, outcome))
    zh, en = word.zh, word.en
    if effect is not None:
        could = (COULD if outcome == "undetermined" else EFFECTS)[effect]
        zh, en = f"{zh}，{could.zh}", f"{en}, {could.en}"
    if asked:
        titles = [_title(name, vocabulary, catalogue) for name in asked]
        zh += f"（待明确：{'、'.join(title.zh for title in titles)}）"
        en += f" (asks for: {', '.join(title.en for title in titles)})"
    return Text(zh, en)


def _title(name: str, vocabulary: Vocabulary, catalogue: Catalogue) -> Text:
    if name in vocabulary.facts:
        return vocabulary.facts[name].title
    layer = catalogue.layers.get(name)
    return Text(name, name) if layer is None else layer.title


def _found(name: str, found: object, catalogue: Catalogue) -> Iterator[Text]:
    layer = catalogue.layers.get(name)
    title = Text(name, name) if layer is None else layer.title
    if not isinstance(found, dict):
        yield Text(f"{title.zh}数据缺失", f"{title.en}: no data")
        return
    if not found:
        yield Text(f"不涉及{title.zh}", f"clear of {title.en}")
    for class_id, overlap in found.items():
        yield _overlap(_name(layer, title, class_id), overlap)


def _name(layer: Layer | None, title: Text, class_id: str) -> Text:
    if layer is None or class_id not in layer.classes:
        return Text(f"{title.zh}（{class_id}）", f"{title.en} ({class_id})")
    return class_name(layer, [layer.classes[class_id].title])


def _overlap(name: Text, found: CaseOverlap) -> Text:
    zh, en = (f"{name.zh}“{found.zone}”", f"{name.en} “{found.zone}”") if found.zone else (name.zh, name.en)
    amounts = [area_text(found.area)] if found.area else []
    if found.length:
        amounts.append(Text(length_text(found.length), length_text(found.length)))
    if amounts:
        shown_zh, shown_en = "、".join(a.zh for a in amounts), ", ".join(a.en for a in amounts)
        zh, en = f"与{zh}重叠 {shown_zh}", f"overlaps {en} by {shown_en}"
    elif found.certainty == "possible":
        zh, en = f"可能与{zh}重叠", f"may overlap {en}"
    elif found.distance is not None:
        zh, en = f"距{zh} {length_text(found.distance)}", f"{length_text(found.distance)} from {en}"
    else:
        zh, en = f"只接触{zh}的边界", f"touches only the boundary of {en}"
    if found.certainty == "possible" and amounts:
        zh, en = f"{zh}（在图层精度之内）", f"{en} (within the accuracy)"
    if found.assumed:
        zh, en = f"{zh}（级别未注明）", f"{en} (class not told)"
    return Text(zh, en)


def _listed(parts: Sequence[Text]) -> Text:
    return joined(parts, "；", "; ")
