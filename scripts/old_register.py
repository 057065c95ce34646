"""Make a small register with the code of an earlier version, for tests/migration: run by scripts/make_old_version.

    PYTHONPATH=OLD:OLD/scripts python -P scripts/old_register.py FOLDER

Writes `register.sqlite` and `register-files` into the folder: six drawn mine parcels with all that happened to them;
from 0.6.0 on also cases with a verdict, a note, an override and a notice, and an account.
"""

import importlib.util
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

PARCELS = 6
PASSWORD = "correct horse battery"  # noqa: S105 - of a made-up office
_DAY = date(2026, 3, 2)
_NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def main(folder: Path) -> None:
    """Make the register."""
    from demo_mines.parcels import demo_parcels
    from demo_mines.register import fill_register
    from zoning.registers.store import Stamp, open_store
    from zoning.registers.types import read_register_types
    from zoning.workspace import builtin_root

    folder.mkdir(parents=True, exist_ok=True)
    types = read_register_types(builtin_root())
    with open_store(str(folder / "register.sqlite"), types, create=True, files=folder / "register-files") as store:
        fill_register(store, demo_parcels()[:PARCELS], pictures=False)
        if importlib.util.find_spec("zoning.registers.case_rows") is not None:
            _fill_cases(store, types["cases"])
            from zoning.web.accounts.accounts import Accounts

            accounts = Accounts(store.database)
            accounts.create("li.si", title="李四", roles=["admin"], password=PASSWORD, stamp=Stamp("setup", _NOW))
        if not store.verify().is_whole:
            sys.exit("the old code finds its own register damaged")


def _fill_cases(store: Any, kind: Any) -> None:
    from zoning.registers.case_changes import create_case
    from zoning.registers.case_notes import add_note
    from zoning.registers.case_notices import NewNotice, notice
    from zoning.registers.case_overrides import answer_override, propose_override
    from zoning.registers.case_verdicts import NewVerdict
    from zoning.registers.entries import Stamp
    from zoning.registers.files import keep_copy
    from zoning.registers.place import Place

    anna, bo = Stamp("anna", _NOW), Stamp("bo", _NOW)
    place = Place(store.database, kind, store.files)
    path = store.files.parent / "verdict.json"
    path.write_text('{"schema": "zoning.verdict/1"}\n', encoding="utf-8")
    copy = keep_copy(store.files, path)
    path.unlink()
    verdict = NewVerdict("S1", "permitted", _DAY, copy, copy.sha256, {"activity": "hotel"}, {"rules": "r"}, "first")
    with store.database.writing() as connection:
        case = create_case(connection, place, "", {"XMMC": "示意项目甲"}, anna, verdict=verdict)
        add_note(connection, place, case, "电话已核对", bo)
        propose_override(connection, place, case, "restricted", "从严", anna, verdict=1)
        answer_override(connection, place, case, 1, "confirmed", "同意", bo)
        change = ({"what": "decision", "before": "permitted", "after": "prohibited"},)
        cause = {"zh": "规则已改变", "en": "the rules have changed"}
        notice(connection, place, case, NewNotice(cause, 1, "permitted", "prohibited", copy.sha256, change), bo)
        create_case(connection, place, "", {"XMMC": "示意项目乙"}, bo)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
