"""The provider of pygeoapi: hands it the features of a collection as one request selects them."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from pygeoapi.provider.base import BaseProvider, ProviderItemNotFoundError

from zoning.web.ogc.service.collection import Collection, Feature
from zoning.web.ogc.service.reference import Reference, reference
from zoning.web.ogc.service.selection import Selection

NAME = "zoning.web.ogc.service.provider.Provider"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A collection, and what one request asks of it. pygeoapi copies its configuration: this is never copied.

    Attributes
    ----------
    selection
        None where the request is about no list of features.
    """

    collection: Collection
    today: date
    selection: Selection | None = None
    crs: Reference | None = None

    def __deepcopy__(self, _: Any) -> "Asked":
        return self


class Provider(BaseProvider):  # type: ignore[misc]  # pygeoapi has no types
    """Features of one collection for one request. What pygeoapi has parsed of the request is not used."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self._asked: Asked = provider_def["data"]
        self._fields = {
            name: {
                "type": field.kind,
                "title": field.title.en,
                **({"format": field.format} if field.format else {}),
                **({"enum": list(field.values)} if field.values else {}),
            }
            for name, field in self._asked.collection.fields.items()
        }

    def get_fields(self) -> dict[str, Any]:
        """Return the properties of the features."""
        return self._fields

    def query(self, **_: Any) -> dict[str, Any]:
        """Return one page of the selected features, and how many there are."""
        asked = self._asked
        if asked.selection is None:
            raise AssertionError(asked)
        selection = asked.selection
        tables = asked.collection.tables(selection.days, asked.today)
        chosen = [(table, number) for table in tables for number in table.chosen(selection)]
        page = [] if selection.hits_only else chosen[selection.offset : selection.offset + selection.limit]
        features = [table.feature(int(number)) for table, number in page]
        return {
            "type": "FeatureCollection",
            "features": _written(features, selection.crs),
            "numberMatched": len(chosen),
            "numberReturned": len(features),
        }

    def get(self, identifier: str, **_: Any) -> dict[str, Any]:
        """Return one feature."""
        found = self._asked.collection.get(identifier, self._asked.today)
        if found is None:
            raise ProviderItemNotFoundError(user_msg="there is no such feature")
        crs = self._asked.crs or reference("http://www.opengis.net/def/crs/OGC/1.3/CRS84")
        if crs is None:
            raise AssertionError(self._asked)
        return _written([found], crs)[0]


def _written(features: list[Feature], crs: Reference) -> list[dict[str, Any]]:
    shapes = np.empty(len(features), dtype=object)
    shapes[:] = [feature.geometry for feature in features]
    written = crs.written(shapes) if features else shapes
    return [
        {
            "type": "Feature",
            "id": feature.id,
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
            "properties": dict(feature.properties),
        }
        for feature, shape in zip(features, written, strict=True)
    ]
