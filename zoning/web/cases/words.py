"""What people read of verdicts, changes and their causes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from zoning.rules.access.words import RESULT_TITLES
from zoning.rules.wording.words import DECISIONS, EFFECTS, OUTCOMES, STATUSES
from zoning.texts import Text, joined

_STATES: Final[dict[str, Text]] = {
    **{str(decision): word for decision, word in DECISIONS.items()},
    "refused": Text("不能研判", "cannot be checked"),
    "failed": Text("复核未完成", "re-check not finished"),
    "": Text("尚未研判", "not checked yet"),
}
"""Decisions, and what stands for one where there is none."""
WHY: Final[dict[str, Text]] = {
    "first": Text("首次研判", "first check"),
    "facts": Text("项目事实变更", "other facts"),
    "boundary": Text("边界变更", "another boundary"),
    "recheck": Text("图层或规则变化后复核", "checked again after a change"),
}
OVERRIDES: Final[dict[str, Text]] = {
    "proposed": Text("待第二人复核", "waits for a second person"),
    "confirmed": Text("已确认", "confirmed"),
    "refused": Text("不同意", "refused"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "lapsed": Text("已失效（有新结论）", "lapsed (a newer verdict came)"),
}
_STATUS: Final[dict[str, Text]] = {**STATUSES, "certain": STATUSES["affected"]}
_NONE: Final = Text("无", "none")
_TITLES: Final[dict[str, Text]] = {
    "decision": Text("结论", "decision"),
    "status": Text("图层状态", "status of a layer"),
    "area": Text("面积", "area"),
    "finding": Text("判定", "finding"),
    "citation": Text("依据", "citation"),
    "clause": Text("清单条款", "clause"),
}
_BLOCKED: Final = ", blocked"


def decision_word(decision: str) -> Text:
    """Return the word of a decision."""
    bare = decision.removesuffix(_BLOCKED).split(" ", maxsplit=1)[0]
    return _STATES.get(bare, Text(decision, decision))


def change_word(change: Mapping[str, Any]) -> Text:
    """Return one difference of two verdicts as a line: what, before, after."""
    about = _about(change)
    before, after = (_value(str(change["what"]), change.get(side)) for side in ("before", "after"))
    return Text(f"{about.zh}：{before.zh} → {after.zh}", f"{about.en}: {before.en} → {after.en}")


def change_words(changes: Sequence[Mapping[str, Any]]) -> list[Text]:
    """Return the differences as lines."""
    return [change_word(change) for change in changes]


def _about(change: Mapping[str, Any]) -> Text:
    kind = _TITLES.get(str(change["what"]), Text(str(change["what"]), str(change["what"])))
    parts = [kind]
    layer, rule = _titled(change, "layer_title", "layer"), change.get("rule")
    if rule is not None:
        title = _titled(change, "rule_title", "rule")
        parts.append(Text(f"{rule}“{title.zh}”", f"{rule} '{title.en}'"))
    if change.get("layer") is not None:
        parts.append(layer)
    if change.get("class_id") is not None:
        parts.append(_titled(change, "class_title", "class_id"))
    return joined(parts, " ", " ")


def _titled(change: Mapping[str, Any], title: str, key: str) -> Text:
    told = change.get(title)
    name = str(change.get(key, ""))
    if name == "no_data":
        return Text("未核查部分", "part without data")
    return Text(str(told["zh"]), str(told["en"])) if told else Text(name, name)


def _value(what: str, value: object) -> Text:
    if value is None:
        return _NONE
    if isinstance(value, int | float):
        return Text(f"{value:,.2f} m²", f"{value:,.2f} m²")
    told = str(value)
    if what == "decision":
        word = decision_word(told)
        return (
            Text(f"{word.zh}（须先完成程序）", f"{word.en} (a procedure comes first)")
            if told.endswith(_BLOCKED)
            else word
        )
    if what == "finding":
        return _finding(told)
    words: Mapping[str, Mapping[Any, Text]] = {"status": _STATUS, "clause": RESULT_TITLES}
    return words.get(what, {}).get(told, Text(told, told))


def _finding(told: str) -> Text:
    outcome, effect, decision = (*told.split(", "), "-", "-")[:3]
    tables: tuple[Mapping[Any, Text], ...] = (OUTCOMES, EFFECTS)
    parts = [words.get(word, Text(word, word)) for words, word in zip(tables, (outcome, effect), strict=True)]
    if decision in _STATES:
        parts.append(_STATES[decision])
    return joined(parts)


def cause_text(cause: Mapping[str, Any]) -> Text:
    """Return why cases were checked again."""
    return Text(str(cause.get("zh", "")), str(cause.get("en", "")))
