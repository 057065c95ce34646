"""Scores, law and recommendation of parcels in one go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from zoning.check import Checker
from zoning.errors import UsageError, ZoningError
from zoning.mines.modes_law import ModesLaw, Parcel, Ruling, rulings, site_of
from zoning.mines.suitability.content import Suitability
from zoning.mines.suitability.inputs import Given, opened
from zoning.mines.suitability.recommend import Recommendation, allowed_modes, recommend
from zoning.mines.suitability.scoring import Score, scores
from zoning.mines.suitability.sensitivity import Sensitivity, sensitivity
from zoning.overlay.footprint import Footprint
from zoning.overlay.plane import MeasuringPlane
from zoning.registers.record import Record
from zoning.texts import Text

NO_BOUNDARY = Text("没有边界", "it has no boundary")
Tick = Callable[[str, int], None]
"""Told the step (`scores`, `law`) and how many parcels of it are done."""


@dataclass(frozen=True, slots=True, eq=False)
class ParcelModes:
    """All that the desk says of one parcel: scores and rulings by mode, what is recommended of targets and ways."""

    record: Record
    area_m2: float
    scores: Mapping[str, Score]
    rulings: Mapping[str, Ruling]
    target: Recommendation
    way: Recommendation


@dataclass(frozen=True, slots=True, eq=False)
class Modes:
    """Of all parcels: `skipped` are ids of those that could not be looked at, and why."""

    content: Suitability
    law: ModesLaw
    parcels: tuple[ParcelModes, ...]
    skipped: Mapping[str, Text]
    targets: Sensitivity
    ways: Sensitivity


def modes_of(
    content: Suitability,
    law: ModesLaw,
    records: Sequence[Record],
    given: Given,
    checker: Checker,
    *,
    answers: Callable[[Record], Mapping[str, object]] = lambda _: {},
    tick: Tick = lambda _step, _done: None,
) -> Modes:
    """Score parcels, ask the law about every mode, and recommend.

    Parameters
    ----------
    answers
        Facts that the user told of a parcel, by fact.

    Raises
    ------
    UsageError
        When no parcel has a geometry, or a file is for no criterion.
    LayerError, CRSError
        When a file or layer cannot be used.
    ContentError
        When a fact that was told is unknown, or does not allow its value.
    """
    placed, skipped = _placed(records, checker.plane)
    if not placed:
        raise UsageError("没有可用边界的图斑", "there is no parcel with a usable boundary")
    found: list[dict[str, Score]] = []
    with opened(content, given, source=checker.source, footprints=[one for _, one in placed], on=checker.on) as inputs:
        for number, (record, footprint) in enumerate(placed, start=1):
            found.append(scores(content, inputs.values(record, footprint)))
            tick("scores", number)
    parcels = [
        Parcel(record, footprint.site, _figures(score), answers(record))
        for (record, footprint), score in zip(placed, found, strict=True)
    ]
    ruled = list(rulings(law, parcels, checker, lambda done: tick("law", done)))
    return _together(content, law, placed, skipped, found, ruled)


Placed = Sequence[tuple[Record, Footprint]]


def _placed(records: Sequence[Record], plane: MeasuringPlane) -> tuple[list[tuple[Record, Footprint]], dict[str, Text]]:
    """Return parcels with their footprints, and why others have none."""
    placed: list[tuple[Record, Footprint]] = []
    skipped: dict[str, Text] = {}
    for record in records:
        if record.geometry is None or record.geometry.is_empty:
            skipped[record.id] = NO_BOUNDARY
            continue
        try:
            placed.append((record, Footprint.of(site_of(record), plane)))
        except ZoningError as error:
            skipped[record.id] = error.text
    return placed, skipped


def _together(
    content: Suitability,
    law: ModesLaw,
    placed: Placed,
    skipped: Mapping[str, Text],
    found: Sequence[dict[str, Score]],
    ruled: Sequence[dict[str, Ruling]],
) -> Modes:
    made = tuple(
        ParcelModes(
            record=record,
            area_m2=footprint.area_m2,
            scores=score,
            rulings=ruling,
            target=recommend(content, "target", score, ruling),
            way=recommend(content, "way", score, ruling),
        )
        for (record, footprint), score, ruling in zip(placed, found, ruled, strict=True)
    )
    moved = {
        group: sensitivity(content, group, found, [allowed_modes(content, group, one) for one in ruled])
        for group in ("target", "way")
    }
    return Modes(content, law, made, skipped, moved["target"], moved["way"])


def _figures(found: Mapping[str, Score]) -> dict[str, Mapping[str, object]]:
    """Return the values that went into the scores, by criterion; only those that cover the whole parcel are facts."""
    values = {part.criterion: part.value for score in found.values() for part in score.parts}
    return {name: value for name, value in values.items() if value.get("covered") == 1.0}
