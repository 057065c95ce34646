"""A desk made in code: parcels in three townships, two themes, curves with gaps, one photo, hostile names."""

import io
from datetime import date

import numpy as np
import shapely

from zoning.mines.dashboard.content import Card, Chart, Curve, Dashboard, Due, Kind, Photo, Section, Theme
from zoning.texts import Text

TOWNS = ("凤城镇", "北留镇", "A&B‹矿›乡")
STATES = (
    Kind("found", Text("已发现", "found"), "#5B3A22", "circle"),
    Kind("in-works", Text("施工中", "in works"), "#C9A227", "cross"),
    Kind("closed", Text("已销号", "closed"), "#1B5B3A", "star"),
    Kind("unknown", Text("未知", "not known"), "#6B675F", "square", hollow=True),
)
MODES = (
    Kind("forest", Text("宜林", "forest"), "#2E7D4F", "circle"),
    Kind("unknown", Text("未研判", "not known"), "#6B675F", "square", hollow=True),
)
DATES = tuple(date(2023 + quarter // 4, 1 + 3 * (quarter % 4), 15) for quarter in range(12))
NDVI = (0.2, 0.23, 0.26, 0.3, None, 0.35, 0.38, 0.42, 0.45, 0.47, 0.5, 0.53)
HOSTILE = "</script><b>矿&坑</b>"


def make_desk(count: int) -> Dashboard:
    """Return a desk of `count` parcels; the last one has no place, the first is overdue and has a photo."""
    cards = tuple(_card(number, count) for number in range(count))
    states = {card.id: STATES[number % 3].name for number, card in enumerate(cards)}
    modes = {card.id: "forest" for card in cards[::2]}
    chart = Chart(
        Text("各乡镇图斑", "parcels by township"),
        Text("个", "parcels"),
        STATES[:3],
        tuple(
            (town, tuple(float(sum(c.group == town and states[c.id] == k.name for c in cards)) for k in STATES[:3]))
            for town in TOWNS
        ),
    )
    return Dashboard(
        title=Text("矿山图斑台账", "Mine parcels"),
        item=Text("图斑", "parcel"),
        on=date(2026, 11, 23),
        notice=Text("示意数据，不得用于审批。", "Schematic data, not for decisions."),
        schematic=True,
        cards=cards,
        themes=(
            Theme("state", Text("进度", "state"), STATES, states),
            Theme("mode", Text("修复方向", "mode"), MODES, modes),
        ),
        charts=(chart,),
        remarks=(Text("未做恢复监测", "no recovery monitoring yet"),),
        outlines=(("阳城县", [[(112.1, 35.2), (112.7, 35.2), (112.7, 35.7), (112.1, 35.7), (112.1, 35.2)]]),),
    )


def _card(number: int, count: int) -> Card:
    sections = (
        Section(
            Text("基本信息", "basics"),
            ((Text("图斑大类", "class"), Text("历史遗留矿山", "historic")), (Text("主体", "owner"), f"ZT{number}")),
        ),
        Section(
            Text("问题清单", "problems"),
            ((Text("截排水沟未完成", "ditch unfinished"), Text("未销号", "open")),),
            Text("共 1 项", "1 in all"),
        ),
    )
    reference = tuple(0.6 for _ in DATES)
    curve = Curve(
        Text("植被指数", "vegetation index"),
        DATES,
        NDVI,
        reference,
        (),
        Text("恢复中：每年 +0.11", "recovering: +0.11"),
    )
    due: Due = "overdue" if number == 0 else "soon" if number == 1 else ""
    return Card(
        id=f"1405220000{number:04d}",
        name=HOSTILE if number == 2 else f"东山采石场{number}" if number % 2 else "",
        group=TOWNS[number % 3],
        geometry=None if number == count - 1 else _pit(number),
        area_m2=None if number == 3 else 10_000.0 + number,
        rank=None if number == 4 else number + 1,
        due=due,
        due_text=Text("应于 2025-12-31 前完成验收", "due 2025-12-31: accepted") if due else None,
        sections=sections,
        curves=(curve,),
        photos=(Photo(Text("修复前", "before"), _jpeg()),) if number == 0 else (),
    )


def _pit(number: int) -> shapely.Polygon:
    x, y = 112.2 + 0.04 * (number % 12), 35.3 + 0.03 * (number // 12 % 12)
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    reach = 0.002 * (1 + 0.3 * np.sin(3 * turns + number))
    return shapely.Polygon(np.column_stack([x + reach * np.cos(turns), y + reach * np.sin(turns)]))


def _jpeg() -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (32, 24), "#8A5A36").save(stream, "JPEG")
    return stream.getvalue()
