"""Check a boundary file over REST and print the decision of every footprint. Standard library only.

    ZONING_TOKEN=zt_... python check_site.py http://127.0.0.1:8010 site.geojson --facts '{"activity": ["coal-mining"]}'

The exit code is 0 when every footprint is permitted, 3 when one is prohibited or restricted, 4 when one is undetermined
or was refused: what was not checked is never taken for free of conflicts.
"""

# ruff: noqa: S310 - the address is the one that whoever runs this has written
import argparse
import base64
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--facts", default="{}")
    parser.add_argument("--on", help="day, such as 2026-11-23")
    told = parser.parse_args()
    content = base64.b64encode(told.file.read_bytes()).decode("ascii")
    body = {"file": {"name": told.file.name, "content": content}, "facts": json.loads(told.facts)}
    if told.on:
        body["on"] = told.on
    request = urllib.request.Request(
        f"{told.url}/api/v1/checks",
        data=json.dumps(body).encode("utf-8"),
        headers={"Authorization": f"Bearer {os.environ['ZONING_TOKEN']}", "Content-Type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            check = json.load(answer)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        print(f"{error.code}: {problem['detail']['zh']} / {problem['detail']['en']}", file=sys.stderr)
        return 4
    for verdict in check["verdicts"]:
        print(verdict["site"]["id"], verdict["decision"], verdict["summary"]["zh"])
    for refused in check["refused"]:
        print("refused:", refused["zh"], file=sys.stderr)
    if check["refused"] or check["decision"] in ("undetermined", ""):
        return 4
    return 0 if check["decision"] == "permitted" else 3


if __name__ == "__main__":
    sys.exit(main())
