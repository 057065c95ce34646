"""Layers as the pages show them: what is valid, where it holds, where nobody knows anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zoning.errors import ZoningError
from zoning.layers.catalogue import GROUPS, Coverage, Edition, Layer
from zoning.rules.wording.territories import read_territories
from zoning.texts import Text
from zoning.web.server import Server


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition of a layer; `state`: present, future, past."""

    id: str
    edition: Edition
    state: str
    is_missing: bool


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer on a day.

    Attributes
    ----------
    edition
        Valid on the day, None: none is.
    covered
        Territory -> True: authoritative there, False: "no data", None: told by polygons of a file.
    """

    layer: Layer
    edition: EditionRow | None
    editions: tuple[EditionRow, ...]
    covered: Mapping[str, bool | None]

    @property
    def has_gap(self) -> bool:
        """Whether some territory is without data."""
        return self.edition is None or self.edition.is_missing or False in self.covered.values()


def territory_names(server: Server) -> Mapping[str, Text]:
    """Return the names of the territories by code, those first that the territory layer covers."""
    known = read_territories(server.settings.workspace / "rules")
    catalogue = server.workspace.catalogue
    codes: dict[str, None] = {}
    for layer in (catalogue[catalogue.territory_layer], *catalogue.layers.values()):
        for coverage in _coverages(layer):
            codes |= dict.fromkeys(coverage.territories)
    return {code: known.get(code, Text(code, code)) for code in codes}


def _coverages(layer: Layer) -> tuple[Coverage, ...]:
    return (layer.coverage, *(one.coverage for one in layer.editions.values() if one.coverage is not None))


def layer_rows(server: Server, on: date) -> tuple[LayerRow, ...]:
    """Return all layers, by group."""
    codes = tuple(territory_names(server))
    order = list(GROUPS)
    rows = [layer_row(server, layer, codes, on) for layer in server.workspace.catalogue.layers.values()]
    return tuple(sorted(rows, key=lambda row: (order.index(row.layer.group), row.layer.id)))


def layer_row(server: Server, layer: Layer, codes: tuple[str, ...], on: date) -> LayerRow:
    """Return one layer."""
    folder = server.settings.workspace / "layers"
    present = layer.edition_on(on)
    name = None if present is None else present[0]
    editions = tuple(
        EditionRow(key, one, _state(key, name, one, on), _is_missing(folder, one))
        for key, one in sorted(layer.editions.items(), key=lambda item: item[1].valid_from, reverse=True)
    )
    found = next((row for row in editions if row.id == name), None)
    stated = layer.coverage if present is None else (present[1].coverage or layer.coverage)
    covered = {code: None if not stated.territories else code in stated.territories for code in codes}
    return LayerRow(layer, found, editions, covered)


def _state(key: str, present: str | None, edition: Edition, on: date) -> str:
    if key == present:
        return "present"
    return "future" if edition.valid_from > on else "past"


def _is_missing(folder: Path, edition: Edition) -> bool:
    return edition.source is None and not (folder / (edition.file or "")).exists()


def class_colours(server: Server, layer: Layer) -> Mapping[str, str]:
    """Return class -> colour of its style, a grey where the styles cannot be read."""
    from zoning.styles.stylebook import read_stylebook

    try:
        book = read_stylebook(server.settings.workspace / "styles")
    except (ZoningError, OSError):
        return dict.fromkeys(layer.classes, "#8A8578")
    looks = {name: book.of_class(layer.id, name) for name in layer.classes}
    return {name: look.outline if layer.geometry == "line" else look.fill for name, look in looks.items()}
