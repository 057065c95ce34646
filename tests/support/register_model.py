"""Random histories of a register, compared with a plain dictionary that knows nothing of the store."""

import os
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from register_world import OTHER, PIT, STATES, STEPS, TODAY, TYPES, by, new
from zoning.errors import ContentError, UsageError
from zoning.registers.store import Change, Register, Store, open_store

START = date(2026, 1, 5)
# Every commit waits for the disk: where there is one in memory, thousands of them take no time.
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of its own inside
_NUMBERS = st.sampled_from([f"P{number}" for number in range(4)])
_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "AREA": st.none() | st.floats(0, 1000) | st.integers(0, 1000),
        "YEAR": st.none() | st.integers(-(10**12), 10**12),
        "SEEN": st.none() | st.dates(),
        "WET": st.none() | st.booleans(),
        "CLASS": st.none() | st.sampled_from("AB"),
        "HARM": st.none() | st.lists(st.sampled_from("123"), unique=True).map(tuple),
        "NAME": st.none() | st.sampled_from(["坑", "é\n".strip(), "name"]),
    },
)
_SHAPES = st.sampled_from([PIT, OTHER, None, shapely.MultiPolygon([PIT, OTHER])])


class RegisterModel(RuleBasedStateMachine):
    """What people do to a register: with right and wrong versions, allowed and forbidden steps, in any order."""

    server: str | None = None
    """Address of an empty database; None: a file."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="zoning-register-", dir=_MEMORY)
        self.root = Path(self._folder.name)
        self.proof = self.root / "proof.txt"
        self.proof.write_text("proof", encoding="utf-8")
        self.model: dict[str, dict[str, Any]] = {}
        self.events = 0
        self.store = self._open()

    def _address(self) -> str:
        return self.server or str(self.root / "register.sqlite")

    def _open(self) -> Store:
        return open_store(self._address(), TYPES, create=True, files=self.root / "files")

    @property
    def register(self) -> Register:
        """The register."""
        return self.store.register("pits")

    def teardown(self) -> None:
        """Compare everything, once more after the store was opened anew."""
        self.reopen()
        found = {record.id: record for record in self.register.records()}
        assert sorted(found) == sorted(self.model)
        for number in self.model:
            self._same(number)
            moves = [event for event in self.register.history(number) if event.action in ("create", "move")]
            walked = [event.details.get("to", event.details.get("state")) for event in moves]
            # Never a step that the type does not allow.
            assert all(pair in STEPS for pair in pairwise(walked))
            assert walked[-1] == self.model[number]["state"]
        report = self.store.verify()
        assert (report.faults, report.events) == ((), self.events)
        self.store.close()
        self._folder.cleanup()

    def _same(self, number: str) -> None:
        record, known = self.register.get(number), self.model[number]
        assert record is not None
        assert (record.state, record.since, record.version) == (known["state"], known["since"], known["version"])
        held = {"NO": number, "COUNTY": "140522", **known["values"]}
        assert dict(record.values) == held
        assert {name: type(value) for name, value in record.values.items()} == {
            name: float if name == "AREA" else type(value) for name, value in held.items()
        }
        assert record.name == known["values"].get("NAME", "")
        assert record.geometry == known["geometry"]
        problems = {problem.number: problem.is_open for problem in self.register.problems(number)}
        assert problems == known["problems"]
        works = {work.number: (work.version, work.done) for work in self.register.works(number)}
        assert works == known["works"]
        assert [payment.amount for payment in self.register.payments(number)] == known["payments"]
        assert len(self.register.attachments(number)) == known["attachments"]

    @rule(number=_NUMBERS, values=_VALUES, shape=_SHAPES)
    def add(self, number: str, values: dict[str, Any], shape: Any) -> None:
        """Add a record, one that is there already among them."""
        values.pop("NAME", None)
        change = new(number, values=values, geometry=shape, since=START)
        if number in self.model:
            with pytest.raises(ContentError, match="already in the register"):
                self.register.apply([change], by())
            return
        assert self.register.apply([change], by()) == 1
        self.events += 1
        kept = {name: value for name, value in values.items() if value not in (None, ())}
        self.model[number] = {
            "values": {"NAME": f"pit {number}", **_sorted(kept)},
            "geometry": shape,
            "state": "found",
            "since": START,
            "version": 1,
            "problems": {},
            "works": {},
            "payments": [],
            "attachments": 0,
        }
        self._same(number)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), values=_VALUES, shape=_SHAPES, keeps=st.booleans(), behind=st.sampled_from([0, 0, 0, 1, 2]))
    def change(self, *, data: st.DataObject, values: dict[str, Any], shape: Any, keeps: bool, behind: int) -> None:
        """Fields and place, from the version that is there or an earlier one."""
        number = data.draw(st.sampled_from(sorted(self.model)))
        known = self.model[number]
        version = known["version"] - behind
        told: dict[str, Any] = {} if keeps else {"geometry": shape}
        change = Change(number, values=values, version=version, **told)
        if behind:
            with pytest.raises(ContentError, match=f"{number}: after version {version} was read, 张三 changed it"):
                self.register.apply([change], by())
            return
        after = {**known["values"], **_sorted(values)}
        after = {name: value for name, value in after.items() if value not in (None, ())}
        place = known["geometry"] if keeps else shape
        # 1 and 1.0 are the same area; True and 1 never meet in one field.
        changes = after != known["values"] or not _same_shape(place, known["geometry"])
        assert self.register.apply([change], by()) == int(changes)
        if changes:
            self.events += 1
            known |= {"values": after, "geometry": place, "version": version + 1}
        self._same(number)

    @precondition(lambda self: self.model)
    @rule(
        data=st.data(),
        to=st.sampled_from(STATES),
        days=st.sampled_from([0, 0, 1, 5, -1, 400]),
        reason=st.sampled_from(["", " ", "wrong place"]),
        with_proof=st.booleans(),
        behind=st.sampled_from([0, 0, 0, 0, 1]),
    )
    def move(self, *, data: st.DataObject, to: str, days: int, reason: str, with_proof: bool, behind: int) -> None:
        """Try any state from any other one; only what the type allows may come of it."""
        number = data.draw(st.sampled_from(sorted(self.model)))
        # Mostly a step that is allowed, or histories would never come far.
        ahead = sorted(target for source, target in STEPS if source == self.model[number]["state"])
        to = data.draw(st.sampled_from([to, *ahead, *ahead, *ahead]))
        known = self.model[number]
        on = known["since"] + timedelta(days)
        asks = STEPS.get((known["state"], to))
        evidence = [self.proof] if with_proof else []
        version = known["version"] - behind
        is_allowed = (
            asks is not None
            and not behind
            and known["since"] <= on <= TODAY
            and ("back" not in asks or reason.strip())
            and ("evidence" not in asks or with_proof)
        )
        told: dict[str, Any] = {"on": on, "stamp": by(), "version": version, "reason": reason, "evidence": evidence}
        if not is_allowed:
            with pytest.raises((UsageError, ContentError), match=number):
                self.register.move(number, to, **told)
        else:
            assert self.register.move(number, to, **told) == version + 1
            self.events += 1 + len(evidence)
            known |= {"state": to, "since": on, "version": version + 1}
            known["attachments"] += len(evidence)
        self._same(number)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), what=st.sampled_from(["坑边未围", "渣堆"]), closes=st.booleans(), wanted=st.integers(1, 3))
    def problem(self, *, data: st.DataObject, what: str, closes: bool, wanted: int) -> None:
        """Write down or close a problem; a closed one stays closed."""
        number = data.draw(st.sampled_from(sorted(self.model)))
        known = self.model[number]
        if not closes:
            count = len(known["problems"]) + 1
            assert self.register.add_problem(number, what, found=START, stamp=by()) == count
            known["problems"][count] = True
            self.events += 1
        else:
            told: dict[str, Any] = {"on": TODAY, "how": "done", "evidence": [self.proof], "stamp": by()}
            if known["problems"].get(wanted):
                self.register.close_problem(number, wanted, **told)
                known["problems"][wanted] = False
                known["attachments"] += 1
                self.events += 2
            else:
                with pytest.raises(UsageError, match=number):
                    self.register.close_problem(number, wanted, **told)
        self._same(number)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), wanted=st.integers(0, 2), quantity=st.integers(0, 50), behind=st.sampled_from([0, 0, 1]))
    def work(self, data: st.DataObject, wanted: int, quantity: int, behind: int) -> None:
        """Plan a work (0) or record one."""
        number = data.draw(st.sampled_from(sorted(self.model)))
        known = self.model[number]
        if not wanted:
            count = len(known["works"]) + 1
            assert self.register.plan_work(number, "覆土", stamp=by(), quantity=9, unit="m3") == count
            known["works"][count] = (1, None)
            self.events += 1
        elif wanted in known["works"] and not behind:
            version = known["works"][wanted][0]
            self.register.record_work(number, wanted, stamp=by(), version=version, quantity=quantity)
            known["works"][wanted] = (version + 1, float(quantity))
            self.events += 1
        else:
            version = known["works"].get(wanted, (1,))[0] - behind
            with pytest.raises((UsageError, ContentError), match=number):
                self.register.record_work(number, wanted, stamp=by(), version=version, quantity=quantity)
        self._same(number)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), fen=st.integers(-(10**9), 10**9).filter(bool))
    def payment(self, data: st.DataObject, fen: int) -> None:
        """Money, to the last fen."""
        number = data.draw(st.sampled_from(sorted(self.model)))
        amount = Decimal(fen).scaleb(-6)
        self.register.add_payment(number, "中央", amount, status="paid", on=TODAY, stamp=by())
        self.model[number]["payments"].append(amount)
        self.events += 1
        self._same(number)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), wrong=st.sampled_from(["version", "value", "shape", "twice"]))
    def all_or_none(self, data: st.DataObject, wrong: str) -> None:
        """One wrong change among right ones: nothing of them is written."""
        number = data.draw(st.sampled_from(sorted(self.model)))
        right = new(f"Q{self.events}")
        bad = {
            "version": Change(number, version=self.model[number]["version"] + 1),
            "value": Change(number, values={"AREA": -1.0}, version=self.model[number]["version"]),
            "shape": Change(number, geometry=shapely.Point(112, 35), version=self.model[number]["version"]),
            "twice": right,
        }[wrong]
        with pytest.raises(ContentError):
            self.register.apply([right, bad], by())
        assert self.register.get(right.id) is None
        self._same(number)

    @rule()
    def reopen(self) -> None:
        """Close the store and open it again."""
        self.store.close()
        self.store = self._open()


def _sorted(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(sorted(value)) if isinstance(value, tuple) else value for name, value in values.items()}


def _same_shape(one: Any, other: Any) -> bool:
    return bool(one is other or (one and other and one.wkb == other.wkb))
