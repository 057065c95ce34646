"""VCT 3.0 (GB/T 17798-2007), the exchange format of the land survey: polygons put together from shared lines.

X is east and Y north, unless the head turns them round; the head also states the coordinate system.
"""

from collections.abc import Iterator
from pathlib import Path

from zoning.sites.encodings import text_codec
from zoning.sites.limits import Options
from zoning.sites.raw import RawFile, RawSite
from zoning.sites.records import raw_site
from zoning.sites.site import Repair
from zoning.sites.vct.compose import Composed, Composer
from zoning.sites.vct.crs import system
from zoning.sites.vct.layers import Layer, choose
from zoning.sites.vct.lines import Lines
from zoning.sites.vct.sections import read_sections
from zoning.sites.vct.sheet import Shape, Sheet
from zoning.sites.where import Where
from zoning.texts import Text

_NOT_TEXT = ("varbin",)
_OWN_ID = "BSM"


def read_vct(path: Path, options: Options) -> RawFile:
    """Read every object of one layer of a VCT file.

    Raises
    ------
    SiteError, CRSError
        Naming the line.
    UsageError
        When the stated encoding is unknown.
    """
    where = Where(path.name or str(path))
    codec = text_codec(path, where, options.encoding)
    with path.open(encoding=codec, newline=None) as file:
        sheet = read_sections(Lines(file, where), where)
    layers, notes = choose(sheet, options.layer, where)
    composer = Composer(sheet, where, options)
    sites = tuple(site for layer in layers for site in _sites(layer, sheet, composer, where, options))
    found = system(sheet.head, ((site.where, site.geometry.bounds) for site in sites))
    return RawFile(
        sites,
        found.declared,
        silence=found.silence,
        may_be_degrees=found.may_be_degrees,
        warnings=(*notes, *found.warnings, *_odd_rows(sheet, where)),
        encoding=codec,
    )


def _sites(layer: Layer, sheet: Sheet, composer: Composer, where: Where, options: Options) -> Iterator[RawSite]:
    for shape in layer.shapes:
        made = composer.compose(shape)
        attributes, notes = _attributes(shape, layer, sheet, where)
        yield raw_site(
            made.drawings,
            where.at_line(shape.line),
            options,
            attributes=attributes,
            stated_id="" if _OWN_ID in {name.upper() for name in attributes} else str(shape.id),
            repairs=_curve_repair(made),
            warnings=(*made.warnings, *notes),
        )


def _curve_repair(made: Composed) -> tuple[Repair, ...]:
    if not made.curves:
        return ()
    text = Text(
        f"{made.curves} 段圆弧或圆已转为折线（弦高不超过 0.1 毫米）",
        f"turned {made.curves} arcs or circles into lines (within 0.1 mm of the curve)",
    )
    return (Repair("curve-to-line", made.curves, 0.0, text),)


def _attributes(shape: Shape, layer: Layer, sheet: Sheet, where: Where) -> tuple[dict[str, str], tuple[Text, ...]]:
    """Return the values of an object by the names of its fields, without the empty ones."""
    key = layer.code.table.lower()
    table, row = sheet.tables.get(key), sheet.rows.get(key, {}).get(shape.id)
    if table is None or row is None:
        return {}, ()
    values = [text.strip() for text in row.split(sheet.head.separator)]
    if len(values) == len(table.fields) - 1:
        # The id of the object is also the first field.
        values.insert(0, str(shape.id))
    if len(values) != len(table.fields):
        text = where.at_line(shape.line).sentence(
            f"对象 {shape.id} 的属性有 {len(values)} 项，表 {table.name} 有 {len(table.fields)} 个字段，未取属性",
            f"the object {shape.id} has {len(values)} attributes, the table {table.name} {len(table.fields)} fields; "
            "they were left out",
        )
        return {}, (text,)
    named = zip(table.fields, values, strict=True)
    return {name: value for (name, kind), value in named if value and kind not in _NOT_TEXT}, ()


def _odd_rows(sheet: Sheet, where: Where) -> tuple[Text, ...]:
    if not sheet.odd_rows:
        return ()
    count, first = len(sheet.odd_rows), sheet.odd_rows[0]
    text = where.at_line(first).sentence(
        f"属性表中有 {count} 行不是以标识码开头（此行为首），未取这些属性",
        f"{count} lines of the attributes do not begin with an id (this is the first); they were left out",
    )
    return (text,)
