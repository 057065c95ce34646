"""A check whose end is not written yet makes no case: whoever asks is told so, and nothing is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from case_world import FAR, InlinePool, boundary, tiny_root
from web_world import World, world
from zoning.registers.schema_server import StoredCheck


@pytest.fixture
def office(tmp_path: Path) -> Iterator[World]:
    """Return a server of a tiny workspace."""
    root = tiny_root(tmp_path / "w")
    pool: Any = InlinePool(root)
    with world(root, tmp_path, pool) as found:
        yield found


def test_a_check_that_is_still_waiting_or_has_failed_makes_no_case_and_says_why(office: World) -> None:
    browser = office.client("reviewer")
    answer = browser.post("/check", files={"file": ("site.geojson", boundary(FAR))})
    check = str(answer.headers["location"]).rsplit("/", 1)[1]
    told = {"check": check, "site": "0", "f-XMMC": "厂房", "f-XZQDM": "140522"}

    def put(**values: str) -> None:
        with office.server.store.database.writing() as connection:
            connection.execute(update(StoredCheck).where(StoredCheck.id == check).values(values))

    with office.server.store.database.reading() as connection:
        ended = connection.execute(select(StoredCheck.answer).where(StoredCheck.id == check)).scalar_one()
    # As after a restart of the database: its end is written a little later.
    put(state="waiting", answer="")
    waits = browser.post("/cases/new", told)
    assert waits.status_code == 409
    assert "这次检查还没有完成，没有保存；请稍后再登记" in waits.text
    assert 'value="厂房"' in waits.text
    put(state="failed")
    failed = browser.post("/cases/new", told)
    assert failed.status_code == 422
    assert "这次检查没有完成，没有结论" in failed.text
    assert not list(office.server.store.register("cases").records())
    put(state="done", answer=ended)
    made = browser.post("/cases/new", told).headers["location"].rsplit("/", 1)[1]
    assert [one.id for one in office.server.store.register("cases").records()] == [made]
