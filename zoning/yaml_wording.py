"""The sentences for values that a model refuses, in words of someone who does not program.

pydantic names a kind for each refusal (`date_parsing`, `literal_error` ...); here each kind that our models can bring
about has its sentence in both languages, with what to write instead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from zoning.mistakes import meant, nearest
from zoning.texts import Text

YES_NO = {
    "是": "yes",
    "有": "yes",
    "真": "yes",
    "对": "yes",
    "否": "no",
    "无": "no",
    "没有": "no",
    "假": "no",
    "不": "no",
}
"""Answers in Chinese, and the words for them in content."""

_WORDS = {
    "禁止": ("prohibit",),
    "forbid": ("prohibit",),
    "ban": ("prohibit",),
    "限制": ("restrict",),
    "limit": ("restrict",),
    "要求": ("require",),
    "应当": ("require",),
    "鼓励": ("encourage",),
    "不适用": ("none", "does_not_apply"),
    "解除": ("none",),
    "取消": ("none",),
    "无": ("none",),
    "地点": ("zone",),
    "分区": ("zone",),
    "分区规则": ("zone",),
    "事实": ("attribute",),
    "属性": ("attribute",),
    "属性规则": ("attribute",),
    "提示": ("baseline",),
    "普遍要求": ("baseline",),
    "适用": ("applies",),
    "无法判定": ("undetermined",),
    "待补充": ("undetermined",),
    "未生效": ("not in force",),
    "法律": ("law",),
    "法规": ("regulation",),
    "行政法规": ("regulation",),
    "规章": ("regulation",),
    "规划": ("plan",),
    "计划": ("plan",),
    "方案": ("scheme",),
    "政策": ("policy",),
    "规范性文件": ("policy",),
    "单选": ("choice",),
    "多选": ("choices",),
    "是否": ("yes_no",),
    "数值": ("number",),
    "数字": ("number",),
    "代码": ("code",),
    "面": ("polygon",),
    "线": ("line",),
    "确定": ("certain",),
    "可能": ("possible",),
    "保护": ("protection",),
    "农业": ("agriculture",),
    "城镇": ("town",),
    "管控": ("control",),
    "风险": ("risk",),
    "现状": ("base",),
    "重叠": ("overlaps",),
    "涉及": ("overlaps",),
    "以内": ("within",),
    "之内": ("within", "inside"),
    "区内": ("inside",),
    "区外": ("outside",),
    "之外": ("outside",),
    "相接": ("touches",),
    "无数据": ("no data",),
    "数据缺失": ("no data",),
}
_KEYS = {
    "标题": ("title",),
    "名称": ("title", "name"),
    "内容": ("says",),
    "规定": ("says",),
    "依据": ("citation",),
    "出处": ("citation", "source"),
    "引用": ("citation",),
    "章节": ("section",),
    "条款": ("section",),
    "行号": ("lines",),
    "辖区": ("territories", "territory"),
    "地区": ("territories", "territory"),
    "有效期": ("in_force",),
    "生效": ("from", "in_force", "valid_from"),
    "生效日": ("from", "valid_from"),
    "失效": ("to", "valid_to"),
    "失效日": ("to", "valid_to"),
    "适用范围": ("scope",),
    "范围": ("scope", "where"),
    "地点": ("where",),
    "图层": ("layer", "layers"),
    "类别": ("classes",),
    "级别": ("classes",),
    "距离": ("distance",),
    "面积": ("area",),
    "条件": ("when", "condition"),
    "效力": ("effect",),
    "效果": ("effect",),
    "但书": ("provisos",),
    "例外": ("provisos",),
    "附条件": ("condition",),
    "参数": ("values",),
    "备注": ("note",),
    "说明": ("note",),
    "文号": ("number",),
    "发文机关": ("issuer",),
    "日期": ("on", "issued"),
    "事实": ("facts",),
    "结果": ("expect",),
    "中文": ("zh",),
    "英文": ("en",),
}
_WORD = re.compile(r"'([^']*)'")
_DATE = re.compile(r"\D*(?P<year>\d{4})(?:\D+(?P<month>\d{1,2})\D+(?P<day>\d{1,2})|(?P<plain>\d{4}))\D*")
_NUMBER = re.compile(r"[^0-9.-]*(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?P<unit>\D*)")
_FORMS: dict[str, Text] = {
    "string_type": Text("一段文字", "a text"),
    "dataclass_type": Text("中英文两段文字，写成 {zh: …, en: …}", "a text in two languages such as {zh: ..., en: ...}"),
    "tuple_type": Text("列表，如 [a, b]", "a list such as [a, b]"),
    "list_type": Text("列表，如 [a, b]", "a list such as [a, b]"),
    "dict_type": Text("键值表", "a table of keys and values"),
    "model_type": Text("键值表", "a table of keys and values"),
    "model_attributes_type": Text("键值表", "a table of keys and values"),
    "date_type": Text("日期，如 2023-07-04", "a date such as 2023-07-04"),
    "float_type": Text("数字", "a number"),
    "int_type": Text("整数", "a whole number"),
    "bool_type": Text("yes 或 no", "yes or no"),
}
FORMS = frozenset(_FORMS)
"""The kinds that say: something of another form belongs here."""


def refusal(found: Sequence[Any], keys: Sequence[str] = ()) -> Text:
    """Return the sentence for a value that has the wrong form, or that cannot be meant.

    Parameters
    ----------
    found
        What pydantic says of the value: several refusals where it could have several forms.
    keys
        The keys of the table that belongs here, where one does.
    """
    value = found[0]["input"]
    if value is None:
        return Text("没有写内容；请补上，或删去这个键", "nothing stands here: fill it in, or delete the key")
    words = [w for item in found if item["type"] == "literal_error" for w in _WORD.findall(item["ctx"]["expected"])]
    if words and isinstance(value, str):
        return _no_word(value, list(dict.fromkeys(words)))
    forms = [item["type"] for item in found if item["type"] in _FORMS]
    if forms and keys and "dataclass_type" not in forms and isinstance(value, str):
        listed = ", ".join(f"{key}: …" for key in keys[:3])
        return Text(
            f"应为键值表，如 {{{listed}}}{_about_form(value, set()).zh}",
            f"a table such as {{{listed}}} is expected{_about_form(value, set()).en}",
        )
    if forms:
        return _wrong_form(forms, value)
    return _value_refused(found[0]["type"], value, found[0].get("ctx", {}))


def _wrong_form(kinds: Iterable[str], found: object) -> Text:
    told = [_FORMS[kind] for kind in dict.fromkeys(kinds)]
    texts = {text.zh: text.en for text in told}
    hint = _about_form(found, set(kinds))
    return Text(f"应为{'或'.join(texts)}{hint.zh}", f"{' or '.join(texts.values())} is expected{hint.en}")


def _about_form(found: object, kinds: set[str]) -> Text:
    if not isinstance(found, str):
        if kinds == {"string_type"}:
            return Text(
                "；文字里有 [ ] { } 时，请给整句加上英文双引号",
                "; where a text holds [ ] { }, put the whole sentence between double quotes",
            )
        return Text("", "")
    if found.startswith("-"):
        return Text("；列表的“-”之后须有空格", "; a space belongs after the '-' of a list")
    if "：" in found:
        return Text("；键后应为半角冒号加空格", "; a key is followed by a plain colon and a space")
    if kinds & {"tuple_type", "list_type"}:
        return Text(f'；请写 ["{found}"]', f'; write ["{found}"]')
    return Text("", "")


def unknown_key(key: str, value: object, allowed: Iterable[str]) -> tuple[Text, str | None]:
    """Return the sentence for a key that does not belong here, and the key that was meant where that is plain.

    Parameters
    ----------
    value
        What follows the key. A piece of a sentence that a comma has cut off looks like a key without a value.
    allowed
        The keys that may stand here.
    """
    names = list(allowed)
    wide = re.match(r"\s*(?P<key>[^：:]+?)\s*(?P<colon>[：:])(?P<rest>.*)", key)
    if wide and wide["key"] in names:
        written = f"{wide['key']}: {wide['rest'].strip() or '…'}"
        zh, en = "键后应为半角冒号加空格", "a key is followed by a plain colon and a space"
        if wide["colon"] == ":":
            zh, en = "冒号后须有空格", "a space belongs after the colon"
        return Text(f"{zh}：写成“{written}”", f"{en}: write '{written}'"), wide["key"]
    plain = next((name for name in (*_KEYS.get(key, ()), key.replace(" ", "_")) if name in names), None)
    if plain:
        return Text(f"键“{key}”请写 {plain}", f"write {plain} for the key '{key}'"), plain
    near = None if " " in key else nearest(key, names)
    if near:
        hint = meant(key, names)
        return Text(f"不认识的键“{key}”{hint.zh}", f"unknown key '{key}'{hint.en}"), near
    if value is None or " " in key:
        return Text(
            f"“{key}”不是键：{{ }} 里的句子含有逗号，请给整句加上英文双引号",
            f"'{key}' is no key: a sentence inside {{ }} holds a comma; put the whole sentence between double quotes",
        ), None
    listed = ", ".join(names)
    return Text(f"不认识的键“{key}”；可用：{listed}", f"unknown key '{key}'; allowed: {listed}"), None


def indented_too_little(key: str, owner: str) -> Text:
    """Return the sentence for a key that belongs below the empty key `owner`, and stands beside it."""
    return Text(
        f"“{key}”属于 {owner}，应比 {owner} 多缩进两个空格",
        f"'{key}' belongs to '{owner}': it stands two spaces further in than '{owner}'",
    )


def _value_refused(kind: str, found: object, context: Mapping[str, Any]) -> Text:
    teller = _TELLERS.get(kind)
    if teller is not None:
        return teller(str(found), context)
    reason = str(context.get("error", kind))
    shown = f"“{found}”" if isinstance(found, str) else ""
    return Text(f"{shown}不能写在这里（{reason}）", f"{found if shown else 'this'} cannot stand here ({reason})")


def _no_word(found: str, allowed: list[str]) -> Text:
    word = next((word for word in _WORDS.get(found, ()) if word in allowed), None)
    if word is not None:
        return Text(f"“{found}”请写 {word}", f"write {word} for '{found}'")
    near = meant(found, allowed)
    return Text(
        f"“{found}”不在可用的词之中：{'、'.join(allowed)}{near.zh}",
        f"'{found}' is not one of {_listed(allowed)}{near.en}",
    )


def _listed(words: list[str]) -> str:
    quoted = [f"'{word}'" for word in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}" if len(quoted) > 1 else quoted[0]


def _no_date(found: str, _: Mapping[str, Any]) -> Text:
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", found))
    if match is None:
        return Text(
            f"“{found}”不是日期；写成 年-月-日，如 2023-07-04", f"'{found}' is no date; write it like 2023-07-04"
        )
    plain = match["plain"]
    year, month, day = int(match["year"]), int(match["month"] or plain[:2]), int(match["day"] or plain[2:])
    try:
        meant_day = date(year, month, day)
    except ValueError:
        return Text(
            f"“{found}”：没有这一天；请核对年、月、日", f"'{found}': there is no such day; check year, month and day"
        )
    return Text(
        f"“{found}”不是日期的写法；请写 {meant_day}", f"'{found}' is not how a date is written; write {meant_day}"
    )


def no_number(found: str) -> Text:
    """Return the sentence for a text that should be a plain number."""
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", found).strip())
    if match is None:
        return Text(f"“{found}”不是数字；写半角数字，如 35.5", f"'{found}' is no number; write one such as 35.5")
    return Text(f"“{found}”：这里只写半角数字 {match['number']}", f"'{found}': write only the number {match['number']}")


def _no_answer(found: str, _: Mapping[str, Any]) -> Text:
    word = YES_NO.get(found)
    if word is not None:
        return Text(f"“{found}”请写 {word}", f"write {word} for '{found}'")
    return Text(f"“{found}”应为 yes 或 no", f"'{found}': write yes or no")


def _limit(zh: str, en: str, key: str) -> Callable[[str, Mapping[str, Any]], Text]:
    def tell(found: str, context: Mapping[str, Any]) -> Text:
        limit = f"{context[key]:g}"
        return Text(f"“{found}”超出范围；应{zh} {limit}", f"'{found}' is out of range: {en} {limit}")

    return tell


def _no_match(found: str, context: Mapping[str, Any]) -> Text:
    pattern = str(context["pattern"])
    if pattern.startswith("^#"):
        return Text(
            f"“{found}”不是颜色；写 # 加六位数字或大写字母 A–F，如 #2F6DB5",
            f"'{found}' is no colour; write # and six digits or capitals A-F, such as #2F6DB5",
        )
    return Text(f"“{found}”不合格式 {pattern}", f"'{found}' does not fit the pattern {pattern}")


def _too_few(_: str, __: Mapping[str, Any]) -> Text:
    return Text("没有写内容；至少写一项", "nothing stands here: write at least one entry")


_TELLERS: dict[str, Callable[[str, Mapping[str, Any]], Text]] = {
    **dict.fromkeys(
        ("date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact", "date_type"), _no_date
    ),
    **dict.fromkeys(
        ("float_parsing", "int_parsing", "int_from_float", "finite_number"), lambda found, _: no_number(found)
    ),
    "bool_parsing": _no_answer,
    "greater_than": _limit("大于", "more than", "gt"),
    "greater_than_equal": _limit("不小于", "at least", "ge"),
    "less_than": _limit("小于", "less than", "lt"),
    "less_than_equal": _limit("不大于", "at most", "le"),
    "string_pattern_mismatch": _no_match,
    "too_short": _too_few,
}
