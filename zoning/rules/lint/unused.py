"""What rules name and nobody holds, and what is held and nobody names."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from zoning.rules.conditions import Compare, OneOf
from zoning.rules.derivation.industry import CODES
from zoning.rules.lint.rule_base import Fault, RuleBase
from zoning.rules.rule import Rule
from zoning.rules.rule_lines import leaves_of, places_of
from zoning.texts import Text
from zoning.yaml_files import Key

_FACTS, _DOCUMENTS = "facts.yaml", "documents.yaml"


def examine_names(base: RuleBase) -> Iterator[Fault]:
    """Yield layers and codes that nobody knows, and facts, groups, figures and documents that nothing uses."""
    for rule in base.rulebook.rules:
        yield from _unknown(base, rule)
        yield from _idle_figures(base, rule)
    yield from _idle_facts(base)
    yield from _unlisted_codes(base)
    cited = {citation.document for rule in base.rulebook.rules for citation in rule.citations}
    for name, document in base.rulebook.documents.items():
        if name not in cited:
            text = Text(
                f"没有规则引用《{document.title.zh}》；如有应遵守的条文，请写成规则",
                f"no rule cites '{document.title.en}': where it binds anyone, write it as a rule",
            )
            yield base.fault_in("unused-document", _DOCUMENTS, ("documents", name), text)


def _unknown(base: RuleBase, rule: Rule) -> Iterator[Fault]:
    lacking = {where.layer: key for key, where in reversed(list(places_of(rule))) if where.layer not in base.layers}
    for layer, key in lacking.items():
        near = get_close_matches(layer, list(base.layers), n=1)
        hint_zh, hint_en = (f"；是否想写“{near[0]}”？", f" - did you mean '{near[0]}'?") if near else ("", "")
        text = Text(
            f"工作空间没有图层“{layer}”，这条规则永远待补充；请放入 layers/{layer}.yaml，或改正图层名{hint_zh}",
            f"the workspace has no layer '{layer}', so the rule stays undetermined: add layers/{layer}.yaml, or "
            f"correct the name{hint_en}",
        )
        yield base.fault("unknown-layer", rule, (*key, "layer"), text)


def _idle_figures(base: RuleBase, rule: Rule) -> Iterator[Fault]:
    named = {leaf.limit for _, leaf in leaves_of(rule) if isinstance(leaf, Compare)}
    named |= {limit for _, where in places_of(rule) for _, band, _ in where.bands() for _, limit in band.limits()}
    for name in rule.values:
        if name not in named:
            text = Text(
                f"没有条件用到参数“{name}”；请在 when 中写它的名称，或删去",
                f"no condition names the figure '{name}': name it in 'when', or delete it",
            )
            yield base.fault("unused-value", rule, ("values", name), text)


def _idle_facts(base: RuleBase) -> Iterator[Fault]:
    facts = base.rulebook.vocabulary.facts
    asked = {leaf.fact for rule in base.rulebook.rules for _, leaf in leaves_of(rule) if not hasattr(leaf, "where")}
    asked |= {entry.from_ for fact in facts.values() for entry in fact.derive if entry.from_ is not None}
    groups = {
        (leaf.fact, group)
        for rule in base.rulebook.rules
        for _, leaf in leaves_of(rule)
        if isinstance(leaf, OneOf)
        for group in leaf.groups
    }
    groups |= {(e.from_, word) for fact in facts.values() for e in fact.derive if e.from_ for word in e.words}
    for name, fact in facts.items():
        if name not in asked:
            text = Text(
                f"没有规则询问“{name}”（{fact.title.zh}）；请删去，或写出需要它的规则",
                f"no rule asks for '{name}' ({fact.title.en}): delete it, or write the rule that needs it",
            )
            yield base.fault_in("unused-fact", _FACTS, ("facts", name), text)
        for group in fact.groups:
            if (name, group) not in groups:
                text = Text(
                    f"没有规则使用词组“{group}”；请删去，或在规则中用它代替逐个列出的词",
                    f"no rule names the group '{group}': delete it, or write it where rules list its words",
                )
                yield base.fault_in("unused-group", _FACTS, ("facts", name, "groups", group), text)


def _unlisted_codes(base: RuleBase) -> Iterator[Fault]:
    """Yield codes of facts and lists without a title: nobody could tell a slip of the pen from what was meant."""
    if base.industries is None:
        return
    named: list[tuple[str, Key, Iterable[str]]] = [
        (_FACTS, ("facts", name, "derive", index), entry.codes)
        for name, fact in base.rulebook.vocabulary.facts.items()
        for index, entry in enumerate(fact.derive)
    ]
    named += [
        (f"lists/{name}.yaml", ("entries", index), entry.codes)
        for name, known in base.rulebook.lists.items()
        for index, entry in enumerate(known.entries)
    ]
    for file, key, codes in named:
        for code in codes:
            if base.industries.title_of(code) is None:
                text = Text(
                    f"{CODES} 没有行业代码 {code} 的名称；请核对代码，或在其中补上名称",
                    f"{CODES} has no title for the industry code {code}: check the code, or add its title there",
                )
                yield base.fault_in("unlisted-code", file, key, text)
