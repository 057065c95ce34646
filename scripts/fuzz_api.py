"""Asks a running server whatever its OpenAPI documents allow, and much that they do not: no answer may be a fault.

    python scripts/fuzz_api.py http://127.0.0.1:8010 TOKEN_FILE --seconds 300

Schemathesis makes the requests; for REST it also compares what comes back with what was promised. 503 is counted as a
fault too: the workers have to keep up with one client. The short form is tests/web_server/test_api_fuzz.py.
"""

import argparse
import subprocess
import sys
from pathlib import Path

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
        "120",
        "--continue-on-failure",
        "--suppress-health-check",
        "all",
        "--warnings",
        "off",
        "--no-color",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def main() -> int:
    """Ask all documents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("url")
    parser.add_argument("token", type=Path, help="file with the token")
    parser.add_argument("--seconds", type=int, default=300)
    told = parser.parse_args()
    good = True
    for document in DOCUMENTS:
        fine, report = fuzz(
            told.url,
            told.token.read_text(encoding="ascii").strip(),
            document,
            seconds=told.seconds // len(DOCUMENTS),
            folder=Path.cwd(),
        )
        print(report)
        good = good and fine
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
