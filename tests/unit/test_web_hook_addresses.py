"""Where a message of a hook may go: never to what only the server reaches, unless an administrator said so."""

import socket
from ipaddress import ip_address

import pytest

from zoning.errors import UsageError
from zoning.web.hooks.address import Target, chosen, is_allowed, look_up, parse_target

TARGET = Target("https", "hook.example", 443, "/")


def resolving(*addresses: str) -> object:
    def found(host: str, port: int) -> list[str]:
        assert (host, port) == ("hook.example", 443)
        return list(addresses)

    return found


PUBLIC = [
    "93.184.216.34",
    "1.1.1.1",
    "126.255.255.255",
    "128.0.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.167.255.255",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "2606:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",  # NAT64 of 1.1.1.1
    "2002:101:101::1",  # 6to4 of 1.1.1.1
]
OWN = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",  # metadata of clouds
    "100.64.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "240.0.0.1",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:c0a8:101::5",
]
NEVER = [
    "0.0.0.0",  # noqa: S104 - is refused
    "255.255.255.255",
    "224.0.0.1",
    "239.255.255.255",
    "::",
    "ff02::1",
    "::ffff:0.0.0.0",
    "::ffff:255.255.255.255",
    "::ffff:224.0.0.1",
    "64:ff9b::",
    "64:ff9b::ffff:ffff",
    "64:ff9b::e000:1",
    "2002::1",
    "2002:ffff:ffff::",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_reached(address: str) -> None:
    assert is_allowed(ip_address(address), private=False)
    assert is_allowed(ip_address(address), private=True)


@pytest.mark.parametrize("address", OWN)
def test_an_own_address_may_be_reached_where_it_is_allowed(address: str) -> None:
    assert not is_allowed(ip_address(address), private=False)
    assert is_allowed(ip_address(address), private=True)


@pytest.mark.parametrize("address", NEVER)
def test_an_address_of_nobody_or_of_all_is_never_reached(address: str) -> None:
    assert not is_allowed(ip_address(address), private=False)
    assert not is_allowed(ip_address(address), private=True)


def test_the_first_of_good_addresses_is_taken() -> None:
    found = chosen(TARGET, private=False, look_up=resolving("1.1.1.1", "93.184.216.34"))  # type: ignore[arg-type]  # stands for a resolver
    assert found == "1.1.1.1"


@pytest.mark.parametrize("addresses", [("10.0.0.1",), ("1.1.1.1", "10.0.0.1"), ("10.0.0.1", "1.1.1.1")])
def test_one_bad_address_of_a_name_is_enough_to_refuse_it(addresses: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(TARGET, private=False, look_up=resolving(*addresses))  # type: ignore[arg-type]  # stands for a resolver
    assert caught.value.text.zh.startswith("hook.example 指向 10.0.0.1，不在公网；请管理员在此地址的设置中允许内网")
    assert caught.value.text.en.startswith("hook.example is 10.0.0.1, which is not on the public network")


def test_an_administrator_may_allow_the_own_network() -> None:
    allowed = chosen(TARGET, private=True, look_up=resolving("10.0.0.1", "1.1.1.1"))  # type: ignore[arg-type]  # stands for a resolver
    assert allowed == "10.0.0.1"
    with pytest.raises(UsageError, match=r"224\.0\.0\.1"):
        chosen(TARGET, private=True, look_up=resolving("10.0.0.1", "224.0.0.1"))  # type: ignore[arg-type]  # stands for a resolver


@pytest.mark.parametrize("error", [OSError(-2, "unknown"), socket.gaierror(), UnicodeError("label too long"), None])
def test_a_name_that_nobody_knows_is_said(error: Exception | None) -> None:
    def unknown(host: str, port: int) -> list[str]:
        del host, port
        if error is not None:
            raise error
        return []

    with pytest.raises(UsageError) as caught:
        chosen(TARGET, private=True, look_up=unknown)
    assert caught.value.text.zh == "找不到主机 hook.example"
    assert caught.value.text.en == "the host hook.example is not known"


def test_addresses_come_once_in_the_order_of_the_system_without_their_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [("fe80::1%eth0", 443, 0, 2), ("10.0.0.2", 443), ("fe80::1%eth1", 443, 0, 3), ("10.0.0.1", 443)]

    def found(host: str, port: int, *, type: int) -> list[tuple[object, ...]]:  # noqa: A002 - as the system calls it
        assert (host, port, type) == ("hook.example", 443, socket.SOCK_STREAM)
        return [(2, 1, 6, "", entry) for entry in entries]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert look_up("hook.example", 443) == ["fe80::1", "10.0.0.2", "10.0.0.1"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook.example",
        "ftp://hook.example/",
        "https://",
        "https:///path",
        "https://hook.example:0/",
        "https://hook.example:65536/",
        "https://hook.example:x/",
        "https://hook.example/#here",
        "https://hook.example/a b",
        "https://hook.example\\@evil.example/",
        "https://规划.example/",
        "https://hook.example/\x07",
        "https://[::1/",
    ],
)
def test_what_is_no_whole_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_target(url)
    assert caught.value.text.zh == "请写完整的地址，如 https://example.org/hook"
    assert caught.value.text.en == "write a whole address such as https://example.org/hook"


@pytest.mark.parametrize(
    "url",
    ["https://a@hook.example/", "https://a:b@hook.example/", "https://:b@hook.example/", "https://@hook.example/"],
)
def test_names_and_passwords_are_refused_as_such(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_target(url)
    assert caught.value.text.zh == "地址中不能写用户名和密码"
