"""Advice as a person reads it on the terminal."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from zoning.cli.printing import print_line
from zoning.cli.session import Session
from zoning.quantities import format_area, format_length, format_share
from zoning.texts import Text, joined

if TYPE_CHECKING:
    from zoning.advice.entries import Advice, FlipEntry, PlacementEntry, RecheckEntry, RemainderEntry

_COMPASS = Text("北 东北 东 东南 南 西南 西 西北", "N NE E SE S SW W NW")
_LEVELS = {
    "prohibitions": Text("避开全部禁止区和数据缺失的范围", "off all that prohibits, and off land without data"),
    "settled": Text("并避开尚有疑问的区域", "off zones with open questions as well"),
    "known": Text(
        "只避开已知禁止区；数据不全，不能作为可行结论", "off known prohibitions only; data are missing: not clear"
    ),
}
_SHOWN = 6


def print_advice(session: Session, advice: "Advice", titles: Mapping[str, Text]) -> None:
    """Print one advice; `titles` of rules, facts and layers, by id."""
    from zoning.cli.tables import DECISIONS

    sign, word, _ = DECISIONS[advice.decision]
    language = session.language
    print_line(session, 0, f"{sign} {word.get(language)}  {advice.site_name}")
    print_line(session, 1, advice.summary.get(language))
    _print_remainder(session, advice, titles)
    _print_placements(session, advice, titles)
    _print_flip(session, advice.flip)
    _print_limits(session, advice, titles)
    print_line(session, 0, advice.notice.get(language))


def _print_remainder(session: Session, advice: "Advice", titles: Mapping[str, Text]) -> None:
    _head(session, Text("一、可用剩余", "1. What is left of the site"))
    for left in advice.remainder:
        _say(session, 1, _LEVELS[left.level])
        kept = format_area(left.area_m2)
        _say(
            session,
            2,
            Text(
                f"保留 {len(left.pieces)} 块，{kept.zh}，占 {format_share(left.share)}",
                f"pieces kept: {len(left.pieces)}, {kept.en}, {format_share(left.share)} of the site",
            ),
        )
        for number, piece in enumerate(left.pieces[:_SHOWN], start=1):
            area, checked = format_area(piece.area_m2), _checked(piece.recheck, titles)
            _say(session, 2, Text(f"{number}. {area.zh}；{checked.zh}", f"{number}. {area.en}; {checked.en}"))
        _say_left_out(session, left)
        if left.together is not None:
            whole = _checked(left.together, titles)
            _say(session, 2, Text(f"各块合并：{whole.zh}", f"all pieces together: {whole.en}"))


def _say_left_out(session: Session, left: "RemainderEntry") -> None:
    if left.too_small or left.too_small_m2:
        lost = format_area(left.too_small_m2)
        _say(
            session,
            2,
            Text(
                f"小于有用面积或宽度，未列：{left.too_small} 块，共 {lost.zh}",
                f"too small or too narrow, not listed: {left.too_small}, {lost.en} in all",
            ),
        )
    _say_dropped(session, left.dropped)


def _print_placements(session: Session, advice: "Advice", titles: Mapping[str, Text]) -> None:
    _head(session, Text("二、最近的可行位置（形状不变）", "2. The nearest place for the same shape"))
    for found in advice.placements:
        _say(session, 1, _LEVELS[found.level])
        for place in (found.moved, found.turned):
            if place is not None:
                _print_place(session, place, titles)
        if found.moved is None or found.moved.move.distance_m > 0:
            _say(session, 2, found.bound)
        _say_dropped(session, found.dropped)
        if found.inexact_rules:
            rules = " ".join(found.inexact_rules)
            _say(
                session,
                2,
                Text(
                    f"以下规则按“一律避开”处理，比条文更严，界限据此而言：{rules}",
                    f"more was avoided than these rules demand, and the bound speaks of that: {rules}",
                ),
            )


def _print_place(session: Session, place: "PlacementEntry", titles: Mapping[str, Text]) -> None:
    move, checked = place.move, _checked(place.recheck, titles)
    if move.distance_m == 0 and place.turn_deg == 0:
        _say(session, 2, Text(f"原位置已避开；{checked.zh}", f"it is off them where it lies; {checked.en}"))
        return
    turn = abs(place.turn_deg)
    turned_zh = f"，{'逆' if place.turn_deg > 0 else '顺'}时针旋转 {turn:g}°" if turn else ""
    turned_en = f", turned {turn:g}° {'counter-' if place.turn_deg > 0 else ''}clockwise" if turn else ""
    zh, en = _direction(move.bearing_deg)
    east, north = _signed(move.east_m, "东", "西", "E", "W"), _signed(move.north_m, "北", "南", "N", "S")
    _say(
        session,
        2,
        Text(
            f"移动 {format_length(move.distance_m)}，方位角 {move.bearing_deg:.1f}°（{zh}；{east.zh}，{north.zh}）"
            f"{turned_zh}；{checked.zh}",
            f"move {format_length(move.distance_m)}, bearing {move.bearing_deg:.1f}° ({en}; {east.en}, {north.en})"
            f"{turned_en}; {checked.en}",
        ),
    )


def _print_flip(session: Session, flip: "FlipEntry") -> None:
    from zoning.cli.tables import DECISIONS

    _head(session, Text("三、离另一结论多远", "3. How near another decision is"))
    if flip.safe_m > 0:
        safe = format_length(flip.safe_m)
        _say(
            session,
            1,
            Text(f"位置变动小于 {safe} 时结论不变", f"no displacement below {safe} changes the decision"),
        )
    if flip.move is None or flip.becomes is None:
        radius = format_length(flip.radius_m)
        _say(session, 1, Text(f"{radius} 之内未找到结论改变的位置", f"no change was found within {radius}"))
        return
    zh, en = _direction(flip.move.bearing_deg)
    word = DECISIONS[flip.becomes][1]
    far, bearing = format_length(flip.move.distance_m), f"{flip.move.bearing_deg:.1f}°"
    _say(
        session,
        1,
        Text(
            f"向{zh}（{bearing}）移动 {far} 即变为“{word.zh}”（已重新检查）",
            f"{far} to the {en} ({bearing}) it becomes '{word.en}' (checked again)",
        ),
    )


def _print_limits(session: Session, advice: "Advice", titles: Mapping[str, Text]) -> None:
    _head(session, Text("说明", "Notes"))
    terms = advice.terms
    _say(
        session,
        1,
        Text(
            f"距离为真实地面米数。禁止区按图层与地块位置精度之和外扩，再加 {terms.margin_m:.2f} m，"
            "使重新检查在精度之内也不涉及",
            f"metres are true metres. Zones were grown by the accuracies of layer and site and {terms.margin_m:.2f} m, "
            "so that the re-check is clear of them within the accuracy",
        ),
    )
    for code, rules in advice.everywhere.items():
        _say(
            session,
            1,
            Text(
                f"在 {code} 全境禁止：{_named(rules, titles).zh}",
                f"prohibits in all of {code}: {_named(rules, titles).en}",
            ),
        )
    if advice.unsettled_rules:
        named = _named(advice.unsettled_rules, titles)
        _say(session, 1, Text(f"移到哪里都有待确认：{named.zh}", f"open wherever it is moved: {named.en}"))
    if advice.unread_layers:
        unread = [titles.get(name, Text(name, name)) for name in advice.unread_layers]
        told = joined(unread)
        _say(
            session,
            1,
            Text(
                f"周围完全没有数据的图层，任何位置都不能视为可行：{told.zh}",
                f"no data anywhere near, so no place is clear: {told.en}",
            ),
        )


def _checked(recheck: "RecheckEntry", titles: Mapping[str, Text]) -> Text:
    from zoning.cli.tables import DECISIONS

    word = DECISIONS[recheck.decision][1]
    open_ = [*recheck.missing_facts, *recheck.missing_layers] or list(recheck.questions)
    if recheck.clear or not open_:
        return Text(f"重新检查：{word.zh}", f"re-checked: {word.en}")
    named = joined(titles.get(name, Text(name, name)) for name in open_[:_SHOWN])
    if len(open_) > _SHOWN:
        named = Text(f"{named.zh} 等 {len(open_)} 项", f"{named.en} and {len(open_) - _SHOWN} more")
    return Text(
        f"重新检查：无禁止，{word.zh}，尚待：{named.zh}", f"re-checked: nothing prohibits, {word.en}, open: {named.en}"
    )


def _say_dropped(session: Session, dropped: int) -> None:
    if dropped:
        _say(
            session,
            2,
            Text(f"重新检查未通过、不予列出：{dropped} 处", f"not clear when checked again, left out: {dropped}"),
        )


def _named(rules: Iterable[str], titles: Mapping[str, Text]) -> Text:
    listed = list(rules)
    shown = listed[:_SHOWN]
    more = len(listed) - len(shown)
    zh = "；".join(f"{titles[rule].zh}（{rule}）" if rule in titles else rule for rule in shown)
    en = "; ".join(f"{titles[rule].en} ({rule})" if rule in titles else rule for rule in shown)
    return Text(f"{zh}；另有 {more} 条" if more else zh, f"{en}; and {more} more" if more else en)


def _direction(bearing_deg: float) -> tuple[str, str]:
    number = round(bearing_deg / 45) % 8
    return _COMPASS.zh.split()[number], _COMPASS.en.split()[number]


def _signed(metres: float, plus_zh: str, minus_zh: str, plus_en: str, minus_en: str) -> Text:
    far = format_length(abs(metres))
    return Text(f"{plus_zh if metres >= 0 else minus_zh} {far}", f"{far} {plus_en if metres >= 0 else minus_en}")


def _head(session: Session, text: Text) -> None:
    print_line(session, 0, "")
    _say(session, 0, text)


def _say(session: Session, level: int, text: Text) -> None:
    print_line(session, level, text.get(session.language))
