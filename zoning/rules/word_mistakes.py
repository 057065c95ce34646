"""Sentences for words and limits in a condition that cannot be meant, each with what to write instead."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from zoning.mistakes import meant
from zoning.rules.facts import Fact, Vocabulary
from zoning.texts import Text
from zoning.yaml_wording import YES_NO

_SIGNS = {
    "≥": "at_least", ">=": "at_least", "不小于": "at_least", "不少于": "at_least", "至少": "at_least",
    ">": "above", "大于": "above", "超过": "above", "高于": "above",
    "≤": "at_most", "<=": "at_most", "不大于": "at_most", "不超过": "at_most", "至多": "at_most",
    "<": "below", "小于": "below", "低于": "below", "不足": "below",
}  # fmt: skip
_SIGNED = re.compile(rf"\s*(?P<sign>{'|'.join(sorted(_SIGNS, key=len, reverse=True))})\s*(?P<number>[0-9.]+)\D*")
_MOST_LISTED = 12


def unknown_word(word: str, allowed: Iterable[str], what: Text, titles: Mapping[str, str] | None = None) -> Text:
    """Return the sentence for a word that is none of `allowed`.

    Parameters
    ----------
    what
        What the word stands for, such as "comparison".
    titles
        Other names of the allowed words, as people call them: 采煤 -> coal-mining.
    """
    plain = (titles or {}).get(word)
    if plain is not None:
        return Text(f"“{word}”请写 {plain}", f"write {plain} for '{word}'")
    names = list(allowed)
    hint = meant(word, names)
    if not hint.zh:
        listed = ", ".join(names[:_MOST_LISTED]) + (", …" if len(names) > _MOST_LISTED else "")
        hint = Text(f"；可用：{listed}", f"; allowed: {listed}")
    return Text(f"不认识的{what.zh}“{word}”{hint.zh}", f"unknown {what.en} '{word}'{hint.en}")


def unknown_fact(name: str, vocabulary: Vocabulary, relations: Iterable[str]) -> Text:
    """Return the sentence for a key in a condition that is neither a fact nor a relation."""
    titles = {text: key for key, fact in vocabulary.facts.items() for text in (fact.title.zh, fact.title.en)}
    return unknown_word(name, [*vocabulary.facts, *relations], Text("事实", "fact"), titles)


def unknown_value(word: str, name: str, fact: Fact, allowed: Iterable[str]) -> Text:
    """Return the sentence for a word that is no value of the fact `name`."""
    if fact.kind == "yes_no":
        titles = YES_NO
    else:
        titles = {text: key for key, title in fact.values.items() for text in (title.zh, title.en)}
        titles |= {text: key for key, group in fact.groups.items() for text in (group.title.zh, group.title.en)}
    return unknown_word(word, allowed, Text(f"“{name}”的值", f"value of {name}"), titles)


def no_comparison(name: str, words: Iterable[str]) -> Text:
    """Return the sentence for a number fact with words instead of a comparison."""
    signed = next((told for word in words if (told := _comparison(word))), "{at_least: 1.5}")
    return Text(f"{name} 是数值，须写比较词，如 {signed}", f"{name} is a number: write a comparison such as {signed}")


def no_limit(limit: str, unit: str | None, named: Iterable[str]) -> Text:
    """Return the sentence for a limit that is neither a number nor the name of a value of the rule."""
    signed = _comparison(limit)
    if signed:
        return Text(
            f"“{limit}”：这里只写数字，比较写在键上：{signed}",
            f"'{limit}': write only the number, the key says how to compare: {signed}",
        )
    plain = unicodedata.normalize("NFKC", limit)
    if plain != limit and is_number(plain):
        return Text(f"“{limit}”是全角数字；请写半角 {plain}", f"'{limit}' is in full width: write {plain}")
    hint = meant(limit, named)
    unit_zh, unit_en = (f"（单位 {unit}，只写数字）", f" (in {unit}, without the unit)") if unit else ("", "")
    return Text(
        f"“{limit}”既不是数{unit_zh}，也不是本规则 values 中的名称{hint.zh}",
        f"'{limit}' is neither a number{unit_en} nor the name of a value of this rule{hint.en}",
    )


def joined_key(key: str) -> Text | None:
    """Return the sentence for a key whose colon is full-width or lacks its space; None for any other key."""
    match = re.match(r"\s*(?P<key>[^：:]+?)\s*[：:](?P<rest>.*)", key)
    if match is None:
        return None
    written = f"{match['key']}: {match['rest'].strip() or '…'}"
    return Text(
        f"键后应为半角冒号加空格：写成“{written}”",
        f"a key is followed by a plain colon and a space: write '{written}'",
    )


def is_number(text: str) -> bool:
    """Tell whether a limit is a plain number.

    >>> is_number("1.5"), is_number("１．５"), is_number("nan")
    (True, False, False)
    """
    return re.fullmatch(r"\s*-?[0-9]+(\.[0-9]+)?\s*", text) is not None


def _comparison(text: str) -> str | None:
    match = _SIGNED.fullmatch(unicodedata.normalize("NFKC", text))
    return f"{{{_SIGNS[match['sign']]}: {match['number']}}}" if match else None
