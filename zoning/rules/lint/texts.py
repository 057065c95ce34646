"""The texts of rules, facts and documents: both languages, whole sentences, the signs of the language."""

import re
from collections.abc import Iterator

from zoning.rules.lint.rule_base import Fault, RuleBase
from zoning.rules.rule import Rule
from zoning.texts import Text
from zoning.yaml_files import Key

LONGEST_NOTE = Text("240", "700")
"""Signs that a note may have, in each language."""

_HAN = "\u3400-\u9fff"
_CHINESE = re.compile(rf"[{_HAN}，。；：？！（）【】《》、]")
_HALF_WIDTH = re.compile(rf"[{_HAN}“”〔〕][,;:?!()]|[,;?!()][{_HAN}]")
_ENDS = ("。", "？", "！", "。”", "！”", "。）")
_ENDS_EN = (".", "?", "!", ".”", ".)", ".'")


def examine_texts(base: RuleBase) -> Iterator[Fault]:
    """Yield texts that are empty, in the wrong language or signs, no sentences, repeated, or too long."""
    for rule in base.rulebook.rules:
        for key, text in _texts(rule):
            for kind, said in _signs(text):
                yield base.fault(kind, rule, key, said)
        yield from _sentences(base, rule)
        yield from _effect(base, rule)
    for name, key, text in _shared_texts(base):
        for kind, said in _signs(text):
            yield base.fault_in(kind, name, key, said)


def _texts(rule: Rule) -> Iterator[tuple[Key, Text]]:
    for name in ("title", "says", "condition", "curable", "note"):
        text = getattr(rule, name)
        if text is not None:
            yield (name,), text
    for index, proviso in enumerate(rule.provisos):
        if proviso.condition is not None:
            yield ("provisos", index, "condition"), proviso.condition
    for index, override in enumerate(rule.overrides):
        yield ("overrides", index, "because"), override.because
    for name, parameter in rule.values.items():
        yield ("values", name, "title"), parameter.title
        for day, value in parameter.in_force.items():
            yield ("values", name, "in_force", day.isoformat(), "source"), value.source


def _shared_texts(base: RuleBase) -> Iterator[tuple[str, Key, Text]]:
    for name, fact in base.rulebook.vocabulary.facts.items():
        key: Key = ("facts", name)
        yield "facts.yaml", (*key, "title"), fact.title
        yield "facts.yaml", (*key, "question"), fact.question
        if fact.note is not None:
            yield "facts.yaml", (*key, "note"), fact.note
        for word, title in fact.values.items():
            yield "facts.yaml", (*key, "values", word), title
    for name, document in base.rulebook.documents.items():
        yield "documents.yaml", ("documents", name, "title"), document.title
        if document.note is not None:
            yield "documents.yaml", ("documents", name, "note"), document.note
    for index, entry in enumerate(base.precedence.pairs):
        yield "precedence.yaml", ("pairs", index, "because"), entry.because


def _signs(text: Text) -> Iterator[tuple[str, Text]]:
    for language, zh, en in (("zh", "中文", "Chinese"), ("en", "英文", "English")):
        if not getattr(text, language).strip():
            yield "empty-text", Text(f"缺少{zh}文字；请补上 {language}", f"the {en} text is empty: write '{language}'")
    strange = _CHINESE.search(text.en)
    if strange:
        yield (
            "foreign-text",
            Text(
                f"英文里有“{strange[0]}”；请译成英文，标点用半角",
                f"the English text holds '{strange[0]}': write English, with its punctuation",
            ),
        )
    half = _HALF_WIDTH.search(text.zh)
    if half:
        yield (
            "punctuation",
            Text(
                f"中文“{half[0]}”处用了半角标点；请改为全角",
                f"the Chinese text has a half-width sign at '{half[0]}': write the full-width one",
            ),
        )


def _sentences(base: RuleBase, rule: Rule) -> Iterator[Fault]:
    half = [
        language
        for language, ends in (("zh", _ENDS), ("en", _ENDS_EN))
        if not getattr(rule.says, language).rstrip().endswith(ends)
    ]
    for language in half:
        text = Text(
            f"says 的 {language} 不是完整的句子；请用句号结尾",
            f"'{language}' of 'says' is no whole sentence: end it with a full stop",
        )
        yield base.fault("half-sentence", rule, ("says", language), text)
    if rule.title.zh.endswith("。") or re.search(r"[^.]\.$", rule.title.en):
        text = Text("标题不加句号；请删去", "a title has no full stop: delete it")
        yield base.fault("half-sentence", rule, ("title",), text)
    for language in ("zh", "en"):
        if _bare(getattr(rule.says, language)) == _bare(getattr(rule.title, language)):
            text = Text(
                f"says 的 {language} 与标题相同；请写出谁、在哪里、不得或须做什么",
                f"'{language}' of 'says' repeats the title: say who must do or not do what, and where",
            )
            yield base.fault("says-is-title", rule, ("says", language), text)
    for language in ("zh", "en"):
        note, most = getattr(rule.note, language, ""), int(getattr(LONGEST_NOTE, language))
        if len(note) > most:
            text = Text(
                f"note 的 {language} 有 {len(note)} 字，超过 {most}；请只留审查人要知道的",
                f"'{language}' of 'note' has {len(note)} signs, more than {most}: keep what the reviewer must know",
            )
            yield base.fault("long-note", rule, ("note", language), text)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _effect(base: RuleBase, rule: Rule) -> Iterator[Fault]:
    if rule.effect == "restrict" and rule.condition is None:
        yield base.fault("no-condition", rule, ("effect",), _NO_CONDITION)
    for index, proviso in enumerate(rule.provisos):
        if proviso.effect == "restrict" and proviso.condition is None:
            yield base.fault("no-condition", rule, ("provisos", index), _NO_CONDITION)
    if rule.curable is not None and "prohibit" not in rule.effects:
        text = Text(
            "curable 只用于程序性的禁止；本条从不禁止，请删去 curable，或改正 effect",
            "'curable' is for a ban that a procedure lifts; this rule never prohibits: delete 'curable', or correct "
            "'effect'",
        )
        yield base.fault("curable-duty", rule, ("curable",), text)


_NO_CONDITION = Text(
    "限制没有写明须满足什么；请写 condition", "the restriction does not say what must be met: write 'condition'"
)
