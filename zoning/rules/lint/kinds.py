"""Every kind of fault that `zoning rules lint` knows, each with one sentence for the manual."""

from dataclasses import dataclass
from typing import Literal

from zoning.texts import Text

Level = Literal["fault", "note"]
"""A note is shown, and does not change the exit code."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: what it is and how much it weighs."""

    text: Text
    level: Level = "fault"


def _kind(zh: str, en: str, level: Level = "fault") -> Kind:
    return Kind(Text(zh, en), level)


KINDS: dict[str, Kind] = {
    # rows
    "never-holds": _kind("条件互相矛盾，永远不成立", "the condition contradicts itself and never holds"),
    "unreachable-row": _kind("但书的一项永远轮不到", "a proviso is never reached"),
    "unreachable-effect": _kind("本条自己的效力永远轮不到", "the rule's own effect is never reached"),
    "redundant-part": _kind("any 或 where 的一项多余", "a part of `any` or `where` adds nothing"),
    # bands
    "gap": _kind("两段之间有空档", "there is a gap between two bands"),
    "overlap": _kind("两段重叠而效力不同", "two bands overlap and their effects differ"),
    # pairs
    "contrary": _kind("两条规则方向相反，没有写明先后", "two rules pull in opposite directions and none goes first"),
    "idle-precedence": _kind("precedence.yaml 的一项没有用处", "an entry of precedence.yaml has no use"),
    # citations
    "no-section": _kind("引用没有章节", "a citation names no section"),
    "no-place": _kind("规划、方案的引用没有行号或查找用语", "a citation of a plan or scheme lacks lines or anchor"),
    "wrong-lines": _kind("行号不是 L1 或 L1-2 的形式", "lines are not written L1 or L1-2"),
    "no-article": _kind("法律、法规的引用没有条号", "a citation of a law or regulation names no article"),
    # cases
    "no-cases": _kind("规则没有案例", "a rule has no cases"),
    "no-clear-case": _kind("缺少“不适用”的案例", "no case in which the rule does not apply"),
    "no-conflict-case": _kind("缺少“适用”的案例", "no case in which the rule applies"),
    "no-limit-case": _kind("缺少恰在界限上的案例", "no case exactly on a limit"),
    "no-data-case": _kind("缺少图层数据缺失的案例", "no case in which a layer has no data"),
    "no-unknown-case": _kind("缺少事实不详的案例", "no case in which a fact is unknown"),
    "no-first-day-case": _kind("缺少生效首日的案例", "no case on the first day"),
    "no-day-before-case": _kind("缺少生效前一日的案例", "no case on the day before the first"),
    "no-last-day-case": _kind("缺少失效当日的案例", "no case on the last day"),
    "no-day-after-case": _kind("缺少失效次日的案例", "no case on the day after the last"),
    # what is not there, and what nobody uses
    "unknown-layer": _kind("规则用到的图层不在工作空间", "a rule names a layer that the workspace lacks"),
    "unused-fact": _kind("没有规则询问的事实", "a fact that no rule asks for"),
    "unused-group": _kind("没有规则使用的词组", "a group of words that no rule names"),
    "unused-value": _kind("条件没有用到的参数", "a figure that no condition names"),
    "unused-document": _kind("没有规则的文件", "a document without rules", "note"),
    "unlisted-code": _kind("行业代码不在名称表中", "an industry code that the table of titles lacks"),
    # dates
    "expired-value": _kind("参数已过期", "a figure has expired"),
    "ended-rule": _kind("规则已失效，没有写明接替的规则", "a rule has ended and names no successor"),
    "superseded-document": _kind(
        "文件已被取代，规则仍无失效日", "a document is superseded, its rules have no last day"
    ),
    "succession-cycle": _kind("接替关系成环", "rules succeed each other in a circle"),
    "succession-gap": _kind("新旧规则的日期不衔接", "the days of a rule and its successor do not join"),
    "override-elsewhere": _kind("取代的规则没有共同的辖区或日期", "an overridden rule shares no territory or day"),
    "override-cycle": _kind("两条规则互相取代", "two rules override each other"),
    # texts and effects
    "empty-text": _kind("缺少一种语言的文字", "a text is empty in one language"),
    "foreign-text": _kind("英文里有汉字或全角标点", "English with Chinese characters or full-width signs"),
    "punctuation": _kind("中文里用了半角标点", "Chinese with the punctuation of English"),
    "half-sentence": _kind(
        "says 不是完整的句子，或标题带句号", "`says` is no whole sentence, or a title ends like one"
    ),
    "says-is-title": _kind("says 与标题相同", "`says` repeats the title"),
    "long-note": _kind("note 太长", "a note is too long"),
    "no-condition": _kind("限制没有写条件", "a restriction does not say what must be met"),
    "curable-duty": _kind("要求、鼓励不能写 curable", "a duty or encouragement cannot be curable"),
    "unverified-silent": _kind("待核实的引用没有说明原因", "an unverified citation does not say why"),
}
