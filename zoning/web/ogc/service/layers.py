"""Published layers as collections: only what the definition of a layer says is for everybody."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import shapely

from zoning.layers.catalogue import Catalogue, Edition, Layer
from zoning.layers.datum import WORLD, LonLat
from zoning.layers.reader import LayerStore, Unavailable
from zoning.texts import Text
from zoning.web.ogc.service.collection import Bounds, Feature, Field, Kind, Table
from zoning.web.ogc.service.refusing import OgcRefused
from zoning.web.ogc.service.selection import Days

_KEPT: Final = 24
_OWN: Final = {
    "zone_class": Field(Text("类别", "class"), "string"),
    "zone_class_title": Field(Text("类别名称", "name of the class"), "string"),
    "zone_class_title_en": Field(Text("类别名称（英文）", "name of the class in English"), "string"),
    "class_assumed": Field(Text("类别未标注，按最严一类", "no class stated: the strictest was assumed"), "boolean"),
    "edition": Field(Text("版本", "edition"), "string"),
    "valid_from": Field(Text("生效日", "valid from"), "string", "date"),
    "valid_to": Field(Text("失效日", "valid to"), "string", "date"),
    "schematic": Field(Text("示意数据", "schematic"), "boolean"),
}


class Shelf:
    """What was read of the layers of a catalogue: each edition once, the least used ones are let go."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._lonlat = LonLat()
        self._lock = threading.Lock()
        self._tables: OrderedDict[tuple[str, str], Table] = OrderedDict()
        self._bounds: dict[tuple[str, str], Bounds | None] = {}

    def table(self, layer: Layer, edition_id: str, edition: Edition) -> Table:
        """Return the zones of an edition.

        Raises
        ------
        OgcRefused
            503 when the layer cannot be read: an empty answer would read as "nothing is restricted here".
        """
        key = (layer.id, edition_id)
        with self._lock:
            if key not in self._tables:
                self._tables[key] = self._read(layer, edition_id, edition)
                self._bounds[key] = self._tables[key].bounds
            self._tables.move_to_end(key)
            found = self._tables[key]
            while len(self._tables) > _KEPT:
                self._tables.popitem(last=False)
        return found

    def bounds(self, layer: Layer, edition_id: str, edition: Edition) -> Bounds | None:
        """Return where an edition has zones."""
        key = (layer.id, edition_id)
        if key not in self._bounds:
            self.table(layer, edition_id, edition)
        return self._bounds[key]

    def _read(self, layer: Layer, edition_id: str, edition: Edition) -> Table:
        # A store of its own: what it has read must not be kept a second time.
        found = LayerStore(self.catalogue).read_window(layer.id, on=_day_of(layer, edition_id, edition), bounds=WORLD)
        if isinstance(found, Unavailable):
            raise unavailable(layer, found.reason)
        transformer = self._lonlat.transformer(found.crs)
        geometries = shapely.force_2d(found.geometries)
        if transformer is not None:
            geometries = shapely.transform(
                geometries, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
            )
        fields = public_fields(layer)
        about = {
            "edition": edition_id,
            "valid_from": edition.valid_from.isoformat(),
            "valid_to": None if edition.valid_to is None else edition.valid_to.isoformat(),
            "schematic": layer.schematic,
        }
        properties = []
        for index in range(len(found.ids)):
            values: dict[str, Any] = {**found.attributes[index], layer.name_field: found.names[index]}
            values[layer.id_field] = found.ids[index]
            class_id = found.class_ids[index]
            own = {
                "zone_class": class_id,
                "zone_class_title": layer.classes[class_id].title.zh,
                "zone_class_title_en": layer.classes[class_id].title.en,
                "class_assumed": found.assumed[index],
                **about,
            }
            properties.append({**own, **{public: values[name] for public, name in fields.items()}})
        ids = tuple(f"{edition_id}.{number}" for number in range(1, len(found.ids) + 1))
        return Table(ids, np.asarray(geometries, dtype=object), properties)


class LayerCollection:
    """One published layer."""

    kind: Kind = "layers"

    def __init__(self, layer: Layer, shelf: Shelf) -> None:
        self._layer = layer
        self._shelf = shelf
        self.id = layer.id
        self.title = layer.title
        self.description = _description(layer)
        shown = {
            public: Field(layer.attributes.get(name, Text(name, name)), "string")
            for public, name in public_fields(layer).items()
        }
        self.fields: Mapping[str, Field] = {**_OWN, **shown}

    def tables(self, days: Days | None, today: date) -> Sequence[Table]:
        """Return the editions valid on some day of the range, oldest first; that of today where none is told.

        Raises
        ------
        OgcRefused
            503 when no edition is valid today and no day is told.
        """
        if days is None:
            found = self._layer.edition_on(today)
            if found is None:
                raise unavailable(self._layer, Text(f"没有在 {today} 有效的版本", f"no edition is valid on {today}"))
            return (self._shelf.table(self._layer, *found),)
        return [self._shelf.table(self._layer, name, edition) for name, edition in self._editions(days)]

    def extent(self, today: date) -> tuple[Bounds | None, Days]:
        """Return where the edition of today has zones, and from when to when there are editions."""
        editions = self._layer.editions.values()
        last = None if any(e.valid_to is None for e in editions) else max(e.valid_to for e in editions if e.valid_to)
        days = Days(min(edition.valid_from for edition in editions), last)
        found = self._layer.edition_on(today)
        try:
            return (None if found is None else self._shelf.bounds(self._layer, *found)), days
        except OgcRefused:
            return None, days  # the list of collections stands even where one layer cannot be read

    def get(self, feature: str, today: date) -> Feature | None:
        """Return one zone; its id names the edition."""
        _ = today
        name, _, number = feature.rpartition(".")
        edition = self._layer.editions.get(name)
        if edition is None or not (number.isascii() and number.isdigit()) or len(number) > 9:  # noqa: PLR2004 - longer numbers are none of ours
            return None
        table = self._shelf.table(self._layer, name, edition)
        index = int(number) - 1
        is_there = 0 <= index < len(table.ids) and table.ids[index] == feature
        return table.feature(index) if is_there else None

    def _editions(self, days: Days) -> list[tuple[str, Edition]]:
        ordered = sorted(self._layer.editions.items(), key=lambda item: (item[1].valid_from, item[0]))
        found = []
        for name, edition in ordered:
            first, last = _in_force(self._layer, name, edition)
            if first is not None and days.meets(first, last):
                found.append((name, edition))
        return found


def public_fields(layer: Layer) -> dict[str, str]:
    """Return the fields of a layer that everybody may see: name of the property -> field."""
    if not layer.public:
        return {}
    fields = (layer.id_field, layer.name_field, *layer.attributes)
    shown = [name for name in dict.fromkeys(fields) if name in layer.public_attributes]
    return {(f"field_{name}" if name in _OWN else name): name for name in shown}


def layer_collections(catalogue: Catalogue) -> dict[str, LayerCollection]:
    """Return the published layers of a catalogue."""
    shelf = Shelf(catalogue)
    return {layer.id: LayerCollection(layer, shelf) for layer in catalogue.layers.values() if layer.public}


def unavailable(layer: Layer, reason: Text) -> OgcRefused:
    """Return the refusal of a layer that cannot be had."""
    return OgcRefused(
        503,
        Text(
            f"图层“{layer.title.zh}”现在不可用：{reason.zh}",
            f"the layer '{layer.title.en}' cannot be used now: {reason.en}",
        ),
    )


def _in_force(layer: Layer, name: str, edition: Edition) -> tuple[date | None, date | None]:
    """Return the first and last day on which an edition is the valid one; None, None where there is no such day."""
    bounds = sorted({e.valid_from for e in layer.editions.values()})
    held = [day for day in bounds if day >= edition.valid_from and _is_valid(layer, name, day)]
    if not held:
        return None, None
    ends = [day for day in bounds if day > held[-1]]
    last = min((day.fromordinal(day.toordinal() - 1) for day in ends), default=None)
    if edition.valid_to is not None and (last is None or edition.valid_to < last):
        last = edition.valid_to
    return held[0], last


def _is_valid(layer: Layer, name: str, day: date) -> bool:
    found = layer.edition_on(day)
    return found is not None and found[0] == name


def _day_of(layer: Layer, edition_id: str, edition: Edition) -> date:
    first, _ = _in_force(layer, edition_id, edition)
    if first is None:
        text = Text(f"版本 {edition_id} 从未生效", f"edition {edition_id} was never in force")
        raise unavailable(layer, text)
    return first


def _description(layer: Layer) -> Text:
    exact = Text(f"位置精度约 {layer.accuracy_m:g} 米", f"positions good to about {layer.accuracy_m:g} m")
    drawn = Text("示意数据，非法定边界。", "Schematic data, no legal boundaries. ") if layer.schematic else Text("", "")
    return Text(
        f"{drawn.zh}{layer.authority.zh}；{layer.source.zh}；{exact.zh}。datetime 选取当日有效的版本，默认今天。",
        f"{drawn.en}{layer.authority.en}; {layer.source.en}; {exact.en}. datetime selects the edition valid on a day, "
        "today where it is left out.",
    )
