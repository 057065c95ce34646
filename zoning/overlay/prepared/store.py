"""Prepared layers: opened in a moment where they are current, built from their sources where they are not."""

import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from zoning.layers.catalogue import Catalogue
from zoning.layers.reader import LayerStore, Unavailable
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.prepared.basis import Form, Sources, form_on, forms_of
from zoning.overlay.prepared.building import WORLD, Builder
from zoning.overlay.prepared.container import ArrayFile, DamagedError
from zoning.overlay.prepared.file_state import file_system_now_ns
from zoning.overlay.prepared.folder import Folder, file_name, slot_in
from zoning.overlay.prepared.listing import Listed, listing
from zoning.overlay.prepared.outcome import UNREADABLE, Prepared, Progress
from zoning.overlay.prepared.shelf import Shelf
from zoning.overlay.prepared.stamps import Stamps

_LONGEST_WAIT = 300  # steps of 10 ms


class PreparedStore:
    """The prepared layers of a workspace in one folder.

    Parameters
    ----------
    root
        The folder; made when something is prepared, and never before.
    """

    def __init__(self, root: Path, catalogue: Catalogue, plane: MeasuringPlane) -> None:
        self.catalogue = catalogue
        self.plane = plane
        self.folder = Folder(root)
        self._stamps = Stamps(root)
        self._sources = Sources(catalogue, self._stamps)
        self._shelf = Shelf(self._stamps, plane)
        self._open: dict[str, PlaneLayer] = {}

    def open(self, layer_id: str, on: date) -> PlaneLayer | None:
        """Return a whole layer in the edition valid on a day; None when nothing is there that is surely current.

        It is what `PlaneLayer.of` makes of the whole layer, with geometries and texts that are made when they are asked
        for.
        """
        form = form_on(self.catalogue, layer_id, on)
        if form is None or not self.folder.has_any(form):
            return None
        key = self._sources.key(form, self.plane)
        if key is None:
            return None
        path = self.folder.path / file_name(form, key)
        try:
            if path.name not in self._open:
                self._open[path.name] = self._shelf.read(form, path, key=key, whole=False)
            return self._open[path.name]
        except (DamagedError, OSError):
            return None

    def prepare(
        self,
        layer_ids: Iterable[str] | None = None,
        *,
        on: date | None = None,
        verify: bool = False,
        progress: Progress = lambda _: None,
    ) -> list[Prepared]:
        """Build what is missing or not current.

        Parameters
        ----------
        layer_ids
            None: all layers.
        on
            Only the editions valid on this day; None: all editions.
        verify
            Hash sources and prepared files in full, whatever their stamps say; a damaged file is built again.

        Raises
        ------
        ContentError
            When the folder cannot be written. What was built before stays.
        """
        builder = Builder(self.catalogue, self._shelf, self._sources, self.folder, progress, afresh=verify)
        outcomes: list[Prepared] = []
        for layer_id in self.catalogue.layers if layer_ids is None else layer_ids:
            for form in _forms(self.catalogue, layer_id, on) or [None]:
                outcome = self._without_form(layer_id, on) if form is None else builder.build(form)
                progress(outcome)
                outcomes.append(outcome)
        if layer_ids is None and on is None:
            self._drop_left_overs()
        self._settle([outcome.path for outcome in outcomes if outcome.state == "built" and outcome.path is not None])
        return outcomes

    def damaged(self, on: date) -> list[str]:
        """Read all prepared files that hold on a day; return the layers whose file is not what was written.

        Such a file is removed, where that can be done: who opens the layer then reads its source.
        """
        found = []
        for layer_id in self.catalogue.layers:
            form = form_on(self.catalogue, layer_id, on)
            key = None if form is None or not self.folder.has_any(form) else self._sources.key(form, self.plane)
            if form is None or key is None:
                continue
            path = self.folder.path / file_name(form, key)
            try:
                with ArrayFile.open(path) as file:
                    file.verify()
            except FileNotFoundError:
                continue
            except (DamagedError, OSError):
                found.append(layer_id)
                self._open.pop(path.name, None)
                self.folder.remove(path)
        return found

    def listing(self) -> list[Listed]:
        """Return all forms of all layers with what lies in the folder of them, then what is left over."""
        return listing(self.folder, self.catalogue, self._sources, self.plane)

    def clear(self) -> int:
        """Remove all prepared layers, and nothing else that may lie in the folder; return how many there were."""
        self._open.clear()
        return self.folder.clear()

    def _drop_left_overs(self) -> None:
        """Remove the files of layers and editions that the workspace no longer has."""
        known = {form.slot for layer_id in self.catalogue.layers for form in forms_of(self.catalogue, layer_id)}
        old = [path for path in self.folder.files() if slot_in(path.name) not in known]
        if old:
            with self.folder.locked():
                for path in old:
                    self.folder.remove(path)

    def _without_form(self, layer_id: str, on: date | None) -> Prepared:
        """Tell why there is nothing to prepare of a layer: its zones or its territories are in a database, or none."""
        layer, territory = self.catalogue[layer_id], self.catalogue[self.catalogue.territory_layer]
        day = on or max(edition.valid_from for edition in layer.editions.values())
        found, around = layer.edition_on(day), territory.edition_on(day)
        if any(each is not None and each[1].file is None for each in (found, around)):
            return Prepared(layer_id, found[0] if found else None, "elsewhere")
        window = LayerStore(self.catalogue).read_window(layer_id, on=day, bounds=WORLD)
        reason = window.reason if isinstance(window, Unavailable) else None
        return Prepared(layer_id, window.edition_id, "refused", reason=reason, exit_code=UNREADABLE)

    def _settle(self, paths: list[Path]) -> None:
        """Read what was written, late enough for the stamps to hold."""
        for path in paths:
            try:
                with ArrayFile.open(path) as file:
                    state = file.state
                for _ in range(_LONGEST_WAIT):
                    if state.settled(file_system_now_ns(self.folder.path)):
                        break
                    time.sleep(0.01)
                self._shelf.settle(path)
            except (DamagedError, OSError):
                # Whoever opens it reads it whole and finds out.
                continue


def _forms(catalogue: Catalogue, layer_id: str, on: date | None) -> Sequence[Form | None]:
    if on is None:
        return forms_of(catalogue, layer_id)
    form = form_on(catalogue, layer_id, on)
    return [] if form is None else [form]
