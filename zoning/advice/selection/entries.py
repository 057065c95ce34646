"""A selection as it is handed on: schema `zoning.selection/1`."""

from datetime import date
from typing import Any, Literal

import shapely
from pydantic import Field

from zoning.advice.entries import RecheckEntry, mapping
from zoning.advice.selection.select import Candidate, Selection, Wish
from zoning.advice.selection.weights import CRITERIA, CriterionName, Weights
from zoning.exchange.parcel import Parcel
from zoning.strict_models import Document, Entry
from zoning.texts import Text

SCHEMA: Literal["zoning.selection/1"] = "zoning.selection/1"


class PlaceEntry(Entry):
    """A place with its figures; None where there is no data, which counts 0."""

    rank: int
    score: float
    turn_deg: float
    centre: tuple[float, float]
    criteria: dict[CriterionName, float | None]
    recheck: RecheckEntry
    geometry: dict[str, Any]


class SelectionEntry(Document):
    """The best places of a search area.

    `without_data` are the criteria that no place has data for; `bound` says what the search did not look at.
    """

    schema_: Literal["zoning.selection/1"] = Field(default=SCHEMA, alias="schema")
    on: date
    area_name: str
    wanted_m2: float
    turn_step_deg: float
    weights: Weights
    places: tuple[PlaceEntry, ...]
    without_data: tuple[CriterionName, ...]
    step_m: float
    positions: int
    free: int
    ranked: int
    dropped: int
    unread_layers: tuple[str, ...]
    unsettled_rules: tuple[str, ...]
    everywhere: dict[str, tuple[str, ...]]
    bound: Text
    notice: Text

    @classmethod
    def of(cls, found: Selection, wish: Wish, weights: Weights, name: str) -> "SelectionEntry":
        """Return a selection."""
        scene = found.scene
        places = tuple(_place(number, one) for number, one in enumerate(found.candidates, start=1))
        missing = tuple(
            name for name in CRITERIA if weights.of(name) and places and all(p.criteria[name] is None for p in places)
        )
        return cls(
            on=scene.ground.content.on,
            area_name=name,
            wanted_m2=round(float(wish.shape.area), 4),
            turn_step_deg=wish.turn_step_deg,
            weights=weights,
            places=places,
            without_data=missing,
            step_m=round(found.step_m, 2),
            positions=found.positions,
            free=found.free,
            ranked=found.ranked,
            dropped=found.dropped,
            unread_layers=scene.unread,
            unsettled_rules=scene.inescapable,
            everywhere=dict(scene.everywhere),
            bound=_bound(found),
            notice=scene.ground.content.settings.notice,
        )

    def parcels(self) -> list[Parcel]:
        """Return the places as features of a file."""
        return [_parcel(place) for place in self.places]


def selection_schema() -> dict[str, Any]:
    """Return the JSON Schema of `zoning.selection/1`."""
    return SelectionEntry.published_schema(SCHEMA)


def _place(number: int, one: Candidate) -> PlaceEntry:
    centre = one.recheck.geometry.centroid
    return PlaceEntry(
        rank=number,
        score=round(one.score, 4),
        turn_deg=one.turn_deg,
        centre=(round(centre.x, 7), round(centre.y, 7)),
        criteria={name: None if value is None else round(value, 4) for name, value in one.values.items()},
        recheck=RecheckEntry.of(one.recheck),
        geometry=mapping(one.recheck.geometry),
    )


def _parcel(place: PlaceEntry) -> Parcel:
    told = {"rank": str(place.rank), "score": f"{place.score:.4f}", "turn_deg": f"{place.turn_deg:g}"}
    told |= {name: "" if value is None else f"{value:g}" for name, value in place.criteria.items()}
    told |= {"decision": place.recheck.decision, "clear": "yes" if place.recheck.clear else "no"}
    geometry = shapely.geometry.shape(place.geometry)
    return Parcel(f"place-{place.rank}", f"#{place.rank}", geometry, place.recheck.area_m2, told)


def _bound(found: Selection) -> Text:
    thinned_zh = f"；其中每 {round(found.free / found.ranked)} 个取一个参与排序" if found.ranked < found.free else ""
    thinned_en = f"; one in {round(found.free / found.ranked)} of them was ranked" if found.ranked < found.free else ""
    return Text(
        f"按间距 {found.step_m:g} m 的网格逐点查找：{found.positions} 个位置中 {found.free} 个避开了全部禁止区"
        f"{thinned_zh}。"
        "网格之间的位置没有查找",
        f"a lattice of {found.step_m:g} m was searched: {found.free} of {found.positions} positions are off all that "
        f"prohibits{thinned_en}. Between its points nothing was looked for",
    )
