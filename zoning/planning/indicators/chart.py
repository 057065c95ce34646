"""One line per indicator: what was, what is to be, what is; told apart by form, not by colour alone."""

from collections.abc import Sequence
from html import escape

from zoning.planning.indicators.judging import State
from zoning.planning.indicators.measuring import Answer
from zoning.texts import Language, Text

_WIDTH, _ROW, _TOP = 860, 46, 34
_LEFT, _RIGHT = 250, 730
_COLOURS: dict[State, str] = {"met": "#0F7F6B", "not-met": "#8C1020", "unknown": "#6A4C93"}
_LEGEND = (
    ("diamond", Text("2020年现状", "baseline 2020")),
    ("bar", Text("目标", "target")),
    ("dot", Text("现值（横线：边界精度内）", "present (line: within accuracy)")),
)
_ROOM = 1.12
_NAMES: dict[Language, int] = {"zh": 17, "en": 34}
"""Signs of a name that fit beside its line."""


def draw_chart(answers: Sequence[Answer], language: Language) -> str:
    """Return an SVG of the indicators that layers answer, each on its own scale from nought."""
    rows = "".join(_row(one, number, language) for number, one in enumerate(answers))
    height = _TOP + _ROW * len(answers) + 8
    title = escape(Text("指标：现状、目标和现值", "indicators: baseline, target and present value").get(language))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'role="img" aria-label="{title}" font-size="13">{_legend(language)}{rows}</svg>'
    )


def _legend(language: Language) -> str:
    parts, x = [], _LEFT
    for form, text in _LEGEND:
        word = text.get(language)
        parts.append(_mark(form, x + 6, 14, "#111") + _text(x + 20, 18, word, "#444"))
        x += 40 + sum(13 if ord(sign) > 0x2000 else 7 for sign in word)  # noqa: PLR2004 - Chinese signs are wide
    return "".join(parts)


def _row(one: Answer, number: int, language: Language) -> str:
    y = _TOP + _ROW * number + _ROW / 2
    baselines, targets = one.indicator.said("baseline"), one.indicator.said("target")
    known = [*baselines, *targets, *(() if one.value is None else (one.value + (one.doubt or 0.0),))]
    top = 100.0 if one.indicator.unit == "%" and max(known, default=0.0) > 80 else max(known, default=1.0) * _ROOM  # noqa: PLR2004 - percent
    scale = (_RIGHT - _LEFT) / (top or 1.0)
    name, most = one.indicator.title.get(language), _NAMES[language]
    shown = name if len(name) <= most else f"{name[: most - 1]}…"
    parts = [
        _text(_LEFT - 14, y + 5, shown, "#111", anchor="end"),
        f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="#D5D2CA" stroke-width="8" stroke-linecap="round"/>',
    ]
    parts += [_mark("diamond", _LEFT + value * scale, y, "#111") for value in baselines]
    parts += [_mark("bar", _LEFT + value * scale, y, "#111") for value in targets]
    if one.value is None:
        parts.append(_text(_RIGHT + 14, y + 5, Text("不能计算", "no value").get(language), "#6A4C93"))
        return "".join(parts)
    colour, x = _COLOURS[one.judged.state], _LEFT + one.value * scale
    reach = (one.doubt or 0.0) * scale
    parts.append(
        f'<line x1="{x - reach:.1f}" y1="{y}" x2="{x + reach:.1f}" y2="{y}" stroke="{colour}" stroke-width="2"/>'
    )
    parts.append(_mark("dot", x, y, colour))
    parts.append(_text(_RIGHT + 14, y + 5, f"{one.value:,.2f} {one.indicator.unit}", colour))
    return "".join(parts)


def _mark(form: str, x: float, y: float, colour: str) -> str:
    if form == "diamond":
        return f'<path d="M{x:.1f} {y - 7}l7 7l-7 7l-7-7z" fill="#fff" stroke="{colour}" stroke-width="1.5"/>'
    if form == "bar":
        return f'<line x1="{x:.1f}" y1="{y - 12}" x2="{x:.1f}" y2="{y + 12}" stroke="{colour}" stroke-width="3"/>'
    return f'<circle cx="{x:.1f}" cy="{y}" r="5.5" fill="{colour}"/>'


def _text(x: float, y: float, text: str, colour: str, *, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'
