"""`zoning map`: which products are made of what."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zoning.cli.map_options import PaperName, Target
from zoning.errors import UsageError, every_mistake
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.cli.check import CheckRequest
    from zoning.cli.session import Session
    from zoning.maps.map_product import MapProduct
    from zoning.maps.scene import Scene
    from zoning.overlay.source import LayerSource
    from zoning.workspace import Workspace

PRODUCTS = "maps/products"
DEFAULT_OF_SITE, DEFAULT_OF_TERRITORY = "site-restrictions", "zoning"
_OF = {
    "site": Text("地块（SITE）", "a site (SITE)"),
    "territory": Text("行政区（--territory）", "a territory (--territory)"),
    "strip": Text("行政区内的河流（--territory）", "the rivers of a territory (--territory)"),
    "advice": Text("建议（zoning advise --map）", "advice (zoning advise --map)"),
}


@dataclass(frozen=True, slots=True)
class MapRequest:
    """The options of one call."""

    check: "CheckRequest"
    product: str | None = None
    territory: str | None = None
    rivers: tuple[str, ...] = ()
    every: bool = False
    to: Target = Target.html
    paper: PaperName | None = None
    scale: str | None = None
    maker: str = ""


def run_map_formats(session: "Session", request: MapRequest, formats: tuple[Target, ...]) -> int:
    """Make the maps in each of several formats; return the exit code.

    Raises
    ------
    UsageError
        When standard input would have to be read once more for another format.
    UsageError, ContentError, SiteError, CRSError, LayerError
        As `run_map_command` does.
    """
    if len(formats) > 1 and request.check.site == Path("-"):
        raise UsageError(
            "从标准输入读取时 --to 只能写一次；请先把内容存为文件",
            "what comes from standard input is read once: name --to once, or save it as a file first",
        )
    codes = [run_map_command(session, replace(request, to=target)) for target in formats]
    return next((code for code in codes if code), 0)


def run_map_command(session: "Session", request: MapRequest) -> int:
    """Make the maps that were asked for and print their paths; return the exit code.

    Raises
    ------
    UsageError
        When not exactly one of site and territory is named, options do not go together, there is no such product,
        territory or river, or the paper has no room at the scale that is asked for.
    ContentError
        When the workspace, a product or the styles have mistakes, or a file cannot be written.
    SiteError, CRSError
        When the boundary file cannot be read.
    LayerError
        When a layer holds something that its definition does not know.
    """
    site = request.check.site
    if (site is None) == (request.territory is None):
        raise UsageError(
            "请给出边界文件（zoning map SITE）或行政区（zoning map --territory 代码），二者之一",
            "name a boundary file (zoning map SITE) or a territory (zoning map --territory CODE), one of the two",
        )
    if request.every and request.product is not None:
        raise UsageError("--all 已含全部产品，不与 --product 一起用", "--all makes every product: leave --product out")
    if site is None:
        return _run_territory(session, request)
    if request.rivers:
        raise UsageError("--river 须与 --territory 一起用", "--river goes with --territory")
    if request.to is not Target.html:
        return _run_sites(session, request)
    if request.product is not None or request.every or request.paper is not None or request.scale is not None:
        raise UsageError(
            "地块的网页含全部图层，不分产品；--product、--all、--paper、--scale 用于 --to pdf、png、svg 或 qgis",
            "the page of a site holds all layers; --product, --all, --paper, --scale go with --to pdf, png, svg, qgis",
        )
    from zoning.cli.check import run_map

    return run_map(session, request.check)


def _run_sites(session: "Session", request: MapRequest) -> int:
    from zoning.cli.check import Tally, examined, prepare
    from zoning.cli.map_writing import MapWriter
    from zoning.cli.results import Writer
    from zoning.maps.scenes import site_scene

    job = prepare(session, request.check)
    workspace = job.workspace
    products = chosen_products(workspace, request, ("site",), DEFAULT_OF_SITE)
    source = session.source(workspace)
    writer = MapWriter(session, workspace, request)
    names = Writer(session, workspace, writer.folder, job.total)
    tally = Tally()
    for examination in examined(session, job, tally):
        stem = names.stem(examination.footprint.site)
        for told in products:
            product = writer.on_paper(told, examination.footprint.lonlat)
            scene = site_scene(examination, workspace.catalogue, product, source=source, detail_m=writer.detail_m)
            _print(writer.write(scene, product, f"{stem}-{product.id}"))
    return tally.refused or 0


def _run_territory(session: "Session", request: MapRequest) -> int:
    from zoning.cli.map_writing import MapWriter
    from zoning.maps.scenes import find_territory, strip_sections, territory_scene

    workspace = session.open_workspace(request.check.workspace)
    of = ("strip",) if request.rivers else ("territory", "strip")
    products = chosen_products(workspace, request, of, "river" if request.rivers else DEFAULT_OF_TERRITORY)
    on = session.day(request.check.on)
    source = session.source(workspace)
    code, _ = find_territory(source, str(request.territory), on)
    writer = MapWriter(session, workspace, request, (code,))
    for product in map(writer.on_paper, products):
        if product.of == "territory":
            detail_m = writer.detail_m
            scene = territory_scene(source, workspace.catalogue, product, code, on=on, detail_m=detail_m)
            _print(writer.write(scene, product, f"{code}-{product.id}"))
            continue
        place = _Place(workspace, source, code, on, writer.detail_m)
        for scene in _strips(session, request, place, product):
            stem = f"{code}-{product.id}-{file_name(scene.frame.name)}"
            sections = strip_sections(scene, source, workspace.catalogue, product, on=on)
            _print(writer.write(scene, product, stem, sections=sections))
    return 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rivers are looked for."""

    workspace: "Workspace"
    source: "LayerSource"
    code: str
    on: date
    detail_m: float | None


def _strips(session: "Session", request: MapRequest, place: _Place, product: "MapProduct") -> "Iterator[Scene]":
    """Yield the scenes of the rivers that were named, else of the longer ones; say which are left out."""
    from zoning.maps.scenes import rivers, strip_scene

    catalogue = place.workspace.catalogue
    names = list(request.rivers)
    if not names:
        known = rivers(place.source, catalogue, product, on=place.on, territory=place.code)
        least = product.strip.least if product.strip else 0.0
        names = [river.name for river in known if river.length_m >= least] or [river.name for river in known[:1]]
        left = len(known) - len(names)
        if left:
            session.say(
                Text(
                    f"{product.id}：{left} 条较短的河流未出图；用 --river 河流名 指定",
                    f"{product.id}: {left} shorter rivers are left out; ask for one with --river NAME",
                )
            )
        if not known:
            session.say(Text(f"{product.id}：此行政区没有河流", f"{product.id}: the territory has no rivers"))
    for name in names:
        yield strip_scene(
            place.source, catalogue, product, name, on=place.on, territory=place.code, detail_m=place.detail_m
        )


def chosen_products(
    workspace: "Workspace", request: MapRequest, of: tuple[str, ...], default: str
) -> list["MapProduct"]:
    """Return the products that are meant, in the order of their ids.

    Raises
    ------
    UsageError
        When there is no product of that name, or it is made of something else.
    ContentError
        When a product says something that its layers do not know.
    """
    known = read_products(workspace)
    if request.every:
        chosen = [product for product in known.values() if product.of in of]
    else:
        chosen = [_product(known, request.product or default, of)]
    mistakes = [text for product in chosen for text in product.mistakes(workspace.catalogue)]
    if mistakes:
        raise every_mistake(mistakes)
    return chosen


def read_products(workspace: "Workspace") -> dict[str, "MapProduct"]:
    """Return the products of a workspace; where it has none of its own, those that come with the program.

    Raises
    ------
    ContentError
        When a product has mistakes.
    """
    from zoning.maps.map_product import read_map_products
    from zoning.workspace import builtin_root

    own = workspace.root / PRODUCTS
    return read_map_products(own if own.is_dir() else builtin_root() / PRODUCTS)


def _product(known: dict[str, "MapProduct"], name: str, of: tuple[str, ...]) -> "MapProduct":
    found = known.get(name)
    if found is None:
        fitting = [product for product in known.values() if product.of in of]
        zh = "\n".join(f"  {product.id}  {product.title.zh}" for product in fitting)
        en = "\n".join(f"  {product.id}  {product.title.en}" for product in fitting)
        raise UsageError(
            f"没有地图产品“{name}”；可用：\n{zh}", f"there is no map product '{name}'; choose one of:\n{en}"
        )
    if found.of not in of:
        raise UsageError(
            f"产品 {name} 的对象是{_OF[found.of].zh}；请相应地给出",
            f"product {name} is made of {_OF[found.of].en}: give that",
        )
    return found


def file_name(text: str) -> str:
    """Return a text as part of a file name: nothing in it may lead out of the folder.

    >>> file_name("沁河/../a b")
    '沁河_.._a_b'
    """
    import re

    return re.sub(r"[^\w.-]+", "_", text).lstrip(".")[:60] or "river"


def _print(paths: Iterable[Path]) -> None:
    for path in paths:
        sys.stdout.write(f"{path}\n")
