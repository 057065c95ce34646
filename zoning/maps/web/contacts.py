"""Who is in charge of what is on a map: the tables of the workspace and the persons that zones name, with their places.

A page for the public has none of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from zoning.maps.content import MapZone
from zoning.maps.map_product import MapProduct
from zoning.maps.scene import Listing, Scene, SceneLayer
from zoning.texts import Text

MOST = 300
"""So many zones of a layer are listed; of the others a click on the map tells."""

_OFFICE, _CONTACT = Text("单位", "office"), Text("联系方式", "contact")


@dataclass(frozen=True, slots=True)
class Contact:
    """One entry.

    Attributes
    ----------
    place
        What it is about, as it is called.
    target
        `layer/zone` on the map; empty for all of the land of the map.
    cells
        Names and values; those that are empty are left out.
    """

    place: str
    target: str
    cells: tuple[tuple[Text, str], ...]


@dataclass(frozen=True, slots=True)
class Contacts:
    """One list of entries; `missing` says why there are none, `more` how many are left out."""

    title: Text
    entries: tuple[Contact, ...]
    missing: Text | None = None
    more: int = 0


def contacts_on(scene: Scene, product: MapProduct) -> tuple[Contacts, ...]:
    """Return the lists of a page: the tables of the scene first, then the layers that name who answers for a zone."""
    if product.audience != "office":
        return ()
    return (*(_of_listing(listing, scene) for listing in scene.listings), *_of_layers(scene))


def _of_listing(listing: Listing, scene: Scene) -> Contacts:
    places = _places(scene)
    entries = []
    for row in listing.rows:
        cells = tuple((head, cell) for head, cell in zip(listing.heads, row, strict=True) if cell)
        named = next((cell for _, cell in cells if cell in places), None)
        place, target = (scene.frame.name, "") if named is None else (named, places[named])
        entries.append(Contact(place, target, cells))
    return Contacts(listing.title, tuple(entries), listing.missing)


def _places(scene: Scene) -> dict[str, str]:
    """Return layer and zone by name and by id; a name that several zones bear means none of them."""
    found: dict[str, set[str]] = {}
    for layer in scene.layers:
        for zone in layer.zones:
            for word in {zone.name, zone.id} - {""}:
                found.setdefault(word, set()).add(_target(layer, zone))
    return {word: next(iter(targets)) for word, targets in found.items() if len(targets) == 1}


def _of_layers(scene: Scene) -> Iterator[Contacts]:
    for layer in scene.layers:
        told = layer.layer.responsible
        if told is None:
            continue
        entries = []
        for zone in layer.zones:
            person = told.of(zone.attributes or {})
            parts = ((told.title, person.name), (_OFFICE, person.office), (_CONTACT, person.contact))
            cells = tuple((head, value) for head, value in parts if value)
            if cells:
                entries.append(Contact(zone.name or zone.id, _target(layer, zone), cells))
        if entries:
            title = Text(f"{layer.layer.title.zh}·{told.title.zh}", f"{layer.layer.title.en}: {told.title.en}")
            yield Contacts(title, tuple(entries[:MOST]), more=max(len(entries) - MOST, 0))


def _target(layer: SceneLayer, zone: MapZone) -> str:
    return f"{layer.layer.id}/{zone.id}"
