"""A figure measured against the figures promised: met, not met, or unknown with its reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from zoning.planning.indicators.plan_file import Indicator, Target
from zoning.texts import Text

State = Literal["met", "not-met", "unknown"]
Promised = Literal["baseline", "target"]

_FIGURE = re.compile(r"(\d[\d,]*)(?:\.(\d+))?", re.ASCII)

_ASKED = {
    "at-least": ("不低于", "at least"),
    "at-most": ("不高于", "at most"),
    "not-lower": ("不低于现状", "not below the baseline"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a promise, and why.

    `reasons` are never empty where the state is unknown.
    """

    state: State
    reasons: tuple[Text, ...]


def judge(indicator: Indicator, value: float | None, obstacles: Sequence[Text]) -> Judged:
    """Compare a present value with the target.

    Figures are compared as exactly as the document prints them: a value of 4.2349 is not lower than a printed 4.23.

    Parameters
    ----------
    value
        In the unit of the indicator; None: layers do not tell.
    obstacles
        Why there is no value.
    """
    target = indicator.target
    if target is None:
        return Judged("unknown", (Text("文件没有提出目标", "the document sets no target"), *obstacles))
    if target.sense == "handed-down":
        return Judged("unknown", (_handed_down(target), *obstacles))
    if target.sense == "stated":
        printed = target.printed or "—"
        text = Text(
            f"目标写作“{printed}”，不能用数值判断", f"the target says '{printed}': no figure tells whether it is met"
        )
        return Judged("unknown", (text, *obstacles))
    of: Promised = "baseline" if target.sense == "not-lower" else "target"
    limits = indicator.said(of)
    if not limits:
        missing = Text(
            "文件没有给出现状值，“不降低”无从比较",
            "the document prints no baseline: 'not lower' has nothing to rest on",
        )
        return Judged("unknown", (missing, *obstacles))
    if value is None:
        return Judged("unknown", tuple(obstacles))
    return _against(target, value, {limit: _printed_decimals(indicator, of, limit) for limit in limits})


def _against(target: Target, value: float, limits: Mapping[float, int]) -> Judged:
    """Compare a value with every limit, each with the decimals that it is printed with."""
    outcomes = {limit: holds(target, value, limit, decimals) for limit, decimals in limits.items()}
    if len(set(outcomes.values())) == 1:
        met = next(iter(outcomes.values()))
        return Judged("met" if met else "not-met", (_compared(target, value, limits),))
    met_by = "、".join(f"{limit:g}" for limit, met in outcomes.items() if met)
    failed_by = "、".join(f"{limit:g}" for limit, met in outcomes.items() if not met)
    text = Text(
        f"文件自相矛盾：按 {met_by} 达到，按 {failed_by} 未达到；须先确定哪个数为准",
        f"the documents contradict each other: met under {met_by.replace('、', ', ')}, not met under "
        f"{failed_by.replace('、', ', ')}; which figure holds has to be settled first",
    )
    return Judged("unknown", (text,))


def holds(target: Target, value: float, limit: float, decimals: int | None = None) -> bool:
    """Tell whether a value holds against a limit, rounded as the limit is printed; `decimals`: where that is known.

    >>> target = Target(year=2025, sense="not-lower")
    >>> holds(target, 4.2263, 4.23), holds(target, 4.22, 4.23)
    (True, False)
    """
    shown = round(value, decimals_of(limit) if decimals is None else decimals)
    return shown <= limit if target.sense == "at-most" else shown >= limit


def decimals_of(figure: float) -> int:
    """Return how many decimals a figure has as it is written.

    >>> decimals_of(4.23), decimals_of(47.0)
    (2, 0)
    """
    text = f"{figure:.10f}".rstrip("0")
    return len(text.partition(".")[2])


def _printed_decimals(indicator: Indicator, of: Promised, limit: float) -> int:
    """Return the decimals of a limit as documents print it: 4.20 has two, which its number does not tell."""
    own = indicator.baseline if of == "baseline" else indicator.target
    printed = [*(() if own is None else (own,)), *(claim for claim in indicator.claims if claim.of == of)]
    told = [
        len(decimals)
        for one in printed
        if one.value == limit
        for whole, decimals in _FIGURE.findall(one.printed)
        if float(f"{whole.replace(',', '')}.{decimals}") == abs(limit)
    ]
    return max(told, default=decimals_of(limit))


def _compared(target: Target, value: float, limits: Mapping[float, int]) -> Text:
    zh, en = _ASKED[target.sense]
    listed = "、".join(f"{limit:g}" for limit in limits)
    shown = f"{value:.{max(2, *limits.values())}f}"
    return Text(f"{shown}，要求{zh} {listed}", f"{shown}; asked for: {en} {listed.replace('、', ', ')}")


def _handed_down(target: Target) -> Text:
    return Text(
        f"目标由上级下达（“{target.printed}”），文件未载数值",
        "the target is handed down by the level above; the document prints no figure",
    )


def contradictions(indicator: Indicator) -> tuple[Text, ...]:
    """Return where documents print different figures for the same thing."""
    found: list[Text] = []
    for claim in indicator.claims:
        own = indicator.baseline if claim.of == "baseline" else indicator.target
        mine = own.printed if own is not None and own.printed else "—"
        if own is not None and own.value == claim.value:
            continue
        what = Text("现状", "baseline") if claim.of == "baseline" else Text("目标", "target")
        place = f"{claim.citation.document} {claim.citation.section} {claim.citation.lines}".strip()
        found.append(
            Text(
                f"{claim.year}年{what.zh}有两个数：{mine} 和 {claim.printed}（{place}）：{claim.note.zh}",
                f"two figures for the {what.en} of {claim.year}: {mine} and {claim.printed} ({place}): {claim.note.en}",
            )
        )
    return tuple(found)
