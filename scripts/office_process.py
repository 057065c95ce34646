"""A real `zoning serve` on a workspace of its own, and people who ask it: what the campaigns of faults share.

The server is a process that can be killed, stopped and started again. It may run inside a name space whose disk is
small (`disk_mb`): a tmpfs that only it and its children see, mounted without being root.
"""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import psutil

from zoning.registers.entries import Stamp
from zoning.registers.store import open_store
from zoning.registers.types import read_register_types
from zoning.web.accounts.accounts import Accounts
from zoning.web.settings_file import NAME as SETTINGS
from zoning.workspace import builtin_root, copy_workspace

PASSWORD = "three mountains, one river"  # noqa: S105 - of a made-up office
PEOPLE = ("tester", "second")
"""Both have all roles."""
ROLES = ("reviewer", "planner", "restoration", "admin")
UP_S = 120.0
LONGEST_S = 600
"""Of one check."""
UNPREPARED = "import zoning.web.jobs.preparing as preparing; preparing._FIRST_S = 1e6"
"""Goes `before` a server that is to spend no time on preparing layers: no answer depends on it."""
_PROBLEM = re.compile(r'class="problem"[^>]*>(.*?)</', re.DOTALL)
_FULL = 'mount -t tmpfs -o size="$1",mode=700 office "$2" && cp -r "$3/." "$2" && shift 3 && exec "$@"'
_PUT_IN_FRONT = ("unshare", "--user", "--map-root-user", "--mount", "--", "sh", "-c", _FULL, "sh")


def free_port() -> int:
    """Return a port on which nobody listens."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def place(self) -> str:
        """Where the browser is sent to."""
        return self.headers["location"]

    @property
    def said(self) -> str:
        """The sentence of a refusal: of our page or of our JSON; empty where there is none."""
        found = _PROBLEM.search(self.text)
        if found is not None:
            return found[1].strip()
        return self.text if self.headers.get("content-type", "").startswith("application/problem+json") else ""


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in: cookie, and the mark that forms bring."""

    cookie: str
    mark: str


@dataclass
class Office:
    """A server that is started again and again on the same workspace and register.

    Attributes
    ----------
    root
        Its workspace.
    options
        Of `zoning serve`, beside workspace and port.
    disk_mb
        Size of the disk of its own that workspace and temporary files lie on, which is empty again after a restart;
        0: the disk of everybody.
    before
        Python that is run before the server starts, in its process.
    processes
        How many checks run at the same time.
    """

    root: Path
    options: tuple[str, ...] = ()
    disk_mb: int = 0
    before: str = ""
    processes: int = 2
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    children: list[psutil.Process] = field(default_factory=list)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        arguments = ["serve", "--workspace", str(self.inside), "--port", str(self.port)]
        arguments += ["--processes", str(self.processes)]
        code = f"{self.before}\nimport sys\nfrom zoning.cli import main\nsys.exit(main())"
        command = [sys.executable, "-c", code, *arguments, *self.options]
        environ = dict(os.environ)
        if self.disk_mb:
            self.inside.mkdir(exist_ok=True)
            command = [*_PUT_IN_FRONT, f"{self.disk_mb}m", str(self.inside), str(self.root), *command]
            environ["TMPDIR"] = str(self.inside)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environ)
        until = time.monotonic() + UP_S
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/health").status == HTTPStatus.OK:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise TimeoutError(self.log.read_text(encoding="utf-8")[-2000:])

    @property
    def log(self) -> Path:
        """What the server has said."""
        return self.root.with_name("serve.log")

    @property
    def inside(self) -> Path:
        """The workspace as the server sees it."""
        return self.root.with_name("disk") if self.disk_mb else self.root

    @property
    def outside(self) -> Path:
        """The same, as we see it while the server runs."""
        return Path(f"/proc/{self.running().pid}/root{self.inside}") if self.disk_mb else self.root

    @property
    def address(self) -> str:
        """The register, as we reach it while the server runs: of one on a disk of its own a copy made now."""
        given = dict(zip(self.options, self.options[1:], strict=False)).get("--register")
        file = self.outside / "register.sqlite"
        return given or str(self._copied(file) if self.disk_mb else file)

    def _copied(self, file: Path) -> Path:
        """Copy a register between two changes: SQLite cannot open it through /proc."""
        copy, journal = self.root.with_name("copy.sqlite"), file.with_name(f"{file.name}-journal")
        while True:
            before = file.stat().st_mtime_ns
            shutil.copyfile(file, copy)
            if not journal.exists() and file.stat().st_mtime_ns == before:
                return copy

    @property
    def files(self) -> Path:
        """The folder of what people have handed in."""
        return self.outside / "register-files"

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

    def end(self) -> None:
        """End whatever runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def left(self) -> list[psutil.Process]:
        """Return the processes of killed servers that are alive, after a moment to end."""
        alive: list[psutil.Process] = psutil.wait_procs(self.children, timeout=10)[1]
        return alive

    def running(self) -> "subprocess.Popen[bytes]":
        """Return the process of the server."""
        if self.process is None:
            raise RuntimeError("not started")
        return self.process

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        """Send a request; return what came back."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST_S)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            told["set-cookie"] = "; ".join(one.split(";")[0] for one in answer.headers.get_all("set-cookie") or ())
            return Answer(answer.status, told, answer.read().decode("utf-8", "replace"))

    def sign_in(self, name: str) -> Person:
        """Return somebody with a new session."""
        answer = self.try_sign_in(name)
        if answer.status != HTTPStatus.SEE_OTHER:
            raise ValueError(answer)
        cookie = answer.headers["set-cookie"]
        page = self.ask("GET", "/check", headers={"Cookie": cookie}).text
        found = re.search(r'name="csrf" content="([^"]+)"', page)
        if found is None:
            raise ValueError(page[:500])
        return Person(cookie, found[1])

    def try_sign_in(self, name: str) -> Answer:
        """Send the form of the sign-in page."""
        form = urlencode({"name": name, "password": PASSWORD}).encode()
        return self.ask("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})

    def get(self, person: Person, path: str) -> Answer:
        """Look at a page."""
        return self.ask("GET", path, headers={"Cookie": person.cookie})

    def send(self, person: Person, path: str, **fields: str) -> Answer:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields).encode(), kind | _marks(person))

    def upload(
        self, person: Person, path: str, field_name: str, name: str, data: bytes, *, more: dict[str, str] | None = None
    ) -> Answer:
        """Send a form with a file."""
        border = "----zoning"
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in (more or {}).items()
        ]
        head = f'--{border}\r\nContent-Disposition: form-data; name="{field_name}"; filename="{name}"\r\n\r\n'
        body = b"".join(parts) + head.encode() + data + f"\r\n--{border}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
        return self.ask("POST", path, body, kind | _marks(person))


def _marks(person: Person) -> dict[str, str]:
    return {"Cookie": person.cookie, "X-CSRF": person.mark}


def prepared(folder: Path, *options: str, disk_mb: int = 0, source: Path | None = None, before: str = "") -> Office:
    """Return an office with its people.

    Parameters
    ----------
    source
        The workspace to copy; None: the built-in one.
    """
    root = folder / "workspace"
    copy_workspace(source or builtin_root(), root)
    # The limit of time is not what is tried: a busy computer is to spoil no campaign.
    (root / SETTINGS).write_text(f"quotas: {{check_seconds: {LONGEST_S}}}\n", encoding="utf-8")
    office = Office(root, options, before=before)
    stamp = Stamp("setup", datetime.now(UTC))
    with open_store(office.address, read_register_types(root), create=True, files=office.files) as store:
        for name in PEOPLE:
            Accounts(store.database).create(name, title=name, roles=ROLES, password=PASSWORD, stamp=stamp)
    office.disk_mb = disk_mb
    return office
