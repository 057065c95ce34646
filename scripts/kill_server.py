"""Kill the server at random moments while people upload: nothing accepted is lost, nothing half is shown.

    python scripts/kill_server.py [--uploads 200] [--seed 1]

A real `zoning serve` on a workspace of its own; some clients upload example sites again and again. The server is killed
(SIGKILL) at random moments and started again. A check that a client was told of (the redirect came) must show its
verdict afterwards, with the decision that the same file has without any kill; one that was cut must be shown as failed
and never as a verdict. No check may stay without an end, no worker may stay alive, and the log must be whole.
"""

import argparse
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import psutil
from sqlalchemy import select

from zoning.registers.schema_server import StoredCheck
from zoning.registers.store import open_store
from zoning.registers.types import read_register_types
from zoning.workspace import builtin_root, copy_workspace

PASSWORD = "three mountains, one river"  # noqa: S105 - of a made-up office
SITES = ("school.geojson", "processing-plant.txt", "viewing-platform.txt")
CLIENTS = 3
_UP_S = 60.0
_LONGEST_S = 6.0


def free_port() -> int:
    """Return a port on which nobody listens."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Office:
    """A server that is started again and again on the same workspace and register."""

    root: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    children: list[psutil.Process] = field(default_factory=list)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [sys.executable, "-m", "zoning", "serve", "--workspace", str(self.root), "--port", str(self.port)]
        log = (self.root / "serve.log").open("ab")
        self.process = subprocess.Popen([*command, "--processes", "2"], stdout=log, stderr=log)
        until = time.monotonic() + _UP_S
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/health")[0] == HTTPStatus.OK:
                    return
            time.sleep(0.05)
        raise TimeoutError((self.root / "serve.log").read_text(encoding="utf-8")[-2000:])

    def kill(self) -> None:
        """Kill the server, and remember the processes that it had started."""
        running = self.running()
        self.children += psutil.Process(running.pid).children(recursive=True)
        running.send_signal(signal.SIGKILL)
        running.wait()

    def stop(self) -> int:
        """Ask the server to end; return its exit code."""
        running = self.running()
        running.terminate()
        return running.wait(60)

    def running(self) -> "subprocess.Popen[bytes]":
        """Return the process of the server."""
        if self.process is None:
            raise RuntimeError("not started")
        return self.process

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Send a request; return status, headers, text."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            told["set-cookie"] = "; ".join(one.split(";")[0] for one in answer.headers.get_all("set-cookie") or ())
            return answer.status, told, answer.read().decode("utf-8", "replace")

    def sign_in(self, name: str) -> tuple[str, str]:
        """Return cookie and mark of a new session."""
        form = urlencode({"name": name, "password": PASSWORD}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _ = self.ask("POST", "/sign-in", form, kind)
        if status != HTTPStatus.SEE_OTHER:
            raise ValueError(status)
        cookie = headers["set-cookie"]
        return cookie, self.mark(cookie)

    def mark(self, cookie: str) -> str:
        """Return the mark that the forms of a session bring."""
        page = self.ask("GET", "/check", headers={"Cookie": cookie})[2]
        found = re.search(r'name="csrf" content="([^"]+)"', page)
        if found is None:
            raise ValueError(page[:500])
        return found[1]

    def upload(self, cookie: str, mark: str, name: str, data: bytes) -> str:
        """Upload a file; return the path of its check."""
        border = "----zoning"
        head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{border}--\r\n".encode()
        headers = {"Cookie": cookie, "X-CSRF": mark, "Content-Type": f"multipart/form-data; boundary={border}"}
        status, told, text = self.ask("POST", "/check", body, headers)
        if status != HTTPStatus.SEE_OTHER:
            raise ValueError(status, text[-500:])
        return told["location"]


@dataclass
class Campaign:
    """What was uploaded, and what was seen."""

    office: Office
    chance: random.Random
    wanted: int
    accepted: list[tuple[str, str]] = field(default_factory=list)
    cut: int = 0
    kills: int = 0
    troubles: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Upload and kill until there were enough uploads."""
        self.office.start()
        session = self.office.sign_in("tester")
        files = {name: (builtin_root() / "examples" / name).read_bytes() for name in SITES}
        began = time.monotonic()
        expected = {name: self.decision(self.office.upload(*session, name, data)) for name, data in files.items()}
        longest = max(_LONGEST_S, 2 * (time.monotonic() - began))  # workers have to get warm now and then
        done = threading.Event()
        clients = [
            threading.Thread(target=self.upload_on, args=(session, files, random.Random(number), done))
            for number in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        while len(self.accepted) + self.cut < self.wanted:
            time.sleep(self.chance.uniform(0.3, longest))
            self.office.kill()
            self.kills += 1
            self.office.start()
        done.set()
        for client in clients:
            client.join()
        self.settle()
        self.look_at(session, expected)

    def upload_on(
        self, session: tuple[str, str], files: dict[str, bytes], chance: random.Random, done: threading.Event
    ) -> None:
        """Upload example sites until told to end; a connection that breaks is a cut upload."""
        while not done.is_set():
            name = chance.choice(SITES)
            try:
                path = self.office.upload(*session, name, files[name])
            except ConnectionRefusedError:
                time.sleep(0.1)  # there is no server now
            except (OSError, http.client.HTTPException):
                with self.lock:
                    self.cut += 1
            except ValueError as error:
                with self.lock:
                    self.troubles.append(f"an upload was refused: {error}")
            else:
                with self.lock:
                    self.accepted.append((path, name))

    def decision(self, path: str) -> str:
        """Return the decision that the register holds for a check."""
        return self.checks()[path.rsplit("/", 1)[1]][1]

    def checks(self) -> dict[str, tuple[str, str, str]]:
        """Return state, decision and answer of every check."""
        types = read_register_types(self.office.root)
        address = str(self.office.root / "register.sqlite")
        query = select(StoredCheck.id, StoredCheck.state, StoredCheck.decision, StoredCheck.answer)
        with open_store(address, types, create=False) as store, store.database.reading() as connection:
            return {row.id: (row.state, row.decision, row.answer) for row in connection.execute(query)}

    def settle(self) -> None:
        """Wait for checks whose clients have given up: the server still works on them."""
        until = time.monotonic() + _UP_S
        while time.monotonic() < until and any(state == "waiting" for state, _, _ in self.checks().values()):
            time.sleep(0.5)

    def look_at(self, session: tuple[str, str], expected: dict[str, str]) -> None:
        """Compare what is there with what clients were told."""
        found = self.checks()
        for path, name in self.accepted:
            state, decision, _ = found.get(path.rsplit("/", 1)[1], ("lost", "", ""))
            if (state, decision) != ("done", expected[name]):
                self.troubles.append(f"{path} ({name}) was accepted and is: {state} {decision}")
            status, _, page = self.office.ask("GET", path, headers={"Cookie": session[0]})
            if status != HTTPStatus.OK or expected[name] not in page:
                self.troubles.append(f"{path} does not show its verdict ({status})")
        for check, (state, decision, answer) in found.items():
            if state not in ("done", "failed") or (state == "failed" and (decision or answer)):
                self.troubles.append(f"{check} is half: {state} {decision}")
        code = self.office.stop()
        if code:
            self.troubles.append(f"the server left with {code}")
        with open_store(
            str(self.office.root / "register.sqlite"), read_register_types(self.office.root), create=False
        ) as store:
            self.troubles += [fault.text.en for fault in store.verify().faults]
        time.sleep(1.0)
        alive = [child for child in self.office.children if child.is_running()]
        self.troubles += [f"{child} of a killed server is alive" for child in alive]


def prepared(folder: Path) -> Office:
    """Return an office with one reviewer."""
    root = folder / "workspace"
    copy_workspace(builtin_root(), root)
    command = [sys.executable, "-m", "zoning", "account", "add", "tester", "--role", "reviewer", "--role", "admin"]
    told = {**os.environ, "ZONING_WORKSPACE": str(root)}
    subprocess.run(command, input=f"{PASSWORD}\n", text=True, check=True, env=told, capture_output=True)
    return Office(root)


def main() -> int:
    """Run a campaign and print what was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--uploads", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(prepared(Path(folder)), random.Random(told.seed), told.uploads)
        try:
            campaign.run()
        finally:
            campaign.office.running().kill()
    print(f"{len(campaign.accepted)} uploads accepted, {campaign.cut} cut, {campaign.kills} kills of the server")
    for trouble in campaign.troubles[:20]:
        print(trouble)
    print(f"{len(campaign.troubles)} troubles")
    return 1 if campaign.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
