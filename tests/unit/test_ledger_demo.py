from collections import Counter
from datetime import date
from pathlib import Path

import pyogrio
import pytest
import shapely

from demo_mines.histories import PATH, TODAY, history_of
from demo_mines.parcels import DATA, DemoParcel, demo_parcels
from demo_mines.register import fill_register
from ledgers import BUILTIN, area_m2
from zoning.registers.record import Value
from zoning.registers.store import open_store
from zoning.registers.types import read_register_types
from zoning.registers.values import faults, merged

TYPES = read_register_types(BUILTIN)
KIND = TYPES["mine-parcels"]


@pytest.fixture(scope="module")
def parcels() -> tuple[DemoParcel, ...]:
    return demo_parcels()


def test_there_are_180_parcels_each_inside_its_township_and_apart(parcels: tuple[DemoParcel, ...]) -> None:
    assert Counter(parcel.territory for parcel in parcels) == {"140522": 120, "140502": 60}
    assert [parcel.id for parcel in parcels] == sorted({parcel.id for parcel in parcels})
    ground = dict(pyogrio.read_dataframe(DATA / "territory.gpkg")[["zone_id", "geometry"]].to_numpy())
    for parcel in parcels:
        assert ground[parcel.territory].contains(parcel.polygon)
        assert 2_000 <= area_m2(parcel.polygon) <= 200_000
        assert parcel.values["tbmj"] == pytest.approx(area_m2(parcel.polygon), rel=1e-4)
    tree = shapely.STRtree([parcel.polygon for parcel in parcels])
    first, second = tree.query([parcel.polygon for parcel in parcels], predicate="intersects")
    assert (first == second).all()


def test_parcels_that_lie_in_a_zone_on_purpose_do(parcels: tuple[DemoParcel, ...]) -> None:
    planted = [parcel for parcel in parcels if parcel.planted]
    assert len(planted) == 48
    for name in {parcel.planted for parcel in planted}:
        layer, _, kind = name.partition(":")
        frame = pyogrio.read_dataframe(DATA / f"{layer}.gpkg", where=f"class = '{kind}'")
        zones = shapely.STRtree(frame["geometry"].to_numpy())
        for parcel in planted:
            assert parcel.planted != name or zones.query(parcel.polygon, predicate="intersects").size, parcel.id


def test_their_values_are_those_of_the_kind(parcels: tuple[DemoParcel, ...]) -> None:
    for parcel in parcels:
        values: dict[str, Value] = dict(parcel.values)
        assert not faults(KIND, merged(KIND, {}, values)), parcel.id


def test_histories_walk_along_the_workflow_and_end_before_today(parcels: tuple[DemoParcel, ...]) -> None:
    steps = {(step.source, step.target): step.back for step in KIND.workflow.transitions}
    states = Counter[str]()
    for parcel in parcels:
        history = history_of(parcel)
        assert history == history_of(parcel)
        state, day = PATH[0], history.since
        for step in history.steps:
            assert steps[state, step.to] == bool(step.reason)
            assert day <= step.on <= TODAY
            state, day = step.to, step.on
        states[history.state] += 1
        assert all(problem.found <= TODAY for problem in history.problems)
        done = PATH.index(history.state) >= PATH.index("accepted")
        assert done == (parcel.values["HFZLQK"] == "B")
    assert set(states) == set(PATH)


def test_a_register_is_filled_through_the_public_door(parcels: tuple[DemoParcel, ...], tmp_path: Path) -> None:
    chosen = [parcel for parcel in parcels if history_of(parcel).state in ("in-tending", "planned")][:2]
    with open_store(str(tmp_path / "r.sqlite"), TYPES, create=True) as store:
        fill_register(store, chosen)
        register = store.register("mine-parcels")
        for parcel in chosen:
            record, history = register.get(parcel.id), history_of(parcel)
            assert record is not None
            assert record.state == history.state
            assert record.geometry == parcel.polygon
            assert len(register.works(parcel.id)) == len(history.works)
            assert len(register.payments(parcel.id)) == len(history.payments)
            assert [one.closed for one in register.problems(parcel.id)] == [
                one.closed for one in sorted(history.problems, key=lambda one: one.found)
            ]
            assert register.attachments(parcel.id)[0].kind == "before"
        assert store.verify().is_whole


def test_unfinished_pits_of_the_district_are_overdue(parcels: tuple[DemoParcel, ...], tmp_path: Path) -> None:
    parcel = next(
        one for one in parcels
        if one.territory == "140502" and one.values["TBDL"] == "10" and one.values["KCFS"] == "A"
        and history_of(one).state in ("found", "surveyed")
    )  # fmt: skip
    with open_store(str(tmp_path / "r.sqlite"), TYPES, create=True) as store:
        fill_register(store, [parcel], pictures=False)
        due = [one for one in store.register("mine-parcels").due(TODAY) if one.cause == "deadline"]
        assert [(one.key, one.by, one.status) for one in due] == [("historic-pits-2025", date(2025, 12, 31), "overdue")]
