"""The tables of `zoning mines watch`, and its GeoPackage."""

from typing import TYPE_CHECKING

from zoning.cli.mines_recovery_tables import NOTHING_SEEN
from zoning.cli.plan_statistics_tables import Head, Sheet, Value
from zoning.mines.watch.document import SUSPICION, chip_name
from zoning.mines.watch.memory import MARKS, STATES
from zoning.texts import Language, Text

if TYPE_CHECKING:
    from zoning.maps.made import Made
    from zoning.maps.qgis.tables import Table
    from zoning.mines.watch.running import Watch
    from zoning.mines.watch.suspects import Suspect
    from zoning.styles.drawing import Drawing

TITLE = Text("红线与保护地变化巡查（疑似）", "Watch of red line and reserves (suspicions)")
_COLOURS = {
    "new": "#B3261E",
    "seen_again": "#C4601A",
    "explained": "#5B8C5A",
    "not_seen": "#6B675F",
    "not_watched": "#8E8A82",
}
_CERTAINTIES = {
    "certain": Text("确定", "certain"),
    "possible": Text("在边界精度之内", "within the accuracy of the border"),
}
_ID = Head(Text("图斑", "patch"), 10)
_SHOWN_RULES = 3


def where_of(suspect: "Suspect", language: Language) -> str:
    """Return the zones of a patch in words."""
    parts = []
    for zone in suspect.zones:
        names = "、".join(dict.fromkeys(name for _, name in zone.zones if name))
        titles = dict.fromkeys((zone.title.get(language), zone.class_title.get(language)))
        parts.append(" · ".join(titles) + (f"（{names}）" if names and language == "zh" else ""))
    return "；".join(parts) if language == "zh" else "; ".join(parts)


def rules_of(suspect: "Suspect") -> str:
    """Return the ids of the rules, prohibitions first; of many the first ones and how many more."""
    ids = [rule.rule for rule in sorted(suspect.rules, key=lambda rule: rule.effect != "prohibit")]
    more = f" +{len(ids) - _SHOWN_RULES}" if len(ids) > _SHOWN_RULES else ""
    return " ".join(ids[:_SHOWN_RULES]) + more


def notes_of(watch: "Watch") -> list[Text]:
    """Return what a reader must know, the suspicion first."""
    pairs = [(one.pair.before, one.pair.after) for one in watch.spreads]
    found = [
        SUSPICION,
        Text(
            "比较：" + "；".join(f"{before} → {after}" for before, after in pairs),
            "compared: " + "; ".join(f"{before} -> {after}" for before, after in pairs),
        ),
    ]
    if not any(one.pixels for one in watch.spreads):
        found.append(NOTHING_SEEN)
    for gap in watch.gaps:
        hectares = f"{gap.area_m2 / 10_000:,.2f}"
        found.append(
            Text(
                f"未巡查：{gap.layer} {hectares} 公顷（{gap.reason.zh}）",
                f"not watched: {gap.layer} {hectares} ha ({gap.reason.en})",
            )
        )
    if not watch.gaps:
        found.append(Text("所列图层的保护地全部有有效像元", "all protected land of the layers had valid pixels"))
    if any(layer.schematic for layer in watch.ground.layers):
        found.append(Text("含示意数据，非法定边界", "with schematic data, no legal boundaries"))
    return found


def sheets_of(watch: "Watch") -> tuple[Sheet, ...]:
    """Return patches, zones, rules, what was not watched."""
    return (_patches(watch), _zones(watch), _rules(watch), _gaps(watch))


def _patches(watch: "Watch") -> Sheet:
    heads = (
        *(_ID, Head(Text("状态", "state"), 14), Head(Text("核查", "mark"), 14)),
        Head(Text("首次发现", "first seen"), 12),
        Head(Text("最近所见", "last seen"), 12),
        Head(Text("面积 m²", "area m²"), 12, 0),
        Head(Text("保护区内 m²", "inside m²"), 12, 0),
        Head(Text("以前", "before"), 8, 2),
        Head(Text("现在", "after"), 8, 2),
        Head(Text("见于期数", "dates"), 8, 0),
        Head(Text("所在分区", "zones"), 50),
        Head(Text("许可范围", "permitted sites"), 24),
        Head(Text("已知图斑", "known parcels"), 24),
        Head(Text("图片", "picture"), 18),
        Head(Text("说明", "note"), 30),
    )
    rows: list[tuple[Value, ...]] = []
    for one in watch.listed:
        known, suspect = one.known, one.suspect
        first = (known.id, STATES[known.state], MARKS[known.mark], str(known.first_seen), str(known.last_seen))
        if suspect is None:
            rows.append((*first, *[None] * 9, known.note))
            continue
        raw = suspect.raw
        where = Text(where_of(suspect, "zh"), where_of(suspect, "en"))
        figures = (suspect.area_m2, suspect.inside_m2, raw.before, raw.after, raw.dates)
        sites = tuple(
            ", ".join(f"{name} {share:.0%}" for name, share in shares.items()) or None
            for shares in (suspect.permitted, suspect.parcels)
        )
        rows.append((*first, *figures, where, *sites, chip_name(known.id), known.note))
    return Sheet("patches", Text("疑似图斑", "suspected patches"), heads, tuple(rows))


def _zones(watch: "Watch") -> Sheet:
    heads = (
        *(_ID, Head(Text("图层", "layer"), 20), Head(Text("类别", "class"), 20), Head(Text("分区", "zone"), 40)),
        Head(Text("重叠 m²", "overlap m²"), 12, 1),
        Head(Text("确定性", "certainty"), 22),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            *(one.known.id, zone.title, zone.class_title, "、".join(f"{name} {code}" for code, name in zone.zones)),
            *(zone.overlap_m2, _CERTAINTIES[zone.certainty]),
        )
        for one in watch.listed
        if one.suspect is not None
        for zone in one.suspect.zones
    )
    return Sheet("zones", Text("所在分区", "zones"), heads, rows)


def _rules(watch: "Watch") -> Sheet:
    heads = (
        *(_ID, Head(Text("规则", "rule"), 12), Head(Text("内容", "title"), 50), Head(Text("图层", "layer"), 20)),
        Head(Text("文件", "document"), 40),
        Head(Text("条款", "section"), 20),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (one.known.id, rule.rule, rule.title, rule.layer, rule.document, rule.section)
        for one in watch.listed
        if one.suspect is not None
        for rule in one.suspect.rules
    )
    return Sheet("rules", Text("可能适用的规则", "rules that could apply"), heads, rows)


def _gaps(watch: "Watch") -> Sheet:
    heads = (
        Head(Text("图层", "layer"), 24),
        Head(Text("原因", "why"), 40),
        Head(Text("面积 m²", "area m²"), 14, 0),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple((gap.layer, gap.reason, gap.area_m2) for gap in watch.gaps)
    return Sheet("not-watched", Text("未巡查", "not watched"), heads, rows)


def gpkg_of(watch: "Watch", language: Language, made: "Made") -> bytes:
    """Return the patches, and the land that was not watched, as a GeoPackage."""
    from zoning.maps.qgis.geopackage import geopackage

    return geopackage([_patch_table(watch, language), _gap_table(watch, language)], made.on)


def _patch_table(watch: "Watch", language: Language) -> "Table":
    import shapely

    from zoning.maps.qgis.tables import Table

    fields = (
        "id",
        "class",
        "state",
        "mark",
        "first_seen",
        "last_seen",
        "area_m2",
        "inside_m2",
        "zones",
        "chip",
        "note",
    )
    rows = []
    for one in watch.listed:
        known, suspect = one.known, one.suspect
        figures: tuple[float | str | None, ...] = (None,) * 4
        if suspect is not None:
            figures = (suspect.area_m2, suspect.inside_m2, where_of(suspect, language), chip_name(known.id))
        words = (STATES[known.state].get(language), MARKS[known.mark].get(language))
        days = (known.first_seen.isoformat(), known.last_seen.isoformat())
        rows.append((known.id, known.state, *words, *days, *figures, known.note))
    shapes = tuple(shapely.MultiPolygon(shapely.get_parts(one.known.shape).tolist()) for one in watch.listed)
    title, about = TITLE.get(language), SUSPICION.get(language)
    texts = frozenset(fields) - {"area_m2", "inside_m2"}
    return Table("patches", title, "zones", about, fields, texts, tuple(rows), shapes, _drawing(language))


def _gap_table(watch: "Watch", language: Language) -> "Table":
    import numpy as np
    import shapely

    from zoning.maps.qgis.tables import Table

    places = np.empty(len(watch.gaps), dtype=object)
    places[:] = [gap.geometry for gap in watch.gaps]
    lonlat = watch.ground.plane.to_lonlat(places) if len(watch.gaps) else places
    shapes = tuple(
        shapely.MultiPolygon([part for part in shapely.get_parts(one) if part.geom_type == "Polygon"]) for one in lonlat
    )
    name = Text("未巡查", "not watched").get(language)
    rows = tuple((gap.layer, gap.reason.get(language), gap.area_m2) for gap in watch.gaps)
    fields = ("layer", "why", "area_m2")
    return Table("not_watched", name, "uncovered", name, fields, frozenset(fields[:2]), rows, shapes)


def _drawing(language: Language) -> "Drawing":
    from zoning.styles.drawing import Category, Drawing, Labels, Outline, Tint
    from zoning.styles.looks import LabelLook

    categories = tuple(
        Category((name,), STATES[state].get(language), (Tint(colour, 0.35), Outline(colour, 1.2)))
        for name, colour in _COLOURS.items()
        for state in STATES
        if state == name
    )
    return Drawing(TITLE.get(language), "polygon", "class", categories, Labels("id", LabelLook()))
