"""What the answer to a yes-no fact says, as a sentence: made from its question, so that an author writes one sentence.

项目是否排放水污染物？ -> 排放水污染物 / 不排放水污染物
Does the project discharge water pollutants? -> the project discharges ... / the project does not discharge ...
"""

import re

from zoning.rules.facts import Fact
from zoning.texts import Text

_WHETHER = "是否"
_NOT_YET: tuple[tuple[str, str], ...] = (
    # What the rest begins with -> its negation; the longest first.
    ("已经有权机关", "未经有权机关"),
    ("已经", "尚未"),
    ("已", "未"),
    ("经", "未经"),
    ("被", "未被"),
    ("列入", "未列入"),
    ("取得", "未取得"),
    ("落实", "未落实"),
    ("采用", "未采用"),
    ("有", "没有"),
    ("为", "不是"),
)
_NOT = re.compile(
    "位于|作为|储存|占用|变更|可能|向|在|处于|妨碍|将|属于|开采|排入|排放|损坏|损害|新增|污染|消耗|生产|申请|直接|种植|"
    "符合|设置|以|涉及|影响|使用|造成|产生|包括|需要"
)
_DOES = re.compile(r"^Does the project (?P<verb>[a-z]+) (?P<rest>.+)\?$")
_ONE_VERB = ("apply", "bring", "lie", "use")
_VERB_FIRST = re.compile(r"^[a-z]+s\b")


def statement(fact: Fact, *, holds: bool) -> Text:
    """Return what the answer yes (`holds`) or no says."""
    return Text(_chinese(fact, holds=holds), _english(fact, holds=holds))


def _chinese(fact: Fact, *, holds: bool) -> str:
    said = fact.question.zh.rstrip("？?").strip()
    if said.count(_WHETHER) != 1:
        return f"“{fact.title.zh}”{'成立' if holds else '不成立'}"
    subject, rest = said.split(_WHETHER)
    subject = "" if subject == "项目" else subject
    if "，" in said:
        # With a comma inside, the next “并且” could belong to either part.
        return f"“{subject}{rest}”{'成立' if holds else '不成立'}"
    if holds:
        return subject + rest
    for begins, instead in _NOT_YET:
        if rest.startswith(begins):
            return subject + instead + rest.removeprefix(begins)
    return subject + ("不" if _NOT.match(rest) else "并非") + rest


def _english(fact: Fact, *, holds: bool) -> str:
    match = _DOES.match(fact.question.en)
    title = fact.title.en
    if match is None:
        return f"“{title}” is {'true' if holds else 'not true'}"
    if not holds:
        return f"the project does not {match['verb']} {match['rest']}"
    # The title says it with the verb in its form, where it begins with the same verb.
    if _VERB_FIRST.match(title) and _third_person(match["verb"]) == title.split()[0]:
        return f"the project {title}"
    # After “or” a second verb may follow, which would have to be inflected too.
    if match["verb"] in _ONE_VERB or not re.search(r",|\bor\b", match["rest"]):
        return f"the project {_third_person(match['verb'])} {match['rest']}"
    return f"the project does {match['verb']} {match['rest']}"


def _third_person(verb: str) -> str:
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if re.search(r"(s|x|z|ch|sh|o)$", verb) else f"{verb}s"
