"""Scene -> the tables of a GeoPackage, each with the way it is drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.maps.audience import visible
from zoning.maps.content import Conflict
from zoning.maps.map_product import MapProduct
from zoning.maps.qgis.words import WORDS
from zoning.maps.scene import Scene, SceneLayer
from zoning.quantities import hectares, mu
from zoning.styles.drawing import (
    Drawing,
    Fields,
    frame_drawing,
    layer_drawing,
    outside_drawing,
    site_drawing,
    uncovered_drawing,
    verdict_drawing,
)
from zoning.styles.legend import legend_title
from zoning.styles.stylebook import Stylebook
from zoning.texts import Language

Value = str | float | None
Role = Literal["zones", "uncovered", "frame", "outside", "site", "conflicts", "list"]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: rows of fields, with or without geometry (longitude and latitude, one kind each).

    Attributes
    ----------
    key
        Name in ASCII that stays the same in both languages.
    name
        Name of the table, in the language of the product.
    group
        Theme of the layer tree; None for what lies outside of the themes.
    texts
        Fields that hold text; all others hold numbers.
    order
        Place in the stack; the highest lies on top.
    """

    key: str
    name: str
    role: Role
    description: str
    fields: tuple[str, ...]
    texts: frozenset[str]
    rows: tuple[tuple[Value, ...], ...]
    geometries: tuple[BaseGeometry, ...] | None = None
    drawing: Drawing | None = None
    group: str | None = None
    order: int = 0
    shown: bool = True
    remark: str = ""

    @property
    def title(self) -> str:
        """What the layer tree calls it: the name, and that there is nothing to see where that is so."""
        return f"{self.name} · {self.remark}" if self.remark else self.name


@dataclass
class _Names:
    """Names of tables: each once, and none that SQLite or a path of QGIS would take for something else."""

    taken: set[str] = field(default_factory=set)

    def free(self, wanted: str) -> str:
        plain = "".join("_" if sign in '|"`[]\\/' or not sign.isprintable() else sign for sign in wanted).strip()
        if plain.lower().startswith(("gpkg_", "rtree_", "sqlite_", "layer_styles")):
            plain = f"_{plain}"
        name, number = plain, 2
        while name.lower() in self.taken:
            name, number = f"{plain} {number}", number + 1
        self.taken.add(name.lower())
        return name


def tables_of(scene: Scene, product: MapProduct, stylebook: Stylebook, language: Language) -> tuple[Table, ...]:
    """Return every table of a map product: zones of each layer that is loaded, land without data, site, list of layers.

    A layer without data has no table: an empty one would say that there is nothing. It stands in the list of layers.
    """
    maker = _Maker(scene, product, stylebook, language)
    return tuple(maker.tables())


def starts_on(found: SceneLayer, product: MapProduct, stylebook: Stylebook) -> bool:
    """Tell whether a layer is switched on at first: those that a product lists, else as the style says."""
    visible_when = stylebook.of_layer(found.layer.id).visible
    touched = any(zone.touched for zone in found.zones)
    return (
        bool(product.layers)
        or visible_when == "always"
        or (visible_when != "asked" and touched)
        or (visible_when == "touched" and product.of != "site")
    )


@dataclass
class _Maker:
    scene: Scene
    product: MapProduct
    stylebook: Stylebook
    language: Language
    names: _Names = field(default_factory=_Names)

    def word(self, key: str) -> str:
        return WORDS[key].get(self.language)

    def tables(self) -> Iterator[Table]:
        yield from self._verdict()
        for layer in sorted(self.scene.layers, key=lambda one: -self.stylebook.of_layer(one.layer.id).order):
            if layer.presence != "no_data":
                yield self._zones(layer)
        yield from self._uncovered()
        if self.scene.frame.kind != "site":
            yield self._frame()
        yield self._outside()
        yield self._list()

    def _zones(self, found: SceneLayer) -> Table:
        layer = found.layer
        names = _Names()
        lines = layer.geometry == "line"
        keys = ["id", "name", "class", "class_id"]
        heads = [names.free(self.word(key)) for key in keys]
        attributes = [key for key in layer.attributes if any(key in (zone.attributes or {}) for zone in found.zones)]
        titles = [names.free(layer.attributes[key].get(self.language)) for key in attributes]
        amounts = [] if lines else ["area_m2", "area_ha", "area_mu"]
        if self.scene.site is not None:
            amounts.append("length_m" if lines else "overlap_m2")
        figures = [names.free(self.word(key)) for key in amounts]
        rows = tuple(
            (
                zone.id,
                zone.name,
                legend_title(layer, zone.class_id, self.stylebook).get(self.language),
                zone.class_id,
                *((zone.attributes or {}).get(key) for key in attributes),
                *(_amount(key, zone.area_m2, zone.overlap_m2, zone.length_m) for key in amounts),
            )
            for zone in found.zones
        )
        seen = visible(layer, self.product)
        drawing = layer_drawing(
            layer,
            self.stylebook,
            self.language,
            Fields(heads[3] if len(layer.classes) > 1 else None, heads[0], heads[1]),
            classes=found.drawn_classes or None,
            label=seen.label if seen else "none",
        )
        return Table(
            key=layer.id,
            name=self.names.free(drawing.title),
            role="zones",
            description=self._description(found),
            fields=(*heads, *titles, *figures),
            texts=frozenset((*heads, *titles)),
            rows=rows,
            geometries=tuple(_one_kind(zone.geometry, lines=lines) for zone in found.zones),
            drawing=drawing,
            group=found.theme,
            order=self.stylebook.of_layer(layer.id).order,
            shown=bool(found.zones) and starts_on(found, self.product, self.stylebook),
            remark="" if found.zones else self.word("empty"),
        )

    def _description(self, found: SceneLayer) -> str:
        layer = found.layer
        parts = [layer.authority.get(self.language)]
        if found.edition is not None:
            since = f" ({found.valid_from})" if found.valid_from else ""
            parts.append(f"{self.word('edition')} {found.edition}{since}")
        if layer.schematic:
            parts.append(self.word("schematic"))
        parts.append(self.word("shapes" if found.presence == "drawn" else "empty"))
        return ("；" if self.language == "zh" else "; ").join(parts)

    def _verdict(self) -> Iterator[Table]:
        for lines in (False, True):
            pieces = [part for part in self.scene.conflicts if (part.geometry.area == 0) == lines]
            if pieces:
                yield self._conflicts(pieces, lines=lines)
        if self.scene.site is not None:
            yield self._site(self.scene.site)

    def _conflicts(self, pieces: Sequence[Conflict], *, lines: bool) -> Table:
        outcomes = self.stylebook.outcomes
        names = (self.word("decision"), self.word("decision_word"))
        title = self.word("conflicts")
        return Table(
            key="conflicts-lines" if lines else "conflicts",
            name=self.names.free(title),
            role="conflicts",
            description=self.word("preliminary"),
            fields=names,
            texts=frozenset(names),
            rows=tuple((one.decision, outcomes.decisions[one.decision].word.get(self.language)) for one in pieces),
            geometries=tuple(_one_kind(one.geometry, lines=lines) for one in pieces),
            drawing=verdict_drawing(
                outcomes,
                self.language,
                field=names[0],
                title=title,
                geometry="line" if lines else "polygon",
                veil=True,
                decisions=tuple(dict.fromkeys(one.decision for one in pieces)),
            ),
            order=1001,
        )

    def _site(self, site: BaseGeometry) -> Table:
        names = tuple(self.word(key) for key in ("id", "name", "decision", "decision_word"))
        decision = self.scene.verdict.decision if self.scene.verdict else None
        said = self.stylebook.outcomes.decisions[decision].word.get(self.language) if decision else None
        lines = site.area == 0
        drawing = site_drawing(self.stylebook.outcomes, self.word("site"), geometry="line" if lines else "polygon")
        return Table(
            key="site",
            name=self.names.free(self.word("site")),
            role="site",
            description=self.word("preliminary"),
            fields=names,
            texts=frozenset(names),
            rows=((self.scene.frame.code, self.scene.frame.name, decision, said),),
            geometries=(_one_kind(site, lines=lines),),
            drawing=drawing,
            order=1002,
        )

    def _uncovered(self) -> Iterator[Table]:
        # A layer without any data is named in the tree; its hatch would lie over the whole map.
        blank = [layer for layer in self.scene.layers if layer.presence != "no_data" and _has_area(layer.uncovered)]
        if not blank:
            return
        heads = (self.word("layer"), self.word("state"))
        rows = tuple((self._title(layer), self.word("no_data")) for layer in blank)
        yield Table(
            key="uncovered",
            name=self.names.free(self.word("uncovered")),
            role="uncovered",
            description=self.word("no_data"),
            fields=heads,
            texts=frozenset(heads),
            rows=rows,
            geometries=tuple(_one_kind(layer.uncovered, lines=False) for layer in blank),
            drawing=uncovered_drawing(self.stylebook.outcomes, self.word("uncovered")),
            order=1000,
        )

    def _frame(self) -> Table:
        frame = self.scene.frame
        texts = (self.word("id"), self.word("name"))
        names = (*texts, *(self.word(key) for key in ("frame_m2", "frame_ha", "frame_mu")))
        title = self.word("frame")
        return Table(
            key="frame",
            name=self.names.free(title),
            role="frame",
            description=frame.name,
            fields=names,
            texts=frozenset(texts),
            rows=((frame.code, frame.name, *_areas(frame.area_m2)),),
            geometries=(_one_kind(frame.geometry, lines=False),),
            drawing=frame_drawing(self.stylebook, title),
            order=999,
        )

    def _outside(self) -> Table:
        """Return the land around, where zones end because they are cut: blank, it would read as free."""
        box, frame = self.scene.box, self.scene.frame
        wide, high = box.east - box.west, box.north - box.south
        around = shapely.box(box.west - wide, box.south - high, box.east + wide, box.north + high)
        inner = shapely.box(*box) if frame.kind == "site" else frame.geometry
        title = self.word("outside")
        return Table(
            key="outside",
            name=self.names.free(title),
            role="outside",
            description=self.word("outside"),
            fields=(self.word("state"),),
            texts=frozenset((self.word("state"),)),
            rows=((self.word("outside"),),),
            geometries=(_one_kind(around.difference(inner), lines=False),),
            drawing=outside_drawing(self.stylebook.outcomes, title),
            order=998,
        )

    def _title(self, found: SceneLayer) -> str:
        return (self.stylebook.of_layer(found.layer.id).legend or found.layer.title).get(self.language)

    def _list(self) -> Table:
        keys = ("layer", "class", "state", "reason", "edition", "valid_from")
        texts = tuple(self.word(key) for key in keys)
        numbers = tuple(self.word(key) for key in ("within_m2", "within_ha", "within_mu", "within_m"))
        return Table(
            key="layers",
            name=self.names.free(self.word("layer_list")),
            role="list",
            description=self.word("data_on").format(on=self.scene.on),
            fields=(*texts, *numbers),
            texts=frozenset(texts),
            rows=tuple(row for layer in self.scene.layers for row in self._listed(layer)),
        )

    def _listed(self, found: SceneLayer) -> Iterator[tuple[Value, ...]]:
        reason = found.reason.get(self.language) if found.reason else None
        state = self.word(found.presence)
        tail = (state, reason, found.edition, found.valid_from)
        if not found.drawn_classes:
            yield (self._title(found), None, *tail, None, None, None, None)
        for name in found.drawn_classes:
            size = (found.class_areas_m2 or {}).get(name)
            lines = found.layer.geometry == "line"
            title = legend_title(found.layer, name, self.stylebook).get(self.language)
            amounts = (None, None, None, size) if lines else (*_areas(size), None)
            yield (self._title(found), title, *tail, *amounts)


def _areas(size: float | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if size is None else (size, hectares(size), mu(size))


def _amount(key: str, area: float | None, overlap: float | None, length: float | None) -> float | None:
    square, large, small = _areas(area)
    return {"area_m2": square, "area_ha": large, "area_mu": small, "overlap_m2": overlap, "length_m": length}[key]


def _has_area(geometry: BaseGeometry | None) -> bool:
    return geometry is not None and geometry.area > 0


def _one_kind(geometry: BaseGeometry | None, *, lines: bool) -> BaseGeometry:
    """Return a geometry as the one kind that its table holds: areas, or lines."""
    wanted = 1 if lines else 3
    # As an array: of an empty list shapely makes nothing.
    parts = np.array([part for part in _flat(geometry) if shapely.get_type_id(part) == wanted], dtype=object)
    united: BaseGeometry = shapely.multilinestrings(parts) if lines else shapely.multipolygons(parts)  # type: ignore[assignment]  # typed as arrays
    return united


def _flat(geometry: BaseGeometry | None) -> Sequence[BaseGeometry]:
    parts = np.asarray([] if geometry is None else [geometry], dtype=object)
    # Twice: a collection may hold multiparts.
    return list(shapely.get_parts(shapely.get_parts(shapely.force_2d(parts))))
