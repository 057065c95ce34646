"""Reading layers: the zones inside a window, or the reason why there are none to be had."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoning.errors import CRSError, LayerError
from zoning.layers.apart import apart
from zoning.layers.catalogue import Catalogue, Edition, Layer
from zoning.layers.datum import Bounds, LonLat, holds, same_crs
from zoning.layers.digests import content_sha256, file_sha256, layer_files
from zoning.layers.formats import Table, UnreadableError, read_table
from zoning.layers.postgis.databases import Databases, Place
from zoning.layers.records import classes_of, shapes_of
from zoning.texts import Text

CONTENT_FOLDER = "layers"
NOT_HERE = Text("此处不在图层的覆盖范围之内", "the layer does not cover this place")


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What a window of a layer holds.

    Attributes
    ----------
    geometries
        (n,) in `crs`, x east, y north, as stored: invalid ones are repaired by the overlay, which keeps the ledger.
    assumed
        (n,) the zone bears no class: the strictest of the edition was assumed.
    coverage
        Where the layer is authoritative, as far as it meets the window, in `coverage_crs`. Layers that cover the same
        territories share the same object.
    sha256
        Of the layer's file, or of what its table holds.
    """

    layer: Layer
    edition_id: str
    edition: Edition
    crs: str
    geometries: NDArray[np.object_]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    class_ids: tuple[str, ...]
    assumed: tuple[bool, ...]
    attributes: tuple[Mapping[str, str], ...]
    coverage: BaseGeometry
    coverage_crs: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The layer cannot answer here: the check says so and never takes it for "not affected".

    `passing`: a database did not answer; it is asked again for the next window.
    """

    layer: Layer
    edition_id: str | None
    reason: Text
    passing: bool = False


@dataclass(frozen=True, slots=True)
class _Zones:
    """The records of a layer, before its coverage is known."""

    edition_id: str
    edition: Edition
    table: Table
    crs: str
    sha256: str


def read_window(catalogue: Catalogue, layer_id: str, *, on: date, bounds: Bounds) -> Features | Unavailable:
    """Read one window of one layer; see `LayerStore.read_window`."""
    return LayerStore(catalogue).read_window(layer_id, on=on, bounds=bounds)


class LayerStore:
    """Reads windows of layers; each file is hashed once and each window kept, for many sites in one call."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._lonlat = LonLat()
        self._digests: dict[tuple[Path, int, int], str] = {}
        self._windows: dict[tuple[str, str], tuple[Bounds, Features | Unavailable]] = {}
        self._ground: Bounds | None = None
        self._territories: dict[tuple[str, ...], tuple[Bounds, str, BaseGeometry, str]] = {}
        self._databases = Databases(catalogue)

    def read_window(self, layer_id: str, *, on: date, bounds: Bounds) -> Features | Unavailable:
        """Return the zones of a layer that meet a window, in the edition valid on a day.

        Parameters
        ----------
        bounds
            West, south, east, north in degrees. A window read before that holds this one is returned as it is.

        Returns
        -------
        Features or Unavailable
            Unavailable where the file is missing, broken, changed (sha256), lacks table or field, where the database
            does not answer, or where no edition is valid on the day. Where the layer is not authoritative anywhere in
            the window the coverage is empty.

        Raises
        ------
        LayerError
            When a zone has a class that the layer does not know, the coordinate system of the file contradicts the
            layer's, or its coordinates cannot be of that system.
        CRSError
            When a coordinate system is unknown, or has no exact way to CGCS2000; the sentence names the layer.
        """
        return self._window_of(layer_id, on, bounds, layer_id)

    def edition_sha256(self, layer_id: str, edition_id: str) -> str | None:
        """Return the SHA-256 of the data of an edition; None where they cannot be had."""
        edition = self.catalogue[layer_id].editions[edition_id]
        if edition.source is not None:
            place = _place(self.catalogue[layer_id], edition)
            return self._database_sha256(place, f"{layer_id} {edition_id}")
        path = self.path(edition.file or "")
        return self.sha256(path) if path.exists() else None

    def path(self, file: str) -> Path:
        """Return where a file named in `layers/*.yaml` lies: beside the YAML files."""
        return self.catalogue.root / CONTENT_FOLDER / file

    def sha256(self, path: Path) -> str:
        """Return the SHA-256 of a file, hashed again only when its size or time changes."""
        key = _state(path)
        if key not in self._digests:
            self._digests[key] = file_sha256(path)
        return self._digests[key]

    def definition_sha256(self, layer_id: str) -> str:
        """Return the SHA-256 of what `layers/<id>.yaml` says, with that of the file of its coverage.

        Left out are remarks, and what may be shown to whom: they cannot move a verdict.
        """
        layer = self.catalogue[layer_id]
        remark = {"__all__": {"note"}}
        aside = dict.fromkeys(("authority", "source", "notes", "public", "public_attributes"), True)
        content = layer.model_dump(mode="json", exclude={**aside, "classes": remark, "editions": remark})
        stated = (layer.coverage, *(edition.coverage for edition in layer.editions.values()))
        paths = [self.path(coverage.file) for coverage in stated if coverage is not None and coverage.file is not None]
        covered = {path.name: self.sha256(path) if path.exists() else None for path in paths}
        for edition in layer.editions.values():
            place = _coverage_place(layer, edition)
            if place is not None:
                covered[place.origin] = self._database_sha256(place, None)
        for edition in content["editions"].values():
            # Definitions of files are what they were before there were others.
            for name in ("source", "geometry_field"):
                if edition[name] is None:
                    del edition[name]
        # The order of the classes is their strictness.
        return content_sha256({**content, "class_order": list(layer.classes), "coverage_sha256": covered})

    def _window_of(self, layer_id: str, on: date, bounds: Bounds, asker: str | None) -> Features | Unavailable:
        """Return a window; `asker` is None where another window that was begun needs this one."""
        layer = self.catalogue[layer_id]
        found = layer.edition_on(on)
        if found is None:
            return Unavailable(layer, None, Text(f"没有在 {on} 有效的版本", f"no edition is valid on {on}"))
        key = (layer_id, found[0])
        kept = self._windows.get(key)
        if kept is None or not holds(kept[0], bounds):
            kept = (bounds, self._read(layer, *found, on=on, bounds=bounds, asker=asker))
            if not (isinstance(kept[1], Unavailable) and kept[1].passing):
                self._windows[key] = kept
        return kept[1]

    def _read(
        self, layer: Layer, edition_id: str, edition: Edition, *, on: date, bounds: Bounds, asker: str | None
    ) -> Features | Unavailable:
        try:
            if edition.source is None:
                zones = self._zones_of_file(layer, edition_id, edition, bounds)
            else:
                zones = self._zones_of_table(layer, edition_id, edition, bounds, asker)
            extent = self._extent(layer, zones.table)
            if layer.id == self.catalogue.territory_layer:
                self._ground = extent
            coverage, coverage_crs = self._coverage(layer, zones, on, bounds)
            self._refuse_apart(layer, zones, extent)
        except UnreadableError as error:
            return Unavailable(layer, edition_id, error.reason, passing=error.passing)
        except CRSError as error:
            # Of a footprint it would be read as a fault of its file.
            raise CRSError(f"图层 {layer.id}：{error.text.zh}", f"layer {layer.id}: {error.text.en}") from error
        return _features(layer, zones, coverage, coverage_crs)

    def _zones_of_file(self, layer: Layer, edition_id: str, edition: Edition, bounds: Bounds) -> _Zones:
        path = self.path(edition.file or "")
        before = _state(path)
        table = read_table(
            path,
            edition.table,
            fields=_fields(layer),
            encoding=edition.encoding,
            window=self._window(layer, path.name, bounds),
        )
        self._plausible(layer, path.name, table)
        digest = self.sha256(path)
        if _state(path) != before:
            raise UnreadableError(
                Text(
                    f"{path.name} 在读取过程中被改动，请重新核查", f"{path.name} changed while it was read: check again"
                )
            )
        if edition.sha256 is not None and digest != edition.sha256.lower():
            raise UnreadableError(
                Text(
                    f"{path.name} 与版本 {edition_id} 登记的 sha256 不符（实为 {digest[:12]}…），文件已被改动",
                    f"{path.name} is not the file that edition {edition_id} states: its sha256 is {digest[:12]}…",
                )
            )
        return _Zones(edition_id, edition, table, layer.crs, digest)

    def _zones_of_table(
        self, layer: Layer, edition_id: str, edition: Edition, bounds: Bounds, asker: str | None
    ) -> _Zones:
        place = _place(layer, edition)
        table, digest = self._databases.read(place, self._window(layer, place.origin, bounds), asker)
        self._plausible(layer, place.origin, table)
        if edition.sha256 is not None and digest != edition.sha256.lower():
            raise UnreadableError(
                Text(
                    f"{place.origin} 的内容与版本 {edition_id} 登记的 sha256 不符（实为 {digest[:12]}…），数据已被改动",
                    f"{place.origin} does not hold what edition {edition_id} states: its sha256 is {digest[:12]}…",
                )
            )
        return _Zones(edition_id, edition, table, layer.crs, digest)

    def _database_sha256(self, place: Place, asker: str | None) -> str | None:
        try:
            return self._databases.sha256(place, asker)
        except UnreadableError:
            return None

    def _window(self, layer: Layer, name: str, bounds: Bounds) -> Callable[[str | None], Bounds | None]:
        def box(stated: str | None) -> Bounds | None:
            if stated is not None and not same_crs(stated, layer.crs):
                raise LayerError(
                    f"{name}：文件的坐标系为 {stated[:40]}，图层 {layer.id} 登记为 {layer.crs}；请更正其中之一",
                    f"{name}: the file's coordinate system is {stated[:40]}, layer {layer.id} states {layer.crs}; "
                    "correct one of them",
                )
            return self._lonlat.bounds_in(layer.crs, bounds)

        return box

    def _plausible(self, layer: Layer, name: str, table: Table) -> None:
        if table.extent is None or self._lonlat.shows(layer.crs, table.extent):
            return
        box = ", ".join(f"{edge:.6g}" for edge in table.extent)
        raise LayerError(
            f"{name}：坐标范围 {box} 不可能属于 {layer.crs}；请检查坐标顺序、带号和图层 {layer.id} 的 crs",
            f"{name}: its coordinates ({box}) cannot be of {layer.crs}; "
            f"check axis order, zone and the crs of layer {layer.id}",
        )

    def _extent(self, layer: Layer, table: Table) -> Bounds | None:
        """Return the box of a whole file in degrees; None where it has none."""
        return None if table.extent is None else self._lonlat.bounds_of(layer.crs, table.extent)

    def _refuse_apart(self, layer: Layer, zones: _Zones, extent: Bounds | None) -> None:
        """Refuse a layer that stands for territories and has all its zones far away from them."""
        stands_for = (zones.edition.coverage or layer.coverage).territories
        if extent is None or self._ground is None or not stands_for:
            return
        found = apart(layer, zones.edition.origin, extent, self._ground)
        if found is not None:
            raise UnreadableError(found)

    def _coverage(self, layer: Layer, zones: _Zones, on: date, bounds: Bounds) -> tuple[BaseGeometry, str]:
        """Return the area where the layer is authoritative, as far as it meets the window, with its crs."""
        stated = zones.edition.coverage or layer.coverage
        if stated.file is not None:
            path = self.path(stated.file)
            window = self._window(layer, path.name, bounds)
            table = read_table(path, stated.table, fields=(), encoding=None, window=window)
            self._plausible(layer, path.name, table)
            return self._near(table.geometries, layer.crs, bounds), layer.crs
        beside = _coverage_place(layer, zones.edition)
        if beside is not None:
            table, _ = self._databases.read(beside, self._window(layer, beside.origin, bounds), None)
            self._plausible(layer, beside.origin, table)
            return self._near(table.geometries, layer.crs, bounds), layer.crs
        if layer.id == self.catalogue.territory_layer:
            own = _named(zones.table.geometries, zones.table.columns[layer.id_field], stated.territories)
            return self._near(own, layer.crs, bounds), layer.crs
        return self._territory_coverage(stated.territories, on, bounds)

    def _territory_coverage(self, codes: tuple[str, ...], on: date, bounds: Bounds) -> tuple[BaseGeometry, str]:
        territory = self._window_of(self.catalogue.territory_layer, on, bounds, None)
        if isinstance(territory, Unavailable):
            raise UnreadableError(
                Text(
                    f"覆盖范围无法确定，辖区图层不可用：{territory.reason.zh}",
                    f"the coverage cannot be told, the territory layer cannot be used: {territory.reason.en}",
                ),
                passing=territory.passing,
            )
        kept = self._territories.get(codes)
        if kept is None or not holds(kept[0], bounds) or kept[1] != territory.edition_id:
            near = self._near(_named(territory.geometries, territory.ids, codes), territory.crs, bounds)
            kept = (bounds, territory.edition_id, near, territory.crs)
            self._territories[codes] = kept
        return kept[2], kept[3]

    def _near(self, geometries: NDArray[np.object_], crs: str, bounds: Bounds) -> BaseGeometry:
        """Return the polygons that meet the window as one geometry, neither cut nor united."""
        box = self._lonlat.bounds_in(crs, bounds)
        if box is not None:
            valid = [g if shapely.is_valid(g) else shapely.make_valid(g) for g in geometries]
            geometries = geometries[np.asarray(shapely.intersects(np.asarray(valid, dtype=object), shapely.box(*box)))]
        return shapely.MultiPolygon([part for part in shapely.get_parts(geometries) if part.geom_type == "Polygon"])


def _fields(layer: Layer) -> tuple[str, ...]:
    """Return the fields of a layer that are read, each once."""
    classes = () if layer.class_field is None else (layer.class_field,)
    return tuple(dict.fromkeys((layer.id_field, layer.name_field, *classes, *layer.attributes)))


def _place(layer: Layer, edition: Edition) -> Place:
    """Return the table of an edition that lives in a database."""
    if edition.source is None or edition.table is None:
        raise AssertionError(edition)
    return Place(edition.source, edition.table, edition.geometry_field, _fields(layer))


def _coverage_place(layer: Layer, edition: Edition) -> Place | None:
    """Return the table with the coverage of an edition; None where it is no table of a database."""
    stated = edition.coverage or layer.coverage
    if edition.source is None or stated.table is None or not stated.in_database:
        return None
    return Place(edition.source, stated.table, None, ())


def _state(path: Path) -> tuple[Path, int, int]:
    """Return what changes when a file is written: size and time of all its parts."""
    states = [part.stat() for part in layer_files(path)] if path.exists() else []
    return path, sum(state.st_size for state in states), max((state.st_mtime_ns for state in states), default=0)


def _named(geometries: NDArray[np.object_], ids: tuple[str, ...], wanted: tuple[str, ...]) -> NDArray[np.object_]:
    return geometries[np.isin(np.asarray(ids, dtype=str), wanted)]


def _features(layer: Layer, zones: _Zones, coverage: BaseGeometry, coverage_crs: str) -> Features:
    table = zones.table
    written = table.columns[layer.id_field]
    ids = tuple(text or fid for text, fid in zip(written, table.fids, strict=True))
    class_ids, assumed = classes_of(layer, zones.edition, table, ids)
    attributes = tuple(
        {name: table.columns[name][index] for name in layer.attributes} for index in range(len(table.geometries))
    )
    return Features(
        layer=layer,
        edition_id=zones.edition_id,
        edition=zones.edition,
        crs=zones.crs,
        geometries=shapes_of(layer, zones.edition, table, ids),
        ids=ids,
        names=table.columns[layer.name_field],
        class_ids=class_ids,
        assumed=assumed,
        attributes=attributes,
        coverage=coverage,
        coverage_crs=coverage_crs,
        sha256=zones.sha256,
    )
