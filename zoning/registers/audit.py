"""Checks the log row by row, and all tables and files against it.

Every row holds the SHA-256 of itself and of the row before. So a row that was changed, removed from the middle, put in,
or exchanged with another is found. Rows removed from the end are found by the count and the hash that the chain keeps,
and by the records: each event holds the digest of its record, and the table must agree with the last one.

What no check inside the same file can find: that the whole of it was put back to an earlier copy, or that somebody
wrote all rows anew with fitting hashes. For that the hash of the last row is written down elsewhere (it stands in every
report of the audit): `known_head` must be found in the log.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from zoning.registers.canonical import digest, plain, sha256
from zoning.registers.database import Database
from zoning.registers.entries import AuditReport, Fault
from zoning.registers.files import digest_of
from zoning.registers.log import ZERO, hash_of
from zoning.registers.place import Row, fetched, record_digest
from zoning.registers.schema import (
    Chain,
    LoggedEvent,
    StoredAttachment,
    StoredPayment,
    StoredProblem,
    StoredRecord,
    StoredShape,
    StoredWork,
)
from zoning.registers.schema_cases import StoredNote, StoredNotice, StoredOverride, StoredVerdict
from zoning.texts import Text

UNSEEN = Text(
    "本检查发现不了：整个台账被换回较早的副本，或全部记录连同摘要被重写。请把末行摘要另行保存，下次用 --head 核对",
    "what this check cannot find: that the whole register was put back to an earlier copy, or that all rows were "
    "written anew with fitting hashes. Keep the hash of the last row elsewhere, and give it next time with --head",
)
_PARTS = {
    "attach": StoredAttachment,
    "problem": StoredProblem,
    "problem-closed": StoredProblem,
    "work": StoredWork,
    "work-recorded": StoredWork,
    "payment": StoredPayment,
    "verdict": StoredVerdict,
    "note": StoredNote,
    "override": StoredOverride,
    "override-answered": StoredOverride,
    "notice": StoredNotice,
    "notice-answered": StoredNotice,
}
_ADMIN = "admin"
"""What was done on the server and belongs to no record: accounts, editions, exports."""
_MANY = 5000


class _Expected:
    """What the log says of the tables."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], str | None] = {}
        self.rows: dict[tuple[str, str, str, int], str] = {}
        self.shapes: set[str] = set()

    def take(self, row: Row) -> None:
        """Take in one row of the log; one that cannot be read was changed and has been named."""
        try:
            if row["action"] == _ADMIN:
                return
            payload = json.loads(row["payload"])
            table = _PARTS.get(row["action"])
            if table is not None:
                held = payload["row"]
                self.rows[table.__tablename__, row["kind"], row["record"], held["number"]] = digest(held)
            else:
                self.records[row["kind"], row["record"]] = payload["digest"]
            self.shapes |= {key for key in payload.get("geometry", ()) if key is not None}
        except (ValueError, KeyError, TypeError, AttributeError):
            return


def verify(database: Database, files: Path | None, known_head: str | None) -> AuditReport:
    """Check everything; see `zoning.registers.store.Store.verify`."""
    with database.reading() as connection:
        expected = _Expected()
        chain = connection.execute(select(Chain.events, Chain.head)).one_or_none()
        faults, count, head, is_known = _chain(connection, expected, known_head)
        faults += _end(chain, count, head)
        if not is_known:
            faults.append(
                Fault(
                    None,
                    "",
                    Text(
                        f"日志中没有摘要 {known_head}：在它之前的记录被改写，或台账被换回较早的副本",
                        f"the log has no row with hash {known_head}: rows up to it were rewritten, or the register was "
                        "put back to an earlier copy",
                    ),
                )
            )
        faults += [*_records(connection, expected), *_shapes(connection, expected), *_rows(connection, expected)]
        kept = list(fetched(connection, select(*StoredAttachment.__table__.columns)))
    found = _files(kept, files)
    return AuditReport(count, head, (*faults, *found), len({row["path"] for row in kept}))


def _chain(connection: Connection, expected: _Expected, known_head: str | None) -> tuple[list[Fault], int, str, bool]:
    """Walk along the log; return the faults, the number of rows, the last hash, and whether the known one occurs."""
    faults: list[Fault] = []
    count, seq, head = 0, 0, ZERO
    is_known = known_head in (None, ZERO)
    query = select(*LoggedEvent.__table__.columns).order_by(LoggedEvent.seq)
    for row in fetched(connection, query.execution_options(yield_per=_MANY)):
        count += 1
        text = _fault_of(row, seq + 1, head)
        if text is not None:
            faults.append(Fault(row["seq"], row["record"], text))
        seq, head = row["seq"], row["hash"]
        is_known = is_known or head == known_head
        expected.take(row)
    return faults, count, head, is_known


def _fault_of(row: Row, wanted: int, head: str) -> Text | None:
    seq = row["seq"]
    if seq != wanted:
        gone = f"{wanted}" if seq == wanted + 1 else f"{wanted}–{seq - 1}"
        return Text(f"第 {gone} 行被删去", f"row {gone} was removed")
    if hash_of(row) != row["hash"]:
        return Text(f"第 {seq} 行被改过：内容与它的摘要不符", f"row {seq} was changed: it does not fit to its hash")
    if row["previous"] != head:
        return Text(f"第 {seq} 行与前一行接不上", f"row {seq} is not the one that followed the row before")
    return None


def _end(chain: Any, count: int, head: str) -> list[Fault]:
    if chain is None:
        return [Fault(None, "", Text("链的末端记录被删去", "the end of the chain was removed"))]
    if chain.events > count:
        first = count + 1
        text = Text(
            f"末尾 {chain.events - count} 行被删去（从第 {first} 行起）",
            f"the last {chain.events - count} rows were removed (from row {first})",
        )
        return [Fault(first, "", text)]
    if chain.events < count or chain.head != head:
        return [
            Fault(
                None,
                "",
                Text("链的末端记录与日志不符", "the kept end of the chain is not that of the log"),
            )
        ]
    return []


def _records(connection: Connection, expected: _Expected) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    query = select(*StoredRecord.__table__.columns).order_by(StoredRecord.kind, StoredRecord.id)
    for row in fetched(connection, query):
        key = (row["kind"], row["id"])
        seen.add(key)
        if expected.records.get(key) != record_digest(row):
            yield Fault(
                None,
                row["id"],
                Text(
                    f"{row['id']}（{row['kind']}）与日志中最后一次更改不符",
                    f"{row['id']} ({row['kind']}) is not as the last change in the log left it",
                ),
            )
    for kind, record in sorted(expected.records.keys() - seen):
        yield Fault(
            None, record, Text(f"{record}（{kind}）被删去", f"{record} ({kind}) was removed from the table of records")
        )


def _shapes(connection: Connection, expected: _Expected) -> Iterator[Fault]:
    seen = set()
    for row in connection.execute(select(StoredShape.sha256, StoredShape.wkb).order_by(StoredShape.sha256)):
        seen.add(row.sha256)
        if sha256(row.wkb) != row.sha256:
            text = Text(f"图形 {row.sha256[:12]} 被改过", f"shape {row.sha256[:12]} was changed")
            yield Fault(None, "", text)
    for key in sorted(expected.shapes - seen):
        yield Fault(None, "", Text(f"图形 {key[:12]} 被删去", f"shape {key[:12]} was removed"))


def _rows(connection: Connection, expected: _Expected) -> Iterator[Fault]:
    """Compare problems, works, payments and attachments with the last event of each."""
    left = dict(expected.rows)
    for table in dict.fromkeys(_PARTS.values()):
        name = table.__tablename__
        for row in fetched(connection, select(*table.__table__.columns)):
            wanted = left.pop((name, row["kind"], row["record"], row["number"]), None)
            if wanted != digest(plain(row)):
                yield Fault(None, row["record"], _row_text(name, row["record"], row["number"], "changed"))
    for name, _, record, number in sorted(left):
        yield Fault(None, record, _row_text(name, record, number, "removed"))


_WORDS: Mapping[str, tuple[str, str]] = {
    StoredAttachment.__tablename__: ("附件", "attachment"),
    StoredProblem.__tablename__: ("问题", "problem"),
    StoredWork.__tablename__: ("工程", "work"),
    StoredPayment.__tablename__: ("资金", "payment"),
    StoredVerdict.__tablename__: ("研判结论", "verdict"),
    StoredNote.__tablename__: ("批注", "note"),
    StoredOverride.__tablename__: ("人工改判", "override"),
    StoredNotice.__tablename__: ("变化提示", "notice"),
}


def _row_text(table: str, record: str, number: int, how: str) -> Text:
    zh, en = _WORDS[table]
    if how == "removed":
        return Text(f"{record} 的第 {number} 号{zh}被删去", f"{record}: {en} {number} was removed")
    return Text(f"{record} 的第 {number} 号{zh}与日志不符", f"{record}: {en} {number} is not as the log says")


def _files(rows: list[Row], folder: Path | None) -> Iterator[Fault]:
    """Compare the bytes of every attachment with its digest; each file once."""
    seen: set[str] = set()
    for row in rows:
        path, record = row["path"], row["record"]
        if path in seen:
            continue
        seen.add(path)
        if folder is None or not (folder / path).is_file():
            text = Text(f"附件 {row['name']}（{path}）不在", f"attachment {row['name']} ({path}) is not there")
        elif digest_of(folder / path) != row["sha256"]:
            text = Text(f"附件 {row['name']}（{path}）被改过", f"attachment {row['name']} ({path}) was changed")
        else:
            continue
        yield Fault(None, record, text)
