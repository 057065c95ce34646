"""Ledgers as boundary files (shapefile, GeoPackage, FileGDB, GeoJSON ...): attributes and shapes together."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from zoning.errors import ZoningError
from zoning.exchange.moving import Mover
from zoning.layers.datum import CGCS2000, LonLat
from zoning.registers.ledger.cells import Cell
from zoning.registers.ledger.headers import HeaderBook, Meaning
from zoning.registers.ledger.heading import no_id
from zoning.registers.ledger.rows import Ledger, LedgerRow
from zoning.registers.ledger.units import is_unit
from zoning.registers.types import RegisterType
from zoning.sites.limits import Options
from zoning.sites.site import Site
from zoning.texts import Text

_NO_SIZE_M = 1.0
"""Readers ask how wide a line or point is; a register keeps it as it is drawn."""


def read_boundary_file(path: Path, kind: RegisterType, options: Options, *, sandboxed: bool = False) -> Ledger:
    """Read every feature with its attributes; what is wrong with one feature is said in its row.

    Parameters
    ----------
    sandboxed
        Read in a process of its own; the first feature that cannot be read then ends the reading.

    Raises
    ------
    SiteError, CRSError, UsageError
        When the file as a whole cannot be read.
    ContentError
        When no attribute is the id of the kind.
    """
    book = HeaderBook(kind)
    if kind.shape != "area" and options.width_m is None:
        options = replace(options, width_m=_NO_SIZE_M)
    ways, rows = LonLat(), []
    notices: dict[Text, None] = {}
    names: dict[str, Meaning | None] = {}
    for number, site, error in _features(path, options, sandboxed=sandboxed):
        if site is None:
            rows.append(LedgerRow("", number, {}, shape_error=error))
            continue
        notices |= dict.fromkeys(site.warnings)
        for name in site.attributes:
            if name not in names:
                names[name] = book.meaning(name)
        rows.append(_row(number, site, names, ways))
    fields = {meaning.field: name for name, meaning in names.items() if meaning is not None and meaning.field}
    if kind.id_field not in fields and any(row.cells for row in rows):
        raise no_id(None, path.name, book)
    notices |= dict.fromkeys(_unknown(name, path.name, book) for name, meaning in names.items() if meaning is None)
    ordered = tuple(name for name in kind.fields if name in fields)
    return Ledger(path.name, tuple(rows), ordered, has_shapes=True, feature_rows=True, notices=tuple(notices))


def _features(path: Path, options: Options, *, sandboxed: bool) -> Iterator[tuple[int, Site | None, Text | None]]:
    if sandboxed:
        from zoning.sites.sandbox import read_sites_sandboxed

        for number, site in enumerate(read_sites_sandboxed(path, options), start=1):
            yield number, site, None
        return
    from zoning.sites.streaming import stream_sites

    for some in stream_sites(path, options):
        for row in some:
            yield row.number + 1, row.site, None if row.error is None else row.error.text


def _row(number: int, site: Site, names: Mapping[str, Meaning | None], ways: LonLat) -> LedgerRow:
    cells: dict[str, Cell] = {}
    for name, text in site.attributes.items():
        meaning = names[name]
        # Of two attributes that mean the same the first one that says something counts.
        if meaning is not None and meaning.field and meaning.field not in cells:
            cells[meaning.field] = Cell(text, name, meaning.unit if is_unit(meaning.unit) else "")
    shape, error = _lonlat(site, ways)
    return LedgerRow("", number, cells, shape, error, "geometry")


def _lonlat(site: Site, ways: LonLat) -> tuple[BaseGeometry | None, Text | None]:
    try:
        return Mover(site.crs, CGCS2000, ways).moved(site.geometry), None
    except ZoningError as error:
        return None, error.text


def _unknown(name: str, file: str, book: HeaderBook) -> Text:
    near = book.near(name)
    hint = Text("", "") if near is None else Text(f"；是否指“{near}”？", f" - did you mean '{near}'?")
    return Text(
        f"{file}：属性“{name}”不是本类型的字段，没有读取{hint.zh}",
        f"{file}: the attribute '{name}' is no field of this kind and was not read{hint.en}",
    )
