"""Editions that were handed in: ids that can stand in a file name, one of a kind at a time, nobody's change is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quick_office import NOON, forget, register
from zoning.errors import UsageError
from zoning.registers.log import append
from zoning.registers.store import Store
from zoning.texts import Text
from zoning.web.access import Who
from zoning.web.editions.settings import Settings, check_id, data_name, from_plain
from zoning.web.editions.store import (
    Uploaded,
    add_edition,
    change,
    conflict,
    edition_in,
    entry,
    get_edition,
    history,
    list_editions,
)
from zoning.web.refusals import Refused
from zoning.web.server import Server
from zoning.web.settings import ServerSettings

ANNA, BO = Who("anna"), Who("bo")
FILE = {"name": "水源地.gpkg", "sha256": "a" * 64, "path": "aa/a.gpkg"}
SETTINGS = Settings(
    layer="water",
    edition="2027",
    valid_from=date(2027, 1, 1),
    class_field="级别",
    codes={"一": "level-1"},
    attributes={"name": "名称"},
    territories=("140522", "140521"),
    accuracy_m=2.5,
    source=Text("晋政函〔2027〕1号", "Letter 1 of 2027"),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with register(tmp_path_factory.mktemp("editions")) as found:
        yield found


class Clock:
    """A minute later each time."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


@pytest.fixture
def server(store: Store, tmp_path: Path) -> Server:
    forget(store.database)
    settings = ServerSettings(tmp_path / "workspace", "", tmp_path / "files", tmp_path / "state")
    nothing: Any = None
    return Server(settings, store, nothing, nothing, nothing, nothing, Clock())


def added(server: Server, **values: Any) -> Uploaded:
    return get_edition(server, add_edition(server, ANNA, replace(SETTINGS, **values), FILE, {"tables": []}))


def changed(server: Server, found: Uploaded, told: dict[str, Any] | None = None, **values: Any) -> Uploaded:
    with server.store.database.writing() as connection:
        change(connection, found, values, told)
        return edition_in(connection, found.id)


@pytest.mark.parametrize("edition", ["2027", "2027-03", "v1.2_b", "A", "9" * 40, "console", "com", "lpt", "nul1"])
def test_a_plain_word_is_the_id_of_an_edition(edition: str) -> None:
    assert check_id(edition) == edition


@pytest.mark.parametrize(
    "edition",
    [
        "", "-a", ".a", "_a", "a b", "a/b", "a\\b", "年", "a\n", "9" * 41, "a..b", "..",
        "con", "NUL", "Aux.2027", "com1", "LPT9.x", "prn",
    ],
)  # fmt: skip
def test_an_id_that_is_no_file_name_everywhere_is_refused(edition: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_id(edition)
    assert refused.value.text.zh.startswith("版本号只能用字母、数字和 . _ -")
    assert refused.value.text.en.endswith("such as 2027 or 2027-03")


def test_settings_come_back_from_json_as_they_were() -> None:
    told = json.loads(json.dumps(SETTINGS.plain(), ensure_ascii=False))
    assert from_plain(told) == SETTINGS
    assert (told["valid_from"], told["territories"]) == ("2027-01-01", ["140522", "140521"])
    assert told["source"] == {"zh": "晋政函〔2027〕1号", "en": "Letter 1 of 2027"}


def test_no_two_contents_share_a_name_of_data() -> None:
    assert data_name("water", "2027", "0123456789abcdef") == "water-2027-0123456789ab.gpkg"


def test_an_upload_is_noted_with_all_that_was_said_of_it(server: Server) -> None:
    found = added(server)
    assert (found.layer, found.edition, found.valid_from, found.state) == (
        "water",
        "2027",
        date(2027, 1, 1),
        "uploaded",
    )
    assert (found.file, found.uploaded_by, found.answered_by, found.version) == (FILE, "anna", "", 1)
    assert from_plain(found.told["settings"]) == SETTINGS
    assert found.told["tables"] == []
    assert (found.is_open, found.intent) == (True, {})
    (logged,) = history(server, (found.id,))
    assert (logged["actor"], logged["edition"]) == ("anna", found.id)
    assert logged["payload"] == {
        "what": "upload", "layer": "water", "edition": "2027", "file": "a" * 64, "name": "水源地.gpkg",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "waits"), [("uploaded", True), ("audited", True), ("active", False), ("refused", False)]
)
def test_an_edition_that_waits_is_not_handed_in_again(server: Server, state: str, waits: bool) -> None:
    changed(server, added(server), state=state)
    if not waits:
        assert added(server).state == "uploaded"
        return
    with pytest.raises(Refused) as refused:
        add_edition(server, BO, SETTINGS, FILE, {})
    assert refused.value.status == 409
    assert refused.value.text.zh.startswith("anna 已上传同名版本“2027”，尚待生效")
    assert len(list_editions(server)) == 1


def test_another_edition_or_layer_may_wait_beside_it(server: Server) -> None:
    ids = [added(server, **values).id for values in ({}, {"edition": "2028"}, {"layer": "rivers"})]
    assert [one.id for one in list_editions(server)] == ids[::-1]
    assert [one.id for one in list_editions(server, "water")] == [ids[1], ids[0]]
    assert list_editions(server, "heritage") == ()


def test_there_is_no_edition_that_nobody_handed_in(server: Server) -> None:
    with pytest.raises(Refused) as refused:
        get_edition(server, "none")
    assert (refused.value.status, refused.value.text.zh) == (404, "没有这个上传的版本")


def test_a_change_replaces_what_is_told_and_leaves_the_rest(server: Server) -> None:
    first = added(server)
    second = changed(server, first, {"data": "d1", "tables": None}, state="audited", report="r1")
    assert (second.state, second.report, second.version) == ("audited", "r1", 2)
    assert second.told == {"settings": first.told["settings"], "data": "d1"}
    third = changed(server, second)
    assert (third.told, third.state, third.version) == (second.told, "audited", 3)


def test_whoever_read_an_older_version_changes_nothing(server: Server) -> None:
    first, other = added(server), added(server, edition="2028")
    changed(server, first, state="refused", answered_by="bo")
    with pytest.raises(Refused) as refused:
        changed(server, first, {"data": "d"}, state="active")
    assert refused.value.status == 409
    assert refused.value.text == Text(
        "bo 刚刚改动了这个版本（现为“已放弃”）；请刷新页面看过再做",
        "bo has just changed this edition (now: discarded): reload the page and look before you go on",
    )
    assert get_edition(server, first.id).state == "refused"
    assert get_edition(server, other.id) == other


def test_a_conflict_names_whoever_was_last(server: Server) -> None:
    found = added(server)
    assert conflict(found).text.zh.startswith("anna 刚刚")
    assert conflict(replace(found, answered_by="bo")).text.zh.startswith("bo 刚刚")
    begun = replace(found, answered_by="bo", told={"intent": {"do": "activate", "by": "cao"}})
    assert conflict(begun).text.zh.startswith("cao 刚刚")


@pytest.mark.parametrize(
    ("state", "intent", "is_open"),
    [
        ("uploaded", None, True),
        ("audited", None, True),
        ("audited", {}, True),
        ("audited", {"do": "activate"}, False),
        ("active", None, False),
        ("withdrawn", None, False),
        ("refused", None, False),
    ],
)
def test_an_edition_is_open_until_somebody_begins_to_answer_it(
    server: Server, state: Any, intent: dict[str, str] | None, is_open: bool
) -> None:
    assert replace(added(server), state=state, told={"intent": intent}).is_open is is_open


def test_the_history_is_of_the_named_editions_the_newest_first(server: Server) -> None:
    one, other = added(server), added(server, edition="2028")
    with server.store.database.writing() as connection:
        append(connection, [entry(one.id, 2, {"what": "activate"})], server.stamp(BO, "好"))
    assert [(row["payload"]["what"], row["actor"], row["note"]) for row in history(server, (one.id,))] == [
        ("activate", "bo", "好"),
        ("upload", "anna", ""),
    ]
    assert [row["edition"] for row in history(server, (one.id, other.id))] == [one.id, other.id, one.id]
    assert history(server, ()) == ()
