"""What pages show of a record, whether it is a case or not: its fields, its log, its place on the map."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from zoning.registers.entries import Event
from zoning.registers.place import Place
from zoning.registers.record import Record
from zoning.registers.types import RegisterType
from zoning.registers.words import in_words
from zoning.texts import Language, Text


def rows_of_fields(
    record: Record, kind: RegisterType, language: Language, *, persons: bool, without: Collection[str | None]
) -> list[tuple[str, str]]:
    """Return titles and values of the fields that are filled.

    Parameters
    ----------
    persons
        Whether personal fields may be read.
    without
        Fields that stand elsewhere on the page.
    """
    rows = []
    for name, spec in kind.fields.items():
        value = record.values.get(name)
        if value is None or (spec.personal and not persons) or name in without:
            continue
        told = in_words(spec, value)
        rows.append((spec.title.get(language), told.get(language) if isinstance(told, Text) else told))
    return rows


def log_rows(events: Sequence[Event], sentence: Callable[[Event], Text]) -> list[tuple[Event, Text]]:
    """Return the log with a sentence for each row, the newest first."""
    return [(event, sentence(event)) for event in reversed(events)]


def drawn_records(place: Place, told: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the shapes of records as GeoJSON.

    Parameters
    ----------
    told
        By record: what the map shows of it; nothing personal.
    """
    import shapely

    from zoning.registers.reading import read_records

    shapes = {one.id: one.geometry for one in read_records(place, ids=list(told))}
    features = []
    for record, properties in told.items():
        shape = shapes.get(record)
        if shape is not None:
            simple = shapely.set_precision(shapely.simplify(shape, 1e-6), 1e-7)
            geometry = json.loads(shapely.to_geojson(simple))
            features.append({"type": "Feature", "properties": dict(properties), "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}
