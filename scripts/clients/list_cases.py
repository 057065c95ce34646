"""Read all cases of a state over REST, page by page, and move one of them on. Standard library only.

    ZONING_TOKEN=zt_... python list_cases.py http://127.0.0.1:8010 --state received
    ZONING_TOKEN=zt_... python list_cases.py http://127.0.0.1:8010 --move 2026-0001 --to checking

A change bears the version that was read (ETag, If-Match): when somebody else was faster, nothing is changed.
"""

# ruff: noqa: S310 - the address is the one that whoever runs this has written
import argparse
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any


def ask(url: str, body: dict[str, Any] | None = None, version: str = "") -> tuple[Any, str]:
    """Return what the server answers, and the version (ETag) of it."""
    headers = {"Authorization": f"Bearer {os.environ['ZONING_TOKEN']}", "Content-Type": "application/json"}
    if version:
        headers["If-Match"] = version
    data = None if body is None else json.dumps(body).encode("utf-8")
    with urllib.request.urlopen(urllib.request.Request(url, data=data, headers=headers), timeout=60) as answer:
        return json.load(answer), answer.headers.get("ETag", "")


def cases(url: str, state: str) -> Iterator[dict[str, Any]]:
    """Yield the cases of a state."""
    offset: int | None = 0
    while offset is not None:
        query = urllib.parse.urlencode({"state": state, "limit": 100, "offset": offset})
        page, _ = ask(f"{url}/api/v1/cases?{query}")
        yield from page["items"]
        offset = page["next"]


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--state", default="")
    parser.add_argument("--move")
    parser.add_argument("--to")
    told = parser.parse_args()
    if not told.move:
        for case in cases(told.url, told.state):
            print(case["case"], case["state"], case["decision"])
        return 0
    address = f"{told.url}/api/v1/cases/{urllib.parse.quote(told.move)}"
    try:
        _, version = ask(address)
        case, _ = ask(f"{address}/state", {"to": told.to}, version)
    except urllib.error.HTTPError as error:
        print(f"{error.code}: {json.load(error)['detail']['zh']}", file=sys.stderr)
        return 1
    print(case["case"], case["state"], f"version {case['version']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
