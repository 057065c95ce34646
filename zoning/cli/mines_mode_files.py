"""The modes of parcels as workbook and GeoPackage."""

from typing import TYPE_CHECKING

from zoning.cli.plan_statistics_tables import Head, Sheet, Value, workbook
from zoning.maps.made import Made
from zoning.texts import Language, Text, joined

if TYPE_CHECKING:
    from zoning.maps.qgis.tables import Table
    from zoning.mines.suitability.content import Suitability
    from zoning.mines.suitability.run import Modes, ParcelModes
    from zoning.styles.drawing import Drawing

_COLOURS = {
    "forest": "#2e7d32",
    "landscape": "#8e5ea2",
    "cropland": "#d9a441",
    "fishery": "#2f7fb5",
    "grass": "#9ccc65",
}
_ELSE, _NONE = "#6d6d6d", "#b3261e"


def workbook_of(modes: "Modes", language: Language, day: str) -> bytes:
    """Return the workbook: recommendations, scores, trace, rules, sensitivity; the same result gives the same bytes."""
    from zoning.version import __version__

    sheets = (_choices(modes, language), _scores(modes), _trace(modes), _law(modes), _weights(modes))
    notes = [text.get(language) for text in (modes.content.note, _ranking_text(modes.content), modes.law.note)]
    notes.append(day)
    return workbook(sheets, modes.content.title.get(language), notes, language, Made(day, __version__))


_RANKED_BY = {
    "lowest": Text("最低分", "their lowest scores"),
    "middle": Text("中间分", "the middle of their scores"),
    "highest": Text("最高分", "their highest scores"),
}


def _ranking_text(content: "Suitability") -> Text:
    by, source = _RANKED_BY[content.ranking], content.ranking_source
    return Text(f"各方向按{by.zh}排列（{source.zh}）", f"the modes stand in the order of {by.en} ({source.en})")


def _choices(modes: "Modes", language: Language) -> Sheet:
    heads = (
        *(
            Head(Text("图斑编号", "parcel"), 16),
            Head(Text("名称", "name"), 20),
            Head(Text("面积_公顷", "area_ha"), 10, 4),
        ),
        *(
            Head(Text("修复方向", "target"), 10),
            Head(Text("最低分", "lowest"), 8, 2),
            Head(Text("最高分", "highest"), 8, 2),
        ),
        *(
            Head(Text("合规性", "law"), 18),
            Head(Text("尚待明确", "open"), 60),
            Head(Text("没有疑问的首选", "settled"), 14),
        ),
        *(Head(Text("规则禁止的方向", "barred"), 20), Head(Text("随机权重下不变_%", "same_%"), 12, 0)),
        *(
            Head(Text("修复方式", "way"), 12),
            Head(Text("方式代码", "NXFFS"), 8),
            Head(Text("方式合规性", "law of the way"), 18),
        ),
    )
    rows = tuple(
        _choice(modes, parcel, stability.same, language)
        for parcel, stability in zip(modes.parcels, modes.targets.parcels, strict=True)
    )
    return Sheet("choices", Text("建议", "recommended"), heads, rows)


def _choice(modes: "Modes", parcel: "ParcelModes", same: float | None, language: Language) -> tuple[Value, ...]:
    from zoning.mines.suitability.wording import decision_text, mode_title, open_texts
    from zoning.quantities import hectares

    content, target, way = modes.content, parcel.target, parcel.way
    settled = None if target.settled is None else mode_title(content, target.settled)
    return (
        parcel.record.id,
        parcel.record.name,
        hectares(parcel.area_m2),
        mode_title(content, target.mode),
        None if target.score is None else target.score.interval.low,
        None if target.score is None else target.score.interval.high,
        decision_text(target.ruling),
        joined(open_texts(target, content), "；", "; ").get(language),
        settled,
        joined((mode_title(content, mode) for mode in target.forbidden), "；", "; ").get(language),
        None if same is None else same * 100,
        mode_title(content, way.mode),
        None if way.mode is None else content.modes[way.mode].code,
        decision_text(way.ruling),
    )


def _scores(modes: "Modes") -> Sheet:
    heads = [Head(Text("图斑编号", "parcel"), 16)]
    for mode in modes.content.modes.values():
        heads += [
            Head(Text(f"{mode.title.zh}_最低", f"{mode.title.en}: lowest"), 10, 2),
            Head(Text(f"{mode.title.zh}_最高", f"{mode.title.en}: highest"), 10, 2),
        ]
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            parcel.record.id,
            *(
                end
                for mode in modes.content.modes
                for end in (parcel.scores[mode].interval.low, parcel.scores[mode].interval.high)
            ),
        )
        for parcel in modes.parcels
    )
    return Sheet("scores", Text("得分", "scores"), tuple(heads), rows)


def _trace(modes: "Modes") -> Sheet:
    heads = (
        *(Head(Text("图斑编号", "parcel"), 16), Head(Text("方向", "mode"), 14), Head(Text("准则", "criterion"), 20)),
        *(Head(Text("取值", "value"), 36), Head(Text("单位", "unit"), 10), Head(Text("权重", "weight"), 8, 2)),
        *(Head(Text("隶属度_最低", "suits, lowest"), 10, 3), Head(Text("隶属度_最高", "suits, highest"), 10, 3)),
        *(Head(Text("限值", "limit"), 12), Head(Text("依据", "source"), 40)),
    )
    limits = {
        "none": None,
        "passed": Text("满足", "passed"),
        "failed": Text("不满足，排除", "failed: out"),
        "open": Text("未知", "cannot be told"),
    }
    rows: list[tuple[Value, ...]] = []
    for parcel in modes.parcels:
        for name, score in parcel.scores.items():
            mode = modes.content.modes[name]
            for part in score.parts:
                criterion = modes.content.criteria[part.criterion]
                weighed = part.weight > 0
                rows.append(
                    (
                        *(
                            parcel.record.id,
                            mode.title,
                            criterion.title,
                            _value(part.value),
                            criterion.unit,
                            part.weight,
                        ),
                        *((part.membership.low, part.membership.high) if weighed else (None, None)),
                        *(limits[part.limit], mode.uses[part.criterion].source),
                    )
                )
    return Sheet("trace", Text("评分依据", "trace"), heads, tuple(rows))


def _value(value: "dict[str, object]") -> Value:
    if isinstance(reason := value.get("not_known"), dict):
        return Text(f"未知：{reason['zh']}", f"not known: {reason['en']}")
    if isinstance(shares := value.get("shares"), dict):
        return ", ".join(f"{name} {share * 100:.0f} %" for name, share in shares.items())
    if isinstance(codes := value.get("codes"), list):
        return ", ".join(codes)
    if "from_m" in value:
        low, high = value["from_m"], value["to_m"]
        return f"{low:.0f}" if low == high else f"{low:.0f}–" + ("" if high is None else f"{high:.0f}")
    if "from_percent" in value:
        low, high = value["from_percent"], value["to_percent"]
        return f"{low:.1f}" if low == high else f"{low:.1f}–{high:.1f}"
    mean = value.get("mean")
    return None if mean is None else f"{mean:.2f} ({value['min']:.2f}–{value['max']:.2f})"


def _law(modes: "Modes") -> Sheet:
    from zoning.mines.decision_words import DECISIONS

    heads = (
        *(Head(Text("图斑编号", "parcel"), 16), Head(Text("核查", "check"), 20), Head(Text("规则", "rule"), 12)),
        *(Head(Text("内容", "title"), 44), Head(Text("结论", "decision"), 18), Head(Text("依据", "citation"), 60)),
        *(
            Head(Text("图层", "layer"), 20),
            Head(Text("重叠_平方米", "overlap_m2"), 12, 1),
            Head(Text("条件", "conditions"), 60),
        ),
        Head(Text("待答事实", "missing facts"), 30),
    )
    rows: list[tuple[Value, ...]] = []
    for parcel in modes.parcels:
        for name, ruling in parcel.rulings.items():
            for one in ruling.reasons:
                conditions = joined(one.conditions, "；", "; ")
                rows.append(
                    (
                        *(parcel.record.id, modes.law.checks[name].title, one.rule, one.title, DECISIONS[one.decision]),
                        *(one.citation, one.layer, one.overlap_m2 or None, conditions, ", ".join(one.missing_facts)),
                    )
                )
    return Sheet("law", Text("合规性核查", "law"), heads, tuple(rows))


def _weights(modes: "Modes") -> Sheet:
    heads = (
        *(Head(Text("方向", "mode"), 14), Head(Text("准则", "criterion"), 20), Head(Text("权重", "weight"), 8, 3)),
        *(Head(Text("改为", "moved to"), 8, 3), Head(Text("首选改变的图斑数", "parcels that change"), 16, 0)),
    )
    content = modes.content
    rows = tuple(
        (content.modes[one.mode].title, content.criteria[one.criterion].title, one.weight, one.moved, len(one.changed))
        for one in (*modes.targets.nudges, *modes.ways.nudges)
    )
    return Sheet("sensitivity", Text("权重敏感性", "sensitivity"), heads, rows)


def geopackage_of(modes: "Modes", language: Language, day: str) -> bytes:
    """Return parcels coloured by the recommended target as a GeoPackage; the same result gives the same bytes."""
    from zoning.maps.qgis.geopackage import geopackage

    return geopackage((_table(modes, language),), day)


def _table(modes: "Modes", language: Language) -> "Table":
    import shapely

    from zoning.maps.qgis.tables import Table
    from zoning.mines.suitability.wording import decision_text, mode_title, open_texts

    content = modes.content
    fields = (
        *("id", "name", "area_m2", "target", "target_title", "score_low", "score_high", "decision", "open"),
        *("settled", "barred", "same", "way", "way_title", "way_code", "way_decision"),
    )
    numbers = {"area_m2", "score_low", "score_high", "same"}
    rows = []
    for parcel, stability in zip(modes.parcels, modes.targets.parcels, strict=True):
        target, way = parcel.target, parcel.way
        score = None if target.score is None else target.score.interval
        rows.append(
            (
                *(parcel.record.id, parcel.record.name, round(parcel.area_m2, 2)),
                *(target.mode or "none", mode_title(content, target.mode).get(language)),
                *((None, None) if score is None else (round(score.low, 4), round(score.high, 4))),
                *(
                    decision_text(target.ruling).get(language),
                    joined(open_texts(target, content), "；", "; ").get(language),
                ),
                *(target.settled, " ".join(target.forbidden), stability.same),
                *(way.mode or "none", mode_title(content, way.mode).get(language)),
                *(None if way.mode is None else content.modes[way.mode].code, decision_text(way.ruling).get(language)),
            )
        )
    shapes = [one.record.geometry for one in modes.parcels]
    title = content.title.get(language)
    return Table(
        key="mode",
        name=title,
        role="zones",
        description=content.note.get(language),
        fields=fields,
        texts=frozenset(set(fields) - numbers),
        rows=tuple(rows),
        geometries=tuple(shapely.MultiPolygon(shapely.get_parts(one).tolist()) for one in shapes),
        drawing=_drawing(modes, language),
    )


def _drawing(modes: "Modes", language: Language) -> "Drawing":
    from zoning.mines.suitability.wording import NO_MODE
    from zoning.styles.drawing import Category, Drawing, Labels, Outline, Tint
    from zoning.styles.looks import LabelLook

    def look(colour: str) -> tuple[Tint, Outline]:
        return Tint(colour, 0.55), Outline(colour, 0.8)

    targets = modes.content.of("target")
    categories = [
        Category((name,), mode.title.get(language), look(_COLOURS.get(name, _ELSE))) for name, mode in targets.items()
    ]
    categories.append(Category(("none",), NO_MODE.get(language), look(_NONE)))
    return Drawing(modes.content.title.get(language), "polygon", "target", tuple(categories), Labels("id", LabelLook()))
