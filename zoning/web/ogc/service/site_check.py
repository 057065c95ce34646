"""The process `site-check`: what it takes, what it gives."""

from typing import Any

from pygeoapi.process.base import BaseProcessor

ID = "site-check"
OUTPUT = "check"
NAME = "zoning.web.ogc.service.site_check.SiteCheck"

_GEOJSON = "application/geo+json"
METADATA: dict[str, Any] = {
    "version": "1.0.0",
    "id": ID,
    "title": {"zh": "地块研判", "en": "Site check"},
    "description": {
        "zh": "检查地块边界是否与各类管控区冲突；每个地块一个结论（zoning.verdict/1）。初步研判结果，不作为审批依据。",
        "en": "Tells whether the boundary of a site conflicts with restriction zones; one verdict for each footprint "
        "(zoning.verdict/1). A preliminary result, no basis for a permit.",
    },
    "keywords": ["zoning", "verdict"],
    "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
    "links": [],
    "inputs": {
        "site": {
            "title": "GeoJSON",
            "description": "Boundary as GeoJSON (geometry, Feature or FeatureCollection), longitude and latitude.",
            "schema": {"type": "object", "contentMediaType": _GEOJSON, "format": "geojson-feature-collection"},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
        "text": {
            "title": "Coordinates",
            "description": "Boundary as text: what can be pasted on the check page. One of site, text, file is told.",
            "schema": {"type": "string", "maxLength": 2_000_000},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
        "file": {
            "title": "File",
            "description": "A boundary file of any format that the check page takes.",
            "schema": {
                "type": "object",
                "required": ["name", "content"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string", "maxLength": 200},
                    "content": {"type": "string", "contentEncoding": "base64"},
                },
            },
            "minOccurs": 0,
            "maxOccurs": 1,
        },
        "facts": {
            "title": "Facts",
            "description": "What is known of the project: fact -> value.",
            "schema": {"type": "object"},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
        "on": {
            "title": "Day",
            "description": "The day whose law and layers are asked; today where it is left out.",
            "schema": {"type": "string", "format": "date"},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
        "crs": {
            "title": "CRS",
            "description": "Coordinate system of a boundary that does not state it, such as EPSG:4547.",
            "schema": {"type": "string", "maxLength": 60},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
    },
    "outputs": {
        OUTPUT: {
            "title": "Verdicts",
            "description": "verdicts: one zoning.verdict/1 for each footprint; refused: footprints without a verdict, "
            "and why.",
            "schema": {
                "type": "object",
                "contentMediaType": "application/json",
                "required": ["verdicts", "refused", "decision"],
                "properties": {
                    "check": {"type": "string"},
                    "decision": {"enum": ["prohibited", "undetermined", "restricted", "permitted", ""]},
                    "verdicts": {"type": "array", "items": {"type": "object", "required": ["schema", "decision"]}},
                    "refused": {"type": "array", "items": {"type": "object"}},
                },
            },
        }
    },
    "example": {
        "inputs": {
            "site": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [112.4016, 35.4886],
                        [112.4031, 35.4885],
                        [112.4031, 35.4895],
                        [112.4016, 35.4895],
                        [112.4016, 35.4886],
                    ]
                ],
            },
            "facts": {},
        }
    },
}


class SiteCheck(BaseProcessor):  # type: ignore[misc]  # pygeoapi has no types
    """Describes the process; the manager does it."""

    def __init__(self, processor_def: dict[str, Any]) -> None:
        super().__init__(processor_def, METADATA)
