"""A comparison as a person reads it on the terminal."""

from collections import Counter
from typing import TYPE_CHECKING

from zoning.cli.printing import print_line
from zoning.cli.session import Session
from zoning.quantities import format_area, format_length
from zoning.texts import Text, joined

if TYPE_CHECKING:
    from zoning.cli.compare import Comparison
    from zoning.cli.compare_sites import VerdictDiff
    from zoning.planning.compare.adjustments import AdjustmentResult
    from zoning.planning.compare.keeps import KeepResult
    from zoning.planning.compare.layer_change import LayerChange, LayerGap
    from zoning.planning.compare.verdict_changes import SiteChange

_SHOWN = 12
_SIGNS = {"kept": "✓", "met": "✓", "not_kept": "×", "not_met": "×", "undetermined": "?"}


def print_comparison(session: Session, found: "Comparison") -> None:
    """Print everything that was found."""
    from zoning.planning.compare.layer_change import LayerGap

    sides = found.sides
    say(session, 0, Text(f"{sides.before.label} → {sides.after.label}", f"{sides.before.label} -> {sides.after.label}"))
    same: list[str] = []
    for change in found.changes.values():
        if isinstance(change, LayerGap):
            _print_gap(session, change)
        elif change.differs:
            _print_layer(session, change)
        else:
            same.append(change.layer.title.get(session.language))
    if same:
        listed = Text("、", ", ").get(session.language).join(same)
        say(session, 0, Text(f"没有变化：{listed}", f"nothing changed: {listed}"))
    _print_keeps(session, found.keeps)
    _print_adjustments(session, found.adjustments)
    if found.verdicts is not None:
        _print_verdicts(session, found.verdicts)
    say(session, 0, sides.after.content.settings.notice)


def say(session: Session, level: int, text: Text) -> None:
    """Print a text at an indent."""
    print_line(session, level, text.get(session.language))


def _print_gap(session: Session, gap: "LayerGap") -> None:
    side = {"before": Text("前一方", "before"), "after": Text("后一方", "after"), "both": Text("双方", "both sides")}[
        gap.side
    ]
    say(
        session,
        0,
        Text(
            f"? {gap.title.zh}：未能比较（{side.zh}：{gap.reason.zh}）",
            f"? {gap.title.en}: not compared ({side.en}: {gap.reason.en})",
        ),
    )


def _print_layer(session: Session, change: "LayerChange") -> None:
    title, before, after = change.layer.title, change.before, change.after
    say(
        session,
        0,
        Text(
            f"{title.zh}  {before.edition}（{before.zones} 个区）→ {after.edition}（{after.zones} 个区）",
            f"{title.en}  {before.edition} ({before.zones} zones) -> {after.edition} ({after.zones} zones)",
        ),
    )
    _print_classes(session, change)
    _print_cells(session, change)
    counts = Counter(zone.kind for zone in change.zones.changes)
    say(
        session,
        1,
        Text(
            f"区：新增 {counts['added']}，删除 {counts['removed']}，改名 {counts['renamed']}，"
            f"改变 {counts['changed']}，未变 {change.zones.unchanged}",
            f"zones: {counts['added']} added, {counts['removed']} removed, {counts['renamed']} renamed, "
            f"{counts['changed']} changed, {change.zones.unchanged} the same",
        ),
    )
    if change.slivers.count:
        small = _amount(change, change.slivers.amount)
        count = change.slivers.count
        say(
            session,
            1,
            Text(
                f"其中小于容差的碎片 {count} 处，共 {small.zh}，已计入各数",
                f"among them {count} slivers below the tolerance, {small.en} in all, part of every figure",
            ),
        )
    if change.layer.schematic:
        say(session, 1, Text("示意数据，非法定边界", "schematic data, no legal boundary"))


def _amount(change: "LayerChange", amount: float) -> Text:
    if change.unit == "m":
        length = format_length(amount)
        return Text(length, length)
    return format_area(amount)


def _print_classes(session: Session, change: "LayerChange") -> None:
    from zoning.planning.compare.tables import class_sums, class_title

    for name, sums in class_sums(change).items():
        title = class_title(change, name, session.language)
        before, after = _amount(change, sums[0]), _amount(change, sums[1])
        parts = [Text(f"{before.zh} → {after.zh}", f"{before.en} -> {after.en}")]
        words = (
            Text("新增", "gained"),
            Text("减少", "lost"),
            Text("由他类转入", "from other classes"),
            Text("转为他类", "to other classes"),
            Text("原数据缺失", "no data before"),
            Text("现数据缺失", "no data after"),
        )
        for word, amount in zip(words, sums[2:], strict=True):
            if amount:
                told = _amount(change, amount)
                parts.append(Text(f"{word.zh} {told.zh}", f"{word.en} {told.en}"))
        named = joined(parts, "，", ", ")
        say(session, 1, Text(f"{title}：{named.zh}", f"{title}: {named.en}"))


def _print_cells(session: Session, change: "LayerChange") -> None:
    from zoning.planning.compare.tables import class_title, place_name

    cells = [cell for cell in change.townships.cells if cell.before != cell.after]
    cells.sort(key=lambda cell: -cell.amount)
    for cell in cells[:_SHOWN]:
        place = place_name(change, cell.place, session.language)
        one, other = (class_title(change, name, session.language) for name in (cell.before, cell.after))
        told = _amount(change, cell.amount)
        say(session, 2, Text(f"{place}：{one} → {other}  {told.zh}", f"{place}: {one} -> {other}  {told.en}"))
    if len(cells) > _SHOWN:
        rest = len(cells) - _SHOWN
        say(session, 2, Text(f"另有 {rest} 项，见 --out 的表", f"{rest} more: see the tables of --out"))


def _print_keeps(session: Session, keeps: "tuple[KeepResult, ...]") -> None:
    from zoning.planning.compare.keeps import ASPECTS, OUTCOMES

    if not keeps:
        return
    say(session, 0, Text("三不检查（功能不降低、面积不减少、性质不改变）", "Three keeps (area, nature, function)"))
    for one in keeps:
        aspect, outcome = ASPECTS[one.aspect], OUTCOMES[one.outcome]
        sign, head = _SIGNS[one.outcome], f"{one.rule} {one.territory} {one.layer}"
        say(
            session,
            1,
            Text(
                f"{sign} {head} {aspect.zh}：{outcome.zh}。{one.reason.zh}",
                f"{sign} {head} {aspect.en}: {outcome.en}. {one.reason.en}",
            ),
        )
        if one.question is not None:
            say(session, 2, Text(f"待查：{one.question.zh}", f"to find out: {one.question.en}"))
        for zone in one.zones[:_SHOWN]:
            before, after = format_area(zone.before_m2), format_area(zone.after_m2)
            say(
                session,
                2,
                Text(
                    f"{zone.id} {zone.name}：{before.zh} → {after.zh}",
                    f"{zone.id} {zone.name}: {before.en} -> {after.en}",
                ),
            )


def _print_adjustments(session: Session, found: "tuple[AdjustmentResult, ...]") -> None:
    from zoning.planning.compare.adjustments import CHECKS, OUTCOMES

    if not found:
        return
    say(session, 0, Text("边界调整登记", "Register of boundary adjustments"))
    for one in found:
        check, outcome = CHECKS[one.check], OUTCOMES[one.outcome]
        sign, head = _SIGNS[one.outcome], f"{one.rule} {one.territory} {' '.join(one.entries)}".strip()
        say(
            session,
            1,
            Text(
                f"{sign} {head} {check.zh}：{outcome.zh}。{one.reason.zh}",
                f"{sign} {head} {check.en}: {outcome.en}. {one.reason.en}",
            ),
        )


def _print_verdicts(session: Session, diff: "VerdictDiff") -> None:
    say(
        session,
        0,
        Text(
            f"结论变化：{len(diff.changes)} 个地块（共 {diff.total} 个，重查 {diff.rechecked} 个）",
            f"changed verdicts: {len(diff.changes)} sites (of {diff.total}, {diff.rechecked} checked again)",
        ),
    )
    if diff.verified:
        good = diff.verified - len(diff.contradicted)
        say(
            session,
            1,
            Text(
                f"随机复核不受影响的地块 {diff.verified} 个，{good} 个确实未变",
                f"{diff.verified} untouched sites checked by chance, {good} of them are the same indeed",
            ),
        )
    if diff.stale:
        count = len(diff.stale)
        say(
            session,
            1,
            Text(
                f"重查的地块中有 {count} 个，登记的结论与前一方不符（登记时的依据不同）",
                f"{count} of the sites checked again are recorded with another decision than the state of before gives",
            ),
        )
    for change in diff.changes:
        _print_site(session, change)


def _print_site(session: Session, change: "SiteChange") -> None:
    from zoning.cli.tables import DECISIONS
    from zoning.planning.compare.tables import told as shown
    from zoning.planning.compare.verdict_changes import REFUSED, TITLES

    words = {name: word.get(session.language) for name, (_, word, _) in DECISIONS.items()}
    words[REFUSED] = Text("未研判", "refused").get(session.language)
    before, after = words[change.before], words[change.after]
    say(
        session,
        1,
        Text(
            f"{change.number}. {change.name}（{change.id}）：{before} → {after}",
            f"{change.number}. {change.name} ({change.id}): {before} -> {after}",
        ),
    )
    for one in [entry for entry in change.changes if entry.what != "decision"][:_SHOWN]:
        what = TITLES[one.what]
        where = " ".join(part for part in (one.rule, one.layer, one.class_id, one.territory) if part)
        told = f"{shown(one.before) or '-'} → {shown(one.after) or '-'}"
        say(session, 2, Text(f"{what.zh} {where}：{told}", f"{what.en} {where}: {told}"))
