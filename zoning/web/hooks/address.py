"""Where a message may go: the name is looked up once, the address is judged, and that address is connected to.

Otherwise a hook could be used to reach what only the server reaches: its own ports, the cloud's metadata, a printer.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from zoning.errors import UsageError

_LONGEST = 500
_NAT64: Final = 0x64FF9B << 96
_6TO4: Final = 0x2002
_PORTS: Final = {"http": 80, "https": 443}

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of the address of a hook."""

    scheme: str
    host: str
    port: int
    path: str


def parse_target(url: str) -> Target:
    """Return the parts of an http(s) address.

    Raises
    ------
    UsageError
        For another scheme, for names and passwords in the address, for a fragment, for what is no address.
    """
    text = url.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _no_address() from None
    host = parts.hostname or ""
    plain = text.isascii() and text.isprintable() and " " not in text and "\\" not in text and len(text) <= _LONGEST
    if not plain or parts.scheme not in _PORTS or not host or port == 0 or parts.fragment:
        raise _no_address()
    if parts.username is not None or parts.password is not None:
        raise UsageError("地址中不能写用户名和密码", "the address must not hold a name or password")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path)


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the order of the system."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def chosen(target: Target, *, private: bool, look_up: LookUp = look_up) -> str:
    """Return the one address that is connected to.

    Parameters
    ----------
    private
        Whether the administrator allowed addresses of the own network and of this computer.

    Raises
    ------
    UsageError
        When the name is unknown, or an address that it stands for is not allowed: all of them are looked at, so that
        a name with one good and one bad address is no way in.
    """
    try:
        addresses = look_up(target.host, target.port)
    except (OSError, UnicodeError):
        addresses = []
    if not addresses:
        raise UsageError(f"找不到主机 {target.host}", f"the host {target.host} is not known")
    for text in addresses:
        if not is_allowed(ip_address(text), private=private):
            raise UsageError(
                f"{target.host} 指向 {text}，不在公网；请管理员在此地址的设置中允许内网，或换用其他地址",
                f"{target.host} is {text}, which is not on the public network: allow private addresses in the "
                "settings of this hook, or use another address",
            )
    return addresses[0]


def is_allowed(address: Address, *, private: bool) -> bool:
    """Tell whether a message may go to an address.

    >>> is_allowed(ip_address("93.184.216.34"), private=False), is_allowed(ip_address("::ffff:10.0.0.1"), private=False)
    (True, False)
    """
    inner = _inside(address)
    if inner.is_multicast or inner.is_unspecified or inner == IPv4Address("255.255.255.255"):
        return False
    return private or (inner.is_global and not inner.is_reserved)


def _inside(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address carries, where it carries one."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    number = int(address)
    if number >> 32 == _NAT64 >> 32:
        return IPv4Address(number & 0xFFFFFFFF)
    if number >> 112 == _6TO4:
        return IPv4Address((number >> 80) & 0xFFFFFFFF)
    return address


def _no_address() -> UsageError:
    return UsageError(
        "请写完整的地址，如 https://example.org/hook", "write a whole address such as https://example.org/hook"
    )
