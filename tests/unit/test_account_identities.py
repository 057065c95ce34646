"""An identity of the provider belongs to one account, however it came to it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from zoning.errors import UsageError
from zoning.registers.entries import Stamp
from zoning.registers.store import open_store
from zoning.web.accounts.accounts import Accounts

STAMP = Stamp("setup", datetime(2026, 11, 23, tzinfo=UTC))
SUBJECT = "https://id.example|7"


def test_a_second_account_cannot_be_made_for_an_identity(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "r.sqlite"), {}, create=True) as store:
        accounts = Accounts(store.database)
        accounts.create("one", title="一", roles=["admin"], password="", subject=SUBJECT, stamp=STAMP)
        with pytest.raises(UsageError, match="this identity belongs to account 'one' already"):
            accounts.create("two", title="二", roles=["viewer"], password="", subject=SUBJECT, stamp=STAMP)
        assert [account.name for account in accounts.all()] == ["one"]
