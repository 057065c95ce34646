"""The answer of `zoning mines recovery` as one document: schema zoning.mines.recovery/1."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from zoning.atomic_write import json_text
from zoning.mines.recovery.judging import STATUSES, Judgement, judge, value_trend
from zoning.mines.recovery.measuring import Measured
from zoning.mines.recovery.settings import Followed, RecoverySettings
from zoning.mines.recovery.trends import TrendResult
from zoning.registers.record import Record

SCHEMA = "zoning.mines.recovery/1"
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class ParcelRecovery:
    """One parcel.

    Attributes
    ----------
    column
        Its place in the arrays of `Recovery.measured`; None where the place is not known.
    value_trend
        Of the values themselves, season by season.
    """

    record: Record
    followed: bool
    judgement: Judgement
    column: int | None
    value_trend: TrendResult | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Recovery:
    """The whole answer."""

    on: date
    settings: RecoverySettings
    measured: Measured
    parcels: tuple[ParcelRecovery, ...]
    sources: Mapping[str, str]

    @property
    def counts(self) -> dict[str, int]:
        """How many parcels of each status, alarms first."""
        found = Counter(parcel.judgement.status for parcel in self.parcels)
        return {status: found[status] for status in STATUSES if found[status]}

    def to_json(self) -> str:
        """Return the document."""
        document = {
            "schema": SCHEMA,
            "on": self.on.isoformat(),
            "parameters": self.settings.model_dump(mode="json", by_alias=True),
            "sources": dict(sorted(self.sources.items())),
            "dates": [day.isoformat() for day in self.measured.days],
            "counts": self.counts,
            "parcels": [self._entry(parcel) for parcel in self.parcels],
        }
        return json_text(document, allow_nan=False)

    def _entry(self, parcel: ParcelRecovery) -> dict[str, Any]:
        judgement = parcel.judgement
        entry: dict[str, Any] = {
            "id": parcel.record.id,
            "name": parcel.record.name,
            "followed": parcel.followed,
            "status": judgement.status,
            "reason": judgement.reason.plain(),
            "index": _number(judgement.now),
            "target": _number(judgement.target),
            "index_trend": _trend(judgement.trend),
            "value_trend": _trend(parcel.value_trend),
            "alarms": [
                {"kind": alarm.kind, "since": alarm.since.isoformat(), "reason": alarm.text.plain()}
                for alarm in judgement.alarms
            ],
        }
        if parcel.column is not None:
            entry |= self._curve(parcel.column)
        return entry

    def _curve(self, column: int) -> dict[str, Any]:
        found = self.measured
        names = ("values", "mean", "median", "valid", "clouded", "nodata", "outside", "reference", "index")
        curve = {name: [_number(value) for value in getattr(found, name)[:, column].tolist()] for name in names}
        seen = np.isfinite(found.values[:, column])
        return {"dates_with_value": int(seen.sum()), "dates_without_value": int((~seen).sum()), "curve": curve}


def recovery_of(
    records: Sequence[Record],
    measured: Measured,
    settings: RecoverySettings,
    *,
    on: date,
    sources: Mapping[str, str],
    starts: Mapping[str, date] | None = None,
) -> Recovery:
    """Judge every parcel.

    Parameters
    ----------
    records
        Those with a geometry are the columns of `measured`, in this order.
    starts
        By id: when the works ended.
    """
    found: list[ParcelRecovery] = []
    column = 0
    for record in records:
        followed = is_followed(record, settings.followed)
        if record.geometry is None or record.geometry.is_empty:
            found.append(ParcelRecovery(record, followed, _NO_PLACE, None))
            continue
        start = (starts or {}).get(record.id)
        judgement = judge(measured.days, measured.index[:, column], settings, followed=followed, start=start)
        trend = value_trend(measured.days, measured.values[:, column], settings)
        found.append(ParcelRecovery(record, followed, judgement, column, trend))
        column += 1
    return Recovery(on, settings, measured, tuple(found), sources)


def is_followed(record: Record, settings: Followed) -> bool:
    """Tell whether recovery is expected: by the state, by the field; yes where a parcel has neither."""
    if record.state in settings.states:
        return True
    value = record.values.get(settings.field)
    if value is None:
        return not record.state
    return str(value) in settings.values


_NO_PLACE = Judgement("no_place", (), STATUSES["no_place"])


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), _DIGITS)


def _trend(trend: TrendResult | None) -> dict[str, Any] | None:
    if trend is None:
        return None
    return {
        "per_year": _number(trend.slope),
        "p": _number(trend.p),
        "direction": trend.direction,
        "dates": trend.dates,
    }
