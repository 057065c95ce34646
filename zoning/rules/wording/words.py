"""The words for effects, decisions, outcomes, statuses: one table for screen, page, map, report and manual."""

from typing import Literal

from zoning.citations import Weight
from zoning.rules.verdict import Decision, Effect, Outcome
from zoning.texts import Text

EFFECTS: dict[Effect, Text] = {
    "prohibit": Text("禁止", "prohibits"),
    "restrict": Text("限制", "restricts"),
    "require": Text("要求", "requires"),
    "encourage": Text("鼓励", "encourages"),
}
COULD: dict[Effect, Text] = {
    "prohibit": Text("可能禁止", "may prohibit"),
    "restrict": Text("可能限制", "may restrict"),
    "require": Text("可能要求", "may require"),
    "encourage": Text("可能鼓励", "may encourage"),
}
DECISIONS: dict[Decision, Text] = {
    "prohibited": Text("判定不通过", "prohibited"),
    "undetermined": Text("待补充信息", "undetermined"),
    "restricted": Text("受限准入", "restricted"),
    "permitted": Text("判定通过", "permitted"),
}
OUTCOMES: dict[Outcome | Literal["not in force"], Text] = {
    "applies": Text("适用", "applies"),
    "does_not_apply": Text("不适用", "does not apply"),
    "undetermined": Text("无法判定", "undetermined"),
    "not in force": Text("当日无效", "not in force"),
}
STATUSES: dict[str, Text] = {
    "affected": Text("涉及", "affected"),
    "possible": Text("精度内可能涉及", "possibly affected"),
    "not_affected": Text("不涉及", "not affected"),
    "no_data": Text("数据缺失，未核查", "no data, not checked"),
}
"""How a layer stands to a site."""
MISSING = Text("数据缺失", "no data")
"""What stands in a cell of a table."""
WEIGHTS: dict[Weight, Text] = {
    "plan": Text("规划", "plan"),
    "scheme": Text("方案", "scheme"),
    "policy": Text("规范性文件", "policy document"),
    "regulation": Text("行政法规", "regulation"),
    "law": Text("法律", "law"),
}
SCOPES: dict[Literal["zone", "attribute", "baseline"], Text] = {
    "zone": Text("分区规则（看地点）", "zone rule: the place decides"),
    "attribute": Text("属性规则（看项目事实）", "attribute rule: the facts decide"),
    "baseline": Text("普遍要求（不改变结论）", "baseline: never moves the decision"),
}
CONDITIONS: dict[Effect, Text] = {
    "prohibit": Text("注意", "mind"),
    "restrict": Text("须满足", "must be met"),
    "require": Text("须做到", "must be done"),
    "encourage": Text("条件", "on condition"),
}
"""What stands before the condition of a rule, by its effect."""
UNVERIFIED = Text("待核实", "not verified")
NO_EFFECT = Text("本条不适用", "the rule does not apply")

_UNITS: dict[str, Text] = {
    "t/h": Text("吨/小时", "t/h"),
    "Mt/a": Text("百万吨/年", "Mt a year"),
    "seats": Text("座", "seats"),
    "°": Text("度", "degrees"),
}


def unit_text(unit: str) -> Text:
    """Return a unit as it is written in a sentence; one that is not listed stays as it is."""
    return _UNITS.get(unit, Text(unit, unit))


def effect_text(effect: Effect | Literal["none"]) -> Text:
    """Return the word for an effect, that of a lifting proviso included."""
    return NO_EFFECT if effect == "none" else EFFECTS[effect]
