"""Words of modes, decisions and reasons, the same in the summary, the workbook and the GeoPackage."""

from zoning.mines.decision_words import DECISIONS
from zoning.mines.modes_law import Reason, Ruling
from zoning.mines.suitability.content import Suitability
from zoning.mines.suitability.membership import Interval
from zoning.mines.suitability.recommend import Recommendation
from zoning.quantities import format_area
from zoning.texts import Text

UNCHECKED = Text("未能核查", "not checked")
NO_MODE = Text("没有可建议的方向", "none can be recommended")


def mode_title(content: Suitability, mode: str | None) -> Text:
    """Return the name of a mode."""
    return NO_MODE if mode is None else content.modes[mode].title


def decision_text(ruling: Ruling | None) -> Text:
    """Return a decision in words."""
    return UNCHECKED if ruling is None or ruling.decision is None else DECISIONS[ruling.decision]


def score_text(found: Interval) -> str:
    """Return a score with two decimals; both ends where they differ.

    >>> score_text(Interval(0.5, 0.5)), score_text(Interval(0.25, 0.75))
    ('0.50', '0.25–0.75')
    """
    low, high = f"{found.low:.2f}", f"{found.high:.2f}"
    return low if low == high else f"{low}–{high}"


def reason_text(reason: Reason) -> Text:
    """Return a rule with its place in the document and the area that it holds on."""
    area = format_area(reason.overlap_m2) if reason.overlap_m2 else None
    zh = f"{reason.title.zh}（{reason.rule}，{reason.citation.zh}{'' if area is None else f'，{area.zh}'}）"
    en = f"{reason.title.en} ({reason.rule}, {reason.citation.en}{'' if area is None else f', {area.en}'})"
    return Text(zh, en)


def open_texts(found: Recommendation, content: Suitability) -> list[Text]:
    """Return everything that has to be known before a recommendation holds."""
    texts = [Text(f"{one.question.zh}（{one.fact}）", f"{one.question.en} ({one.fact})") for one in found.questions]
    if found.ruling is not None and found.ruling.is_open:
        texts += [Text(f"图层数据缺失：{name}", f"layer without data: {name}") for name in found.ruling.missing_layers]
        texts += [reason_text(one) for one in found.ruling.reasons if _needs_people(one)]
    if found.score is not None:
        for name in found.score.open_limits:
            title = content.criteria[name].title
            texts.append(Text(f"限值未知：{title.zh}", f"limit cannot be told: {title.en}"))
    return texts


def _needs_people(reason: Reason) -> bool:
    """Tell whether a rule is open for another reason than a fact or a layer: unverified article, open procedure."""
    return reason.decision == "undetermined" and not reason.missing_facts and not reason.missing_layers
