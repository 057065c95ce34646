"""Run inside a network of its own: whatever the server sends to elsewhere goes into a cable that is counted.

    unshare --map-root-user --net python cut_off_office.py FOLDER

Prints JSON: packets of a probe (must be 1), packets that were sent while the office worked (must be 0), the decisions,
the pages that were opened.
"""

import json
import os
import re
import socket
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from long_runs import times
from office_process import UNPREPARED, Office, Person, prepared
from zoning.workspace import builtin_root

CABLE = "zoning0"
SITES = ("school.geojson", "lodge.zip", "processing-plant.txt", "viewing-platform.txt")[: times(2, 4)]
MOST_PAGES = int(os.environ.get("ZONING_MOST_PAGES", "40"))
_LEAVES = re.compile(r"/(sign-out|jobs/[^/]+/files)")


def lay_cable() -> None:
    """Make a way out that leads nowhere but is counted."""
    for command in (
        "link set lo up",
        f"link add {CABLE} type veth peer name zoning1",
        f"link set {CABLE} addrgenmode none",
        "link set zoning1 addrgenmode none",
        f"addr add 192.0.2.1/24 dev {CABLE}",
        f"link set {CABLE} up",
        "link set zoning1 up",
        f"neigh add 192.0.2.254 lladdr 02:00:00:00:00:01 dev {CABLE}",
        f"route add default via 192.0.2.254 dev {CABLE}",
    ):
        subprocess.run(["/usr/sbin/ip", *command.split()], check=True)


def sent() -> int:
    """Return how many packets have left."""
    lines = Path("/proc/self/net/dev").read_text(encoding="ascii").splitlines()
    counts = next(line for line in lines if line.strip().startswith(f"{CABLE}:")).split(":")[1].split()
    return int(counts[9])  # eight columns of what came in, then bytes and packets of what went out


def probe() -> int:
    """Send one packet to elsewhere; return how many were counted."""
    before = sent()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"probe", ("198.51.100.7", 9))
    return sent() - before


class Links(HTMLParser):
    """Addresses that a page names: to be opened, and those that a browser would load by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.to: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the addresses of a tag."""
        for name, value in attrs:
            if value and tag == "a" and name == "href":
                self.to.append(value)
            elif value and (name == "src" or (tag == "link" and name == "href")):
                self.loaded.append(value)


def crawl(office: Office, person: Person) -> tuple[list[str], list[str]]:
    """Open every page that can be reached by links; return them, and addresses elsewhere that would be loaded."""
    waiting, seen, elsewhere = ["/"], {"/"}, list[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        answer = office.ask("GET", path, headers={"Cookie": person.cookie, "Accept": "text/html"})
        if answer.status >= 500:
            raise ValueError(path, answer.status)
        if "html" not in answer.headers.get("content-type", ""):
            continue
        links = Links(answer.text)
        elsewhere += [one for one in links.loaded if urlsplit(one).netloc]
        for link in (*links.to, *links.loaded):
            found = urldefrag(link)[0]
            if found.startswith("/") and not found.startswith("//") and found not in seen and not _LEAVES.match(found):
                seen.add(found)
                waiting.append(found)
    return sorted(seen), elsewhere


def main() -> None:
    """Work for a while; print what was counted."""
    lay_cable()
    probed = probe()
    before = sent()
    office = prepared(Path(sys.argv[1]), before="" if times(0, 1) else UNPREPARED)
    office.processes = 1
    office.start()
    person = office.sign_in("tester")
    decisions = []
    for name in SITES:
        path = office.upload(person, "/check", "file", name, (builtin_root() / "examples" / name).read_bytes()).place
        decisions.append(office.get(person, path).status)
    pages, elsewhere = crawl(office, person)
    code = office.stop()
    told = {"probe": probed, "sent": sent() - before, "verdicts": decisions, "pages": pages, "elsewhere": elsewhere}
    sys.stdout.write(json.dumps({**told, "code": code}) + "\n")


if __name__ == "__main__":
    main()
