"""A throwaway PostgreSQL cluster with PostGIS: what `scripts/with-postgis` starts, and the tests that need a server.

Everything lies in one temporary folder: data, log and socket. On the socket of that folder everybody is let in who can
open it, that is its owner and root; on 127.0.0.1 only who has a password.
"""

import argparse
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import parse_qsl, urlsplit

URL_VARIABLE = "ZONING_TEST_POSTGIS"
DATABASE = "zoning"
USER = "postgres"
MISSING = 77
"""Exit code where PostgreSQL or PostGIS is not installed: "skipped", for those who ask."""
APT = "apt install postgresql postgresql-postgis"

_DEBIAN = Path("/usr/lib/postgresql")
_TRIES = 5
_LONGEST_FOLDER = 70  # the path of a socket has 107 characters at most
_SETTINGS = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 256MB
fsync = off
full_page_writes = off
"""
_ACCESS = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


class MissingError(Exception):
    """PostgreSQL or PostGIS is not installed."""


class ClusterError(Exception):
    """A program of PostgreSQL failed; the message holds its last words."""


@dataclass(slots=True)
class Cluster:
    """A cluster in a folder of its own.

    Attributes
    ----------
    binaries
        Folder with `initdb`, `pg_ctl` and `psql`.
    account
        The account that the server runs under: another one where this is root, which PostgreSQL refuses.
    """

    folder: Path
    binaries: Path
    account: str | None
    port: int = 0

    @classmethod
    def create(cls) -> "Cluster":
        """Make and start a cluster with an empty database that has PostGIS.

        Raises
        ------
        MissingError
            When PostgreSQL or PostGIS is not installed.
        """
        binaries = find_binaries()
        account = _account()
        cluster = cls(_folder(account), binaries, account)
        try:
            cluster._program("initdb", "--no-sync", "--username", USER, "--encoding", "UTF8", "--locale", "C")
            (cluster.data / "pg_hba.conf").write_text(_ACCESS, encoding="utf-8")
            cluster._start_somewhere()
            cluster.sql("postgres", f"CREATE DATABASE {DATABASE}")
            cluster.sql(DATABASE, "CREATE EXTENSION postgis")
        except BaseException:
            cluster.remove()
            raise
        return cluster

    @classmethod
    def running(cls, url: str) -> "Cluster":
        """Return the cluster that another process has made and will remove, by its URL."""
        where = dict(parse_qsl(urlsplit(url).query))
        return cls(Path(where["host"]), find_binaries(), _account(), int(where["port"]))

    @property
    def data(self) -> Path:
        """The data folder of the server."""
        return self.folder / "data"

    @property
    def url(self) -> str:
        """Where the database is, over the socket."""
        return f"postgresql://{USER}@/{DATABASE}?host={self.folder}&port={self.port}"

    def start(self) -> None:
        """Start the server, on the same port as before."""
        self._program("pg_ctl", "-w", "-t", "60", "-l", str(self.folder / "log"), "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; `immediate` is what a power cut does to those who are connected."""
        if (self.data / "postmaster.pid").exists():
            self._program("pg_ctl", "-w", "-t", "60", "-m", mode, "stop")

    def remove(self) -> None:
        """Stop the server and delete everything."""
        try:
            self.stop()
        except ClusterError as error:
            sys.stderr.write(f"{error}\n")
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, database: str, command: str) -> None:
        """Run a command as the owner of the cluster."""
        where = ["--host", str(self.folder), "--port", str(self.port), "--username", USER, "--dbname", database]
        self._run([str(self.binaries / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", *where, "-c", command])

    def _start_somewhere(self) -> None:
        for attempt in range(_TRIES):
            self.port = _free_port()
            settings = _SETTINGS.format(port=self.port, folder=self.folder)
            (self.data / "postgresql.conf").write_text(settings, encoding="utf-8")
            try:
                self.start()
            except ClusterError:
                # Somebody else may have taken the port in the meantime.
                if attempt == _TRIES - 1:
                    raise
            else:
                return

    def _program(self, name: str, *arguments: str) -> None:
        self._run([str(self.binaries / name), "-D", str(self.data), *arguments])

    def _run(self, command: Sequence[str]) -> None:
        as_account = ["runuser", "-u", self.account, "--"] if self.account else []
        # The server keeps what it is given: its output goes to a file, or whoever waits for the end waits for ever.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [*as_account, *command],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,
            )
            said.seek(0)
            if done.returncode:
                last = said.read().decode("utf-8", "replace").strip().splitlines()[-6:]
                raise ClusterError(f"{Path(command[0]).name}: exit code {done.returncode}\n" + "\n".join(last))


def find_binaries() -> Path:
    """Return the folder of the newest PostgreSQL that has PostGIS.

    Raises
    ------
    MissingError
        When there is none; the message says what to install.
    """
    debian = sorted(_DEBIAN.glob("*/bin"), key=_version, reverse=True)
    in_path = shutil.which("pg_ctl")
    found = [*debian, *([Path(in_path).resolve().parent] if in_path else [])]
    servers = [folder for folder in found if all((folder / name).exists() for name in ("initdb", "pg_ctl", "psql"))]
    for folder in servers:
        if _has_postgis(folder):
            return folder
    what = "PostGIS" if servers else "PostgreSQL"
    raise MissingError(f"{what} 未安装，请执行 / {what} is not installed; run: {APT}")


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


def _has_postgis(folder: Path) -> bool:
    config = folder / "pg_config"
    if config.exists():
        told = subprocess.run([str(config), "--sharedir"], check=False, capture_output=True, text=True)
        if told.returncode == 0:
            return (Path(told.stdout.strip()) / "extension" / "postgis.control").exists()
    return Path(f"/usr/share/postgresql/{folder.parent.name}/extension/postgis.control").exists()


def _account() -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(USER)
    except KeyError as error:
        raise MissingError(
            f"PostgreSQL 不能以 root 运行，而没有用户 {USER}，请执行 / PostgreSQL does not run as root and there is no "
            f"user '{USER}'; run: {APT}"
        ) from error
    return USER


def _folder(account: str | None) -> Path:
    # The account must be able to reach it, and the path of the socket must not be too long.
    chosen = tempfile.gettempdir()
    place = "/tmp" if account or len(chosen) > _LONGEST_FOLDER else chosen  # noqa: S108 - a folder of its own inside
    folder = Path(tempfile.mkdtemp(prefix="zoning-postgis-", dir=place))
    (folder / "data").mkdir(mode=0o700)
    if account:
        for path in (folder, folder / "data"):
            shutil.chown(path, account)
    return folder


def _free_port() -> int:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_with_cluster(command: Sequence[str]) -> int:
    """Run a command while a cluster is there; return its exit code."""
    cluster: Cluster | None = None
    child: subprocess.Popen[bytes] | None = None
    stopped = 0

    def on_signal(number: int, _: FrameType | None) -> None:
        nonlocal stopped
        first, stopped = stopped == 0, number
        if child is None:
            if first:
                raise KeyboardInterrupt
        # A terminal tells the command itself of Ctrl-C.
        elif number != signal.SIGINT or not sys.stdin.isatty():
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    try:
        cluster = Cluster.create()
        child = subprocess.Popen(command, env={**os.environ, URL_VARIABLE: cluster.url})
        code = child.wait()
    except KeyboardInterrupt:
        return 128 + stopped
    finally:
        if cluster is not None:
            cluster.remove()
    return 128 - code if code < 0 else code


def main() -> int:
    """Run the command that is named behind the options."""
    parser = argparse.ArgumentParser(
        prog="scripts/with-postgis",
        description=f"Run COMMAND with a throwaway PostgreSQL + PostGIS; {URL_VARIABLE} holds its URL.",
        epilog=f"Exit code: that of COMMAND; {MISSING} where PostgreSQL or PostGIS is not installed.",
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND")
    command = parser.parse_args().command
    if not command:
        parser.error("COMMAND is missing, for example: scripts/with-postgis psql -d postgres")
    try:
        return run_with_cluster(command)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    except (ClusterError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
