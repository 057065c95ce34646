"""A plan as it is printed: warnings first, then the table by township, then the rest."""

from typing import TYPE_CHECKING

from zoning.cli.printing import plain_table
from zoning.cli.session import Session
from zoning.quantities import hectares
from zoning.texts import Text

_ABREAST = 4

if TYPE_CHECKING:
    from zoning.planning.units.plan import Plan
    from zoning.planning.units.totals import Row, Totals


def print_plan(session: Session, plan: "Plan") -> None:
    """Print a plan."""
    from zoning.planning.units.remarks import remarks_of
    from zoning.planning.units.totals import totals_of

    language, console = session.language, session.console()
    built = plan.built
    head = Text(
        f"{built.territory.name}（{built.territory.code}）：{plan.scheme.title.zh}，{len(plan.units)} 个",
        f"{built.territory.name} ({built.territory.code}): {plan.scheme.title.en}, {len(plan.units)}",
    )
    console.print(head.get(language), style="bold", markup=False)
    remarks = remarks_of(plan)
    for one in remarks:
        if one.kind == "warning":
            console.print(f"! {one.text.get(language)}", style="bold yellow", markup=False, soft_wrap=True)
    totals = totals_of(plan)
    # Many classes have no room side by side: their table by township is in the files.
    if len(totals.classes) > _ABREAST:
        _print_classes(session, totals)
    else:
        _print_townships(session, plan, totals)
    for name, total in totals.groups:
        console.print(
            f"  {name}：{total.count} · {hectares(total.area_m2):,.2f} ha · {total.share * 100:.2f} %", markup=False
        )
    _print_identity(session, plan, totals.whole)
    for one in remarks:
        if one.kind == "note":
            console.print(f"· {one.text.get(language)}", markup=False, soft_wrap=True)


def _print_townships(session: Session, plan: "Plan", totals: "Totals") -> None:
    language = session.language
    layer = plan.catalogue[plan.scheme.units]
    titles = [layer.classes[name].title for name in plan.scheme.classes]
    table = plain_table(
        Text("区/县、乡镇", "county, township"),
        Text("个数", "number"),
        Text("面积 公顷", "area ha"),
        *(Text(f"{one.zh} 个·%", f"{one.en} n·%") for one in titles),
        language=language,
    )
    for row in (*totals.rows, totals.whole):
        whole = row is totals.whole
        place = Text("合计", "total").get(language) if whole else row.township or row.county
        cells = [f"{one.count} · {one.share * 100:.2f}" for one in row.classes]
        table.add_row(place, str(row.count), f"{hectares(row.area_m2):,.2f}", *cells, style="bold" if whole else "")
    session.console().print(table)


def _print_classes(session: Session, totals: "Totals") -> None:
    language = session.language
    heads = (Text("类别", "class"), Text("个数", "number"), Text("面积 公顷", "area ha"), Text("占比 %", "share %"))
    table = plain_table(*heads, language=language)
    for one in totals.classes:
        title = one.title_zh if language == "zh" else one.title_en
        total = one.total
        table.add_row(title, str(total.count), f"{hectares(total.area_m2):,.2f}", f"{total.share * 100:.2f}")
    whole = totals.whole
    last = Text("合计", "total").get(language)
    table.add_row(last, str(whole.count), f"{hectares(whole.area_m2):,.2f}", "100.00", style="bold")
    session.console().print(table)


def _print_identity(session: Session, plan: "Plan", whole: "Row") -> None:
    text = Text(
        f"面积核对：各单元之和 {whole.area_m2:,.4f} m²，辖区椭球面积 {plan.built.territory_m2:,.4f} m²，"
        f"相差 {plan.identity_error:.1e}",
        f"areas: the units sum to {whole.area_m2:,.4f} m², the territory has {plan.built.territory_m2:,.4f} m² on the "
        f"ellipsoid; they differ by {plan.identity_error:.1e}",
    )
    session.console().print(f"· {text.get(session.language)}", markup=False, soft_wrap=True)
