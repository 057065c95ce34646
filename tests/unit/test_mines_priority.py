"""The order of parcels: hand-computed scores, intervals, phases, ties, and what moving a weight does."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.layers.catalogue import Catalogue
from zoning.mines.priority.content import Criterion, Priority
from zoning.mines.priority.ranking import Ranking, rank, reason
from zoning.mines.priority.relations import Relation
from zoning.mines.priority.scoring import Inputs, Score, codes_of, number_of, score
from zoning.mines.viewshed import ParcelSight, Seen
from zoning.overlay.overlap import ClassOverlap, LayerOverlap
from zoning.registers.record import Record
from zoning.texts import Text
from zoning.workspace import Workspace, builtin_root

TITLE = {"zh": "甲", "en": "a"}
SIGHT = {
    "corridor": {"layer": "transport"},
    "step": "200 m",
    "eye": "2 m",
    "target": "0 m",
    "farthest": "10 km",
    "refraction": "0.13",
    "source": TITLE,
}
ALWAYS = {"rest": {"title": {"zh": "其余", "en": "rest"}, "source": TITLE}}
IN_SIGHT = {"seen": {"title": {"zh": "可视", "en": "seen"}, "when": {"in_sight": True}, "source": TITLE}}


def criterion(**stated: Any) -> dict[str, Any]:
    """Return a criterion as a file holds it."""
    return {"title": TITLE, "source": TITLE, "weight": 1, **stated}


AREA = criterion(measure="area", line=[{"at": 0, "score": 0}, {"at": 10, "score": 1}])
HAZARD = criterion(field="STWT", codes={"1": 0.2, "2": 1.0})


def content(criteria: Mapping[str, Any], phases: Mapping[str, Any] = ALWAYS, **more: Any) -> Priority:
    """Return what decides the order."""
    stated = {
        "title": TITLE,
        "note": TITLE,
        "sight": SIGHT,
        "unknown": "middle",
        "unknown_source": TITLE,
        "sensitivity": 0.2,
        "phases": dict(phases),
        "criteria": dict(criteria),
    }
    return Priority.model_validate({**stated, **more})


def sight(share: float, unknown: float = 0.0) -> ParcelSight:
    """Return a parcel of 1,000 m2 of which shares are in sight, and not known."""
    seen = Seen("rail", 400.0 * share, 100.0 * unknown, 50.0 if share else None, None, 900.0)
    return ParcelSight(1_000.0, 1_000.0 * share, 1_000.0 * unknown, (seen,))


def inputs(**stated: Any) -> Inputs:
    """Return inputs of which nothing is known but what is stated."""
    nothing: dict[str, Any] = {
        "covered_m": None,
        "area_m2": None,
        "values": {},
        "sight": None,
        "corridor_m": None,
        "start_m": None,
        "relations": {},
    }
    return Inputs(**{**nothing, **stated})


def of(name: str, stated: Mapping[str, Any], given_: Inputs) -> Score:
    """Return the score of a criterion that is written like in a file."""
    return score(name, Criterion.model_validate(stated), given_)


def ranked(rows: Sequence[Inputs], decided: Priority, values: Sequence[Mapping[str, str]] | None = None) -> Ranking:
    """Rank parcels p0, p1 ..."""
    told = values or [{} for _ in rows]
    records = [Record(f"p{n}", f"parcel {n}", "", None, dict(one)) for n, one in enumerate(told)]
    return rank(records, rows, decided)


def test_a_score_by_hand() -> None:
    # area 4 ha of 10: 0.4 x 3/4; hazard code 1: 0.2 x 1/4; together 0.35
    decided = content({"area": {**AREA, "weight": 3}, "hazard": HAZARD})
    (one,) = ranked([inputs(area_m2=40_000.0, values={"STWT": ("1",)})], decided).parcels
    assert (one.score, one.low, one.high) == pytest.approx((0.35, 0.35, 0.35))
    assert (one.rank, one.best, one.worst, one.tied_with) == (1, 1, 1, ())


def test_what_is_not_known_makes_an_interval_and_is_said() -> None:
    decided = content({"area": {**AREA, "weight": 3}, "hazard": HAZARD})
    ranking = ranked([inputs(area_m2=40_000.0), inputs(area_m2=40_000.0, values={"STWT": "9"})], decided)
    first, second = ranking.parcels
    # Codes give from 0.2 to 1: 0.3 + 0.05 to 0.3 + 0.25
    assert (first.low, first.score, first.high) == pytest.approx((0.35, 0.45, 0.55))
    assert first.scores[1].reason.en == "not known: a (STWT is not filled in)"
    assert second.scores[1].reason == Text("未知：STWT = 9 没有对应的分值", "not known: STWT = 9 has no score")
    assert "not known: a (STWT is not filled in) (+0.050–0.250)" in reason(first, ranking).en
    assert not first.scores[1].known


@pytest.mark.parametrize(("unknown", "expected"), [("lowest", 0.35), ("middle", 0.45), ("highest", 0.55)])
def test_where_in_the_interval_a_score_counts_is_stated(unknown: str, expected: float) -> None:
    decided = content({"area": {**AREA, "weight": 3}, "hazard": HAZARD}, unknown=unknown)
    assert ranked([inputs(area_m2=40_000.0)], decided).parcels[0].score == pytest.approx(expected)


RINGS = criterion(
    measure="corridor_distance", steps=[{"to": 1000, "score": 1}, {"to": 3000, "score": 0.5}, {"score": 0}]
)


@pytest.mark.parametrize(
    ("metres", "expected"), [(0.0, 1.0), (1000.0, 1.0), (1000.01, 0.5), (3000.0, 0.5), (3000.5, 0.0)]
)
def test_a_ring_ends_with_its_limit(metres: float, expected: float) -> None:
    found = of("ring", RINGS, inputs(corridor_m=metres))
    assert (found.low, found.high) == (expected, expected)


def test_a_share_that_is_partly_known_has_the_scores_of_its_whole_interval() -> None:
    hump = criterion(
        measure="visible_share", line=[{"at": 0, "score": 0}, {"at": 0.5, "score": 1}, {"at": 1, "score": 0.4}]
    )
    found = of("share", hump, inputs(sight=sight(0.25, 0.5)))
    assert (found.low, found.high, found.value) == (0.5, 1.0, (0.25, 0.75))
    assert found.reason.en == "25.00 % of it in sight, 75.00 % at most (heights are missing)"
    steps = criterion(
        measure="visible_length", steps=[{"to": 90, "score": 0.1}, {"to": 120, "score": 0.9}, {"score": 0.3}]
    )
    found = of("length", steps, inputs(sight=sight(0.2, 0.7)))
    assert (found.low, found.high, found.value) == (0.1, 0.9, (80.0, 150.0))
    assert of("share", hump, inputs()).reason.zh == "未知：没有高程模型"


def test_where_the_lines_may_be_incomplete_the_distance_is_an_interval() -> None:
    found = of("ring", RINGS, inputs(corridor_m=3_500.0, covered_m=2_000.0))
    assert (found.low, found.high, found.value) == (0.0, 0.5, (2_000.0, 3_500.0))
    assert found.reason.en == "3,500.00 m from the corridor (the layer of lines is complete only within 2,000.00 m)"
    assert of("ring", RINGS, inputs(corridor_m=900.0, covered_m=2_000.0)).low == 1.0
    nowhere = of("ring", RINGS, inputs(corridor_m=900.0, covered_m=0.0))
    assert (nowhere.low, nowhere.high, nowhere.reason.zh) == (0.0, 1.0, "未知：到线路的距离")


@pytest.mark.parametrize(
    ("metres", "covered", "phases"),
    [
        (5_000.0, None, ("near", "near")),
        (5_000.1, None, ("rest", "rest")),
        (5_000.1, 5_000.1, ("rest", "rest")),
        (9_000.0, 4_999.0, ("near", "rest")),
        (4_000.0, 1_000.0, ("near", "near")),
        (4_000.0, 0.0, ("near", "rest")),
        (None, None, ("near", "rest")),
    ],
)
def test_a_phase_by_distance_is_three_valued(
    metres: float | None, covered: float | None, phases: tuple[str, str]
) -> None:
    near = {"near": {"title": TITLE, "when": {"corridor_within": "5 km"}, "source": TITLE}}
    (one,) = ranked(
        [inputs(area_m2=1e4, corridor_m=metres, covered_m=covered)], content({"area": AREA}, {**near, **ALWAYS})
    ).parcels
    assert (one.phase, one.latest_phase) == phases


def test_money_is_what_there_is_of_what_is_needed() -> None:
    stated = criterion(
        measure="funded", need="ZJXQ", available="ZJLS", line=[{"at": 0, "score": 0}, {"at": 1, "score": 1}]
    )
    found = of("money", stated, inputs(values={"ZJXQ": "2,000", "ZJLS": 500.0}))
    assert (found.low, found.high, found.reason.en) == (0.25, 0.25, "money: 500.00 / 2,000.00 (10,000 yuan)")
    for values in ({"ZJXQ": "2000"}, {"ZJXQ": "0", "ZJLS": "1"}, {"ZJXQ": "?", "ZJLS": "1"}):
        assert (of("money", stated, inputs(values=values)).low, of("money", stated, inputs(values=values)).high) == (
            0,
            1,
        )


def test_an_optional_criterion_that_nothing_was_given_for_is_set_aside_and_told() -> None:
    start = criterion(measure="start_distance", optional=True, steps=[{"score": 0.5}])
    ranking = ranked([inputs(area_m2=50_000.0)], content({"area": AREA, "start": start}))
    assert ranking.aside == ("start",)
    assert ranking.weights == {"area": 1.0}
    # As soon as one parcel has it, it counts for all, and the others are not known there.
    ranking = ranked([inputs(area_m2=5e4, start_m=9.0), inputs(area_m2=5e4)], content({"area": AREA, "start": start}))
    assert ranking.aside == ()
    assert [len(one.scores) for one in ranking.parcels] == [2, 2]


def test_phases_go_before_scores_and_a_doubtful_one_is_said() -> None:
    phases = {**IN_SIGHT, "near": {"title": TITLE, "when": {"corridor_within": "5 km"}, "source": TITLE}, **ALWAYS}
    rows = [
        inputs(area_m2=90_000.0, sight=sight(0.0), corridor_m=9_000.0),
        inputs(area_m2=10_000.0, sight=sight(0.1), corridor_m=9_000.0),
        inputs(area_m2=20_000.0, sight=sight(0.0, 0.3), corridor_m=4_000.0),
        inputs(area_m2=30_000.0, sight=sight(0.0), corridor_m=5_000.0),
        inputs(area_m2=5_000.0),
    ]
    ranking = ranked(rows, content({"area": AREA}, phases))
    assert [(one.parcel.id, one.rank, one.phase, one.latest_phase) for one in ranking.parcels] == [
        ("p2", 1, "seen", "near"),
        ("p1", 2, "seen", "seen"),
        ("p4", 3, "seen", "rest"),
        ("p3", 4, "near", "near"),
        ("p0", 5, "rest", "rest"),
    ]
    p2, p1, p4, p3, p0 = ranking.parcels
    assert [(one.best, one.worst) for one in (p2, p1, p4, p3, p0)] == [(1, 4), (1, 2), (2, 5), (2, 4), (4, 5)]
    assert "the phase is not settled, 'rest' at the latest" in reason(p4, ranking).en


def test_equal_scores_share_a_rank_and_are_told() -> None:
    rows = [inputs(area_m2=area) for area in (10_000.0, 50_000.0, 10_000.0, 70_000.0)]
    ranking = ranked(rows, content({"area": AREA}))
    assert [(one.parcel.id, one.rank) for one in ranking.parcels] == [("p3", 1), ("p1", 2), ("p0", 3), ("p2", 3)]
    assert ranking.parcels[2].tied_with == ("p2",)
    assert reason(ranking.parcels[2], ranking).en.endswith("the same score as p2, listed by number")
    assert reason(ranking.parcels[2], ranking).zh.endswith("与 p2 得分相同，按编号排列")


def test_what_is_left_out_is_listed_with_its_reason() -> None:
    left_out = [{"field": "HFZLQK", "codes": ["B"], "title": {"zh": "已恢复治理", "en": "restored"}, "source": TITLE}]
    ranking = ranked(
        [inputs(area_m2=1e4), inputs(area_m2=2e4)],
        content({"area": AREA}, left_out=left_out),
        [{"HFZLQK": "A"}, {"HFZLQK": "B"}],
    )
    assert [one.parcel.id for one in ranking.parcels] == ["p0"]
    assert [(parcel.id, why.title.en) for parcel, why in ranking.left_out] == [("p1", "restored")]


Pair = tuple[int, int]


@settings(max_examples=120, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=6),
    weights=st.tuples(st.integers(1, 5), st.integers(0, 5)),
)
def test_best_and_worst_rank_are_those_of_the_extremes(rows: list[tuple[int, int, int]], weights: Pair) -> None:
    # Shares in sight from a/10 to (a + b)/10 and areas of c ha; all in one phase.
    share = criterion(measure="visible_share", weight=weights[0], line=[{"at": 0, "score": 0}, {"at": 1, "score": 1}])
    decided = content({"share": share, "area": {**AREA, "weight": weights[1]}})
    known = [inputs(area_m2=c * 1e4, sight=sight(a / 10, min(b, 10 - a) / 10)) for a, b, c in rows]
    whole = sum(weights)
    low = [Fraction(weights[0] * a + weights[1] * c, 10 * whole) for a, _, c in rows]
    high = [Fraction(weights[0] * (a + min(b, 10 - a)) + weights[1] * c, 10 * whole) for a, b, c in rows]
    for one in ranked(known, decided).parcels:
        me = int(one.parcel.id[1:])
        others = [n for n in range(len(rows)) if n != me]
        assert one.best == 1 + sum(low[n] > high[me] for n in others)
        assert one.worst == 1 + sum(high[n] > low[me] for n in others)
        assert one.best <= one.rank <= one.worst
        assert one.score == pytest.approx(float((low[me] + high[me]) / 2))


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.integers(0, 10)] * 3), min_size=2, max_size=7),
    weights=st.tuples(*[st.integers(1, 9)] * 3),
)
def test_sensitivity_is_that_of_ranking_anew(rows: list[tuple[int, int, int]], weights: tuple[int, int, int]) -> None:
    line = [{"at": 0, "score": 0}, {"at": 10, "score": 1}]
    field = {str(n): n / 10 for n in range(11)}
    decided = content(
        {
            "area": criterion(measure="area", line=line, weight=weights[0]),
            "one": criterion(field="ONE", codes=field, weight=weights[1]),
            "two": criterion(field="TWO", codes=field, weight=weights[2]),
        }
    )
    known = [inputs(area_m2=a * 1e4, values={"ONE": str(b), "TWO": str(c)}) for a, b, c in rows]
    ranking = ranked(known, decided)

    def ranks(parts: Sequence[Fraction]) -> list[int]:
        totals = [sum(part * value for part, value in zip(parts, row, strict=True)) for row in rows]
        return [1 + sum(other > mine for other in totals) for mine in totals]

    base = [Fraction(weight) for weight in weights]
    before, seen = ranks(base), [{rank_} for rank_ in ranks(base)]
    for number, told in enumerate(ranking.sensitivity):
        far = [0] * len(rows)
        for factor in (Fraction(4, 5), Fraction(6, 5)):
            moved = [weight * (factor if n == number else 1) for n, weight in enumerate(base)]
            after = ranks(moved)
            far = [max(one, abs(a - b)) for one, a, b in zip(far, after, before, strict=True)]
            for place, rank_ in enumerate(after):
                seen[place].add(rank_)
        assert (told.largest, told.moved) == (max(far), sum(one > 0 for one in far))
        assert told.parcel == (f"p{far.index(max(far))}" if max(far) else "")
        assert told.weight == pytest.approx(float(base[number] / sum(base)))
    assert {one.parcel.id: one.moves for one in ranking.parcels} == {
        f"p{n}": (min(found), max(found)) for n, found in enumerate(seen)
    }


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Workspace.open(builtin_root()).catalogue


def hit(class_id: str, certainty: Any = "certain", *, assumed: bool = False) -> ClassOverlap:
    """Return an overlap of a class."""
    return ClassOverlap(class_id, assumed, (), 500.0, 0.1, 0.0, certainty, None)


def water(catalogue: Catalogue, status: Any, *classes: ClassOverlap, uncovered: float = 0.0) -> Relation:
    """Return a parcel against the drinking-water zones."""
    overlap = LayerOverlap("drinking-water", "2023", status, 10.0, classes, uncovered_m2=uncovered)
    return Relation(catalogue["drinking-water"], overlap)


ZONES = criterion(
    zones=[{"layer": "drinking-water", "classes": ["level-1"], "score": 1}, {"layer": "drinking-water", "score": 0.5}]
)


def test_zones_that_are_certain_count_and_doubtful_ones_may(catalogue: Catalogue) -> None:
    def found(*args: Any, **more: Any) -> tuple[float, float]:
        one = of("zones", ZONES, inputs(relations={"drinking-water": water(catalogue, *args, **more)}))
        return one.low, one.high

    assert found("not_affected") == (0.0, 0.0)
    assert found("affected", hit("level-1")) == (1.0, 1.0)
    assert found("affected", hit("level-2")) == (0.5, 0.5)
    assert found("affected", hit("level-2"), hit("level-1", "possible")) == (0.5, 1.0)
    assert found("affected", hit("level-1", assumed=True)) == (0.0, 1.0)
    assert found("possible", hit("quasi", "possible")) == (0.0, 0.5)
    assert found("no_data") == (0.0, 1.0)
    assert found("not_affected", uncovered=20.0) == (0.0, 1.0)
    assert of("zones", ZONES, inputs()).high == 1.0


def test_how_far_a_layer_is_complete(catalogue: Catalogue) -> None:
    whole = LayerOverlap("drinking-water", "2023", "not_affected", 10.0, covered_reach_m=800.0)
    assert Relation(catalogue["drinking-water"], whole).covered_m == 800.0
    assert water(catalogue, "no_data").covered_m == 0.0
    assert water(catalogue, "not_affected", uncovered=1.0).covered_m == 0.0
    assert Relation(catalogue["drinking-water"], None).covered_m == 0.0


def test_zones_are_told_in_words(catalogue: Catalogue) -> None:
    relation = water(catalogue, "affected", hit("level-2"), hit("level-1", "possible"))
    found = of("zones", ZONES, inputs(relations={"drinking-water": relation}))
    title, one = catalogue["drinking-water"].title.en, catalogue["drinking-water"].classes["level-1"].title.en
    assert found.reason.en == f"overlaps {title}; not known: whether it overlaps {title} ({one})"
    none = of("zones", ZONES, inputs(relations={"drinking-water": water(catalogue, "not_affected")}))
    assert none.reason.zh == "不涉及所列保护区"


def test_codes_and_numbers_of_ledgers_and_of_boundary_files() -> None:
    assert codes_of("2，3、1") == ("2", "3", "1")
    assert codes_of(("2",)) == ("2",)
    assert codes_of(None) == codes_of(" ") == ()
    assert [number_of(value) for value in (None, True, 3, "1,200.5", "x")] == [None, None, 3.0, 1200.5, None]
