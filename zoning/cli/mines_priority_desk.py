"""What priority, volumes and works share: which parcels, which elevation model, which files are written."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoning.atomic_write import json_text
from zoning.cli.mines_parcels import ParcelsRequest, parcels
from zoning.cli.printing import plain_table, print_line, print_rest
from zoning.cli.session import Session
from zoning.cli.writing import write_all
from zoning.errors import UsageError
from zoning.texts import Text

if TYPE_CHECKING:
    from zoning.cli.plan_statistics_tables import Sheet, Value
    from zoning.mines.elevation import Elevation
    from zoning.registers.record import Record
    from zoning.styles.drawing import Drawing
    from zoning.workspace import Workspace

_SHOWN = 30


@dataclass(frozen=True, slots=True)
class DeskRequest:
    """What the three commands are told."""

    parcels: ParcelsRequest
    dem: Path | None = None
    out: Path | None = None
    on: str | None = None
    workspace: Path | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What is on the desk: `parcels` are never none."""

    session: Session
    workspace: "Workspace"
    on: date
    parcels: "tuple[Record, ...]"
    request: DeskRequest

    @property
    def shapes(self) -> list[Any]:
        """The geometries of the parcels, degrees; None where a place is not known."""
        return [one.geometry for one in self.parcels]

    def areas_m2(self) -> list[float | None]:
        """Return the area of each parcel on the ellipsoid, None without geometry."""
        from zoning.cli.mines_parcels import LONLAT
        from zoning.overlay.plane import MeasuringPlane

        plane = MeasuringPlane(self.workspace.settings.latitude)
        return [
            None if shape is None or shape.is_empty else plane.area_m2(shape, LONLAT, step_m=10.0)
            for shape in self.shapes
        ]

    def sources(self, *files: Path | None) -> dict[str, str]:
        """Return the SHA-256 of the files that figures rest on, by name; of a register, of its versions."""
        from zoning.layers.digests import content_sha256, file_sha256

        told = [self.request.parcels.file, *files]
        found = {path.name: file_sha256(path) for path in told if path is not None and path.is_file()}
        if self.request.parcels.file is None:
            found["register"] = content_sha256({one.id: one.version for one in self.parcels})
        return found

    def elevation(self, reach_m: float = 0.0) -> "Elevation":
        """Return the part of the elevation model that the parcels and what lies around them need.

        Raises
        ------
        UsageError
            When no elevation model is named.
        LayerError
            When it cannot be read; see `zoning.mines.elevation.read_elevation`.
        """
        from zoning.mines.elevation import around, read_elevation

        path = self.request.dem
        if path is None:
            raise UsageError("请用 --dem 给出高程模型（GeoTIFF）", "name an elevation model (GeoTIFF): --dem FILE")
        shapes = [shape for shape in self.shapes if shape is not None and not shape.is_empty]
        self.session.say(Text(f"读取高程 {path.name}", f"reading heights of {path.name}"))
        return read_elevation(path, around(shapes, reach_m) if shapes else None)


def open_desk(session: Session, request: DeskRequest) -> Desk:
    """Return the parcels of the boundary file, or of the register.

    Raises
    ------
    UsageError
        When there are none.
    ContentError
        When the workspace or the register cannot be read.
    SiteError, CRSError
        When the boundary file cannot be read.
    """
    workspace = session.open_workspace(request.workspace)
    found = parcels(session, request.workspace, request.parcels)
    session.say(Text(f"{len(found):,} 个图斑", f"{len(found):,} parcels"))
    return Desk(session, workspace, session.day(request.on), found, request)


@dataclass(frozen=True, slots=True)
class Products:
    """What a command writes: `<name>.json`, `.xlsx`, `.gpkg` and other files, the JSON last.

    Attributes
    ----------
    shown
        The table that is printed.
    columns
        Fields of the GeoPackage, parcels in the order of the desk.
    drawing
        How the GeoPackage is drawn; None leaves it to the program that opens it.
    """

    name: str
    document: Mapping[str, Any]
    title: Text
    notes: Sequence[Text]
    shown: "Sheet"
    sheets: "Sequence[Sheet]"
    columns: "Mapping[str, Sequence[Value]]"
    others: Mapping[str, bytes]
    drawing: "Drawing | None" = None


def write_products(desk: Desk, products: Products, folder: Path) -> None:
    """Write the files of a command; each whole or not at all.

    Raises
    ------
    ContentError
        When a file cannot be written.
    """
    from zoning.cli.plan_statistics_tables import MOST_ROWS, csv_of, workbook
    from zoning.maps.made import Made
    from zoning.version import __version__

    session = desk.session
    language = session.language
    made = Made(session.today().isoformat(), __version__)
    notes = [text.get(language) for text in products.notes]
    files: dict[str, bytes | str] = dict(products.others)
    # A workbook holds the beginning of long tables and says that the rest is here.
    long = [sheet for sheet in products.sheets if len(sheet.rows) > MOST_ROWS]
    files |= {f"{products.name}-{sheet.id}.csv": csv_of(sheet, language) for sheet in long}
    files[f"{products.name}.gpkg"] = _geopackage(desk, products)
    files[f"{products.name}.xlsx"] = workbook(products.sheets, products.title.get(language), notes, language, made)
    files[f"{products.name}.json"] = json_text(products.document, allow_nan=False)
    write_all(session, folder, files)


def _geopackage(desk: Desk, products: Products) -> bytes:
    """Return the parcels with the figures of each; those without geometry are in the other files."""
    import shapely

    from zoning.maps.qgis.geopackage import geopackage
    from zoning.maps.qgis.tables import Table

    language = desk.session.language
    kept = [n for n, shape in enumerate(desk.shapes) if shape is not None and not shape.is_empty]
    columns = {name: [_cell(values[n], language) for n in kept] for name, values in products.columns.items()}
    texts = frozenset(name for name, values in columns.items() if any(isinstance(value, str) for value in values))
    rows = tuple(zip(*columns.values(), strict=True))
    shapes: tuple[Any, ...] = tuple(shapely.multipolygons(shapely.get_parts(desk.shapes[n])) for n in kept)
    title = products.title.get(language)
    table = Table(products.name, products.name, "zones", title, tuple(columns), texts, rows, shapes, products.drawing)
    return geopackage([table], desk.session.today().isoformat())


def _cell(value: "Value", language: Any) -> str | float | None:
    if isinstance(value, Text):
        return value.get(language)
    return value if value is None or isinstance(value, str) else float(value)


def print_result(desk: Desk, products: Products, *, as_json_text: bool) -> None:
    """Print the document as JSON, or the table that is shown, with the notes."""
    if as_json_text:
        sys.stdout.write(json_text(products.document, allow_nan=False))
        return
    language, sheet = desk.session.language, products.shown
    figures = [place for place, head in enumerate(sheet.heads) if head.decimals is not None]
    table = plain_table(*(head.title for head in sheet.heads), language=language, figures=figures)
    for row in sheet.rows[:_SHOWN]:
        table.add_row(*(_shown(value, head.decimals, language) for value, head in zip(row, sheet.heads, strict=True)))
    desk.session.console().print(table)
    print_rest(desk.session, len(sheet.rows) - _SHOWN)
    for note in products.notes:
        print_line(desk.session, 0, note.get(language))


def _shown(value: "Value", decimals: int | None, language: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, Text):
        return value.get(language)
    return value if isinstance(value, str) else f"{value:,.{decimals or 0}f}"
