"""What has to be said with every result: first what was not seen, loudly."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from zoning.planning.units.members import SEAM_M2, Unseen
from zoning.planning.units.plan import Plan
from zoning.quantities import format_area
from zoning.texts import Text

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence; a warning is about something that may be wrong in the result."""

    kind: Literal["warning", "note"]
    text: Text


def remarks_of(plan: Plan) -> tuple[Remark, ...]:
    """Return all remarks on a plan, warnings first."""
    warnings = [Remark("warning", text) for text in _warnings(plan)]
    return (*warnings, *(Remark("note", text) for text in _notes(plan)))


def unseen_text(plan: Plan, one: Unseen) -> Text:
    """Return the sentence about a member that was not seen."""
    class_id = list(plan.scheme.classes)[one.rank]
    title = plan.catalogue[plan.scheme.units].classes[class_id].title
    if not one.open:
        return Text(
            f"未计入：{one.title.zh}（文件列为{title.zh}，{one.reason.zh}）；其中的土地会落入后面的类别",
            f"not counted: {one.title.en} (of class '{title.en}' by the document, {one.reason.en}); "
            "its land falls to a later class",
        )
    named = Text(f"{one.title.zh}（{one.layer}）", f"{one.title.en} ({one.layer})")
    land = format_area(one.area_m2)
    return Text(
        f"数据缺失，未核查：{named.zh}：{one.reason.zh}，涉及 {land.zh}；"
        f"其中的{title.zh}成员没有计入，这些地方的类别可能偏低",
        f"no data, not checked: {named.en}: {one.reason.en}, on {land.en}; "
        f"what belongs to class '{title.en}' there was not counted, and its class may be too low",
    )


def _warnings(plan: Plan) -> Iterator[Text]:
    built = plan.built
    for one in built.unseen:
        if one.open:
            yield unseen_text(plan, one)
    for one in built.unseen:
        if not one.open:
            yield unseen_text(plan, one)
    alone = [one for one in plan.units if one.unit.part is None and plan.scheme.split_by]
    if alone:
        area = format_area(sum(one.unit.area_m2 for one in alone))
        yield Text(
            f"{len(alone)} 个单元（{area.zh}）不在任何乡镇内；请核对乡镇图层",
            f"{len(alone)} units ({area.en}) lie in no township: check the layer of townships",
        )
    if built.contested_m2 >= SEAM_M2:
        area = format_area(built.contested_m2)
        yield Text(
            f"{area.zh} 同时在两个乡镇内，归图层中排在前面的；请核对乡镇图层",
            f"{area.en} lie in two townships and go to the first of the layer: check the layer of townships",
        )
    if built.assumed:
        yield Text(
            f"{built.assumed} 个成员区没有类别，按最严类别计入",
            f"{built.assumed} member zones bear no class; the strictest was assumed",
        )
    if plan.previous.unreadable:
        listed = ", ".join(plan.previous.unreadable[:_SHOWN])
        count = len(plan.previous.unreadable)
        yield Text(
            f"旧版本有 {count} 个编码无法识别，没有沿用：{listed}",
            f"{count} codes of the edition before are none and were not kept: {listed}",
        )


def _notes(plan: Plan) -> Iterator[Text]:
    yield _codes(plan)
    built = plan.built
    if built.merges:
        area = format_area(sum(one.area_m2 for one in built.merges))
        least = format_area(plan.scheme.minimum)
        yield Text(
            f"{len(built.merges)} 块（共 {area.zh}）小于 {least.zh}，或为乡镇界线之间的缝隙，"
            "并入同一乡镇内同类或更严的相邻单元",
            f"{len(built.merges)} pieces ({area.en} together) below {least.en}, or seams between the borders of "
            "townships, joined a neighbour of the same or a stricter class in their township",
        )
    if built.kept_small_m2:
        area = format_area(sum(built.kept_small_m2))
        count = len(built.kept_small_m2)
        yield Text(
            f"{count} 块小于最小面积，但并入相邻单元会放松管控，予以保留（共 {area.zh}）",
            f"{count} pieces below the minimum were kept ({area.en} together): joining a neighbour would loosen them",
        )
    if plan.catalogue[plan.scheme.units].schematic:
        yield Text("图层标为示意数据，非法定边界", "the layer is marked as schematic: no legal boundary")
    yield from plan.scheme.notes


def _codes(plan: Plan) -> Text:
    if plan.previous.edition is None:
        why = plan.previous.reason
        return Text(
            "编码重新编排，没有沿用旧版本" + (f"（{why.zh}）" if why else ""),
            "codes are new, none was kept" + (f" ({why.en})" if why else ""),
        )
    kept = sum(one.kept_from is not None for one in plan.units)
    gone = plan.gone
    return Text(
        f"与版本 {plan.previous.edition} 相比：沿用编码 {kept} 个，新编 {len(plan.units) - kept} 个，"
        f"停用 {len(gone)} 个" + (f"（{'、'.join(gone[:_SHOWN])}{'…' if len(gone) > _SHOWN else ''}）" if gone else ""),
        f"against edition {plan.previous.edition}: {kept} codes kept, {len(plan.units) - kept} new, "
        f"{len(gone)} retired"
        + (f" ({', '.join(gone[:_SHOWN])}{' ...' if len(gone) > _SHOWN else ''})" if gone else ""),
    )
