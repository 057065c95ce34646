"""Sends one message: one connection to one judged address, no redirect followed, not for longer than stated."""

import http.client
import socket
import ssl
import threading
from dataclasses import dataclass

from zoning.errors import UsageError
from zoning.version import __version__
from zoning.web.hooks.address import LookUp, chosen, look_up, parse_target
from zoning.web.hooks.signature import signature

CONNECT_S = 5.0
WHOLE_S = 15.0
_READ = 300  # bytes of the answer that are kept, for the administrator
_GOOD = range(200, 300)


@dataclass(frozen=True, slots=True)
class Result:
    """What the other side said: `status` is 0 where it said nothing."""

    status: int
    answer: str

    @property
    def is_good(self) -> bool:
        """Whether it has taken the message."""
        return self.status in _GOOD


class _Plain(http.client.HTTPConnection):
    """A connection to an address that was judged; the name stands in the header only."""

    address = ""

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _Secure(http.client.HTTPSConnection):
    """The same with TLS: the certificate has to be that of the name."""

    address = ""

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        try:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _headers(message: str, timestamp: int, signed: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"zoning/{__version__}",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
        "Connection": "close",
    }


def send(
    url: str,
    secret: str,
    message: str,
    body: str,
    *,
    timestamp: int,
    private: bool,
    look_up: LookUp = look_up,
    whole_s: float = WHOLE_S,
) -> Result:
    """Send a message; whatever goes wrong is told, never raised.

    Parameters
    ----------
    timestamp
        Seconds since 1970.
    private
        See `zoning.web.hooks.address.chosen`.
    whole_s
        After so many seconds the connection is cut, however slowly the other side answers.
    """
    data = body.encode("utf-8")
    try:
        target = parse_target(url)
        address = chosen(target, private=private, look_up=look_up)
    except UsageError as error:
        return Result(0, error.text.zh)
    kind = _Secure if target.scheme == "https" else _Plain
    connection = kind(target.host, target.port, timeout=CONNECT_S)
    connection.address = address
    headers = _headers(message, timestamp, signature(secret, message, timestamp, data))
    cut = threading.Timer(whole_s, _cut, [connection])
    cut.daemon = True
    cut.start()
    try:
        connection.request("POST", target.path, data, headers)
        answer = connection.getresponse()
        text = answer.read(_READ).decode("utf-8", "replace")
        return Result(answer.status, f"{answer.status} {_line(text)}".strip())
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Result(0, f"{type(error).__name__}: {_line(str(error))}")
    finally:
        cut.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    held = connection.sock
    if held is not None:
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_READ]
