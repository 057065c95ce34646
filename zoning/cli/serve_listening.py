"""The server itself: its socket, its limits, its beginning and its end."""

import asyncio
import errno
import logging
import signal
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from anyio import to_thread
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from zoning.cli.session import Session
from zoning.errors import ContentError, UsageError, ZoningError, os_reason
from zoning.texts import Text
from zoning.web.headers import bare_answer, crowded
from zoning.web.settings import ServerSettings

if TYPE_CHECKING:
    from zoning.overlay.source import LayerSource
    from zoning.registers.types import RegisterType
    from zoning.web.server import Server
    from zoning.workspace import Workspace

_BACKLOG = 256
_CONNECTIONS = 1000
_HEADER_BYTES = 32 << 10
_HEADER_S = 20.0
_KEEP_ALIVE_S = 15
_GRACE_S = 20
_THREADS = 160


@contextmanager
def listen(settings: ServerSettings) -> Iterator[socket.socket]:
    """Yield a socket that takes connections; nobody is answered yet.

    Raises
    ------
    UsageError
        When the address cannot be had.
    """
    host, port = settings.host, settings.port
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise UsageError(f"--host：没有地址“{host}”", f"--host: there is no address '{host}'") from error
    with listening:
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
        except OSError as error:
            raise _not_bound(host, port, error) from error
        yield listening


def _not_bound(host: str, port: int, error: OSError) -> UsageError:
    if error.errno == errno.EADDRINUSE:
        return UsageError(
            f"端口 {port} 已被占用；可能服务已在运行，或用 --port 换一个",
            f"port {port} is taken: the server may run already, or choose another one with --port",
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return UsageError(f"--host：{host} 不是本机的地址", f"--host: {host} is no address of this computer")
    reason = os_reason(error)
    return UsageError(f"无法监听 {host}:{port}（{reason.zh}）", f"{host}:{port} cannot be listened on ({reason.en})")


def serve(
    session: Session, settings: ServerSettings, types: "Mapping[str, RegisterType]", listening: socket.socket
) -> None:
    """Serve until SIGINT or SIGTERM: then new requests are turned away and running ones have some seconds to end.

    Raises
    ------
    UsageError
        When certificate or key cannot be read.
    ContentError
        When certificate and key are no pair, the folder of the server cannot be made, or register or workspace cannot
        be opened.
    """
    from zoning.web.app import create_app
    from zoning.web.operation.watching import log_to_stderr

    config = uvicorn.Config(
        "",  # the application comes below
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        h11_max_incomplete_event_size=_HEADER_BYTES,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        **_tls(settings),
    )
    log_to_stderr()
    logging.getLogger("uvicorn.error").addFilter(_quiet)
    config.app = create_app(_server(session, settings, types))
    _Uvicorn(config).run([listening])


def _server(session: Session, settings: ServerSettings, types: "Mapping[str, RegisterType]") -> "Server":
    from zoning.cli.register_opening import tell_upgrade
    from zoning.cli.warm import WarmCommands
    from zoning.registers.store import open_store
    from zoning.web.accounts.accounts import Accounts
    from zoning.web.app import parts
    from zoning.web.server import Server
    from zoning.web.workers.pool import Pool
    from zoning.workspace import Workspace

    def reopen() -> "tuple[Workspace, LayerSource]":
        opened = Workspace.open(settings.workspace)
        return opened, session.source(opened)

    _make_folder(settings.state)
    store = open_store(settings.register, types, create=True, files=settings.files)
    tell_upgrade(session, store)
    if Accounts(store.database).is_empty():
        session.say(
            Text(
                "还没有账号；在另一个终端执行 zoning account add 名称 --role admin --role reviewer "
                f"--workspace {settings.workspace} 建立第一个管理员",
                "there is no account yet: make the first administrator in another terminal with "
                f"zoning account add NAME --role admin --role reviewer --workspace {settings.workspace}",
            )
        )
    workspace, source = reopen()
    # Last: while workers warm up, the sign-in page is there already.
    parts()
    pool = Pool(settings.workspace, WarmCommands(), size=settings.processes)
    return Server(settings, store, pool, workspace, source, reopen)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = os_reason(error)
        raise ContentError(f"{folder}：无法建立（{reason.zh}）", f"{folder}: cannot be made ({reason.en})") from error


def _tls(settings: ServerSettings) -> dict[str, Any]:
    if settings.tls is None:
        return {}
    certificate, key = settings.tls
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise _bad_tls(certificate, key, error) from error
    return {"ssl_certfile": str(certificate), "ssl_keyfile": str(key)}


def _bad_tls(certificate: Path, key: Path, error: OSError) -> ZoningError:
    if isinstance(error, ssl.SSLError):
        return ContentError(
            f"{certificate} 与 {key} 不是一对 PEM 格式的证书和私钥",
            f"{certificate} and {key} are no certificate and key of one pair (PEM)",
        )
    reason = os_reason(error)
    return UsageError(f"证书或私钥无法读取（{reason.zh}）", f"certificate or key cannot be read ({reason.en})")


class _Uvicorn(uvicorn.Server):
    """Ends in peace: a signal that was obeyed is not raised once more."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin with threads enough: many of them only wait for the workers, and pages must not wait behind them."""
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        await super().startup(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let signals end the server while it runs."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, usual in before.items():
                signal.signal(number, usual)


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that lets go of clients who take too long over the head of a request.

    A body is timed by `zoning.web.headers`; without this, somebody could hold all connections by sending nothing.
    What it refuses itself has the same headers as every answer.
    """

    _late: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._most, self.limit_concurrency = self.limit_concurrency, None
        self._application = self.app

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on while the head is not whole."""
        is_crowded = self._most is not None and max(len(self.connections), len(self.tasks)) >= self._most
        self.app = crowded if is_crowded else self._application
        super().data_received(data)
        if self._is_answering():
            self._rest()
        else:
            self._wait()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, and close; an answer that has begun is only cut."""
        del msg
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers, body = bare_answer(400)
            for event in (h11.Response(status_code=400, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event))
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._rest()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(_HEADER_S, self.transport.close)

    def _rest(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def _quiet(record: logging.LogRecord) -> bool:
    # What clients get wrong is no news for the log of the office.
    return "Invalid HTTP request" not in str(record.msg)
