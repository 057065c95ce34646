"""Steps of a case in its register: what is refused, what a new verdict lets go, what stands in the log."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from zoning.errors import UsageError
from zoning.registers.case_changes import change_case, create_case, next_number
from zoning.registers.case_notes import add_note
from zoning.registers.case_notices import SYSTEM, NewNotice, notice, open_notice, see_notice, settle_notices
from zoning.registers.case_overrides import answer_override, propose_override
from zoning.registers.case_rows import CaseConflictError, CaseParts, case_parts, last_number, last_verdicts
from zoning.registers.case_verdicts import NewVerdict, add_verdict
from zoning.registers.entries import Stamp
from zoning.registers.files import keep_copy
from zoning.registers.place import Place, stored_record
from zoning.registers.schema import LoggedEvent
from zoning.registers.store import Store, open_store
from zoning.registers.types import read_register_types
from zoning.workspace import builtin_root

TYPES = read_register_types(builtin_root())
ANNA, BO, PROGRAM = (Stamp(name, datetime(2026, 3, 2, 1, tzinfo=UTC)) for name in ("anna", "bo", SYSTEM))
AT = "2026-03-02T01:00:00"
STRICTER = ({"what": "decision", "before": "permitted", "after": "prohibited"},)
NOTHING = NewNotice({}, 1, "permitted", "permitted", "", ())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("cases")
    with open_store(str(folder / "r.sqlite"), TYPES, create=True, files=folder / "files") as found:
        yield found


@pytest.fixture
def place(store: Store) -> Place:
    return Place(store.database, TYPES["cases"], store.files)


def do(place: Place, act: Callable[[Connection, Place], Any]) -> Any:
    with place.database.writing() as connection:
        return act(connection, place)


def parts(place: Place, case: str) -> CaseParts:
    with place.database.reading() as connection:
        return case_parts(connection, place, case)


def events(place: Place, case: str) -> list[tuple[str, str]]:
    """Return who did what, as the log says."""
    query = select(LoggedEvent.actor, LoggedEvent.action).where(LoggedEvent.record == case).order_by(LoggedEvent.seq)
    with place.database.reading() as connection:
        return [(row.actor, row.action) for row in connection.execute(query)]


def verdict(place: Place, decision: str = "permitted") -> NewVerdict:
    path = Path(str(place.files)) / "verdict.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    copy = keep_copy(place.files, path)
    return NewVerdict("S1", decision, date(2026, 3, 2), copy, "b" * 64, {"用水": True}, {"rules": "r"}, "first")


def new_case(place: Place, number: str = "", stamp: Stamp = ANNA) -> str:
    return str(do(place, lambda c, p: create_case(c, p, number, {"XMMC": "甲"}, stamp)))


def noted(place: Place, case: str, said: str) -> int:
    return int(do(place, lambda c, p: add_note(c, p, case, said, ANNA)))


def propose(place: Place, case: str, decision: str) -> int:
    return int(do(place, lambda c, p: propose_override(c, p, case, decision, "因", ANNA, verdict=1)))


def confirm(place: Place, case: str, number: int) -> None:
    do(place, lambda c, p: answer_override(c, p, case, number, "confirmed", "", BO))


def tell(place: Place, case: str, new: NewNotice) -> int | None:
    number: int | None = do(place, lambda c, p: notice(c, p, case, new, PROGRAM))
    return number


@pytest.fixture
def bare(place: Place) -> str:
    """Return a case without a verdict."""
    return new_case(place)


@pytest.fixture
def case(place: Place, bare: str) -> str:
    """Return a case with the verdict "permitted"."""
    do(place, lambda c, p: add_verdict(c, p, bare, verdict(p), ANNA, seen=0))
    return bare


def changed(verdict: int = 1, after: str = "prohibited", difference: Any = STRICTER) -> NewNotice:
    return NewNotice({"zh": "规则已改变", "en": "rules"}, verdict, "permitted", after, "d" * 64, difference)


@pytest.mark.parametrize(
    "number", ["a b", "a/b", "a\\b", "a?b", "a#b", "a%b", "a\tb", "a\nb", "a\x00b", "a\u3000b", "9" * 61]
)
def test_a_number_that_cannot_stand_in_an_address_is_refused(place: Place, number: str) -> None:
    with pytest.raises(UsageError) as refused:
        new_case(place, number)
    assert refused.value.text.zh == f"案件编号“{number}”不能用：最多 60 个字，不含空格和 / \\ ? # %"
    assert refused.value.text.en.endswith("60 characters at most, no spaces and none of / \\ ? # %")


@pytest.mark.parametrize(
    ("number", "kept"), [("晋环审-7", "晋环审-7"), ("  X-1 ", "X-1"), ("8" * 60, "8" * 60), ("é", "é")]
)
def test_a_number_of_the_office_is_kept_as_it_was_written(place: Place, number: str, kept: str) -> None:
    assert new_case(place, number) == kept


def test_blanks_take_the_next_number_of_the_year_of_the_stamp(place: Place) -> None:
    # A day of China begins at 16:00 UTC.
    for at, number in (
        (datetime(2031, 12, 31, 15, 59, tzinfo=UTC), "2031-0001"),
        (datetime(2031, 12, 31, 16, 0, tzinfo=UTC), "2032-0001"),
    ):
        assert new_case(place, "  ", Stamp("anna", at)) == number


@pytest.mark.parametrize(
    ("taken", "following"),
    [
        ([], "2040-0001"),
        (["2040-0001"], "2040-0002"),
        (["2040-9999"], "2040-10000"),
        (["2040-７"], "2040-10000"),  # digits of another script are no number of ours
        (["2040-12-3", "20400-1", "x2040-70000"], "2040-10000"),
    ],
)
def test_the_next_number_follows_the_highest_of_the_same_shape(place: Place, taken: list[str], following: str) -> None:
    for number in taken:
        new_case(place, number)
    assert do(place, lambda c, p: next_number(c, p, 2040)) == following


def test_a_case_that_is_not_there_is_neither_changed_nor_checked_nor_noted(place: Place) -> None:
    acts: tuple[Callable[[Connection, Place], Any], ...] = (
        lambda c, p: change_case(c, p, "gone", {"DZ": "东"}, ANNA, version=1),
        lambda c, p: add_verdict(c, p, "gone", verdict(p), ANNA, seen=0),
        lambda c, p: add_note(c, p, "gone", "一", ANNA),
        lambda c, p: notice(c, p, "gone", changed(), PROGRAM),
        lambda c, p: propose_override(c, p, "gone", "prohibited", "因", ANNA, verdict=1),
    )
    for act in acts:
        with pytest.raises(UsageError, match="gone"):
            do(place, act)


def test_whoever_does_a_step_is_named(place: Place, case: str) -> None:
    nobody = Stamp("", ANNA.at)
    acts: tuple[Callable[[Connection, Place], Any], ...] = (
        lambda c, p: add_verdict(c, p, case, verdict(p), nobody, seen=1),
        lambda c, p: add_note(c, p, case, "一", nobody),
        lambda c, p: notice(c, p, case, changed(), nobody),
        lambda c, p: propose_override(c, p, case, "prohibited", "因", nobody, verdict=1),
        lambda c, p: see_notice(c, p, case, 1, "好", nobody),
        lambda c, p: answer_override(c, p, case, 1, "confirmed", "", nobody),
    )
    before = events(place, case)
    for act in acts:
        with pytest.raises(UsageError):
            do(place, act)
    assert events(place, case) == before


@pytest.mark.parametrize("said", ["", "  \n ", "\r\n", "a\x00b", "a\x1bb"])
def test_a_note_says_something_readable(place: Place, bare: str, said: str) -> None:
    with pytest.raises(UsageError):
        do(place, lambda c, p: add_note(c, p, bare, said, ANNA))
    assert parts(place, bare).notes == ()


def test_notes_are_numbered_from_one_and_keep_their_lines(place: Place, bare: str) -> None:
    assert [noted(place, bare, said) for said in ("一\r\n二", "b")] == [1, 2]
    assert [(one.number, one.text, one.actor) for one in parts(place, bare).notes] == [
        (1, "一\n二", "anna"),
        (2, "b", "anna"),
    ]
    assert parts(place, bare).notes[0].at.startswith(AT)


def test_a_verdict_is_kept_with_all_that_it_was_made_of(place: Place, case: str) -> None:
    (found,) = parts(place, case).verdicts
    assert (found.record, found.number, found.site, found.decision, found.day) == (
        case, 1, "S1", "permitted", date(2026, 3, 2),
    )  # fmt: skip
    assert (found.facts, found.digests, found.why, found.actor) == ({"用水": True}, {"rules": "r"}, "first", "anna")
    assert (found.boundary, found.document) == ("b" * 64, verdict(place).document.sha256)
    with place.database.reading() as connection:
        assert (last_number(connection, place, case), last_number(connection, place, "gone")) == (1, 0)
        assert last_verdicts(connection, place)[case] == found


@pytest.mark.parametrize("seen", [0, 2])
def test_a_verdict_beside_another_one_is_not_written(place: Place, case: str, seen: int) -> None:
    with pytest.raises(CaseConflictError, match="nothing of yours was written"):
        do(place, lambda c, p: add_verdict(c, p, case, verdict(p), BO, seen=seen))
    assert len(parts(place, case).verdicts) == 1


@pytest.mark.parametrize("decision", ["", "allowed", "refused", "failed", "Permitted"])
def test_a_verdict_without_a_decision_of_ours_is_none(place: Place, case: str, decision: str) -> None:
    with pytest.raises(UsageError) as refused:
        do(place, lambda c, p: add_verdict(c, p, case, verdict(p, decision), ANNA, seen=1))
    assert refused.value.text.zh == f"没有结论“{decision}”"
    with pytest.raises(UsageError) as refused:
        do(place, lambda c, p: propose_override(c, p, case, decision, "因", ANNA, verdict=1))
    assert refused.value.text.en == f"there is no decision '{decision}'"


def test_a_newer_verdict_ends_what_waits_and_answers_what_is_open(place: Place, case: str) -> None:
    do(place, lambda c, p: propose_override(c, p, case, "prohibited", "从严", ANNA, verdict=1))
    tell(place, case, changed())
    do(place, lambda c, p: add_verdict(c, p, case, verdict(p, "prohibited"), BO, seen=1, taken=1))
    found = parts(place, case)
    (override,), (told,) = found.overrides, found.notices
    assert (override.state, override.answered_by, override.answer) == ("lapsed", "bo", "")
    assert (told.seen_by, told.taken, told.is_open) == ("bo", 2, False)
    assert (found.waiting, found.standing, found.open_notices) == (None, None, ())
    assert override.answered_at.startswith(AT)


def test_a_verdict_that_was_made_of_no_notice_takes_none(place: Place, case: str) -> None:
    tell(place, case, changed())
    do(place, lambda c, p: add_verdict(c, p, case, verdict(p), BO, seen=1))
    assert [one.taken for one in parts(place, case).notices] == [0]


def test_an_answered_override_or_notice_stays_as_it_was_answered(place: Place, case: str) -> None:
    do(place, lambda c, p: propose_override(c, p, case, "prohibited", "从严", ANNA, verdict=1))
    do(place, lambda c, p: answer_override(c, p, case, 1, "confirmed", " 同意 ", BO))
    tell(place, case, changed())
    do(place, lambda c, p: see_notice(c, p, case, 1, "知道了", BO))
    do(place, lambda c, p: add_verdict(c, p, case, verdict(p), ANNA, seen=1))
    found = parts(place, case)
    assert [(one.state, one.answered_by) for one in found.overrides] == [("confirmed", "bo")]
    assert [(one.seen_by, one.taken) for one in found.notices] == [("bo", 0)]
    assert found.standing is None


def test_nothing_is_overridden_before_there_is_a_verdict(place: Place, bare: str) -> None:
    with pytest.raises(UsageError) as refused:
        do(place, lambda c, p: propose_override(c, p, bare, "prohibited", "因", ANNA, verdict=0))
    assert refused.value.text.zh == f"{bare} 还没有研判结论，不能改判"
    assert refused.value.text.en == f"{bare} has no verdict yet that could be overridden"


def test_what_was_computed_is_no_override(place: Place, case: str) -> None:
    with pytest.raises(UsageError) as refused:
        do(place, lambda c, p: propose_override(c, p, case, "permitted", "因", ANNA, verdict=1))
    assert refused.value.text.zh == "改判的结论与计算结论相同"
    assert refused.value.text.en == "this is the decision that was computed"


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_an_override_has_a_reason_and_so_has_its_refusal(place: Place, case: str, reason: str) -> None:
    with pytest.raises(UsageError, match="the reason"):
        do(place, lambda c, p: propose_override(c, p, case, "prohibited", reason, ANNA, verdict=1))
    propose(place, case, "prohibited")
    with pytest.raises(UsageError, match="the reason of the refusal"):
        do(place, lambda c, p: answer_override(c, p, case, 1, "refused", reason, BO))
    assert parts(place, case).overrides[0].is_open


@pytest.mark.parametrize("verdict_seen", [0, 2])
def test_an_override_is_of_the_verdict_that_was_seen(place: Place, case: str, verdict_seen: int) -> None:
    with pytest.raises(CaseConflictError):
        do(place, lambda c, p: propose_override(c, p, case, "prohibited", "因", ANNA, verdict=verdict_seen))


def test_one_override_waits_at_a_time_and_its_answer_is_of_its_number(place: Place, case: str) -> None:
    propose(place, case, "prohibited")
    with pytest.raises(CaseConflictError):
        do(place, lambda c, p: propose_override(c, p, case, "restricted", "因", BO, verdict=1))
    with pytest.raises(UsageError) as refused:
        do(place, lambda c, p: answer_override(c, p, case, 2, "confirmed", "", BO))
    assert refused.value.text.zh == f"{case} 没有第 2 号人工改判"
    do(place, lambda c, p: answer_override(c, p, case, 1, "withdrawn", "", ANNA))
    assert do(place, lambda c, p: propose_override(c, p, case, "restricted", "因", BO, verdict=1)) == 2
    do(place, lambda c, p: answer_override(c, p, case, 2, "refused", "证据不足", ANNA))
    assert [(one.state, one.decision, one.answer) for one in parts(place, case).overrides] == [
        ("withdrawn", "prohibited", ""),
        ("refused", "restricted", "证据不足"),
    ]


def test_the_later_of_two_confirmed_overrides_stands(place: Place, case: str) -> None:
    for number, decision in ((1, "prohibited"), (2, "restricted")):
        assert propose(place, case, decision) == number
        confirm(place, case, number)
    standing = parts(place, case).standing
    assert standing is not None
    assert (standing.number, standing.decision) == (2, "restricted")


def test_another_difference_takes_the_place_of_the_open_one(place: Place, case: str) -> None:
    other = ({"what": "status", "before": "not_affected", "after": "certain"},)
    tell(place, case, changed())
    assert tell(place, case, changed(difference=other)) == 2
    assert [(one.number, one.seen_by) for one in parts(place, case).notices] == [(1, SYSTEM), (2, "")]
    (still,) = parts(place, case).open_notices
    assert (still.before, still.after, still.difference, still.document) == (
        "permitted", "prohibited", list(other), "d" * 64,
    )  # fmt: skip
    assert still.cause == {"zh": "规则已改变", "en": "rules"}


def test_the_same_difference_with_another_decision_is_another_notice(place: Place, case: str) -> None:
    tell(place, case, changed())
    assert tell(place, case, changed(after="undetermined")) == 2


def test_what_the_program_settled_itself_is_told_again_when_it_comes_back(place: Place, case: str) -> None:
    tell(place, case, changed())
    assert tell(place, case, NOTHING) is None
    assert parts(place, case).open_notices == ()
    assert tell(place, case, changed()) == 2


@pytest.mark.parametrize("number", [0, 2])
def test_a_notice_of_another_verdict_is_not_written(place: Place, case: str, number: int) -> None:
    assert tell(place, case, changed(number)) is None
    assert parts(place, case).notices == ()


def test_a_notice_is_seen_once_with_a_word_about_it(place: Place, case: str) -> None:
    tell(place, case, changed())
    with pytest.raises(UsageError, match="the note"):
        do(place, lambda c, p: see_notice(c, p, case, 1, " ", BO))
    with pytest.raises(UsageError, match=f"{case} has no notice number 2"):
        do(place, lambda c, p: see_notice(c, p, case, 2, "好", BO))
    assert do(place, lambda c, p: open_notice(c, p, case, 1))["after"] == "prohibited"
    do(place, lambda c, p: see_notice(c, p, case, 1, "已核对", BO))
    with pytest.raises(CaseConflictError):
        do(place, lambda c, p: open_notice(c, p, case, 1))
    assert [(one.text, one.actor) for one in parts(place, case).notes] == [("变化提示 1 · notice 1：已核对", "bo")]


def test_only_the_notices_of_the_case_are_settled(place: Place, case: str) -> None:
    other = do(place, lambda c, p: create_case(c, p, "", {"XMMC": "乙"}, ANNA, verdict=verdict(p)))
    for one in (case, other):
        tell(place, one, changed())
    do(place, lambda c, p: settle_notices(c, p, stored_record(c, p, case), BO, taken={1: 7}))
    assert [(one.seen_by, one.taken) for one in parts(place, case).notices] == [("bo", 7)]
    assert len(parts(place, other).open_notices) == 1


def test_every_step_stands_in_the_log_with_whoever_took_it(place: Place, store: Store, case: str) -> None:
    do(place, lambda c, p: add_note(c, p, case, "一", BO))
    propose(place, case, "prohibited")
    confirm(place, case, 1)
    tell(place, case, changed())
    do(place, lambda c, p: see_notice(c, p, case, 1, "好", BO))
    assert events(place, case)[-6:] == [
        ("bo", "note"),
        ("anna", "override"),
        ("bo", "override-answered"),
        (SYSTEM, "notice"),
        ("bo", "notice-answered"),
        ("bo", "note"),
    ]
    assert store.verify().is_whole


def test_a_conflict_names_the_last_one_and_the_time_in_china(place: Place, case: str) -> None:
    late = Stamp("cao", datetime(2026, 3, 2, 17, 30, 5, tzinfo=UTC))
    do(place, lambda c, p: add_note(c, p, case, "一", late))
    with pytest.raises(CaseConflictError) as refused:
        do(place, lambda c, p: change_case(c, p, case, {"DZ": "东"}, ANNA, version=99))
    said = "在您打开之后，cao 于 2026-03-03 01:30:05 已作修改；您的内容没有写入，请核对后再提交"
    assert refused.value.text.zh == f"{case}：{said}"


def test_the_log_holds_a_notice_whole(place: Place, case: str) -> None:
    tell(place, case, changed())
    query = select(LoggedEvent.payload).where(LoggedEvent.record == case, LoggedEvent.action == "notice")
    with place.database.reading() as connection:
        row = json.loads(connection.execute(query).scalar_one())["row"]
    assert json.loads(row["cause"]) == {"zh": "规则已改变", "en": "rules"}
    assert json.loads(row["difference"]) == list(STRICTER)
