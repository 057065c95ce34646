"""Asks a running server whatever its OpenAPI documents allow, and much that they do not: no answer may be a fault.

    python scripts/fuzz_api.py [--seconds 300]                     a throw-away server of its own
    python scripts/fuzz_api.py URL TOKEN_FILE [--seconds 300]      a server that runs; it is written to

Schemathesis makes the requests, half of the time those of REST, half of the time those of OGC; for REST it also
compares what comes back with what was promised. 503 is counted as a fault too: the workers have to keep up with one
client. The short form is tests/web_server/test_api_fuzz.py.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from office_clients import examples
from office_process import PEOPLE, Office, prepared
from zoning.registers.database import open_database
from zoning.registers.entries import Stamp
from zoning.web.access import SCOPES
from zoning.web.accounts.tokens import Tokens

PROMISES = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
DOCUMENTS = {"/openapi.json": PROMISES, "/ogc/openapi": "not_a_server_error"}


def fuzz(url: str, token: str, document: str, *, seconds: int, folder: Path) -> tuple[bool, str]:
    """Ask the operations of one document for so many seconds; return whether all went well, and the report."""
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{url}{document}",
        *(("--url", f"{url}/ogc") if document.startswith("/ogc") else ("--url", url)),
        "--header",
        f"Authorization: Bearer {token}",
        "--checks",
        DOCUMENTS[document],
        "--phases",
        "examples,coverage,fuzzing",
        "--max-time",
        str(seconds),
        "--request-timeout",
        "600",
        "--continue-on-failure",
        "--suppress-health-check",
        "all",
        "--warnings",
        "off",
        "--no-color",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


@contextmanager
def throw_away(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield address and token of a server in a folder, which has some checks and a case."""
    office = prepared(folder)
    with closing(open_database(office.address, create=False)) as database:
        stamp = Stamp("setup", datetime.now(UTC))
        token = Tokens(database).create(PEOPLE[0], title="fuzz", scopes=list(SCOPES), days=1, stamp=stamp)
    try:
        office.start()
        _fill(office)
        yield f"http://127.0.0.1:{office.port}", token
    finally:
        office.end()


def _fill(office: Office) -> None:
    person = office.sign_in(PEOPLE[0])
    made = [office.upload(person, "/check", "file", name, content) for name, content in examples().items()]
    told = {"check": made[-1].place.rsplit("/", 1)[1], "site": "0", "f-XMMC": "fuzz", "f-XZQDM": "140522"}
    answer = office.send(person, "/cases/new", **told)
    if answer.status != HTTPStatus.SEE_OTHER:
        raise RuntimeError(f"no case could be made: {answer.status} {answer.said}")


def ask_all(url: str, token: str, *, seconds: int, folder: Path) -> bool:
    """Ask the operations of all documents, print the reports; return whether all went well."""
    good = True
    for document in DOCUMENTS:
        fine, report = fuzz(url, token, document, seconds=seconds // len(DOCUMENTS), folder=folder)
        print(report, flush=True)
        good = good and fine
    return good


def main() -> int:
    """Ask all documents of a server."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("url", nargs="?", help="without it a server is started for this, and ended")
    parser.add_argument("token", nargs="?", type=Path, help="file with the token")
    parser.add_argument("--seconds", type=int, default=300)
    told = parser.parse_args()
    if told.url and not told.token:
        parser.error("TOKEN_FILE is missing")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if told.url:
            token = told.token.read_text(encoding="ascii").strip()
            return 0 if ask_all(told.url, token, seconds=told.seconds, folder=folder) else 1
        with throw_away(folder) as (url, token):
            return 0 if ask_all(url, token, seconds=told.seconds, folder=folder) else 1


if __name__ == "__main__":
    sys.exit(main())
