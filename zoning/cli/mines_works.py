"""`zoning mines works`: quantities and cost of the works."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.cli.mines_documents import from_parcels
from zoning.cli.mines_priority_desk import Desk, DeskRequest, open_desk, print_result, write_products
from zoning.cli.mines_volumes import design_of
from zoning.cli.session import Session
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.mines.volumes import Slopes, Volume
    from zoning.mines.works import ParcelWorks, Works
    from zoning.registers.record import Value

_NEAR_M = 500.0
_WAYS = {"natural": "1", "assisted": "2", "reconstruction": "3", "transform": "4"}
"""Ways of restoring as `mode.json` calls them, and the codes of the attribute NXFFS."""


@dataclass(frozen=True, slots=True)
class WorksRequest:
    """The options of one run."""

    desk: DeskRequest
    design: str = "rim"
    mode: Path | None = None
    prices: Path | None = None


def run_works(session: Session, request: WorksRequest, *, as_json: bool) -> int:
    """Count the works; return the exit code.

    Raises
    ------
    UsageError
        When the design is no word, height or file, a day is no date, or there are no parcels.
    ContentError
        When the content, the prices, the modes or the register cannot be read, or a file cannot be written.
    SiteError, CRSError
        When a file of parcels cannot be read.
    LayerError
        When an elevation model cannot be read.
    """
    from zoning.cli.mines_works_tables import products_of
    from zoning.mines.works import FILE, read_works, works_of

    desk = open_desk(session, request.desk)
    path = desk.workspace.own_or_builtin(FILE)
    content = read_works(path, request.prices)
    desk, taken = _with_modes(desk, request.mode)
    volumes, slopes, design, file = _measured(desk, content, request.design)
    works = works_of(desk.parcels, desk.areas_m2(), volumes, slopes, content)
    sources = desk.sources(path, request.desk.dem, file, request.mode, request.prices)
    products = products_of(desk, works, content, design, _notes(desk, content, works, design, taken), sources)
    if request.desk.out is not None:
        write_products(desk, products, request.desk.out)
    print_result(desk, products, as_json_text=as_json)
    return 0


def _measured(
    desk: Desk, content: "Works", told: str
) -> "tuple[Sequence[Volume | None], Sequence[Slopes | None], Text | None, Path | None]":
    """Return volumes and slopes of the parcels; None for all of them without an elevation model."""
    from zoning.mines.volumes import slopes, volumes

    if desk.request.dem is None:
        nothing = [None] * len(desk.parcels)
        return nothing, nothing, None, None
    elevation = desk.elevation(_NEAR_M)
    surface, file = design_of(desk, told)
    desk.session.say(Text("计算填挖方和坡度", "measuring cut, fill and slopes"))
    steep = slopes(elevation, desk.shapes, content.slope_classes)
    return volumes(elevation, desk.shapes, surface), steep, surface.title, file


def _with_modes(desk: Desk, path: Path | None) -> tuple[Desk, int | None]:
    """Put the recommended modes of `mode.json` into the fields NXFFX and NXFFS; return how many parcels have one."""
    if path is None:
        return desk, None
    modes = modes_of(path)
    parcels = tuple(replace(one, values={**one.values, **modes.get(one.id, {})}) for one in desk.parcels)
    return replace(desk, parcels=parcels), sum(1 for one in parcels if one.id in modes)


def modes_of(path: Path) -> "Mapping[str, Mapping[str, Value]]":
    """Return the fields that the recommended modes of a `mode.json` stand for, by id of parcel.

    Where nothing is recommended the field is empty, whatever the register plans: it is not known what is to be done.

    Raises
    ------
    ContentError
        When the file cannot be read as one.
    """

    def take(parcels: list[Any]) -> "dict[str, dict[str, Value]]":
        return {str(one["id"]): _fields(one["target"]["mode"], one["way"]["mode"]) for one in parcels}

    return from_parcels(path, "mode", take)


def _fields(target: str | None, way: str | None) -> "dict[str, Value]":
    return {"NXFFX": target, "NXFFS": None if way is None else _WAYS.get(way)}


def _notes(
    desk: Desk, content: "Works", works: "Sequence[ParcelWorks]", design: Text | None, taken: int | None
) -> list[Text]:
    notes = [content.note]
    if design is None:
        notes.append(
            Text(
                "没有高程模型（--dem）：填挖方和坡度未知，与之有关的工程量未知",
                "no elevation model (--dem): volumes and slopes are not known, nor what follows from them",
            )
        )
    else:
        notes.append(Text(f"设计面：{design.zh}", f"design surface: {design.en}"))
    if taken is not None:
        notes.append(
            Text(
                f"{taken} 个图斑的修复方向取自 mode.json，其余取自图斑属性",
                f"the modes of {taken} parcels are those of mode.json, of the others those of their attributes",
            )
        )
    prices = [item.price for one in content.measures.values() for item in one.items.values()]
    if None in prices:
        notes.append(
            Text(
                f"{prices.count(None)} 个条目没有单价：造价未知（用 --prices 给出）",
                f"{prices.count(None)} items have no unit price: their cost is not known (--prices)",
            )
        )
    if any(price is not None and price.sample for price in prices):
        notes.append(Text("含样例单价，造价只供演示", "with sample prices: the cost only shows how it works"))
    open_costs = sum(1 for one in works if one.cost is None)
    if open_costs:
        notes.append(
            Text(
                f"{open_costs} 个图斑的造价不全已知，合计只是已知部分",
                f"the cost of {open_costs} parcels is not wholly known: the sum is that of the known part",
            )
        )
    return [*notes, desk.workspace.file.notice]
