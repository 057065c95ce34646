"""The listener of `zoning serve`: how soon it answers, what it refuses, how it ends; each with a process of its own."""

import asyncio
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from web_world import PASSWORD, workspace
from zoning.cli import serve_listening
from zoning.cli.serve import ServeRequest
from zoning.cli.serve_listening import PatientProtocol
from zoning.cli.serve_settings import settings_of
from zoning.cli.session import Session
from zoning.registers.canonical import moment
from zoning.registers.store import open_store
from zoning.web.accounts.accounts import Accounts


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace(tmp_path_factory.mktemp("serve") / "office")


@contextmanager
def running(root: Path, register: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int, float]]:
    """Start the command; yield its process, port, and after how many seconds the sign-in page was there."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "zoning", "serve", "--workspace", str(root), "--port", str(port)]
    command += ["--register", str(register), "--processes", "1", "--lang", "en", *options]
    began = time.monotonic()
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONWARNINGS": ""}
    ) as process:
        try:
            while time.monotonic() - began < 60:
                assert process.poll() is None, process.stderr.read() if process.stderr else ""
                try:
                    status = ask(port, "GET", "/sign-in", is_secure="--tls-cert" in options).status
                except ConnectionError:
                    time.sleep(0.02)
                    continue
                assert status == 200
                break
            yield process, port, time.monotonic() - began
        finally:
            process.kill()


def ask(port: int, method: str, path: str, *, is_secure: bool = False, **options: Any) -> http.client.HTTPResponse:
    if is_secure:
        # The certificate of the test is its own.
        context = ssl._create_unverified_context()  # noqa: S323 - our own certificate
        connection: http.client.HTTPConnection = http.client.HTTPSConnection("127.0.0.1", port, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request(method, path, **options)
        answer = connection.getresponse()
        answer.read()
    return answer


def raw(port: int, data: bytes) -> bytes:
    """Send bytes and return all that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        try:
            line.sendall(data)
        except ConnectionError:
            return b""
        got = b""
        while True:
            try:
                piece = line.recv(65536)
            except ConnectionError:
                return got
            if not piece:
                return got
            got += piece


BOMBS = {
    "one long header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X%d: x\r\n" % n for n in range(9000)) + b"\r\n",
    "long path": b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "two lengths": b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "length and pieces": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
    "no length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "folded": b"GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
    "nul": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
    "nonsense": b"\x16\x03\x01\x02\x00" + b"\xff" * 100 + b"\r\n\r\n",
}


def test_it_starts_serves_refuses_bombs_and_ends_in_peace(root: Path, tmp_path: Path) -> None:
    with running(root, tmp_path / "register.sqlite") as (process, port, seconds):
        # Three seconds are promised on an idle computer; here others work beside it.
        assert seconds < 30
        for name, bomb in BOMBS.items():
            assert raw(port, bomb)[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 431", b""), name
        deep = ask(port, "GET", "/static/../../pyproject.toml")
        assert deep.status == 404
        assert ask(port, "GET", "/sign-in", headers={"Cookie": "zoning_session=" + "x" * 4000}).status == 200
        assert "server" not in {name.lower() for name in deep.headers}
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        told = process.stderr.read() if process.stderr else ""
    assert told.startswith(f"open http://127.0.0.1:{port}/ (Ctrl-C ends it)\nthere is no account yet: make the first ")
    assert "Traceback" not in told


def test_a_running_upload_ends_well_after_the_signal(root: Path, tmp_path: Path) -> None:
    register = tmp_path / "register.sqlite"
    found, types = settings_of(Session("zh", {}), ServeRequest(root, register=str(register)))
    with open_store(found.register, types, create=True, files=found.files) as store:
        from zoning.registers.entries import Stamp
        from zoning.web.accounts.sessions import Sessions

        stamp = Stamp("setup", datetime.now(UTC))
        Accounts(store.database).create("admin", title="a", roles=["admin"], password=PASSWORD, stamp=stamp)
        cookie = Sessions(store.database, hours=8).begin("admin", stamp.at)
        mark = Sessions(store.database, hours=8).who(cookie, stamp.at).csrf
    with running(root, register) as (process, port, _):
        body = b"title=made+at+the+end&scope=check&days=30"
        head = (
            f"POST /account/tokens HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: zoning_session={cookie}\r\n"
            f"X-CSRF: {mark}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            line.sendall(head.encode() + body[:10])
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)
            line.sendall(body[10:])
            assert line.recv(15) == b"HTTP/1.1 200 OK"
        assert process.wait(30) == 0
    with open_store(found.register, types, create=False, files=found.files) as store:
        from zoning.web.accounts.tokens import Tokens

        assert [one.title for one in Tokens(store.database).of("admin")] == ["made at the end"]


def test_with_a_certificate_it_speaks_https(root: Path, tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    told = ("--tls-cert", str(certificate), "--tls-key", str(key))
    with running(root, tmp_path / "register.sqlite", *told) as (process, port, _):
        answer = ask(
            port,
            "POST",
            "/language",
            is_secure=True,
            body="lang=en",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status == 303
        assert "Secure" in str(answer.headers["set-cookie"])
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def _certificate(folder: Path) -> tuple[Path, Path]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    secret = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(secret, hashes.SHA256())
    )
    certificate, key = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    key.write_bytes(secret.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return certificate, key


def test_a_client_that_never_finishes_its_head_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    monkeypatch.setattr(serve_listening, "_HEADER_S", 0.3)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await receive()
        await asyncio.sleep(0.6)  # an answer may take its time
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def talk(port: int, pieces: list[bytes], pause: float) -> tuple[bytes, float]:
        began = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(pause)
        got = await reader.read()
        writer.close()
        return got, time.monotonic() - began

    async def run() -> list[tuple[bytes, float]]:
        config = uvicorn.Config(cast("Any", app), http=PatientProtocol, ws="none", lifespan="off", log_config=None)
        config.timeout_keep_alive = 1
        server = uvicorn.Server(config)
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            port = bound.getsockname()[1]
            task = asyncio.create_task(server.serve(sockets=[bound]))
            while not server.started:  # noqa: ASYNC110 - it tells by nothing else
                await asyncio.sleep(0.01)
            whole = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
            got = await asyncio.gather(
                talk(port, [], 0),
                talk(port, [whole[:10], whole[10:15]], 0.1),
                talk(port, [whole], 0),
                talk(port, [whole, b"GET"], 0.8),
            )
            server.should_exit = True
            await task
        return list(got)

    silent, slow, good, second = asyncio.run(run())
    assert silent[0] == b""
    assert silent[1] < 5
    assert slow[0] == b""
    assert good[0].startswith(b"HTTP/1.1 204")
    assert second[0].count(b"HTTP/1.1 204") == 1
    assert second[1] < 10


def test_moments_sort_as_texts() -> None:
    """Sessions and tokens compare moments as texts."""
    first = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert moment(first) < moment(first + timedelta(microseconds=1)) < moment(first + timedelta(days=400))
