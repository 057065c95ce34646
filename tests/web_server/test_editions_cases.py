"""A new edition and the cases of the register: tried before, noticed after, also after a rollback."""

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import tiny_workspace
from case_world import FAR, INSIDE, InlinePool, new_case, tiny_root
from edition_files import ADMIN, described
from web_world import World, world
from zoning.registers.schema_cases import StoredNotice
from zoning.web.editions.drafts import hand_in, layer_of
from zoning.web.editions.store import change, get_edition
from zoning.web.editions.switching import activate, roll_back


def notices(office: World) -> list[tuple[str, str, str]]:
    with office.server.store.database.reading() as connection:
        query = select(StoredNotice.record, StoredNotice.before, StoredNotice.after).order_by(StoredNotice.number)
        return [(row.record, row.before, row.after) for row in connection.execute(query)]


def noticed(office: World, count: int) -> list[tuple[str, str, str]]:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = notices(office)
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(notices(office))


def test_the_cases_that_an_edition_touches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoning.web.editions.changed.prepare", lambda *_: "")
    root = tiny_root(tmp_path / "w")
    pool: Any = InlinePool(root)
    with world(root, tmp_path, pool) as office:
        office.server.clock = lambda: datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
        browser = office.client("boss")
        inside = new_case(browser, INSIDE, "里面", {"construction": "new"})
        new_case(browser, FAR, "外面", {"construction": "new"})
        moved = tmp_path / "water.geojson"
        away = (112.45, 35.41, 112.46, 35.42)
        tiny_workspace.geojson(moved, [("1", "源1", "1", away), ("2", "源2", "2", away)])
        made = hand_in(office.server, ADMIN, layer_of(office.server, "water"), "2026", date(2026, 2, 1), moved)
        described(office.server, made)
        found = get_edition(office.server, made)
        with office.server.store.database.writing() as connection:
            change(connection, found, {"state": "audited"})
        page = browser.get(f"/editions/{made}/cases").text
        assert "1 个登记案件的结论会改变：" in page
        assert f'href="/cases/{inside}"' in page
        assert notices(office) == []
        activate(office.server, ADMIN, made, get_edition(office.server, made).version)
        (told,) = noticed(office, 1)
        assert told[0] == inside
        assert told[1] == "prohibited"
        assert told[2] != "prohibited"
        roll_back(office.server, ADMIN, made, get_edition(office.server, made).version, "test")
        assert (root / "layers" / "water.yaml").read_text(encoding="utf-8").count("valid_from") == 1
