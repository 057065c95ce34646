"""`zoning plan statistics`: what lies where in a territory, counted."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.printing import plain_table, print_line
from zoning.cli.session import Session
from zoning.cli.writing import write_all
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.planning.statistics.entries import AreaRow, Statistics
    from zoning.workspace import Workspace

_BY = "townships"
_SMALL = 0.00005


@dataclass(frozen=True, slots=True)
class StatisticsRequest:
    """The options of one run; `by` None: no parts."""

    territory: str
    layers: tuple[str, ...] = ()
    by: str | None = _BY
    out: Path | None = None
    on: str | None = None
    workspace: Path | None = None


def run_statistics(session: Session, request: StatisticsRequest, *, as_json: bool) -> int:
    """Count a territory; return the exit code.

    Raises
    ------
    UsageError
        When a day is no date, a layer or the territory is unknown, or the parts are of a layer of lines.
    ContentError
        When the workspace has mistakes, or a file cannot be written.
    LayerError
        When a layer holds something that its definition does not know.
    """
    from zoning.cli.layers import find_layer
    from zoning.planning.statistics.entries import statistics_of
    from zoning.planning.statistics.ground import read_ground

    workspace = session.open_workspace(request.workspace)
    on = session.day(request.on)
    catalogue = workspace.catalogue
    aside = (catalogue.territory_layer, request.by)
    wanted = [find_layer(workspace, name).id for name in request.layers]
    counted = wanted or [name for name in catalogue.layers if name not in aside]
    by = _parts_layer(session, workspace, request)
    # The parts are no zones: they are counted by, not counted.
    names = [name for name in counted if name != by] + ([by] if by else [])
    session.say(Text(f"读取 {len(names)} 个图层", f"reading {len(names)} layers"))
    ground = read_ground(
        session.source(workspace), request.territory, names, on=on, tolerance_m2=workspace.settings.tolerance_m2
    )
    session.say(Text(f"叠加并统计：{ground.name}", f"overlaying and counting: {ground.name}"))
    statistics = statistics_of(ground, by, workspace.file.notice)
    if request.out is not None:
        _write(session, workspace, statistics, request.out)
    if as_json:
        sys.stdout.write(statistics.to_json())
    else:
        print_statistics(session, statistics)
    return 0


def _parts_layer(session: Session, workspace: "Workspace", request: StatisticsRequest) -> str | None:
    from zoning.cli.layers import find_layer
    from zoning.errors import UsageError

    if request.by is None:
        return None
    if request.by == _BY and _BY not in workspace.catalogue.layers:
        session.say(
            Text("工作空间没有乡镇图层（townships），只统计全域", "no layer of townships: only the whole is counted")
        )
        return None
    layer = find_layer(workspace, request.by)
    if layer.geometry == "line":
        raise UsageError(
            f"--by：图层 {layer.id} 是线，不能用来分区", f"--by: layer {layer.id} holds lines, and no parts"
        )
    return layer.id


def print_statistics(session: Session, statistics: "Statistics") -> None:
    """Print the classes of the whole territory, and what is not known."""
    from zoning.quantities import hectares

    language = session.language
    head = f"{statistics.name}（{statistics.territory}）" if language == "zh" else f"{statistics.name}"
    print_line(session, 0, f"{head}  {hectares(statistics.area_m2):,.4f} {_HA.get(language)}  {statistics.on}")
    heads = (Text("图层 · 类别", "layer · class"), Text("个数", "zones"), Text("公顷", "ha"), Text("占比 %", "share %"))
    table = plain_table(*heads, language=language, figures=(1, 2, 3))
    for row in statistics.areas:
        if row.place == statistics.territory:
            table.add_row(
                title_of(statistics, row.layer, row.class_).get(language), *_figures(row, chinese=language == "zh")
            )
    for length in statistics.lengths:
        if length.place == statistics.territory:
            named = title_of(statistics, length.layer, length.class_).get(language)
            km = "—" if length.length_m is None else f"{length.length_m / 1000:,.3f} km"
            table.add_row(named, "—" if length.count is None else str(length.count), km, "")
    session.console().print(table)
    for text in notes(statistics):
        print_line(session, 0, text.get(language))


_HA = Text("公顷", "ha")


def _figures(row: "AreaRow", *, chinese: bool) -> tuple[str, str, str]:
    from zoning.quantities import hectares
    from zoning.rules.wording.words import MISSING

    if row.area_m2 is None:
        return "—", MISSING.get("zh" if chinese else "en"), "—"
    share = "—" if row.share is None else "< 0.01" if 0 < row.share < _SMALL else f"{row.share * 100:.2f}"
    return str(row.count), f"{hectares(row.area_m2):,.4f}", share


def title_of(statistics: "Statistics", layer_id: str, class_id: str | None) -> Text:
    """Return layer and class in words; without a class, the layer in all."""
    from zoning.planning.statistics.entries import ClassRef

    if class_id is not None:
        return statistics.title_of(ClassRef(layer=layer_id, class_=class_id))
    title = statistics.layer(layer_id).title
    return Text(f"{title.zh}·合计", f"{title.en}: in all")


def notes(statistics: "Statistics") -> list[Text]:
    """Return what a reader of the figures must know: what is not counted, and how many combinations there are."""
    from zoning.quantities import hectares

    found = []
    if statistics.combinations:
        one = statistics.combinations[0]
        zh = " + ".join(statistics.title_of(ref).zh for ref in one.classes) or "不在任何分区之内"
        en = " + ".join(statistics.title_of(ref).en for ref in one.classes) or "in no zone"
        share = f"{one.share * 100:.2f} %"
        count = len(statistics.combinations)
        found.append(
            Text(f"{count:,} 种组合，最大的占 {share}：{zh}", f"{count:,} combinations; the largest, {share}: {en}")
        )
    found += [
        Text(
            f"数据缺失、未计入：{missing.title.zh}（{missing.layer}），{missing.reason.zh}",
            f"no data, not counted: {missing.title.en} ({missing.layer}), {missing.reason.en}",
        )
        for missing in statistics.missing
    ]
    for layer in statistics.layers:
        if layer.uncovered_m2 > 0:
            area = f"{hectares(layer.uncovered_m2):,.4f}"
            found.append(
                Text(
                    f"{layer.title.zh}（{layer.layer}）：{area} 公顷在覆盖范围之外，数据缺失",
                    f"{layer.title.en} ({layer.layer}): {area} ha lie outside its coverage and are without data",
                )
            )
    if statistics.twice_m2 > 0:
        area = f"{statistics.twice_m2:,.2f}"
        found.append(
            Text(
                f"分区图层 {statistics.by} 自相重叠 {area} m²，计入编排在前的一个",
                f"zones of {statistics.by} overlap each other by {area} m²: counted for the first of them",
            )
        )
    if any(layer.schematic for layer in statistics.layers):
        found.append(Text("含示意数据，非法定边界", "with schematic data, no legal boundaries"))
    return [*found, statistics.notice]


def _write(session: Session, workspace: "Workspace", statistics: "Statistics", folder: Path) -> None:
    """Write JSON, tables and treemap; each file whole or not at all."""
    from zoning.cli.plan_statistics_sheets import sheets_of
    from zoning.cli.plan_statistics_tables import csv_of, workbook
    from zoning.maps.made import Made
    from zoning.planning.statistics.treemap import treemap
    from zoning.styles.stylebook import read_stylebook
    from zoning.version import __version__

    made = Made(session.today().isoformat(), __version__)
    stem = f"{statistics.territory}-statistics"
    sheets = sheets_of(statistics)
    texts = [text.get(session.language) for text in notes(statistics)]
    written: dict[str, str | bytes] = {f"{stem}.json": statistics.to_json()}
    written |= {f"{stem}-{sheet.id}.csv": csv_of(sheet, session.language) for sheet in sheets}
    title = Text(f"{statistics.name} 统计", f"statistics of {statistics.name}").get(session.language)
    written[f"{stem}.xlsx"] = workbook(sheets, title, texts, session.language, made)
    stylebook = read_stylebook(workspace.root / "styles", outcomes=workspace.own_or_builtin("styles/outcomes.yaml"))
    pictures = treemap(statistics, workspace.catalogue, stylebook, session.language, made, to=("svg", "png"))
    written |= {f"{stem}-treemap.{kind}": picture for kind, picture in pictures.items()}
    write_all(session, folder, written)
