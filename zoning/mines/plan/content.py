"""Dashboard and analyses -> the sections of the plan, in one language."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zoning.maps.made import Made
from zoning.mines.dashboard.content import Card, Dashboard, Theme
from zoning.mines.decision_words import DECISIONS
from zoning.mines.plan.overview_picture import overview_png
from zoning.quantities import hectares
from zoning.report.document import Block, Cell, Column, Number, Paragraph, Picture, Section, Table, Word
from zoning.report.handout import Handout
from zoning.texts import Language, Text

_TITLE = Text("矿山图斑修复计划", "Plan for the restoration of mine parcels")
_SUBTITLE = Text("修复工作台", "Restoration desk")
_WAN = 10_000.0
_NOT_KNOWN = Text("未知", "not known")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Analyses:
    """Documents of the analyses, None where one was not made; titles of the layers by their ids."""

    priority: Json
    mode: Json | None = None
    works: Json | None = None
    layers: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the plan says of one parcel, from all documents."""

    cards: Mapping[str, Card]
    states: Theme
    modes: Mapping[str, Json]
    titles: Mapping[str, Text]
    costs: Mapping[str, float | None]


def plan_of(dashboard: Dashboard, analyses: Analyses, made: Made, language: Language) -> Handout:
    """Return the plan."""
    told = _told(dashboard, analyses)
    return Handout(
        language=language,
        title=_TITLE.get(language),
        subtitle=_SUBTITLE.get(language),
        facts=_facts(dashboard, analyses, made, language),
        notice=dashboard.notice.get(language),
        sections=tuple(_sections(dashboard, analyses, told, language)),
        made=made,
    )


def _told(dashboard: Dashboard, analyses: Analyses) -> _Told:
    mode, works = analyses.mode, analyses.works
    titles = {} if mode is None else mode["parameters"]["suitability"]["modes"]
    return _Told(
        cards={card.id: card for card in dashboard.cards},
        states=next(theme for theme in dashboard.themes if theme.id == "state"),
        modes={} if mode is None else {one["id"]: one for one in mode["parcels"]},
        titles={name: _text(one["title"]) for name, one in titles.items()},
        costs={} if works is None else {one["id"]: one["cost_yuan"] for one in works["parcels"]},
    )


def _facts(dashboard: Dashboard, analyses: Analyses, made: Made, language: Language) -> Table:
    area = sum(card.area_m2 or 0.0 for card in dashboard.cards)
    due = Counter(card.due for card in dashboard.cards)
    size = f"{hectares(area):,.4f}"
    rows: list[tuple[str, str]] = [
        (Text("截至", "as of").get(language), dashboard.on.isoformat()),
        (Text("图斑", "parcels").get(language), f"{len(dashboard.cards):,}"),
        (Text("面积", "area").get(language), Text(f"{size} 公顷", f"{size} ha").get(language)),
        *((title.get(language), told) for title, told in _counts(dashboard, language)),
        (Text("超期", "overdue").get(language), f"{due['overdue']:,}"),
        (Text("即将到期", "due soon").get(language), f"{due['soon']:,}"),
        (Text("造价", "cost").get(language), _cost_of_all(analyses.works).get(language)),
    ]
    if made.maker:
        rows.append((Text("编制单位", "made by").get(language), made.maker))
    return Table("facts", (Column("", weight=1), Column("", weight=4)), tuple(rows), pairs=True)


def _counts(dashboard: Dashboard, language: Language) -> Iterator[tuple[Text, str]]:
    """Yield how many parcels stand where, and belong to which phase."""
    for theme in dashboard.themes:
        if theme.id in {"state", "priority"}:
            names = [kind.name for kind in theme.kinds]
            told = (theme.of.get(card.id, "") for card in dashboard.cards)
            counts = Counter(name if name in names else names[-1] for name in told)
            parts = [f"{kind.word.get(language)} {counts[kind.name]}" for kind in theme.kinds if counts[kind.name]]
            yield theme.title, Text("；", "; ").get(language).join(parts)


def _cost_of_all(works: Json | None) -> Text:
    if works is None:
        return Text("未估算（zoning mines works）", "not estimated (zoning mines works)")
    known = works["cost_known_yuan"] / _WAN
    if works["cost_yuan"] is None:
        return Text(
            f"未知；已知部分 {known:,.2f} 万元", f"not known; the part that is known: {known:,.2f} (10,000 yuan)"
        )
    return Text(f"{known:,.2f} 万元", f"{known:,.2f} (10,000 yuan)")


def _sections(dashboard: Dashboard, analyses: Analyses, told: _Told, language: Language) -> Iterator[Section]:
    priority = analyses.priority
    yield Section("map", "1", Text("位置", "Where they are").get(language), tuple(_map(dashboard, language)))
    yield Section("order", "2", Text("顺序", "The order").get(language), tuple(_order(priority, told, language)))
    number, mode = 3, analyses.mode
    for name, heading, rows in (
        ("due", Text("超期和即将到期", "Overdue and due soon"), tuple(_due_rows(dashboard, language))),
        (
            "forbidden",
            Text("法规不允许的方向", "Modes that the law does not allow"),
            tuple(_law_rows(mode, told, language)),
        ),
        ("open", Text("待补充的信息", "What is still open"), tuple(_open_rows(analyses, language))),
        ("left", Text("不列入排序的图斑", "Parcels left out of the order"), tuple(_left_rows(priority, language))),
    ):
        if rows:
            yield Section(name, str(number), heading.get(language), (_two_columns(name, rows, language),))
            number += 1
    title = Text("依据和参数", "What it rests on").get(language)
    yield Section("basis", str(number), title, tuple(_basis(analyses, language)))


def _map(dashboard: Dashboard, language: Language) -> Iterator[Block]:
    theme = next(theme for theme in dashboard.themes if theme.id == "priority")
    drawn = overview_png(dashboard, theme)
    if drawn is None:
        yield Paragraph(Text("没有图斑有图形。", "No parcel has a geometry.").get(language), "note")
        return
    words = Text(
        "；".join(f"{_SIGNS[kind.shape].zh} {kind.word.zh}" for kind in theme.kinds),
        "; ".join(f"{_SIGNS[kind.shape].en}: {kind.word.en}" for kind in theme.kinds),
    )
    numbers = Text("数字为名次（前 60 位）", "figures are ranks (the first 60)")
    schematic = Text("；示意", "; schematic") if dashboard.schematic else Text("", "")
    caption = Text(f"{words.zh}。{numbers.zh}{schematic.zh}", f"{words.en}. {numbers.en}{schematic.en}")
    yield Picture("overview", drawn[0], caption.get(language), width_mm=drawn[1])


_SIGNS: Mapping[str, Text] = {
    "circle": Text("圆", "circle"),
    "triangle": Text("三角", "triangle"),
    "pointer": Text("倒三角", "pointer"),
    "diamond": Text("菱形", "diamond"),
    "octagon": Text("八边形", "octagon"),
    "square": Text("方框", "square"),
    "hexagon": Text("六边形", "hexagon"),
    "pentagon": Text("五边形", "pentagon"),
    "star": Text("星", "star"),
    "cross": Text("十字", "cross"),
}


def _order(priority: Json, told: _Told, language: Language) -> Iterator[Block]:
    phases = priority["parameters"]["phases"]
    for name, phase in phases.items():
        parcels = sorted((one for one in priority["parcels"] if one["phase"] == name), key=lambda one: one["rank"])
        if not parcels:
            continue
        yield Paragraph(_text(phase["title"]).get(language), "heading")
        rows = tuple(_row(one, _text(phase["title"]), told, language) for one in parcels)
        yield Table(f"phase-{name}", _columns(language), rows)


def _columns(language: Language) -> tuple[Column, ...]:
    told = (
        (Text("名次", "rank"), "", True, 0.9),
        (Text("编号、名称", "number, name"), "", False, 2.6),
        (Text("乡镇", "township"), "", False, 1.4),
        (Text("面积", "area"), Text("公顷", "ha").get(language), True, 1.25),
        (Text("进度", "progress"), "", False, 1.3),
        (Text("修复方向", "mode"), "", False, 1.5),
        (Text("造价", "cost"), Text("万元", "10,000 yuan").get(language), True, 1.3),
        (Text("理由", "reason"), "", False, 6.5),
    )
    return tuple(Column(title.get(language), unit, numeric, weight) for title, unit, numeric, weight in told)


def _row(one: Json, phase: Text, told: _Told, language: Language) -> tuple[Cell, ...]:
    card = told.cards.get(one["id"])
    name = one["id"] if one["name"] in {"", one["id"]} else f"{one['id']}\n{one['name']}"
    area: Cell = "—" if card is None or card.area_m2 is None else Number(hectares(card.area_m2), 4)
    state = next((kind.word for kind in told.states.kinds if kind.name == told.states.of.get(one["id"])), _NOT_KNOWN)
    group = "—" if card is None or not card.group else card.group
    return (
        Number(one["rank"], 0),
        name,
        group,
        area,
        state.get(language),
        _mode_cell(one["id"], told, language),
        _cost_cell(one["id"], told, language),
        _without_phase(_text(one["reason"]), phase).get(language),
    )


def _without_phase(reason: Text, phase: Text) -> Text:
    """Return a reason without the phase, which stands above the table."""
    return Text(reason.zh.removeprefix(f"{phase.zh}；"), reason.en.removeprefix(f"{phase.en}; "))


def _mode_cell(number: str, told: _Told, language: Language) -> Cell:
    found = told.modes.get(number)
    if found is None:
        return "—"
    target = found["target"]
    if target["mode"] is None:
        return Word(Text("无可用方向", "none is left").get(language), "prohibited")
    title = told.titles[target["mode"]].get(language)
    decision = target["decision"]
    if decision not in ("restricted", "undetermined"):
        return title
    word = DECISIONS[decision]
    return Word(Text(f"{title}（{word.zh}）", f"{title} ({word.en})").get(language), decision)


def _cost_cell(number: str, told: _Told, language: Language) -> Cell:
    if number not in told.costs:
        return "—"
    cost = told.costs[number]
    return _NOT_KNOWN.get(language) if cost is None else Number(cost / _WAN, 2)


def _two_columns(name: str, rows: Sequence[tuple[str, str]], language: Language) -> Table:
    heads = (Text("说明", "what"), Text("图斑", "parcels"))
    columns = tuple(Column(head.get(language), weight=weight) for head, weight in zip(heads, (2.4, 3.6), strict=True))
    return Table(name, columns, tuple(rows))


def _listed(found: Mapping[str, list[str]], language: Language) -> Iterator[tuple[str, str]]:
    """Yield what is said of many parcels once, with the parcels that it is said of."""
    for said, numbers in sorted(found.items(), key=lambda one: (-len(one[1]), one[0])):
        count = Text(f"{len(numbers)} 个：", f"{len(numbers)}: ").get(language)
        yield said, count + Text("、", ", ").get(language).join(numbers)


def _due_rows(dashboard: Dashboard, language: Language) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for card in sorted(dashboard.cards, key=lambda card: card.id):
        if card.due and card.due_text is not None:
            found[card.due_text.get(language)].append(card.id)
    return _listed(found, language)


def _law_rows(mode: Json | None, told: _Told, language: Language) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in () if mode is None else mode["parcels"]:
        for name in one["target"]["forbidden"]:
            for reason in one["law"][name]["reasons"]:
                if reason["decision"] == "prohibited":
                    said = f"{told.titles[name].get(language)}: {_cited(mode, reason['rule'], language)}"
                    if one["id"] not in found[said]:
                        found[said].append(one["id"])
    return _listed(found, language)


def _cited(mode: Json | None, rule: str, language: Language) -> str:
    told = {} if mode is None else mode["rules"][rule]
    return f"{rule} {_text(told['title']).get(language)} ({_text(told['citation']).get(language)})"


def _open_rows(analyses: Analyses, language: Language) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = defaultdict(list)
    missing = Text("图层数据缺失：", "layer without data: ").get(language)
    mode = {"parcels": (), "questions": {}} if analyses.mode is None else analyses.mode
    for one in mode["parcels"]:
        target = one["target"]
        asked = [_text(mode["questions"][name]).get(language) for name in target["questions"]]
        titles = (analyses.layers.get(name, Text(name, name)).get(language) for name in target["missing_layers"])
        for said in (*asked, *(missing + title for title in titles)):
            found[said].append(one["id"])
    return _listed(found, language)


def _left_rows(priority: Json, language: Language) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in priority["left_out"]:
        found[_text(one["reason"]).get(language)].append(one["id"])
    return _listed(found, language)


def _basis(analyses: Analyses, language: Language) -> Iterator[Block]:
    priority = analyses.priority
    for note in priority["notes"]:
        yield Paragraph(_text(note).get(language), "item")
    if analyses.mode is not None:
        content = analyses.mode["parameters"]["suitability"]
        yield Paragraph(_text(content["note"]).get(language), "item")
    for note in () if analyses.works is None else analyses.works["notes"]:
        yield Paragraph(_text(note).get(language), "item")
    heads = (Text("准则", "criterion"), Text("权重", "weight"), Text("出处", "source"))
    columns = (
        Column(heads[0].get(language), weight=1.4),
        Column(heads[1].get(language), numeric=True, weight=0.7),
        Column(heads[2].get(language), weight=4.0),
    )
    rows = tuple(
        (
            _text(one["title"]).get(language),
            Number(one["weight"], 3) if one["weight"] is not None else Text("未计", "not counted").get(language),
            _text(one["source"]).get(language),
        )
        for one in priority["parameters"]["criteria"].values()
    )
    yield Table("criteria", columns, rows)
    files = {
        name: digest
        for document in (priority, analyses.mode, analyses.works)
        if document is not None
        for name, digest in document["sources"].items()
        if isinstance(digest, str)
    }
    if files:
        source_heads = (Text("输入", "input"), Text("SHA-256", "SHA-256"))
        named = tuple(
            Column(head.get(language), weight=weight) for head, weight in zip(source_heads, (1.4, 4.0), strict=True)
        )
        yield Table("sources", named, tuple(files.items()))


def _text(value: Json) -> Text:
    return Text(value["zh"], value["en"])
