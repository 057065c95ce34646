"""Names of the fields of rules, documents and facts, and their content as one line."""

from collections.abc import Collection, Mapping
from datetime import date

from pydantic import BaseModel

from zoning.texts import Text, joined

FIELDS: dict[str, Text] = {
    "title": Text("名称", "title"),
    "says": Text("内容", "says"),
    "scope": Text("范围", "scope"),
    "territories": Text("辖区", "territory"),
    "in_force": Text("有效期", "dates"),
    "where": Text("地点", "where"),
    "when": Text("条件", "when"),
    "effect": Text("效力", "effect"),
    "condition": Text("要求", "what is asked"),
    "provisos": Text("但书", "provisos"),
    "values": Text("参数、取值", "values"),
    "curable": Text("可补正", "can be cured"),
    "citation": Text("依据", "source"),
    "verified": Text("是否核实", "verified"),
    "superseded_by": Text("被取代", "superseded by"),
    "overrides": Text("优先于", "goes before"),
    "note": Text("说明", "note"),
    "number": Text("文号", "number"),
    "abbreviation": Text("缩写", "abbreviation"),
    "issuer": Text("发文机关", "issuer"),
    "issued": Text("发文日期", "issued"),
    "weight": Text("效力级别", "weight"),
    "valid_from": Text("生效日", "valid from"),
    "valid_to": Text("失效日", "valid to"),
    "text": Text("来源文本", "source text"),
    "question": Text("问题", "question"),
    "kind": Text("答案形式", "kind of answer"),
    "theme": Text("主题", "theme"),
    "groups": Text("词组", "groups"),
    "unit": Text("单位", "unit"),
    "pattern": Text("代码格式", "form of the code"),
    "examples": Text("示例", "examples"),
    "derive": Text("推断", "derivation"),
}


def shown(value: object) -> Text | None:
    """Return the content of a field as one line; None where nothing is stated."""
    if value is None or value in ("", (), {}) or isinstance(value, Text):
        return value if isinstance(value, Text) else None
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        pairs = [(str(key), shown(item)) for key, item in value.items()]
        return _joined([Text(f"{key}={text.zh}", f"{key}={text.en}") for key, text in pairs if text is not None])
    if isinstance(value, tuple | list):
        return _joined([text for item in value if (text := shown(item)) is not None])
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    return Text(str(value), str(value))


def _joined(texts: list[Text]) -> Text | None:
    if not texts:
        return None
    return joined(texts, "，", ", ")


_TURNS = {"stricter": Text("更严", "stricter"), "milder": Text("更宽", "milder")}


def impact_text(since: date, until: date | None, may_turn: Collection[str], territories: Text) -> Text:
    """Return where, on which days and how decisions may change; see `zoning.rules.proofreading.diff.Impact`."""
    days = Text(f"自 {since} 起", f"from {since}")
    if until is not None:
        days = Text(f"{since} 至 {until}", f"{since} to {until}")
    turns = [_TURNS[turn] for turn in ("stricter", "milder") if turn in may_turn]
    turn = Text("不改变结论", "no decision changes")
    if turns:
        named = joined(turns, "或", " or ")
        turn = Text(f"结论可能{named.zh}", f"decisions may turn {named.en}")
    return Text(f"{territories.zh}；{days.zh}；{turn.zh}", f"{territories.en}; {days.en}; {turn.en}")
