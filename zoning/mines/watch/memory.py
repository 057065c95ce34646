"""What earlier runs listed: the same patch keeps its number, and what people found out about it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from pydantic import ValidationError
from shapely.geometry.base import BaseGeometry

from zoning.errors import ContentError, UsageError, os_reason
from zoning.layers.datum import CGCS2000
from zoning.mines.watch.ground import GRID_M
from zoning.mines.watch.suspects import Suspect
from zoning.overlay import robust
from zoning.overlay.plane import MeasuringPlane
from zoning.strict_models import Content
from zoning.texts import Text

STATE_FILE = "watch-state.json"

State = Literal["new", "seen_again", "not_seen", "not_watched", "explained"]
STATES: dict[State, Text] = {
    "new": Text("新发现", "new"),
    "seen_again": Text("仍在", "seen again"),
    "not_seen": Text("本次未见", "not seen this time"),
    "not_watched": Text("本次未能观察", "not watched this time"),
    "explained": Text("在许可范围内", "inside a permitted site"),
}
MARKS = {
    "open": Text("待核查", "to be checked"),
    "confirmed": Text("核查属实", "checked: real"),
    "permitted": Text("核查有许可", "checked: permitted"),
    "handled": Text("已处置", "dealt with"),
    "false-alarm": Text("误报", "false alarm"),
}
"""What people say of a patch; kept from run to run."""

_MOSTLY = 0.5


class KnownPatch(Content):
    """A patch of an earlier run; `geometry` is GeoJSON, longitude and latitude."""

    id: str
    first_seen: date
    last_seen: date
    state: State
    mark: str = "open"
    note: str = ""
    geometry: dict[str, Any]

    @property
    def shape(self) -> BaseGeometry:
        """The outline."""
        found: BaseGeometry = shapely.from_geojson(json.dumps(self.geometry))
        return found


class WatchState(Content):
    """The file of all patches ever listed."""

    format: Literal["zoning.mines.watch-state/1"] = "zoning.mines.watch-state/1"
    last_number: int = 0
    patches: tuple[KnownPatch, ...] = ()

    def to_json(self) -> str:
        """Return the file."""
        return self.model_dump_json(indent=2) + "\n"


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """A patch of this run or of an earlier one; `suspect` is None where it was not seen this time."""

    known: KnownPatch
    suspect: Suspect | None


def read_state(path: Path) -> WatchState:
    """Read the file of earlier runs; empty where there is none.

    Raises
    ------
    ContentError
        When it is damaged.
    """
    if not path.is_file():
        return WatchState()
    try:
        return WatchState.model_validate_json(path.read_bytes())
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(f"{path}：无法读取（{reason.zh}）", f"{path}: cannot be read ({reason.en})") from error
    except ValidationError as error:
        raise ContentError(
            f"{path}：不是本命令写出的状态文件，或已损坏；请恢复备份或换一个 --out",
            f"{path}: is no state file of this command, or is damaged; restore a copy or choose another --out",
        ) from error


def marked(state: WatchState, marks: Mapping[str, str], notes: str = "") -> WatchState:
    """Return the state with what people say of patches.

    Raises
    ------
    UsageError
        When a patch or a mark is not known.
    """
    known = {patch.id: patch for patch in state.patches}
    for number, mark in marks.items():
        if number not in known:
            raise UsageError(f"--mark：没有图斑 {number}", f"--mark: there is no patch {number}")
        if mark not in MARKS:
            listed = ", ".join(MARKS)
            raise UsageError(
                f"--mark：“{mark}”不可用；可用：{listed}", f"--mark: '{mark}' is not allowed; allowed: {listed}"
            )
        known[number] = known[number].model_copy(update={"mark": mark, "note": notes or known[number].note})
    return state.model_copy(update={"patches": tuple(known.values())})


def remembered(
    state: WatchState,
    suspects: Sequence[Suspect],
    unseen: BaseGeometry,
    plane: MeasuringPlane,
    *,
    on: date,
    same_patch: float,
) -> tuple[WatchState, tuple[Listed, ...]]:
    """Recognise the patches of earlier runs by overlap, number the new ones.

    Parameters
    ----------
    unseen
        Land that this run could not watch, measuring plane.
    on
        The newest date that was compared.
    same_patch
        Part of the smaller one that two patches share to be the same.
    """
    matches = _matches(state, suspects, plane, same_patch)
    number, listed = state.last_number, []
    for place, suspect in enumerate(suspects):
        known = matches.get(place)
        if known is None:
            number += 1
            fresh = {"id": f"W{number:04d}", "first_seen": on, "mark": "open", "note": ""}
        else:
            fresh = {"id": known.id, "first_seen": known.first_seen, "mark": known.mark, "note": known.note}
        again = known is not None and known.first_seen < on
        kind: State = "explained" if suspect.explained else "seen_again" if again else "new"
        entry = KnownPatch(**fresh, last_seen=on, state=kind, geometry=_geojson(suspect.geometry))
        listed.append(Listed(entry, suspect))
    found = {one.known.id for one in listed}
    listed += [Listed(_missed(one, unseen, plane), None) for one in state.patches if one.id not in found]
    kept = tuple(sorted((one.known for one in listed), key=lambda patch: patch.id))
    return WatchState(last_number=number, patches=kept), tuple(listed)


def _geojson(shape: BaseGeometry) -> dict[str, Any]:
    """Return GeoJSON as it comes back from a file: lists, no tuples."""
    found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return found


def _places(shapes: Sequence[BaseGeometry], plane: MeasuringPlane) -> Any:
    array = np.empty(len(shapes), dtype=object)
    array[:] = list(shapes)
    return plane.to_plane(array, CGCS2000, step_m=85.0) if len(shapes) else array


def _matches(
    state: WatchState, suspects: Sequence[Suspect], plane: MeasuringPlane, same: float
) -> dict[int, KnownPatch]:
    """Return for each suspect the earlier patch that it is: of several the one that shares most."""
    known = _places([patch.shape for patch in state.patches], plane)
    shared = []
    for place, suspect in enumerate(suspects):
        for number, shape in enumerate(known):
            if not shape.intersects(suspect.place):
                continue
            area = float(robust.intersection(shape, suspect.place, GRID_M).area)
            if area >= same * min(shape.area, suspect.place.area):
                shared.append((area, place, number))
    found: dict[int, KnownPatch] = {}
    taken: set[int] = set()
    for _, place, number in sorted(shared, key=lambda one: (-one[0], one[1], one[2])):
        if place not in found and number not in taken:
            found[place] = state.patches[number]
            taken.add(number)
    return found


def _missed(known: KnownPatch, unseen: BaseGeometry, plane: MeasuringPlane) -> KnownPatch:
    place = _places([known.shape], plane)[0]
    hidden = robust.intersection(place, unseen, GRID_M).area >= _MOSTLY * place.area
    state: State = "not_watched" if hidden else "not_seen"
    return known.model_copy(update={"state": state})
