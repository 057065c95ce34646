"""Why a rule says what it says: the evaluation as a tree of sentences, each with its truth value.

The tree is built from the same conditions and decided by the same functions as the finding itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zoning.layers.catalogue import Catalogue
from zoning.rules.conditions import AllOf, AnyOf, AtPlace, Condition, Not
from zoning.rules.facts import Vocabulary
from zoning.rules.finding import apply_rule
from zoning.rules.relations import decide_where
from zoning.rules.rule import Rule
from zoning.rules.rulebook import Rulebook
from zoning.rules.situation import Situation
from zoning.rules.truth import Answer, Truth, either
from zoning.rules.verdict import Finding
from zoning.rules.wording.sentences import condition_text, dates_text
from zoning.rules.wording.values import value_text
from zoning.rules.wording.words import EFFECTS, effect_text
from zoning.texts import Text, joined

_WHERE, _WHEN = Text("地点", "place"), Text("条件", "condition")
_ALL, _ANY, _NOT = Text("同时满足", "all of"), Text("满足其一", "any of"), Text("不是", "not")
_ROWS = Text("但书（第一个成立的算数）", "provisos (the first that holds counts)")


@dataclass(frozen=True, slots=True)
class Node:
    """A sentence, what it comes to, and what it rests on.

    Attributes
    ----------
    truth
        None where the sentence is neither true nor false (a date, an effect).
    detail
        What was found: a measured place, or the answer that was given.
    """

    text: Text
    truth: Truth | None = None
    detail: Text | None = None
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The tree of one rule, with its finding."""

    rule: Rule
    finding: Finding
    nodes: tuple[Node, ...]


def explain(rule: Rule, situation: Situation, rulebook: Rulebook, catalogue: Catalogue) -> Explanation:
    """Explain what a rule says of a situation."""
    finding = apply_rule(rule, situation, rulebook)
    return Explanation(rule, finding, tuple(_Explainer(rule, situation, rulebook.vocabulary, catalogue).nodes(finding)))


class _Explainer:
    def __init__(self, rule: Rule, situation: Situation, vocabulary: Vocabulary, catalogue: Catalogue) -> None:
        self._rule = rule
        self._situation = situation
        self._vocabulary = vocabulary
        self._catalogue = catalogue
        self._values: Mapping[str, str] = rule.values_on(situation.on)

    def nodes(self, finding: Finding) -> Iterator[Node]:
        dates = dates_text(self._rule.in_force)
        on = self._situation.on
        yield Node(Text(f"有效期 {dates.zh}，检查日 {on}", f"in force {dates.en}; checked for {on}"), Truth.TRUE)
        if self._rule.where:
            yield self._where()
        if self._rule.when is not None:
            yield Node(_WHEN, self._truth(self._rule.when), parts=(self._condition(self._rule.when),))
        if finding.outcome != "does_not_apply" or self._rule.provisos:
            yield from self._rows()
        yield Node(_result(finding))

    def _where(self) -> Node:
        places = [decide_where(where, self._situation, self._values) for where in self._rule.where]
        parts = tuple(
            Node(self._place_text(AtPlace(where)), place.truth, place.reason)
            for where, place in zip(self._rule.where, places, strict=True)
        )
        answer = either([Answer(place.truth) for place in places])
        return Node(_WHERE, answer.truth, parts=parts)

    def _rows(self) -> Iterator[Node]:
        if not self._rule.provisos:
            return
        parts: list[Node] = []
        for when, proviso in zip(self._rule.rows, self._rule.provisos, strict=True):
            effect = effect_text(proviso.effect)
            text = Text(f"则：{effect.zh}", f"then: {effect.en}")
            parts.append(Node(text, self._truth(when), proviso.condition, (self._condition(when),)))
        own = EFFECTS[self._rule.effect]
        parts.append(Node(Text(f"否则：{own.zh}", f"otherwise: {own.en}"), None, self._rule.condition))
        yield Node(_ROWS, parts=tuple(parts))

    def _condition(self, condition: Condition) -> Node:
        truth = self._truth(condition)
        if isinstance(condition, AllOf | AnyOf):
            name = _ALL if isinstance(condition, AllOf) else _ANY
            return Node(name, truth, parts=tuple(self._condition(part) for part in condition.parts))
        if isinstance(condition, Not):
            return Node(_NOT, truth, parts=(self._condition(condition.part),))
        if isinstance(condition, AtPlace):
            place = decide_where(condition.where, self._situation, self._values)
            return Node(self._place_text(condition), truth, place.reason)
        return Node(self._place_text(condition), truth, self._answer(condition))

    def _place_text(self, condition: Condition) -> Text:
        return condition_text(condition, self._vocabulary, self._catalogue, self._values)

    def _truth(self, condition: Condition) -> Truth:
        return condition.decide(self._situation, self._values).truth

    def _answer(self, condition: Condition) -> Text:
        name: str = getattr(condition, "fact", "")
        value = self._situation.facts.get(name)
        shown = value_text(self._vocabulary.facts[name], value)
        return Text(f"本项目：{shown.zh}", f"this project: {shown.en}")


def _result(finding: Finding) -> Text:
    if finding.outcome == "does_not_apply":
        return Text("结果：不适用", "result: does not apply")
    if finding.outcome == "undetermined":
        names = [EFFECTS[name] for name in finding.possible_effects]
        named = joined(names, "或", " or ")
        return Text(f"结果：尚不能判定（可能{named.zh}）", f"result: cannot be told yet (may be: {named.en})")
    if finding.blocked:
        return Text("结果：程序受阻，补正之前不能办理", "result: blocked until it is cured")
    effect, more = EFFECTS[finding.effect], _reserve(finding)
    return Text(f"结果：适用，{effect.zh}{more.zh}", f"result: applies, {effect.en}{more.en}")


def _reserve(finding: Finding) -> Text:
    """Return what keeps a rule that applies from deciding."""
    if finding.scope == "baseline":
        return Text("（普遍要求，不改变结论）", " (a note that moves no decision)")
    if finding.overridden_by is not None:
        return Text(f"，但让位于 {finding.overridden_by}", f", but steps back for {finding.overridden_by}")
    if not finding.verified and finding.decision is not None:
        return Text("；条文待核实，不单独作为结论", "; the article is not verified and never decides alone")
    return Text("", "")
