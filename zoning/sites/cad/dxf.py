"""DXF: closed lines and hatches of one layer of the model space, one record for each outer ring."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path as FilePath

import numpy as np

from zoning.sites.cad.blocks import Blocks, Drawn, visibility
from zoning.sites.cad.contents import Contents, read_contents, text_encoding
from zoning.sites.cad.footprints import footprints
from zoning.sites.cad.georeference import declared, old_datum_text, old_datum_warning, silence
from zoning.sites.cad.layer_choice import LayerLines, check_hidden, choose, without_symbols
from zoning.sites.cad.outlines import CLOSING_M, find_outlines
from zoning.sites.cad.shapes import Path
from zoning.sites.cad.units import Unit, check_local, decide, fitting
from zoning.sites.encodings import GB18030, UTF_8
from zoning.sites.limits import Options, Tally
from zoning.sites.raw import Declared, RawFile
from zoning.sites.where import Where, printable
from zoning.texts import Text

_MOST_NAMED = 8
_LONGEST_NAME = 255


@dataclass(slots=True)
class _Sheet:
    """A drawing on its way to footprints."""

    contents: Contents
    decode: Callable[[bytes], str]
    drawn: Drawn
    hidden: dict[str, int]


def read_dxf(path: FilePath, options: Options, where: Where | None = None) -> RawFile:
    """Read the outlines of the layer with the boundary.

    Raises
    ------
    SiteError, CRSError
    """
    where = where or Where(path.name or str(path))
    contents = read_contents(path, where, Tally(options.limits), _keeper(options.layer))
    codec, notes = text_encoding(contents, options, where)
    decode = _decoder(codec)
    system, said = declared(path, contents, where)
    sheet = _drawn_out(contents, decode, options, where)
    unit = _unit(sheet, options, system, where)
    layers = _by_layer(sheet, unit, options)
    symbols = without_symbols(layers, CLOSING_M * unit.metre, unit.metre)
    _check_something_drawn(sheet, layers, options, where)
    layer = choose(layers, options.layer, [decode(name) for name in contents.passed_over], unit.metre, where)
    if options.layer is None:
        check_hidden(layer, list(sheet.hidden), where)
    made = footprints(layer, sheet.drawn.notes, unit, decode, options, where)
    old = old_datum_text(contents.words, decode)
    if system is None and options.crs is None and not unit.fits:
        check_local(np.array([site.geometry.bounds for site in made.sites]).reshape(-1, 2), where)
    warnings = (
        *notes,
        *said,
        *unit.warnings,
        *(() if old is None or (system is None and options.crs is None) else (old_datum_warning(where, old),)),
        *_left_out(sheet, layer, symbols.get(layer.name, 0), options, where),
        *(() if options.layer is not None else _other_layers(layers, layer, where)),
        *made.warnings,
    )
    return RawFile(
        made.sites,
        system,
        silence=silence(old),
        may_be_degrees=True,
        warnings=warnings,
        encoding=codec,
    )


def _decoder(codec: str) -> Callable[[bytes], str]:
    from ezdxf.lldxf.encoding import decode_dxf_unicode, decode_mif_to_unicode

    @lru_cache(maxsize=100_000)
    def decode(raw: bytes) -> str:
        text = raw.decode(codec, errors="replace")
        if "\\" in text:
            text = decode_mif_to_unicode(decode_dxf_unicode(text))
        return printable(text)

    return decode


def _keeper(stated: str | None) -> Callable[[bytes], bool]:
    """Return the test whether a layer may be the stated one, before the codec of its name is known."""
    if stated is None:
        return lambda _layer: True
    readings = [_decoder(codec) for codec in (UTF_8, GB18030)]
    if not stated.isascii():
        # A user may have stated another codec: names that are not ASCII are sorted out later.
        return lambda layer: not layer.isascii() or b"\\" in layer
    return lambda layer: any(read(layer).casefold() == stated.casefold() for read in readings)


def _drawn_out(contents: Contents, decode: Callable[[bytes], str], options: Options, where: Where) -> _Sheet:
    asked = None if options.layer is None else options.layer.casefold()
    hidden = {
        decode(layer.name).casefold(): (layer.frozen, layer.off)
        for layer in contents.layers
        if (layer.frozen or layer.off) and decode(layer.name).casefold() != asked
    }
    veiled, frozen = visibility(hidden, decode)
    tally = Tally(options.limits)
    drawn = Blocks(contents.blocks, decode, veiled, frozen, tally, where).drawn(contents.model)
    unseen: dict[str, int] = {}
    for path in drawn.paths:
        if path.mark.hidden:
            name = decode(path.mark.layer)
            unseen[name] = unseen.get(name, 0) + (path.closed or bool((path.ends[0] == path.ends[1]).all()))
    drawn.paths = [path for path in drawn.paths if not path.mark.hidden]
    drawn.unread = [entity for entity in drawn.unread if not entity.mark.hidden]
    return _Sheet(contents, decode, drawn, {name: count for name, count in unseen.items() if count})


def _unit(sheet: _Sheet, options: Options, system: Declared | None, where: Where) -> Unit:
    """Decide the unit by the lines of the stated layer, else of all."""
    asked = None if options.layer is None else options.layer.casefold()
    paths = [p for p in sheet.drawn.paths if asked is None or sheet.decode(p.mark.layer).casefold() == asked]
    stated = options.crs if options.crs is not None else None if system is None else system.crs
    header = sheet.contents.header.get("$INSUNITS", b"0")
    try:
        number = int(header)
    except (ValueError, OverflowError):
        number = 0
    # A closed polyline's first point is enough: it is its place, not its shape, that counts here.
    points = np.array([path.ends[0] for path in paths]).reshape(-1, 2)
    return decide(points, number, fitting(options.expected, stated, where), where)


def _by_layer(sheet: _Sheet, unit: Unit, options: Options) -> dict[str, LayerLines]:
    paths: dict[str, list[Path]] = {}
    layers: dict[str, LayerLines] = {}
    scale = np.diag([unit.factor, unit.factor, unit.factor, 1.0])
    for path in sheet.drawn.paths:
        name = sheet.decode(path.mark.layer)
        layers.setdefault(name.casefold(), LayerLines(name))
        scaled = path if unit.factor == 1 else _scaled(path, scale)
        paths.setdefault(name.casefold(), []).append(scaled)
    for entity in sheet.drawn.unread:
        name = sheet.decode(entity.mark.layer)
        points = entity.points * unit.factor
        layers.setdefault(name.casefold(), LayerLines(name)).unread.append(replace(entity, points=points))
    sheet.drawn.notes = [replace(note, at=note.at * unit.factor) for note in sheet.drawn.notes]
    for key, listed in paths.items():
        lines = find_outlines(listed, CLOSING_M * unit.metre, options.limits.crossings)
        layers[key].outlines, layers[key].open, layers[key].branches = lines.outlines, lines.open, lines.branches
    return layers


def _scaled(path: Path, scale: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> Path:
    at = None if path.symbol_at is None else path.symbol_at * scale[0, 0]
    return replace(path, pieces=tuple(piece.moved(scale) for piece in path.pieces), symbol_at=at)


def _check_something_drawn(sheet: _Sheet, layers: dict[str, LayerLines], options: Options, where: Where) -> None:
    """Say why nothing is left to choose from: lines on layers that are not shown, on paper, or in other files."""
    if options.layer is not None or any(layer.counts for layer in layers.values()):
        return
    if sheet.hidden:
        names = _names(sheet.hidden)
        raise where.error(
            f"闭合图形都在关闭或冻结的图层上：{names.zh}；请打开图层后重新导出，或用 --layer 指定",
            f"all closed lines are on layers that are off or frozen: {names.en}; show the layer and export again, or "
            "name it with --layer",
        )
    if any(layer.open for layer in layers.values()):
        return
    if sheet.contents.on_paper:
        raise where.error(
            f"模型空间里没有线，{sheet.contents.on_paper} 条线都在图纸空间（布局），没有真实坐标；"
            "请把边界放到模型空间后重新导出",
            f"the model space holds no line, {sheet.contents.on_paper} lines are in paper space (layouts), which has "
            "no real coordinates; put the boundary into the model space and export again",
        )


def _names(counts: dict[str, int]) -> Text:
    listed = sorted(counts)[:_MOST_NAMED]
    more = len(counts) > _MOST_NAMED
    return Text("、".join(listed) + "……" * more, ", ".join(listed) + " ..." * more)


def _other_layers(layers: dict[str, LayerLines], read: LayerLines, where: Where) -> tuple[Text, ...]:
    """Say which layer was read where others hold open lines: a boundary with a gap may be among them."""
    others = {layer.name: len(layer.open) for layer in layers.values() if layer.open and layer is not read}
    if not others:
        return ()
    names = _names(others)
    return (
        where.sentence(
            f"读取了图层 {read.name}；其他图层上未闭合的线没有读取：{names.zh}",
            f"layer {read.name} was read; open lines on other layers were not: {names.en}",
        ),
    )


def _left_out(sheet: _Sheet, layer: LayerLines, symbols: int, options: Options, where: Where) -> Sequence[Text]:
    """Say what was not read."""
    said = []
    if sheet.hidden and options.layer is None:
        names, count = _names(sheet.hidden), sum(sheet.hidden.values())
        said.append(
            where.sentence(
                f"关闭、冻结的图层或隐藏的 {count} 个闭合图形没有读取：{names.zh}",
                f"{count} closed lines that are hidden or on layers off or frozen were not read: {names.en}",
            )
        )
    if sheet.drawn.external:
        files = sorted(sheet.drawn.external)[:_MOST_NAMED]
        said.append(
            where.sentence(
                f"外部参照的内容不在文件里，没有读取：{'、'.join(files)}",
                f"the content of external references is not in the file and was not read: {', '.join(files)}",
            )
        )
    key = layer.name.casefold()
    labels = sum(n for name, n in sheet.contents.labels.items() if sheet.decode(name).casefold() == key)
    if labels:
        said.append(
            where.sentence(
                f"图层 {layer.name} 上的 {labels} 个文字、标注或点不计入范围",
                f"{labels} texts, dimensions or points on layer {layer.name} are not part of the footprint",
            )
        )
    if symbols:
        said.append(
            where.sentence(
                f"图层 {layer.name} 上 {symbols} 个界址点符号（落在界址点上的小圆或图块）不计入范围",
                f"{symbols} symbols on vertices of the boundary (small circles or blocks) on layer {layer.name} are "
                "not part of the footprint",
            )
        )
    return said
