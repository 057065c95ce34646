"""What the analyses of the desk say of each thing, read from their JSON: themes, sections, curves, the order."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from zoning.errors import ContentError
from zoning.mines.dashboard.content import Curve, Kind, Section, Shape, Theme
from zoning.mines.dashboard.gathering import Contribution
from zoning.mines.dashboard.kinds import not_known
from zoning.mines.decision_words import DECISIONS
from zoning.texts import Text, joined

_SCHEMA = "zoning.mines.{name}/1"
_NONE = not_known(Text("未研判", "not known"))
_NO_MODE = Kind("none", Text("无可用方向", "none is left"), "#8C1020", "octagon")
_MODE_LOOKS: Mapping[str, tuple[str, Shape]] = {
    "forest": ("#2E7D4F", "circle"),
    "grass": ("#8DB84A", "triangle"),
    "cropland": ("#C9A227", "square"),
    "landscape": ("#A8577E", "star"),
    "fishery": ("#2F6DB5", "diamond"),
    "natural": ("#2E7D4F", "circle"),
    "assisted": ("#8DB84A", "triangle"),
    "reconstruction": ("#8A5A36", "square"),
    "transform": ("#A8577E", "star"),
}
_STATUS_LOOKS: Mapping[str, tuple[str, Shape]] = {
    "disturbed": ("#7A1F6B", "octagon"),
    "relapsed": ("#B23A30", "pointer"),
    "stalled": ("#D08A1E", "square"),
    "behind": ("#E0C25A", "diamond"),
    "on_track": ("#7DB36A", "triangle"),
    "recovered": ("#1B6B3A", "star"),
    "not_followed": ("#A39C8C", "circle"),
    "too_few_values": ("#6B675F", "cross"),
    "no_place": ("#6B675F", "square"),
}
_PHASES = ("#5B1A18", "#B4552D", "#E3B778", "#C9C2AE")
_SHAPES: tuple[Shape, ...] = ("circle", "triangle", "diamond", "hexagon", "pentagon", "cross")
_OPEN = DECISIONS["undetermined"]
_HUNDRED = 100.0

Json = Mapping[str, Any]


def read_analyses(folder: Path, layers: Mapping[str, Text]) -> tuple[list[Contribution], list[Text]]:
    """Return what the analyses in a folder add, and which of them are missing.

    Parameters
    ----------
    layers
        Titles of the layers by their ids.

    Raises
    ------
    ContentError
        When a file is no document of the analysis that it is named after.
    """
    found, missing = [], []
    for name, (title, make) in _ANALYSES.items():
        path = folder / f"{name}.json"
        if path.is_file():
            found.append(make(read_document(path, name), layers))
        else:
            missing.append(
                Text(f"未做{title.zh}（zoning mines {name}）", f"not made: {title.en} (zoning mines {name})")
            )
    return found, missing


def read_document(path: Path, name: str) -> Json:
    """Return the document of an analysis.

    Raises
    ------
    ContentError
        When the file is none.
    """
    try:
        document: Json = json.loads(path.read_text(encoding="utf-8"))
        schema = document["schema"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_document(path, name) from error
    if schema != _SCHEMA.format(name=name):
        raise _no_document(path, name)
    return document


def _no_document(path: Path, name: str) -> ContentError:
    return ContentError(
        f"{path}：不是 zoning mines {name} 写出的 JSON；请重新运行该命令",
        f"{path}: no JSON written by zoning mines {name}: run that command again",
    )


def _text(value: Json) -> Text:
    return Text(value["zh"], value["en"])


# --- modes ---


@dataclass(frozen=True, slots=True)
class Titles:
    """Words by the ids of modes and of layers."""

    modes: Mapping[str, Text]
    layers: Mapping[str, Text]


def mode_contribution(document: Json, layers: Mapping[str, Text]) -> Contribution:
    """Return themes and sections of `zoning mines mode`."""
    modes = document["parameters"]["suitability"]["modes"]
    titles = {name: _text(mode["title"]) for name, mode in modes.items()}
    themes = [
        Theme(
            f"mode-{group}",
            title,
            (*_mode_kinds(modes, titles, group), _NO_MODE, _NONE),
            {one["id"]: _mode_kind(one[group]) for one in document["parcels"]},
        )
        for group, title in (
            ("target", Text("修复方向", "Restoration target")),
            ("way", Text("修复方式", "Way of restoring")),
        )
    ]
    sections = {
        one["id"]: tuple(
            Section(title, tuple(_mode_rows(one, group, Titles(titles, layers), document)))
            for group, title in (
                ("target", Text("修复方向（五宜）", "Restoration target")),
                ("way", Text("修复方式", "Way of restoring")),
            )
        )
        for one in document["parcels"]
    }
    return Contribution(themes=tuple(themes), sections=sections)


def _mode_kinds(modes: Json, titles: Mapping[str, Text], group: str) -> Iterator[Kind]:
    names = [name for name, mode in modes.items() if mode["group"] == group]
    for number, name in enumerate(names):
        colour, shape = _MODE_LOOKS.get(name, (_PHASES[number % len(_PHASES)], _SHAPES[number % len(_SHAPES)]))
        title = titles[name]
        yield Kind(name, title, colour, shape)
        # What is still open never looks like what is settled.
        yield Kind(
            f"{name}?", Text(f"{title.zh}（{_OPEN.zh}）", f"{title.en} ({_OPEN.en})"), colour, shape, hollow=True
        )


def _mode_kind(found: Json) -> str:
    if found["mode"] is None:
        return _NO_MODE.name
    is_open = (
        found["decision"] == "undetermined" or found["questions"] or found["missing_layers"] or found["open_limits"]
    )
    return f"{found['mode']}?" if is_open else str(found["mode"])


def _mode_rows(parcel: Json, group: str, titles: Titles, document: Json) -> Iterator[tuple[Text, Text | str]]:
    found = parcel[group]
    mode = found["mode"]
    yield Text("建议", "recommended"), titles.modes[mode] if mode else Text("无可用方向", "none is left")
    if found["score"] is not None:
        yield Text("得分", "score"), _span(found["score"], _HUNDRED)
    if found["decision"] is not None:
        yield Text("法规核查", "rule check"), DECISIONS[found["decision"]]
    questions = [_text(document["questions"][name]) for name in found["questions"]]
    if questions:
        yield Text("待回答", "to be answered"), joined(questions, "；", "; ")
    if found["missing_layers"]:
        missing = [titles.layers.get(name, Text(name, name)) for name in found["missing_layers"]]
        yield Text("数据缺失的图层", "layers without data"), joined(missing)
    settled = found["settled"]
    if settled is not None and settled != mode:
        yield Text("无待补充的方向中最好的", "best with nothing open"), titles.modes[settled]
    for name in found["forbidden"]:
        reasons = [one for one in parcel["law"][name]["reasons"] if one["decision"] == "prohibited"]
        cited = dict.fromkeys(one["rule"] for one in reasons)
        told = [_text(document["rules"][rule]["title"]) for rule in cited]
        rules = ", ".join(cited)
        text = joined(told, "；", "; ")
        yield titles.modes[name], Text(f"不允许：{text.zh}（{rules}）", f"not allowed: {text.en} ({rules})")


def _span(interval: Sequence[float], factor: float) -> str:
    low, high = (round(value * factor, 1) for value in interval)
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


# --- priority ---


def priority_contribution(document: Json, _: Mapping[str, Text]) -> Contribution:
    """Return phases, ranks and their reasons from `zoning mines priority`."""
    phases = {name: _text(one["title"]) for name, one in document["parameters"]["phases"].items()}
    criteria = document["parameters"]["criteria"]
    kinds = tuple(
        Kind(name, title, _PHASES[number % len(_PHASES)], _SHAPES[number % len(_SHAPES)])
        for number, (name, title) in enumerate(phases.items())
    )
    left = not_known(Text("不列入排序", "left out of the order"))
    return Contribution(
        themes=(
            Theme(
                "priority",
                Text("优先顺序", "Priority"),
                (*kinds, left),
                {one["id"]: one["phase"] for one in document["parcels"]},
            ),
        ),
        ranks={one["id"]: one["rank"] for one in document["parcels"]},
        sections={
            **{one["id"]: (_priority_section(one, phases, criteria),) for one in document["parcels"]},
            **{
                one["id"]: (Section(_PRIORITY, ((Text("不列入排序", "left out"), _text(one["reason"])),)),)
                for one in document["left_out"]
            },
        },
    )


_PRIORITY = Text("优先顺序", "Priority")


def _priority_section(one: Json, phases: Mapping[str, Text], criteria: Json) -> Section:
    rows: list[tuple[Text, Text | str]] = [
        (Text("分期", "phase"), phases.get(one["phase"], Text("—", "—"))),
        (Text("得分", "score"), _span((one["score_low"], one["score_high"]), _HUNDRED)),
    ]
    if one["rank_best"] != one["rank_worst"]:
        rows.append((Text("名次范围", "possible ranks"), f"{one['rank_best']}–{one['rank_worst']}"))
    rows += [(_text(criteria[name]["title"]), _text(part["reason"])) for name, part in one["criteria"].items()]
    return Section(_PRIORITY, tuple(rows), _text(one["reason"]))


# --- recovery ---


def recovery_contribution(document: Json, _: Mapping[str, Text]) -> Contribution:
    """Return statuses, alarms and curves of `zoning mines recovery`."""
    from zoning.mines.recovery.judging import STATUSES

    kinds = tuple(Kind(name, text, *_STATUS_LOOKS[name]) for name, text in STATUSES.items())
    dates = tuple(date.fromisoformat(day) for day in document["dates"])
    parcels = document["parcels"]
    return Contribution(
        themes=(
            Theme(
                "recovery",
                Text("恢复状况", "Recovery"),
                (*kinds, not_known(Text("未监测", "not monitored"))),
                {one["id"]: one["status"] for one in parcels},
            ),
        ),
        sections={one["id"]: (_recovery_section(one),) for one in parcels},
        curves={one["id"]: (_curve(one, dates),) for one in parcels if "curve" in one},
    )


def _recovery_section(one: Json) -> Section:
    rows: list[tuple[Text, Text | str]] = []
    for name, title in (("index", Text("恢复指数（现在）", "index now")), ("target", Text("目标", "target"))):
        if one[name] is not None:
            rows.append((title, f"{one[name]:.2f}"))
    trend = one["index_trend"]
    if trend is not None and trend["per_year"] is not None:
        p = "" if trend["p"] is None else f" (p = {trend['p']:.3g}, n = {trend['dates']})"
        rows.append((Text("每年变化", "change a year"), f"{trend['per_year']:+.3f}{p}"))
    rows += [
        (Text(f"警报 {alarm['since']}", f"alarm {alarm['since']}"), _text(alarm["reason"])) for alarm in one["alarms"]
    ]
    return Section(Text("恢复监测", "Recovery"), tuple(rows), _text(one["reason"]))


def _curve(one: Json, dates: tuple[date, ...]) -> Curve:
    curve = one["curve"]
    return Curve(
        Text("植被指数", "Vegetation index"),
        dates,
        tuple(curve["values"]),
        reference=tuple(curve["reference"]),
        word=_text(one["reason"]),
    )


# --- works ---


def works_contribution(document: Json, _: Mapping[str, Text]) -> Contribution:
    """Return quantities and costs of `zoning mines works`."""
    items = document["parameters"]["items"]
    return Contribution(
        sections={one["id"]: (_works_section(one, items),) for one in document["parcels"]},
    )


def _works_section(one: Json, items: Json) -> Section:
    rows: list[tuple[Text, Text | str]] = []
    for entry in one["items"]:
        if not entry["applies"] or entry["quantity"] == 0:
            continue
        item = items[entry["item"]]
        rows.append((_text(item["title"]), _quantity(entry["quantity"], item["unit"])))
    cost = one["cost_yuan"]
    total = _NOT_KNOWN if cost is None else f"{cost / _WAN:,.2f}"
    rows.append((Text("造价（万元）", "cost (10,000 yuan)"), total))
    return Section(Text("工程量", "Works"), tuple(rows))


def _quantity(quantity: float | None, unit: str) -> Text | str:
    if quantity is None:
        return _NOT_KNOWN
    # What is little is not to be read as nothing.
    figure = f"{quantity:,.1f}" if quantity >= _LEAST else f"{quantity:.1g}"
    return f"{figure} {unit}"


_NOT_KNOWN = Text("未知", "not known")
_LEAST = 0.05
_WAN = 10_000.0


_ANALYSES: Mapping[str, tuple[Text, Callable[[Json, Mapping[str, Text]], Contribution]]] = {
    "priority": (Text("优先顺序", "priority"), priority_contribution),
    "mode": (Text("修复方向", "restoration mode"), mode_contribution),
    "recovery": (Text("恢复监测", "recovery"), recovery_contribution),
    "works": (Text("工程量和造价", "quantities and cost"), works_contribution),
}
