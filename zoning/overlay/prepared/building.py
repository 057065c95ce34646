"""Building one prepared layer: read whole, bring into the plane, write in one piece."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from zoning.errors import LayerError, ZoningError
from zoning.layers.catalogue import Catalogue
from zoning.layers.datum import Bounds
from zoning.layers.digests import layer_files
from zoning.layers.reader import Features, LayerStore, Unavailable
from zoning.overlay.plane import MeasuringPlane
from zoning.overlay.prepared.basis import Form, Sources, key_of
from zoning.overlay.prepared.container import ArrayFile, Arrays, DamagedError, write_arrays
from zoning.overlay.prepared.folder import Folder, file_name, not_writable, slot_in
from zoning.overlay.prepared.outcome import Prepared, Progress, Stage, State, Step
from zoning.overlay.prepared.packing import Meta, pack
from zoning.overlay.prepared.shelf import Shelf

WORLD = (-180.0, -90.0, 180.0, 90.0)


class PassingReader(LayerStore):
    """Keeps no window but that of the territories: whole layers must be able to leave the memory."""

    def read_window(self, layer_id: str, *, on: date, bounds: Bounds) -> Features | Unavailable:
        """Read a window; see `LayerStore.read_window`."""
        found = super().read_window(layer_id, on=on, bounds=bounds)
        kept = self.catalogue.territory_layer
        self._windows = {key: window for key, window in self._windows.items() if key[0] == kept}
        return found


class Builder:
    """Builds prepared layers in a folder, each when it is not there yet.

    Parameters
    ----------
    afresh
        Hash sources and read prepared files also where their stamps hold.
    """

    def __init__(
        self, catalogue: Catalogue, shelf: Shelf, sources: Sources, folder: Folder, progress: Progress, *, afresh: bool
    ) -> None:
        self.catalogue = catalogue
        self.shelf = shelf
        self.sources = sources
        self.folder = folder
        self.progress = progress
        self.afresh = afresh
        self.plane = MeasuringPlane(shelf.plane.latitude, shelf.plane.longitude)
        self._reader = PassingReader(catalogue)

    def build(self, form: Form) -> Prepared:
        """Build a form where it is not current.

        Raises
        ------
        ContentError
            When the folder cannot be written.
        """
        key = self.sources.key(form, self.plane, afresh=self.afresh)
        found = self._current(form, key)
        if found is not None:
            return found
        with self.folder.locked(lambda: self._tell(form, "waiting")):
            # Another process may have built it meanwhile.
            key = self.sources.key(form, self.plane)
            found = self._current(form, key)
            if found is not None:
                return found
            return self._built(form, key)

    def _current(self, form: Form, key: str | None) -> Prepared | None:
        if key is None:
            return None
        path = self.folder.path / file_name(form, key)
        try:
            if self.afresh or not self.shelf.stamped(path):
                self.shelf.read(form, path, key=key, whole=self.afresh)
            return _outcome(form, path, "current")
        except (DamagedError, OSError):
            return None

    def _built(self, form: Form, key: str | None) -> Prepared:
        try:
            arrays, meta = self._packed(form, key)
        except ZoningError as error:
            return _refused(form, error)
        if key is None or self.sources.key(form, self.plane) != key:
            return _refused(form, _being_written(form) if key is None else _changed(form))
        self._tell(form, "writing", meta["zones"], meta["zones"])
        path = self.folder.path / file_name(form, key)
        self._write(path, arrays, {**meta, "key": key, "territory": form.territory})
        for old in self.folder.files():
            if slot_in(old.name) == form.slot and old.name != path.name:
                self.folder.remove(old)
        return _outcome(form, path, "built")

    def _packed(self, form: Form, key: str | None) -> tuple[Arrays, Meta]:
        """Read a layer and bring it into the plane.

        Raises
        ------
        ZoningError
            With the sentence of whoever refused it.
        """
        self._tell(form, "reading", 0, self._size(form))
        window = self._reader.read_window(form.layer.id, on=form.on, bounds=WORLD)
        if isinstance(window, Unavailable):
            raise LayerError(window.reason.zh, window.reason.en)
        if key is not None and key != self._key_of(form, window):
            raise _changed(form)
        # Ours alone, to be let go of on the way: the reader keeps that of the territories.
        features = replace(window, geometries=window.geometries.copy())
        del window
        return pack(features, self.plane, lambda done: self._tell(form, "projecting", done, len(features.ids)))

    def _size(self, form: Form) -> int:
        with suppress(OSError):
            path = self._reader.path(str(form.edition.file))
            return sum(part.stat().st_size for part in layer_files(path))
        return 0

    def _key_of(self, form: Form, features: Features) -> str | None:
        """Return the key of what was really read, as far as the reader tells its digests."""
        stated = form.edition.coverage or form.layer.coverage
        digests: list[str | None] = [features.sha256]
        if stated.file is not None:
            digests.append(self.sources.sha256(stated.file))
        if form.territory is not None:
            territory = self._reader.read_window(self.catalogue.territory_layer, on=form.on, bounds=WORLD)
            digests.append(territory.sha256 if isinstance(territory, Features) else None)
        if None in digests:
            return None
        return key_of(self.catalogue, form, self.plane, [str(digest) for digest in digests])

    def _write(self, path: Path, arrays: Arrays, meta: Meta) -> None:
        try:
            write_arrays(path, arrays, meta)
        except OSError as error:
            raise not_writable(path, error) from error
        # A stamp of the file that had this name before is not that of this one.
        with suppress(OSError):
            self.shelf.stamps.drop(path.name)

    def _tell(self, form: Form, stage: Stage, done: int = 0, total: int = 0) -> None:
        self.progress(Step(form.layer.id, form.edition_id, stage, done, total))


def _outcome(form: Form, path: Path, state: State) -> Prepared:
    with ArrayFile.open(path) as file:
        zones, size = int(file.meta["zones"]), file.state.size
    return Prepared(form.layer.id, form.edition_id, state, form.territory, path, zones, size)


def _refused(form: Form, error: ZoningError) -> Prepared:
    return Prepared(
        form.layer.id, form.edition_id, "refused", form.territory, reason=error.text, exit_code=error.exit_code
    )


def _being_written(form: Form) -> LayerError:
    name = Path(str(form.edition.file)).name
    return LayerError(
        f"{name} 正被改动，或上次写入中断（旁有 -journal 文件）；请用写它的软件重新打开一次，再重新预处理",
        f"{name} is being changed, or a write to it was broken off (there is a -journal file beside it): "
        "open it once with the program that wrote it, then prepare again",
    )


def _changed(form: Form) -> LayerError:
    name = Path(str(form.edition.file)).name
    return LayerError(
        f"{name} 或其覆盖范围所依据的文件在读取过程中被改动，请重新预处理",
        f"{name}, or a file that its coverage rests on, changed while it was read: prepare again",
    )
