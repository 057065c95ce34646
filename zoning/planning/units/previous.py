"""The edition before: whose codes are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from zoning.errors import UsageError
from zoning.layers.catalogue import Catalogue, Edition, Layer
from zoning.layers.datum import WORLD
from zoning.layers.formats import FORMATS
from zoning.layers.reader import Unavailable
from zoning.overlay import beside
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource
from zoning.planning.units.codes import CodeForm, OlderUnit
from zoning.planning.units.scheme import Scheme
from zoning.texts import Text

NONE = "none"
_ALWAYS = date(1, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Previous:
    """The edition whose codes are kept.

    Attributes
    ----------
    edition
        Its id, or the name of the file; None where codes begin anew.
    sha256
        Of its data.
    retired
        All codes of all editions.
    unreadable
        Codes of it that are none.
    reason
        Why there is none, where one was looked for.
    """

    edition: str | None
    sha256: str
    older: tuple[OlderUnit, ...]
    retired: tuple[str, ...]
    unreadable: tuple[str, ...]
    reason: Text | None = None


NOTHING = Previous(None, "", (), (), ())


def read_previous(source: LayerSource, scheme: Scheme, form: CodeForm, wanted: str | None, on: date) -> Previous:
    """Return the edition before.

    Parameters
    ----------
    wanted
        None: the edition that holds on the day; `none`: begin anew; else the id of an edition, or a file.

    Raises
    ------
    UsageError
        When there is no such edition or file, or it cannot be read.
    """
    if wanted == NONE:
        return NOTHING
    layer = source.catalogue[scheme.units]
    if wanted is None:
        found = source.layer(scheme.units, on=on, bounds=WORLD)
        if isinstance(found, Unavailable):
            return Previous(None, "", (), _retired(source, layer, form), (), found.reason)
        return _of(found, found.edition_id, scheme, form, _retired(source, layer, form))
    edition = layer.editions.get(wanted) or _edition_of_file(wanted, layer)
    read = _with_edition(source, layer, wanted, edition).layer(layer.id, on=on, bounds=WORLD)
    if isinstance(read, Unavailable):
        raise UsageError(f"--previous：{read.reason.zh}", f"--previous: {read.reason.en}")
    name = wanted if wanted in layer.editions else Path(wanted).name
    return _of(read, name, scheme, form, _retired(source, layer, form))


def _of(found: PlaneLayer, name: str, scheme: Scheme, form: CodeForm, retired: tuple[str, ...]) -> Previous:
    ranks = {class_id: rank for rank, class_id in enumerate(scheme.classes)}
    shapes: dict[str, list[BaseGeometry]] = {}
    classes: dict[str, int | None] = {}
    unreadable: list[str] = []
    for code, class_id, assumed, shape in zip(found.ids, found.class_ids, found.assumed, found.whole(), strict=True):
        if form.parse(code) is None:
            unreadable.append(code)
            continue
        shapes.setdefault(code, []).append(shape)
        classes[code] = None if assumed else ranks.get(class_id)
    older = tuple(OlderUnit(code, beside.union(parts), classes[code]) for code, parts in sorted(shapes.items()))
    codes = tuple(dict.fromkeys((*retired, *shapes)))
    return Previous(name, found.sha256, older, codes, tuple(dict.fromkeys(unreadable)))


def _retired(source: LayerSource, layer: Layer, form: CodeForm) -> tuple[str, ...]:
    """Return the codes of all editions: none of them is given to another unit."""
    codes: dict[str, None] = {}
    for name, edition in layer.editions.items():
        found = _with_edition(source, layer, name, edition).layer(layer.id, on=edition.valid_from, bounds=WORLD)
        if isinstance(found, PlaneLayer):
            codes.update(dict.fromkeys(code for code in found.ids if form.parse(code) is not None))
    return tuple(codes)


def _edition_of_file(wanted: str, layer: Layer) -> Edition:
    path = Path(wanted)
    if not path.exists() or path.suffix.lower() not in FORMATS:
        listed = ", ".join(layer.editions)
        raise UsageError(
            f"--previous：图层 {layer.id} 没有版本“{wanted}”，也没有此数据文件；版本：{listed}；重新编码写 none",
            f"--previous: layer {layer.id} has no edition '{wanted}' and there is no such data file; "
            f"editions: {listed}; to number anew write none",
        )
    return Edition(file=str(path.resolve()), table=_table(path, layer), valid_from=_ALWAYS)


def _table(path: Path, layer: Layer) -> str | None:
    """Return the table of the layer in a file that holds several."""
    import pyogrio

    try:
        tables = [str(name) for name, _ in pyogrio.list_layers(path)]
    except pyogrio.errors.DataSourceError:
        return None
    return layer.id if layer.id in tables else None


def _with_edition(source: LayerSource, layer: Layer, name: str, edition: Edition) -> LayerSource:
    """Return the layers with one edition of this one, as if it held always."""
    # The territories of the day say what is covered; an edition that has ended is read like any other.
    held = edition.model_copy(update={"valid_from": _ALWAYS, "valid_to": None, "superseded_by": None})
    only: Mapping[str, Edition] = {name: held}
    layers = {**source.catalogue.layers, layer.id: layer.model_copy(update={"editions": only})}
    catalogue = Catalogue(source.catalogue.root, layers, source.catalogue.territory_layer)
    return LayerSource(catalogue, source.plane)
