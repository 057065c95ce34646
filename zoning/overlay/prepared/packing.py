"""A layer in the measuring plane as arrays with a few words beside them, and a layer out of mapped ones."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from zoning.layers.reader import Features
from zoning.overlay.coverage import Coverage
from zoning.overlay.nearest import Borders
from zoning.overlay.plane import Geometries, MeasuringPlane
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.prepared.basis import Form
from zoning.overlay.prepared.container import Arrays, DamagedError
from zoning.overlay.prepared.sequences import Attributes, ClassIds, Repairs, Strings
from zoning.overlay.prepared.soundness import check_kinds, check_zones
from zoning.overlay.prepared.zone_arrays import MappedZones, Room, arrays_of
from zoning.sites.site import Repair

AT_ONCE = 20_000
"""Zones that are projected together: what they need meanwhile stays small beside the layer itself."""

Meta = dict[str, Any]


def pack(features: Features, plane: MeasuringPlane, tell: Callable[[int], None]) -> tuple[Arrays, Meta]:
    """Bring a whole layer into the measuring plane; its geometries are let go of on the way.

    Parameters
    ----------
    tell
        Is told how many zones are done.

    Raises
    ------
    CRSError, LayerError
        See `PlaneLayer.of`.
    """
    count = len(features.ids)
    repairs: dict[int, tuple[Repair, ...]] = {}
    order = features.layer.classes_in(features.edition)
    number_of = {name: number for number, name in enumerate(order)}
    class_numbers = np.fromiter((number_of[name] for name in features.class_ids), dtype=np.int64, count=count)
    assumed = np.asarray(features.assumed, dtype=bool)
    coverage = PlaneLayer.of(_part(features, 0, 0), plane).coverage
    zones = arrays_of(_in_plane(features, plane, repairs, tell), class_numbers, assumed)
    area = np.frombuffer(shapely.to_wkb(coverage.area), dtype=np.uint8)
    columns = {
        name: Strings.arrays_of([row[name] for row in features.attributes]) for name in features.layer.attributes
    }
    arrays = {
        **_named("zone", zones),
        "class": class_numbers,
        "assumed": assumed,
        **_named("id", Strings.arrays_of(features.ids)),
        **_named("name", Strings.arrays_of(features.names)),
        **{f"attribute.{key}": array for name in columns for key, array in _named(name, columns[name]).items()},
        **_named("repair", Repairs.arrays_of(repairs)),
        "coverage": area,
    }
    meta = {
        "layer": features.layer.id,
        "edition": features.edition_id,
        "sha256": features.sha256,
        "zones": count,
        "classes": list(order),
        "coverage": hashlib.sha256(area.tobytes()).hexdigest(),
    }
    return arrays, meta


def _in_plane(
    features: Features, plane: MeasuringPlane, repairs: dict[int, tuple[Repair, ...]], tell: Callable[[int], None]
) -> Iterator[Geometries]:
    """Yield the zones part by part; what had to be repaired is entered into `repairs`."""
    count = len(features.ids)
    for start in range(0, count, AT_ONCE):
        end = min(start + AT_ONCE, count)
        part = PlaneLayer.of(_part(features, start, end), plane)
        repairs.update({start + zone: entries for zone, entries in part.zone_repairs.items()})
        features.geometries[start:end] = None
        yield part.whole()
        tell(end)


def unpack(
    form: Form,
    plane: MeasuringPlane,
    arrays: Arrays,
    meta: Mapping[str, Any],
    coverage: Callable[[], Coverage],
    room: Room,
) -> PlaneLayer:
    """Return the layer in mapped arrays.

    Parameters
    ----------
    coverage
        Gives the area of authority that `meta` names.
    room
        Where its geometries are kept that were asked for.

    Raises
    ------
    DamagedError
        When arrays are missing or do not fit each other.
    """
    try:
        return _layer(form, plane, arrays, meta, coverage, room)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise DamagedError("arrays that are no layer") from error


def _layer(
    form: Form,
    plane: MeasuringPlane,
    arrays: Arrays,
    meta: Mapping[str, Any],
    coverage: Callable[[], Coverage],
    room: Room,
) -> PlaneLayer:
    # Compiled functions take a while to load: only who opens a layer waits for them.
    from zoning.overlay.kernel.packed_index import PackedIndex
    from zoning.overlay.kernel.zones import PackedZones

    layer = form.layer
    order = layer.classes_in(form.edition)
    class_numbers, assumed = arrays["class"], arrays["assumed"]
    if list(order) != meta["classes"] or class_numbers.dtype != np.int64 or assumed.dtype != np.bool_:
        raise DamagedError("classes of another kind")
    ids, names = Strings.of(_within("id", arrays)), Strings.of(_within("name", arrays))
    columns = {name: Strings.of(_within(f"attribute.{name}", arrays)) for name in layer.attributes}
    check_kinds(_within("zone", arrays))
    packed = PackedZones.from_arrays(_within("zone", arrays))
    zones = MappedZones(packed, room)
    held: tuple[Sized, ...] = (zones, ids, names, class_numbers, assumed, *columns.values())
    lengths = {len(each) for each in held}
    if lengths != {meta["zones"]}:
        raise DamagedError("arrays of another length")
    return PlaneLayer(
        layer=layer,
        edition_id=form.edition_id,
        plane=plane,
        geometries=zones,
        index=PackedIndex(packed),
        ids=ids,
        names=names,
        class_ids=ClassIds(order, class_numbers),
        assumed=assumed,
        attributes=Attributes(columns, len(ids)),
        class_order=order,
        class_numbers=class_numbers,
        zone_repairs=Repairs.of(_within("repair", arrays)),
        coverage=coverage(),
        sha256=meta["sha256"],
    )


def covered_area(arrays: Arrays, digest: str) -> Coverage:
    """Return the area of authority in mapped arrays, prepared as `Coverage.of` does it.

    Parameters
    ----------
    digest
        What other layers share it by.

    Raises
    ------
    DamagedError
        When it is none.
    """
    try:
        wkb = arrays["coverage"].tobytes()
        area = shapely.from_wkb(wkb)
    except (KeyError, shapely.errors.GEOSException) as error:
        raise DamagedError("no area of coverage") from error
    if area.geom_type != "MultiPolygon" or hashlib.sha256(wkb).hexdigest() != digest:
        raise DamagedError("another area of coverage")
    shapely.prepare(area)
    return Coverage(area, Borders(np.asarray([area], dtype=object)))


def check(layer: PlaneLayer, arrays: Arrays) -> None:
    """Look at what opening a layer takes for granted.

    Raises
    ------
    DamagedError
        When something refers to what is not there.
    """
    texts: list[Any] = [layer.ids, layer.names, layer.zone_repairs]
    if isinstance(layer.attributes, Attributes):
        texts.extend(layer.attributes.columns.values())
    for each in texts:
        each.check()
    check_zones(_within("zone", arrays), layer.class_numbers, layer.assumed, len(layer.class_order))


def _part(features: Features, start: int, end: int) -> Features:
    return replace(
        features,
        geometries=features.geometries[start:end],
        ids=features.ids[start:end],
        names=features.names[start:end],
        class_ids=features.class_ids[start:end],
        assumed=features.assumed[start:end],
        attributes=features.attributes[start:end],
    )


def _named(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def _within(prefix: str, arrays: Arrays) -> Arrays:
    return {name.removeprefix(f"{prefix}."): array for name, array in arrays.items() if name.startswith(f"{prefix}.")}
