"""Run the OGC process `site-check` as a job, wait for it and write its result. Standard library only.

ZONING_TOKEN=zt_... python site_check_job.py http://127.0.0.1:8010 site.geojson result.json
"""

# ruff: noqa: S310 - the address is the one that whoever runs this has written
import argparse
import json
import os
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any


def ask(url: str, body: Any = None, **headers: str) -> tuple[Any, str]:
    """Return what the server answers, and where it says that the job is."""
    told = {"Authorization": f"Bearer {os.environ['ZONING_TOKEN']}", "Content-Type": "application/json", **headers}
    data = None if body is None else json.dumps(body).encode("utf-8")
    with urllib.request.urlopen(urllib.request.Request(url, data=data, headers=told), timeout=60) as answer:
        return json.load(answer), answer.headers.get("Location", "")


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("site", type=Path)
    parser.add_argument("result", type=Path)
    told = parser.parse_args()
    inputs = {"site": json.loads(told.site.read_text(encoding="utf-8"))}
    _, job = ask(f"{told.url}/ogc/processes/site-check/execution", {"inputs": inputs}, Prefer="respond-async")
    while True:
        status, _ = ask(job)
        if status["status"] not in ("accepted", "running"):
            break
        time.sleep(0.5)
    print(status["status"], status["message"])
    if status["status"] != "successful":
        return 1
    result, _ = ask(f"{job}/results")
    told.result.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    print(result["decision"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
