"""What lies in a folder of prepared layers, and what does not yet."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from zoning.layers.catalogue import Catalogue
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.prepared.basis import Form, Sources, forms_of
from zoning.overlay.prepared.container import ArrayFile, DamagedError
from zoning.overlay.prepared.folder import Folder, file_name, slot_in

ListedState = Literal["current", "stale", "damaged", "missing", "left-over"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One form of a layer, or a file that is none of them any more.

    Attributes
    ----------
    state
        `stale`: its source, its definition or what its coverage rests on is another than when it was prepared.
        `left-over`: no layer of the workspace has this form.
    """

    layer: str
    edition: str
    state: ListedState
    territory: str | None = None
    path: Path | None = None
    zones: int = 0
    size: int = 0


def listing(folder: Folder, catalogue: Catalogue, sources: Sources, plane: MeasuringPlane) -> list[Listed]:
    """Return all forms of all layers, then what is left over."""
    forms = [form for layer_id in catalogue.layers for form in forms_of(catalogue, layer_id)]
    files = folder.files()
    known = {form.slot for form in forms}
    left_over = [path for path in files if slot_in(path.name) not in known]
    return [_listed(form, files, sources.key(form, plane)) for form in forms] + [_left_over(path) for path in left_over]


def _listed(form: Form, files: list[Path], key: str | None) -> Listed:
    mine = {path.name: path for path in files if slot_in(path.name) == form.slot}
    current = None if key is None else mine.get(file_name(form, key))
    path = current or next(iter(mine.values()), None)
    if path is None:
        return Listed(form.layer.id, form.edition_id, "missing", form.territory)
    try:
        with ArrayFile.open(path) as file:
            zones, size = int(file.meta["zones"]), file.state.size
    except (DamagedError, OSError, KeyError, ValueError, TypeError):
        return Listed(form.layer.id, form.edition_id, "damaged", form.territory, path)
    state: ListedState = "stale" if current is None else "current"
    return Listed(form.layer.id, form.edition_id, state, form.territory, path, zones, size)


def _left_over(path: Path) -> Listed:
    try:
        with ArrayFile.open(path) as file:
            layer, edition = str(file.meta["layer"]), str(file.meta["edition"])
            return Listed(
                layer, edition, "left-over", file.meta["territory"], path, int(file.meta["zones"]), file.state.size
            )
    except (DamagedError, OSError, KeyError, ValueError, TypeError):
        return Listed(path.name.split(".")[0], "", "left-over", path=path)
