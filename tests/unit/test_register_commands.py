"""`zoning register` and `zoning mines` as an office runs them: from an empty folder to an audit."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
import yaml
from shapely.geometry.base import BaseGeometry

from register_world import pits
from sentences import said
from zoning.cli.intake import Intake
from zoning.cli.mines_parcels import ParcelsRequest, parcels
from zoning.cli.register_kinds import run_kinds
from zoning.cli.register_layer import AsLayerRequest, run_as_layer
from zoning.cli.register_lists import run_audit, run_due, run_history
from zoning.cli.register_opening import opened, place_of, stamp_of
from zoning.cli.register_options import RegisterRequest
from zoning.cli.register_parts import (
    PaymentRequest,
    ProblemRequest,
    WorkRequest,
    run_attach,
    run_payment,
    run_problem,
    run_work,
)
from zoning.cli.register_records import (
    ChangeRequest,
    ListRequest,
    MoveRequest,
    run_add,
    run_create,
    run_list,
    run_move,
    run_set,
)
from zoning.cli.register_show import run_show
from zoning.cli.session import Session
from zoning.errors import UsageError, ZoningError

SESSION = Session("en", {"ZONING_ACTOR": "张三"})
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a workspace with the made-up type and an empty register."""
    folder = tmp_path / "w"
    (folder / "layers" / "registers").mkdir(parents=True)
    (folder / "zoning.yaml").write_text("{}", encoding="utf-8")
    kind = pits().model_dump(mode="json", by_alias=True, exclude={"id"}, exclude_none=True)
    (folder / "layers" / "registers" / "pits.yaml").write_text(yaml.safe_dump(kind, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture
def where(root: Path) -> RegisterRequest:
    request = RegisterRequest("pits", None, None, root)
    assert run_create(SESSION, request, as_json=True) == 0
    return request


def change(record: str, *sets: str, **told: Any) -> ChangeRequest:
    return ChangeRequest(record, sets, None, None, told.get("geometry"), Intake(), None, told.get("note", ""))


def boundary(path: Path, *shapes: BaseGeometry) -> Path:
    features = [{"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)} for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def move(record: str, state: str, **told: Any) -> MoveRequest:
    evidence = tuple(told.get("evidence", ()))
    return MoveRequest(record, state, told.get("on"), told.get("reason", ""), evidence, "", None, None, "")


def out(capsys: Capture) -> list[str]:
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_a_record_from_its_finding_to_the_audit(where: RegisterRequest, tmp_path: Path, capsys: Capture) -> None:
    capsys.readouterr()
    place = boundary(tmp_path / "pit.geojson", shapely.box(112.40, 35.48, 112.41, 35.49))
    words = ("NAME=北坡", "COUNTY=140522", "CLASS=class A", "HARM=1、harm 3", "AREA=3.5")
    assert run_add(SESSION, where, change("P1", *words, geometry=place), "2026-01-05") == 0
    assert run_set(SESSION, where, change("P1", "YEAR=2019", "AREA=", note="recounted"), None, no_geometry=False) == 0
    assert run_set(SESSION, where, change("P1", "YEAR=2019"), None, no_geometry=False) == 0
    assert run_move(SESSION, where, move("P1", "surveyed", on="2026-01-06")) == 0
    assert run_move(SESSION, where, move("P1", "found", on="2026-01-07", reason="not yet")) == 0
    assert run_attach(SESSION, where, "P1", place, "document", "2026-01-07", None, "") == 0
    printed = out(capsys)
    assert printed[:-1] == [
        "P1: version 1, found since 2026-01-05",
        "P1: version 2, found since 2026-01-05",
        "P1: version 2, found since 2026-01-05",
        "P1: version 3, surveyed since 2026-01-06",
        "P1: version 4, found since 2026-01-07",
    ]
    assert printed[-1].startswith("P1: attachment 1, ")
    assert run_show(SESSION, where, "P1", as_json=False) == 0
    shown = out(capsys)
    assert shown[:2] == ["P1 北坡", "140522 found, since 2026-01-07 version 4"]
    assert "HARM harm harm 1, harm 3" in shown
    assert "place: 112.405000, 35.485000" in shown
    assert run_history(SESSION, where, "P1", as_json=False) == 0
    told = "\n".join(out(capsys))
    assert "AREA: 3.5 → -" in told
    assert "recounted" in told
    assert "surveyed → found 2026-01-07 not yet" in told
    assert run_audit(SESSION, where, None, as_json=False) == 0
    assert out(capsys)[0] == "✓ whole: 5 rows, all tables and 1 files agree with the chain of hashes"
    copies = [path for path in (tmp_path / "w" / "register-files").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in copies] == [place.read_bytes()]


def test_lists_and_their_filters(where: RegisterRequest, capsys: Capture) -> None:
    for number, county, harm in (("P1", "140522", "1,2"), ("P2", "140502", "2"), ("P3", "140522", "")):
        run_add(SESSION, where, change(number, f"COUNTY={county}", f"HARM={harm}", "CLASS=A"), "2026-01-05")
    capsys.readouterr()

    def listed(**told: Any) -> list[str]:
        assert run_list(SESSION, where, ListRequest(**told), as_json=True) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["schema"] == "zoning.register.list/1"
        return [record["id"] for record in found["records"]]

    assert listed() == ["P1", "P2", "P3"]
    assert listed(territory="140522") == ["P1", "P3"]
    assert listed(fields=("HARM=2",)) == ["P1", "P2"]
    assert listed(fields=("HARM=2,1", "COUNTY=140522")) == ["P1"]
    assert listed(fields=("HARM=",)) == ["P3"]
    assert listed(state="found态") == ["P1", "P2", "P3"]
    assert listed(state="closed") == []
    assert listed(overdue=True, on="2026-03-01") == []
    assert listed(overdue=True, on="2026-03-02") == ["P1", "P3"]
    assert run_due(SESSION, where, "2026-03-02", None, overdue_only=True, as_json=True) == 0
    due = json.loads(capsys.readouterr().out)
    assert (due["overdue"], [entry["record"] for entry in due["due"]]) == (2, ["P1", "P3"])
    assert due["due"][0]["by"] == "2026-03-01"
    assert run_list(SESSION, where, ListRequest(), as_json=False) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[1].split() == ["P1", "140522", "found", "2026-01-05", "1"]
    assert captured.err == "pits: 3 records\n"


def test_problems_works_and_money(where: RegisterRequest, tmp_path: Path, capsys: Capture) -> None:
    proof = boundary(tmp_path / "proof.geojson", shapely.box(0, 0, 1, 1))
    run_add(SESSION, where, change("P1"), "2026-01-05")

    def problem(verb: str, **told: Any) -> int:
        stated = {"number": None, "what": "", "source": "", "found": "2026-02-01", "deadline": None, "on": None}
        more = {"how": "", "evidence": (), "by": "李四", "note": ""}
        return run_problem(SESSION, where, verb, ProblemRequest("P1", **(stated | more | told)), as_json=True)

    assert problem("add", what="open edge", deadline="2026-05-01") == 0
    assert said(lambda: problem("close", how="fenced", evidence=(proof,)), UsageError) == (
        "say which number, e.g.: problem ID close 1"
    )
    assert said(lambda: problem("add"), UsageError) == "--what is missing"
    capsys.readouterr()
    assert problem("close", number=1, how="fenced", evidence=(proof,)) == 0
    (closed,) = json.loads(capsys.readouterr().out)["problems"]
    assert (closed["closed_by"], closed["how"], len(closed["evidence"])) == ("李四", "fenced", 1)

    def work(verb: str, **told: Any) -> int:
        stated = {"number": None, "measure": "", "stage": "", "quantity": None, "unit": "", "begin": None, "end": None}
        return run_work(SESSION, where, verb, WorkRequest("P1", **(stated | told), by=None, note=""), as_json=True)

    assert work("plan", measure="soil", quantity=10.0, unit="m3") == 0
    assert said(lambda: work("record", number=7), UsageError) == "P1 has no work number 7"
    assert work("record", number=1, quantity=4.0, begin="2026-02-01") == 0
    capsys.readouterr()
    assert work("list") == 0
    assert json.loads(capsys.readouterr().out)["works"][0]["done"] == 4.0

    def pay(verb: str, source: str = "state", amount: str = "1,000.5") -> int:
        return run_payment(SESSION, where, verb, PaymentRequest("P1", source, amount, None, None, ""), as_json=True)

    assert pay("planned") == 0
    assert pay("paid", amount="-0.5") == 0
    assert said(lambda: pay("paid", amount="much"), UsageError) == "--amount: 'much' is no number"
    capsys.readouterr()
    assert pay("list") == 0
    assert [payment["amount"] for payment in json.loads(capsys.readouterr().out)["payments"]] == [1000.5, -0.5]
    assert run_show(SESSION, where, "P1", as_json=False) == 0
    assert "planned 1,000.5, paid -0.5" in out(capsys)
    assert run_show(SESSION, where, "P1", as_json=True) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [len(shown[name]) for name in ("problems", "works", "payments", "attachments")] == [1, 1, 2, 1]


@pytest.mark.parametrize(
    ("sets", "sentence"),
    [
        ("YEAR", "write 'YEAR': it is field=value"),
        ("YAER=1", "there is no field 'YAER' (see: zoning register kinds pits) - did you mean 'YEAR'?"),
        ("YEAR=old", "YEAR: 'old' is no number; allowed: a whole number"),
    ],
)
def test_what_is_written_wrongly_is_named(where: RegisterRequest, sets: str, sentence: str) -> None:
    assert said(lambda: run_add(SESSION, where, change("P1", sets), None), UsageError) == sentence


def test_other_refusals(where: RegisterRequest, root: Path, tmp_path: Path) -> None:
    run_add(SESSION, where, change("P-10"), None)
    assert said(lambda: run_show(SESSION, where, "P-1O", as_json=False), UsageError) == (
        "there is no 'P-1O' in the register pits - did you mean 'P-10'?"
    )
    assert said(lambda: run_add(SESSION, where, change("P2"), "yesterday"), UsageError) == (
        "--since: 'yesterday' is no date; write it like 2026-11-22"
    )
    two = boundary(tmp_path / "two.geojson", shapely.box(112, 35, 112.1, 35.1), shapely.box(113, 35, 113.1, 35.1))
    assert said(lambda: run_set(SESSION, where, change("P-10", geometry=two), None, no_geometry=False), UsageError) == (
        f"{two}: one footprint is wanted, the file has 2; for many of them: import"
    )
    assert said(lambda: run_set(SESSION, where, change("P-10", "YEAR=1"), 9, no_geometry=False), ZoningError) == (
        "P-10 is at version 1, there is no version 9; nothing was written"
    )
    unknown = RegisterRequest("pit", None, None, root)
    assert said(lambda: run_list(SESSION, unknown, ListRequest(), as_json=False), UsageError) == (
        "there is no kind of register 'pit' (there are: pits, cases) - did you mean 'pits'?"
    )


def test_the_kinds_say_what_can_be_written(where: RegisterRequest, capsys: Capture) -> None:
    capsys.readouterr()
    assert run_kinds(SESSION, where, None, as_json=False) == 0
    assert out(capsys)[1] == "pits pits 10 6"
    assert run_kinds(SESSION, where, "pits", as_json=False) == 0
    shown = out(capsys)
    assert "SUB subclass code a1 first of A, b1 first of B, x any" in shown
    assert "done done → closed, works (back, document)" in shown
    assert "after after works: done ≤ works + 30 d" in shown


def test_where_the_register_is(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place_of(SESSION, RegisterRequest("pits", None, None, root))[:2] == (str(root / "register.sqlite"), None)
    other = Session("en", {"ZONING_REGISTER": "postgresql://gis/land"})
    assert place_of(other, RegisterRequest("pits", None, None, root))[:2] == (
        "postgresql://gis/land",
        root / "register-files",
    )
    assert place_of(other, RegisterRequest("pits", "a.sqlite", tmp_path, root))[:2] == ("a.sqlite", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert said(lambda: place_of(SESSION, RegisterRequest("pits", None, None, None)), UsageError) == (
        "there is no workspace for a register: make one with zoning init, or name a file with --register"
    )
    assert stamp_of(SESSION, None).actor == "张三"
    assert stamp_of(SESSION, "李四").actor == "李四"


def test_no_edition_is_written_into_the_workspace_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    register = RegisterRequest("mine-parcels", str(tmp_path / "r.sqlite"), None, None)
    run_create(SESSION, register, as_json=False)
    with pytest.raises(UsageError, match="there is no workspace to write into: make one with zoning init"):
        run_as_layer(SESSION, AsLayerRequest(("140522",)), register)


def test_the_desk_takes_its_parcels_from_the_register(where: RegisterRequest, root: Path) -> None:
    wanted = ParcelsRequest(None, kind="pits")
    assert said(lambda: parcels(SESSION, root, wanted), UsageError).startswith("the register holds no parcel")
    run_add(SESSION, where, change("P1", "COUNTY=140522"), None)
    run_add(SESSION, where, change("P2", "COUNTY=140502"), None)
    assert [record.id for record in parcels(SESSION, root, wanted)] == ["P1", "P2"]
    assert [record.id for record in parcels(SESSION, root, ParcelsRequest(None, "140502", kind="pits"))] == ["P2"]
    assert said(lambda: parcels(SESSION, root, ParcelsRequest(None, "15", kind="pits")), UsageError).startswith(
        "the register holds no parcel 15:"
    )


def test_an_audit_that_finds_something_leaves_with_1(where: RegisterRequest, capsys: Capture) -> None:
    from register_backends import tamper

    run_add(SESSION, where, change("P1"), None)
    with opened(SESSION, where) as found:
        head = found.store.verify().head
    assert run_audit(SESSION, where, head, as_json=False) == 0
    assert run_audit(SESSION, where, "0" * 63 + "1", as_json=False) == 1
    tamper(str(where.workspace and where.workspace / "register.sqlite"), "UPDATE register_event SET note = 'x'")
    capsys.readouterr()
    assert run_audit(SESSION, where, None, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["whole"], told["first_broken"]) == (False, 1)
    assert told["faults"][0]["text"]["en"] == "row 1 was changed: it does not fit to its hash"
