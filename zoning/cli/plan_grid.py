"""`zoning plan grid`: the cells of field enforcement, with what lies in them and who looks after them."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.printing import plain_table, print_line
from zoning.cli.quantity_options import quantity
from zoning.cli.session import Session
from zoning.cli.writing import write_all
from zoning.errors import UsageError, every_mistake
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.planning.grids.cells import Cells
    from zoning.planning.grids.entries import Grid, Standard
    from zoning.planning.grids.scheme import GridScheme
    from zoning.planning.statistics.ground import Ground
    from zoning.workspace import Workspace

_WAYS = ("join", "name")
_SHOWN = 12
INTERNAL = Text(
    "含责任人信息的成果仅供内部使用，不得公开", "what names persons is for the office only, never for the public"
)


@dataclass(frozen=True, slots=True)
class GridRequest:
    """The options of one run; None: as the content says."""

    territory: str
    cell: str | None = None
    crs: str | None = None
    minimum: str | None = None
    slivers: str | None = None
    officers: int | None = None
    people: Path | None = None
    out: Path | None = None
    on: str | None = None
    workspace: Path | None = None


def run_grid(session: Session, request: GridRequest, *, as_json: bool) -> int:
    """Divide a territory into cells; return the exit code.

    Raises
    ------
    UsageError
        When a day, the side or the least area of a cell, what becomes of slivers, the coordinate system or the
        territory cannot be meant.
    ContentError
        When the workspace, its scheme of cells or the list of people have mistakes, or a file cannot be written.
    LayerError
        When a layer holds something that its definition does not know.
    CRSError
        When the coordinate system is unknown, or cannot be converted to CGCS2000 exactly.
    """
    from zoning.planning.grids.cells import grid_cells
    from zoning.planning.grids.content import grid_entry
    from zoning.planning.grids.lattice import lattice_of
    from zoning.planning.grids.people import read_people
    from zoning.planning.statistics.ground import read_ground

    workspace = session.open_workspace(request.workspace)
    on = session.day(request.on)
    scheme = _scheme(workspace, request)
    known = workspace.catalogue.layers
    names = [one.layer for one in (*scheme.zones, *scheme.registers) if one.layer in known]
    session.say(Text(f"读取 {len(set(names))} 个图层", f"reading {len(set(names))} layers"))
    ground = read_ground(
        session.source(workspace), request.territory, names, on=on, tolerance_m2=workspace.settings.tolerance_m2
    )
    lattice = lattice_of(ground.plane, ground.land, scheme.cell, request.crs)
    cells = grid_cells(ground.plane, ground.land, lattice, minimum_m2=scheme.minimum, slivers=scheme.slivers)
    codes = [cell.code for cell in cells.cells]
    people = () if request.people is None else read_people(request.people, codes, cells.joined_into)
    session.say(Text(f"逐格统计：{len(codes)} 格", f"listing what lies in {len(codes)} cells"))
    standard = _standard(workspace, scheme, ground.code, request.officers)
    grid = grid_entry(ground, cells, scheme, standard=standard, people=people, notice=workspace.file.notice)
    if request.out is not None:
        _write(session, workspace, grid, cells, ground, request.out)
    if as_json:
        sys.stdout.write(grid.to_json())
    else:
        print_grid(session, grid, asked_people=request.people is not None)
    return 0


def _scheme(workspace: "Workspace", request: GridRequest) -> "GridScheme":
    """Return what the workspace says of grids, with what the options say instead."""
    from zoning.planning.grids.scheme import FILE, read_grid_scheme
    from zoning.quantities import parse_area, parse_length

    path = workspace.own_or_builtin(FILE)
    scheme = read_grid_scheme(path)
    # That of the program speaks of the built-in layers; another workspace need not have their classes.
    mistakes = scheme.mistakes(workspace.catalogue) if path.is_relative_to(workspace.root) else []
    if mistakes:
        raise every_mistake(mistakes)
    changes: dict[str, object] = {}
    if request.cell is not None:
        side = quantity("--cell", request.cell, parse_length)
        if not 100 <= side <= 100_000:  # noqa: PLR2004 - metres: from a dense to a coarse grid
            raise UsageError("--cell：须在 100 m 与 100 km 之间", "--cell: it must lie between 100 m and 100 km")
        changes["cell"] = side
        # The smallest cell stays the same part of a whole one.
        changes["minimum"] = scheme.minimum * (side / scheme.cell) ** 2
    if request.minimum is not None:
        changes["minimum"] = quantity("--minimum", request.minimum, parse_area)
    if request.slivers is not None:
        if request.slivers not in _WAYS:
            raise UsageError(
                f"--slivers：“{request.slivers}”不可用；可用：join、name",
                f"--slivers: '{request.slivers}' is none of: join, name",
            )
        changes["slivers"] = request.slivers
    changed = scheme.model_copy(update=changes)
    if changed.minimum > changed.cell * changed.cell / 2:
        raise UsageError("--minimum：不能大于半个网格", "--minimum: it must be at most half of a cell")
    return changed


def _standard(workspace: "Workspace", scheme: "GridScheme", territory: str, officers: int | None) -> "Standard":
    """Return how many officers a cell is to have: what is told, else what a document says that binds here."""
    from zoning.citations import binds_in
    from zoning.planning.grids.entries import Standard

    citation = scheme.citation
    document = None if citation is None else workspace.rulebook.documents.get(citation.document)
    binds = document is not None and binds_in(document.territories, territory)
    needed = officers if officers is not None else scheme.officers if binds else None
    return Standard(officers=needed, stated=scheme.officers, citation=citation, binds=binds)


def print_grid(session: Session, grid: "Grid", *, asked_people: bool) -> None:
    """Print the cells in short, and what is not known."""
    from zoning.quantities import hectares

    language = session.language
    side = f"{grid.cell_m / 1000:g} km"
    area = f"{hectares(grid.area_m2):,.4f}"
    count = len(grid.cells)
    head = Text(
        f"{grid.name}（{grid.territory}） {grid.title.zh} {side} × {side}：{count} 格，{area} 公顷，{grid.crs}",
        f"{grid.name} {grid.title.en}, {side} x {side}: {count} cells, {area} ha, {grid.crs}",
    )
    print_line(session, 0, head.get(language))
    heads = (
        *(Text("网格", "cell"), Text("公顷", "ha"), Text("分区", "zones"), Text("名录", "registers")),
        *(Text("责任人", "people"), Text("备注", "remarks")),
    )
    table = plain_table(*heads, language=language, figures=(1, 2, 3))
    for cell in grid.cells[:_SHOWN]:
        zones = sum(zone.kind == "zone" for zone in cell.zones)
        names = "、".join(person.name for person in cell.people) or "—"
        remarks = []
        if cell.sliver:
            remarks.append(Text("边角", "sliver").get(language))
        if cell.joined:
            remarks.append(Text("含 ", "with ").get(language) + " ".join(cell.joined))
        table.add_row(
            cell.code,
            f"{hectares(cell.area_m2):,.4f}",
            str(zones),
            str(len(cell.zones) - zones),
            names,
            " ".join(remarks),
        )
    session.console().print(table)
    for text in notes(grid, asked_people=asked_people):
        print_line(session, 0, text.get(language))


def notes(grid: "Grid", *, asked_people: bool) -> list[Text]:
    """Return what a reader of the grid must know."""
    found = []
    if len(grid.cells) > _SHOWN:
        more = len(grid.cells) - _SHOWN
        found.append(
            Text(f"另有 {more} 格，用 --out 或 --format json 看全部", f"{more} more cells: see --out, --format json")
        )
    found.append(_officers(grid))
    if asked_people:
        empty = sum(not cell.people for cell in grid.cells)
        found.append(Text(f"没有责任人的网格：{empty}", f"cells without people: {empty}"))
    for missing in grid.missing:
        zh, en = (missing.layer, missing.layer) if missing.title is None else (missing.title.zh, missing.title.en)
        found.append(
            Text(
                f"数据缺失、各格均未列：{zh}（{missing.layer}），{missing.reason.zh}",
                f"no data, listed in no cell: {en} ({missing.layer}), {missing.reason.en}",
            )
        )
    for layer in grid.layers:
        cells = sum(any(gap.layer == layer.layer for gap in cell.gaps) for cell in grid.cells)
        if cells:
            found.append(
                Text(
                    f"{layer.title.zh}：{cells} 格部分或全部没有数据",
                    f"{layer.title.en}: {cells} cells are without data, wholly or in part",
                )
            )
    if any(layer.schematic for layer in grid.layers):
        found.append(Text("含示意数据，非法定边界", "with schematic data, no legal boundaries"))
    return [*found, *grid.notes, INTERNAL, grid.notice]


def _officers(grid: "Grid") -> Text:
    standard = grid.standard
    cited = "" if standard.citation is None else f"{standard.citation.document} {standard.citation.lines}"
    if standard.officers is not None:
        total = standard.officers * len(grid.cells)
        basis_zh, basis_en = (f"（{cited}）", f" ({cited})") if standard.binds else ("（--officers）", " (--officers)")
        return Text(
            f"每格 {standard.officers} 名执法人员，共 {total} 名{basis_zh}",
            f"{standard.officers} officers per cell, {total} in all{basis_en}",
        )
    if standard.stated is None:
        return Text("没有规定每格人数", "no number of officers per cell is stated")
    return Text(
        f"每格 {standard.stated} 名的标准（{cited}）不适用于本辖区，未计算人数",
        f"the standard of {standard.stated} per cell ({cited}) does not hold here: no number is computed",
    )


def _write(
    session: Session, workspace: "Workspace", grid: "Grid", cells: "Cells", ground: "Ground", folder: Path
) -> None:
    """Write JSON, tables and GeoPackage; each file whole or not at all."""
    from zoning.cli.plan_grid_tables import gpkg_of, sheets_of
    from zoning.cli.plan_statistics_tables import csv_of, workbook
    from zoning.maps.made import Made
    from zoning.styles.stylebook import read_stylebook
    from zoning.version import __version__

    made = Made(session.today().isoformat(), __version__)
    language = session.language
    stem = f"{grid.territory}-grid"
    sheets = sheets_of(grid)
    texts = [text.get(language) for text in notes(grid, asked_people=any(cell.people for cell in grid.cells))]
    written: dict[str, str | bytes] = {f"{stem}.json": grid.to_json()}
    written |= {f"{stem}-{sheet.id}.csv": csv_of(sheet, language) for sheet in sheets}
    title = f"{grid.name} {grid.title.get(language)}"
    written[f"{stem}.xlsx"] = workbook(sheets, title, texts, language, made)
    stylebook = read_stylebook(workspace.root / "styles", outcomes=workspace.own_or_builtin("styles/outcomes.yaml"))
    written[f"{stem}.gpkg"] = gpkg_of(grid, cells, ground.plane, stylebook, language, made)
    write_all(session, folder, written)
