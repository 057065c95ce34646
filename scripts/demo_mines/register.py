"""Fills a register with the drawn parcels and their histories, through the same door as everybody else."""

import heapq
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from demo_mines.histories import EVIDENCE, DemoHistory, DemoProblem, DemoWork, Step, history_of
from demo_mines.parcels import DemoParcel
from demo_mines.pictures import write_picture
from zoning.registers.register import Register
from zoning.registers.store import Change, Stamp, Store

KIND = "mine-parcels"
_CHINA = timezone(timedelta(hours=8))
_OWN = ("id", "TBMC", "XZQDM")
_ACTORS = {"140522": "阳城县自然资源局", "140502": "城区自然资源局"}

Deed = tuple[date, int, Callable[[], None]]


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Writes what happened to one parcel."""

    register: Register
    parcel: DemoParcel
    folder: Path

    def stamp(self, on: date) -> Stamp:
        return Stamp(_ACTORS[self.parcel.territory], datetime(on.year, on.month, on.day, 9, tzinfo=_CHINA), "示意")

    def paper(self, name: str, text: str) -> Path:
        path = self.folder / f"{self.parcel.id}-{name}.txt"
        path.write_text(f"{self.parcel.name}（{self.parcel.id}）\n{text}\n示意材料，非真实文件\n", encoding="utf-8")
        return path

    def move(self, step: Step) -> None:
        record = self.register.get(self.parcel.id)
        if record is None:
            raise KeyError(self.parcel.id)
        name = EVIDENCE.get(step.to)
        papers = [] if name is None or step.reason else [self.paper(f"{name}-{step.on}", f"{name} {step.on}")]
        self.register.move(
            self.parcel.id,
            step.to,
            on=step.on,
            stamp=self.stamp(step.on),
            version=record.version,
            reason=step.reason,
            evidence=papers,
        )

    def picture(self, on: date, *, after: bool) -> None:
        path = write_picture(self.folder, self.parcel, after=after)
        self.register.attach(self.parcel.id, path, "after" if after else "before", on, self.stamp(on))

    def plan(self, work: DemoWork) -> None:
        self.register.plan_work(
            self.parcel.id, work.measure, stamp=self.stamp(work.told), stage=work.stage, quantity=work.quantity,
            unit=work.unit, begin=work.begin, end=work.end,
        )  # fmt: skip

    def record(self, number: int, work: DemoWork, on: date) -> None:
        begin = min(work.begin, on)
        end = None if work.finished is None else max(begin, work.finished)
        self.register.record_work(
            self.parcel.id, number, stamp=self.stamp(on), version=1, begin=begin, end=end, quantity=work.done
        )

    def find(self, problem: DemoProblem) -> None:
        self.register.add_problem(
            self.parcel.id, problem.what, found=problem.found, stamp=self.stamp(problem.found),
            deadline=problem.deadline, source=problem.source,
        )  # fmt: skip

    def close(self, number: int, on: date) -> None:
        papers = [self.paper(f"整改{number}", f"问题 {number} 整改完成 {on}")]
        self.register.close_problem(
            self.parcel.id, number, on=on, how="已整改到位", evidence=papers, stamp=self.stamp(on)
        )


def fill_register(
    store: Store,
    parcels: Sequence[DemoParcel],
    *,
    pictures: bool = True,
    told: Callable[[int, int], None] | None = None,
) -> int:
    """Write the parcels and all that happened to them, day after day; return how many deeds.

    Parameters
    ----------
    store
        Without any of the parcels.
    pictures
        Attach a picture before, and one after where it was accepted.
    told
        Is called with the number of deeds done and their total.
    """
    register = store.register(KIND)
    histories = {parcel.id: history_of(parcel) for parcel in parcels}
    first = min(history.since for history in histories.values())
    stamp = Stamp("市自然资源局", datetime(first.year, first.month, first.day, 8, tzinfo=_CHINA), "示意图斑入库")
    changes = [_change(parcel, first) for parcel in parcels]
    register.apply(changes, stamp)
    with tempfile.TemporaryDirectory(prefix="zoning-") as folder:
        streams = [
            _deeds(_Keeper(register, parcel, Path(folder)), histories[parcel.id], pictures=pictures)
            for parcel in parcels
        ]
        deeds = list(heapq.merge(*(_numbered(stream, n) for n, stream in enumerate(streams)), key=lambda one: one[:2]))
        for number, (_, _, do) in enumerate(deeds, start=1):
            do()
            if told is not None:
                told(number, len(deeds))
    return len(deeds) + 1


def _change(parcel: DemoParcel, since: date) -> Change:
    values = {name: value for name, value in parcel.values.items() if name not in _OWN}
    return Change(parcel.id, parcel.name, parcel.territory, values, parcel.polygon, None, since)


def _numbered(deeds: Iterator[tuple[date, Callable[[], None]]], parcel: int) -> Iterator[Deed]:
    for number, (on, do) in enumerate(sorted(deeds, key=lambda one: one[0])):
        yield on, parcel * 1_000 + number, do


def _deeds(keeper: _Keeper, history: DemoHistory, *, pictures: bool) -> Iterator[tuple[date, Callable[[], None]]]:
    """Yield what is to be done for a parcel, with its day; deeds of one day in the order in which they stand here."""
    if pictures:
        yield history.since, lambda: keeper.picture(history.since, after=False)
    for step in history.steps:
        yield step.on, lambda step=step: keeper.move(step)  # type: ignore[misc]  # a default holds the value of this turn
        if pictures and step.to == "accepted":
            yield step.on, lambda on=step.on: keeper.picture(on, after=True)  # type: ignore[misc]  # a default holds the value of this turn
    for number, work in enumerate(history.works, start=1):
        yield work.told, lambda work=work: keeper.plan(work)  # type: ignore[misc]  # a default holds the value of this turn
        if work.recorded is not None:
            yield work.recorded, lambda n=number, w=work, on=work.recorded: keeper.record(n, w, on)  # type: ignore[misc]  # a default holds the value of this turn
    for payment in history.payments:
        yield (
            payment.on,
            lambda paid=payment: keeper.register.add_payment(  # type: ignore[misc]  # a default holds the value of this turn
                keeper.parcel.id, paid.source, paid.amount, status=paid.status, on=paid.on, stamp=keeper.stamp(paid.on)
            ),
        )
    problems = sorted(history.problems, key=lambda one: one.found)
    for problem in problems:
        yield problem.found, lambda one=problem: keeper.find(one)  # type: ignore[misc]  # a default holds the value of this turn
    for number, problem in enumerate(problems, start=1):
        if problem.closed is not None:
            yield problem.closed, lambda n=number, on=problem.closed: keeper.close(n, on)  # type: ignore[misc]  # a default holds the value of this turn
