"""What happened to a drawn parcel: states with days, works, money, problems; chosen with fixed random numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from demo_data.shapes import generator
from demo_mines.parcels import DemoParcel

TODAY = date(2026, 11, 20)
"""The day on which the demo stands."""

PATH = ("found", "surveyed", "planned", "approved", "in-works", "self-checked", "accepted", "in-tending", "closed")
EVIDENCE = {"approved": "批复", "self-checked": "自验报告", "accepted": "验收意见", "closed": "销号单"}
# How many of ten parcels stand where: treated ones are behind acceptance, the others before it.
_TREATED = ("accepted", "accepted", "in-tending", "in-tending", "in-tending", "in-tending", "in-tending", "closed",
            "closed", "accepted")  # fmt: skip
_UNTREATED = ("found", "found", "surveyed", "surveyed", "planned", "planned", "approved", "in-works", "in-works",
              "self-checked")  # fmt: skip
_GAPS = {
    "surveyed": (40, 200),
    "planned": (60, 240),
    "approved": (30, 120),
    "in-works": (20, 120),
    "self-checked": (90, 240),
    "accepted": (15, 80),
    "in-tending": (5, 30),
    "closed": (300, 500),
}
_FIRST, _LAST = date(2020, 3, 1), date(2020, 12, 20)
# The seven measures of 003 L1547-1549: unit, quantity per hectare, days.
_MEASURES = (
    ("地质灾害治理", "处", 0.6, 30),
    ("采坑回填", "m³", 5_200.0, 60),
    ("渣堆清理", "m³", 1_400.0, 25),
    ("地表整形", "m²", 7_500.0, 35),
    ("覆土绿化", "m²", 8_200.0, 45),
    ("截排水沟", "m", 110.0, 20),
    ("挡土墙", "m³", 90.0, 30),
)
_PROBLEMS = (
    ("边坡局部垮塌，未设警示", "现场检查"),
    ("苗木成活率不足", "自验"),
    ("渣堆未完全清理", "现场检查"),
    ("截排水沟淤堵", "群众反映"),
    ("覆土厚度不足", "验收"),
    ("新增堆土", "卫星影像"),
)
_SOURCES = ("中央补助资金", "县级财政", "社会资本")
_BACK = 0.15
_TROUBLED = 0.35
_SETTLED = 0.6
_YUAN_PER_HA = 42.0  # 万元; the demo's choice


@dataclass(frozen=True, slots=True)
class Step:
    """A move; `reason` is told where it goes back."""

    on: date
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DemoWork:
    """A work planned on `told`; `done` is left out where it has not begun."""

    told: date
    stage: str
    measure: str
    unit: str
    quantity: float
    begin: date
    end: date
    recorded: date | None = None
    done: float = 0.0
    finished: date | None = None


@dataclass(frozen=True, slots=True)
class DemoPayment:
    """Money in 万元."""

    on: date
    source: str
    amount: Decimal
    status: Literal["planned", "paid"]


@dataclass(frozen=True, slots=True)
class DemoProblem:
    """A problem; `closed` is left out while it is open."""

    found: date
    what: str
    source: str
    deadline: date
    closed: date | None = None


@dataclass(frozen=True, slots=True)
class DemoHistory:
    """All that happened to a parcel since `since`, when it was found."""

    since: date
    steps: tuple[Step, ...]
    works: tuple[DemoWork, ...]
    payments: tuple[DemoPayment, ...]
    problems: tuple[DemoProblem, ...]

    @property
    def state(self) -> str:
        """Where it stands today."""
        return self.steps[-1].to if self.steps else PATH[0]


def history_of(parcel: DemoParcel) -> DemoHistory:
    """Return the history of a parcel: the same one in every run."""
    random = generator(f"history {parcel.id}")
    choices = _TREATED if parcel.values["HFZLQK"] == "B" else _UNTREATED
    target = choices[int(random.integers(len(choices)))]
    since = _FIRST + timedelta(days=int(random.integers((_LAST - _FIRST).days)))
    steps = tuple(_steps(parcel, since, target))
    reached = {step.to: step.on for step in steps}
    works = tuple(_works(parcel, reached))
    return DemoHistory(since, steps, works, tuple(_payments(parcel, reached)), tuple(_problems(parcel, reached, since)))


def _steps(parcel: DemoParcel, since: date, target: str) -> Iterator[Step]:
    random = generator(f"steps {parcel.id}")
    day = since
    back = bool(random.random() < _BACK)
    for state in PATH[1 : PATH.index(target) + 1]:
        low, high = _GAPS[state]
        day = min(day + timedelta(days=int(random.integers(low, high))), TODAY)
        yield Step(day, state)
        if state == "self-checked" and back:
            day = min(day + timedelta(days=10), TODAY)
            yield Step(day, "in-works", "自验发现覆土厚度不足，返工")
            day = min(day + timedelta(days=45), TODAY)
            yield Step(day, "self-checked")


def _works(parcel: DemoParcel, reached: dict[str, date]) -> Iterator[DemoWork]:
    if "planned" not in reached:
        return
    random = generator(f"works {parcel.id}")
    hectares = float(parcel.values["tbmj"]) / 10_000  # type: ignore[arg-type]  # a number in this column
    begun, checked = reached.get("in-works"), reached.get("self-checked")
    begin = (begun or reached["planned"] + timedelta(days=240)) + timedelta(days=5)
    chosen = sorted(random.choice(len(_MEASURES), int(random.integers(3, 6)), replace=False))
    for number, index in enumerate(chosen):
        measure, unit, per_hectare, days = _MEASURES[index]
        quantity = float(round(max(1.0, hectares * per_hectare * float(random.uniform(0.7, 1.3)))))
        end = begin + timedelta(days=days)
        stage = "一期" if number < 2 else "二期"
        work = (reached["planned"], stage, measure, unit, quantity, begin, end)
        if checked is not None:
            yield DemoWork(*work, checked, quantity, min(end + timedelta(days=int(random.integers(-5, 25))), checked))
        elif begun is not None and number == 0:
            yield DemoWork(*work, min(begun + timedelta(days=20), TODAY), round(quantity * 0.4))
        else:
            yield DemoWork(*work)
        begin = end + timedelta(days=3)


def _payments(parcel: DemoParcel, reached: dict[str, date]) -> Iterator[DemoPayment]:
    if "approved" not in reached:
        return
    random = generator(f"money {parcel.id}")
    hectares = float(parcel.values["tbmj"]) / 10_000  # type: ignore[arg-type]  # a number in this column
    total = Decimal(str(round(hectares * _YUAN_PER_HA * float(random.uniform(0.7, 1.4)), 2)))
    source = _SOURCES[int(random.choice(len(_SOURCES), p=[0.7, 0.2, 0.1]))]
    yield DemoPayment(reached["approved"], source, total, "planned")
    if "in-works" in reached:
        first = (total * Decimal("0.3")).quantize(Decimal("0.01"))
        yield DemoPayment(reached["in-works"], source, first, "paid")
        if "accepted" in reached:
            yield DemoPayment(reached["accepted"], source, total - first, "paid")


def _problems(parcel: DemoParcel, reached: dict[str, date], since: date) -> Iterator[DemoProblem]:
    random = generator(f"problems {parcel.id}")
    if random.random() >= _TROUBLED:
        return
    begun = reached.get("in-works")
    for index in random.choice(len(_PROBLEMS), int(random.integers(1, 3)), replace=False):
        what, source = _PROBLEMS[int(index)]
        if begun is not None:
            found = begun + timedelta(days=int(random.integers(15, 120)))
        else:
            found = max(since, TODAY - timedelta(days=int(random.integers(20, 300))))
        found = min(found, TODAY - timedelta(days=10))
        settled = "accepted" in reached or bool(random.random() < _SETTLED)
        closed = min(found + timedelta(days=int(random.integers(20, 90))), TODAY) if settled else None
        yield DemoProblem(found, what, source, found + timedelta(days=60), closed)
