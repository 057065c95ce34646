"""The table of results: one row per record of the boundary file, the same columns whatever is found.

docs/batch.md explains every column.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from zoning.layers.catalogue import Catalogue, Layer
from zoning.overlay.united import united_m2

if TYPE_CHECKING:
    from zoning.check import Examination
    from zoning.errors import ZoningError
    from zoning.overlay.overlap import LayerOverlap
    from zoning.rules.verdict import LayerEntry
    from zoning.sites.streaming import Row

GEOMETRY = "geometry"
VERDICT = "verdict"
CRS = "EPSG:4490"
_TEXTS = pa.list_(pa.string())
_SITE = (
    ("number", pa.int64()),
    ("id", pa.string()),
    ("name", pa.string()),
    ("status", pa.string()),
    ("decision", pa.string()),
    ("blocked", pa.bool_()),
    ("area_m2", pa.float64()),
    ("area_ha", pa.float64()),
    ("area_mu", pa.float64()),
    ("longitude", pa.float64()),
    ("latitude", pa.float64()),
    ("territories", _TEXTS),
    ("outside_territories_m2", pa.float64()),
    ("deciding_rule_count", pa.int64()),
    ("deciding_rules", _TEXTS),
    ("missing_facts", _TEXTS),
    ("missing_layers", _TEXTS),
    ("summary_zh", pa.string()),
    ("summary_en", pa.string()),
    ("repairs", _TEXTS),
    ("warnings_zh", _TEXTS),
    ("warnings_en", _TEXTS),
    ("error_code", pa.string()),
    ("error_zh", pa.string()),
    ("error_en", pa.string()),
    ("verdict_sha256", pa.string()),
)


@dataclass(frozen=True, slots=True)
class LayerColumns:
    """The names of the columns of one layer; `amount` is square metres, or metres where the zones are lines."""

    layer: str
    line: bool
    status: str
    classes: str
    amount: str
    nearest: str

    @property
    def fields(self) -> tuple[tuple[str, pa.DataType], ...]:
        """Names and types."""
        number, text = pa.float64(), pa.string()
        return (self.status, text), (self.classes, _TEXTS), (self.amount, number), (self.nearest, number)


def layer_columns(catalogue: Catalogue) -> tuple[LayerColumns, ...]:
    """Return the columns of every layer, in the order of the catalogue."""
    taken: set[str] = set()
    return tuple(_named(layer, taken) for layer in catalogue.layers.values())


def _named(layer: Layer, taken: set[str]) -> LayerColumns:
    # File names of layers may differ in signs that no column bears.
    plain = "".join(sign if sign.isalnum() else "_" for sign in layer.id.lower())
    stem, copy = plain, 2
    while stem in taken:
        stem, copy = f"{plain}_{copy}", copy + 1
    taken.add(stem)
    line = layer.geometry == "line"
    amount = f"{stem}_length_m" if line else f"{stem}_overlap_m2"
    return LayerColumns(layer.id, line, f"{stem}_status", f"{stem}_classes", amount, f"{stem}_nearest_m")


def schema_of(catalogue: Catalogue, *, verdicts: bool) -> pa.Schema:
    """Return the columns of a part: those of the results, the geometry, and the packed verdict where it is kept."""
    fields = [*_SITE, *(field for columns in layer_columns(catalogue) for field in columns.fields)]
    fields.append((GEOMETRY, pa.large_binary()))
    if verdicts:
        fields.append((VERDICT, pa.large_binary()))
    return pa.schema(fields)


def checked(
    row: "Row", examination: "Examination", columns: Iterable[LayerColumns], lonlat: BaseGeometry | None
) -> dict[str, Any]:
    """Return the record of a footprint that was checked; `lonlat` is its outline in longitude and latitude."""
    verdict = examination.verdict
    site = verdict.site
    deciding = [f.rule for f in verdict.findings if f.decision == verdict.decision and f.decision != "permitted"]
    deciding = list(dict.fromkeys(deciding))
    record = {
        **_head(row, "checked", site.id, lonlat),
        "decision": verdict.decision,
        "blocked": verdict.blocked,
        "area_m2": site.area_m2,
        "area_ha": site.area_ha,
        "area_mu": site.area_mu,
        "longitude": site.centre[0],
        "latitude": site.centre[1],
        "territories": list(site.territories),
        "outside_territories_m2": site.outside_territories_m2,
        "deciding_rule_count": len(deciding),
        "deciding_rules": deciding,
        "missing_facts": [item.fact for item in verdict.missing_facts],
        "missing_layers": list(verdict.missing_layers),
        "summary_zh": verdict.summary.zh,
        "summary_en": verdict.summary.en,
        "repairs": [repair.kind for repair in site.repairs],
        "warnings_zh": [text.zh for text in site.warnings],
        "warnings_en": [text.en for text in site.warnings],
        "verdict_sha256": hashlib.sha256(verdict.to_json().encode()).hexdigest(),
    }
    entries = {entry.layer: entry for entry in verdict.layers}
    for names in columns:
        record |= _layer(names, entries[names.layer], examination.overlaps)
    return record


def _layer(names: LayerColumns, entry: "LayerEntry", overlaps: Mapping[str, "LayerOverlap"]) -> dict[str, Any]:
    if entry.status == "no_data":
        return {names.status: entry.status, names.nearest: entry.nearest_m}
    found = entry.classes
    if names.line:
        amount = round(sum(one.length_m for one in found), 3)
    elif sum(one.overlap_m2 > 0 for one in found) > 1:
        # Zones of two classes may lie on each other: what lies in both counts once.
        amount = round(united_m2(zone.piece for one in overlaps[names.layer].classes for zone in one.zones), 4)
    else:
        amount = sum(one.overlap_m2 for one in found)
    return {
        names.status: entry.status,
        names.classes: [one.class_ for one in found],
        names.amount: amount,
        names.nearest: entry.nearest_m,
    }


def refused(row: "Row", error: "ZoningError", lonlat: BaseGeometry | None = None) -> dict[str, Any]:
    """Return the record of a footprint that could not be checked, with the sentence that says why."""
    site_id = None if row.site is None else row.site.id
    return {
        **_head(row, "refused", site_id, lonlat),
        "error_code": error_code(error),
        "error_zh": error.text.zh,
        "error_en": error.text.en,
    }


def error_code(error: "ZoningError") -> str:
    """Return the kind of an error as one word.

    >>> from zoning.errors import CRSError, SiteError
    >>> error_code(SiteError("", "")), error_code(CRSError("", ""))
    ('site', 'crs')
    """
    name = type(error).__name__.removesuffix("Error")
    if name.isupper():
        return name.lower()
    if name.startswith("CRS"):
        return f"crs_{name[3:].lower()}"
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("_")


def _head(row: "Row", status: str, site_id: str | None, lonlat: BaseGeometry | None) -> dict[str, Any]:
    return {
        "number": row.number + 1,
        "id": site_id,
        "name": row.name if row.site is None else row.site.name,
        "status": status,
        GEOMETRY: None if lonlat is None or lonlat.is_empty else shapely.to_wkb(lonlat, byte_order=1),
    }


def table_of(records: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return records as a table; what a record does not say is null."""
    return pa.Table.from_pylist(list(records), schema=schema)


def to_ipc(table: pa.Table) -> bytes:
    """Return a table as an Arrow IPC file in one batch: the same table always gives the same bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        for batch in table.combine_chunks().to_batches():
            writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def from_ipc(content: bytes | pa.Buffer) -> pa.Table:
    """Return the table of an Arrow IPC file without a copy."""
    return pa.ipc.open_file(content if isinstance(content, pa.Buffer) else pa.py_buffer(content)).read_all()
