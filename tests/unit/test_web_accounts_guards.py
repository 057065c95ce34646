"""What the server remembers while it runs: passwords being verified, bytes of the day, marks of browsers."""

import asyncio
import hashlib
import hmac
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from zoning.errors import UsageError
from zoning.web.accounts.devices import device_mark, known_device, secret_of
from zoning.web.accounts.guards import Guards, Verifier, Volumes
from zoning.web.accounts.passwords import SHORTEST, fits, hashed
from zoning.web.refusals import Refused

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
SECRET = b"s" * 32


@pytest.fixture(scope="module")
def kept() -> str:
    """Return the hash of a password as the server keeps it."""
    return hashed("three mountains")


def test_a_password_is_kept_as_rfc_9106_recommends(kept: str) -> None:
    # Second recommended option: Argon2id, 64 MiB, 3 passes, 16 bytes of salt, 32 bytes of tag; one lane.
    _, kind, version, cost, salt, tag = kept.split("$")
    assert (kind, version, cost) == ("argon2id", "v=19", "m=65536,t=3,p=1")
    assert (len(salt), len(tag)) == (22, 43)


@pytest.mark.parametrize(
    ("password", "answer"),
    [("three mountains", True), ("Three mountains", False), ("three mountains ", False), ("", False)],
)
def test_only_the_same_password_fits(kept: str, password: str, answer: bool) -> None:
    assert fits(kept, password) is answer


@pytest.mark.parametrize("told", ["", "plain", "$argon2id$v=19$broken"])
def test_where_there_is_no_hash_nothing_fits(told: str) -> None:
    # The password whose hash is verified in the place of a missing one: it takes as long, and is nobody's.
    assert fits(told, "nobody has this password") is False


@pytest.mark.parametrize("password", ["", "123456789", "a" * 10, "ababababab", "abcabcabca", "山" * 20])
def test_passwords_that_are_too_easy_are_refused(password: str) -> None:
    with pytest.raises(UsageError) as caught:
        hashed(password)
    assert caught.value.text.plain() == {
        "zh": "密码至少 10 个字符，且不能是重复的同一字符",
        "en": "a password has at least 10 characters, and not the same one again and again",
    }
    assert SHORTEST == 10


@pytest.mark.parametrize("password", ["abcdabcdab", "山水林田湖草沙冰雪木"])
def test_ten_characters_of_four_kinds_are_enough(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("zoning.web.accounts.passwords._hasher", lambda: quick)
    assert fits(hashed(password), password)


def test_a_verification_returns_what_it_found_and_is_done_in_another_thread() -> None:
    async def ask() -> tuple[str, str]:
        return await Verifier().run(lambda: ("found", threading.current_thread().name))

    found, thread = asyncio.run(ask())
    assert found == "found"
    assert thread.startswith("zoning-password")


def test_a_verification_that_fails_gives_its_place_to_another() -> None:
    def fails() -> None:
        raise ValueError("broken")

    async def ask() -> list[str]:
        verifier = Verifier()
        told = []
        for _ in range(45):
            with pytest.raises(ValueError, match="broken"):
                await verifier.run(fails)
        told.append(await verifier.run(lambda: "done"))
        return told

    assert asyncio.run(ask()) == ["done"]


def test_two_are_verified_at_once_and_the_forty_first_is_asked_to_come_again() -> None:
    gate, running, most = threading.Event(), [0], [0]
    lock = threading.Lock()

    def work() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        gate.wait(30)
        with lock:
            running[0] -= 1

    async def ask() -> Refused:
        verifier = Verifier()
        waiting = [asyncio.ensure_future(verifier.run(work)) for _ in range(40)]
        await asyncio.sleep(0)
        with pytest.raises(Refused) as caught:
            await verifier.run(work)
        gate.set()
        await asyncio.gather(*waiting)
        await verifier.run(work)
        return caught.value

    refused = asyncio.run(ask())
    assert (refused.status, refused.headers) == (503, {"Retry-After": "5"})
    assert refused.text.zh == "登录请求过多，请稍后再试"
    assert refused.text.en == "too many people sign in at this moment: try again shortly"
    assert most == [2]


def never() -> int:
    raise AssertionError("was counted already")


def counting(size: int) -> Callable[[], int]:
    return lambda: size


def test_what_was_kept_before_is_counted_once_a_day() -> None:
    volumes = Volumes()
    assert volumes.used("zhang", MONDAY, counting(700)) == 700
    assert volumes.used("zhang", MONDAY, never) == 700


def test_what_comes_is_added_to_its_account() -> None:
    volumes = Volumes()
    volumes.used("zhang", MONDAY, counting(700))
    volumes.used("li", MONDAY, counting(0))
    volumes.add("zhang", 50)
    volumes.add("zhang", 1)
    assert volumes.used("zhang", MONDAY, never) == 751
    assert volumes.used("li", MONDAY, never) == 0


def test_what_comes_before_an_account_was_counted_is_left_to_the_count() -> None:
    volumes = Volumes()
    volumes.add("zhang", 50)
    assert volumes.used("zhang", MONDAY, counting(50)) == 50


def test_another_day_begins_at_what_was_kept_on_it() -> None:
    volumes = Volumes()
    volumes.used("zhang", MONDAY, counting(700))
    volumes.add("zhang", 50)
    assert volumes.used("zhang", TUESDAY, counting(3)) == 3
    volumes.add("zhang", 4)
    assert volumes.used("zhang", TUESDAY, never) == 7


def test_two_that_count_at_the_same_time_agree() -> None:
    volumes = Volumes()

    def count_while_another_does() -> int:
        assert volumes.used("zhang", MONDAY, counting(700)) == 700
        volumes.add("zhang", 9)
        return 700

    assert volumes.used("zhang", MONDAY, count_while_another_does) == 709


def test_guards_of_two_servers_remember_apart() -> None:
    one, other = Guards(), Guards()
    one.volumes.used("zhang", MONDAY, counting(5))
    assert other.volumes.used("zhang", MONDAY, counting(6)) == 6
    assert one.started is not other.started
    assert one.provider is None


def test_a_secret_is_made_once_with_its_rights_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    made = secret_of(tmp_path, "device")
    assert len(made) == 32
    assert secret_of(tmp_path, "device") == made == (tmp_path / "device").read_bytes()
    assert (tmp_path / "device").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["device"]


def test_secrets_of_two_names_differ(tmp_path: Path) -> None:
    assert secret_of(tmp_path, "device") != secret_of(tmp_path, "other")


def test_all_who_make_a_secret_at_the_same_time_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda _: secret_of(tmp_path, "device"), range(24)))
    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["device"]


def test_whoever_was_first_has_made_the_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "device").write_bytes(b"made by another process")
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert secret_of(tmp_path, "device") == b"made by another process"
    assert [path.name for path in tmp_path.iterdir()] == ["device"]


def test_a_mark_is_a_number_of_chance_and_its_signature_for_the_account() -> None:
    mark = device_mark(SECRET, "张三")
    number, _, sign = mark.partition(".")
    assert sign == hmac.new(SECRET, f"device\n张三\n{number}".encode(), hashlib.sha256).hexdigest()
    assert len(number) == 22  # 16 bytes
    assert known_device(SECRET, "张三", mark) == number
    assert device_mark(SECRET, "张三") != mark


@pytest.mark.parametrize("mark", ["", ".", "x", "x.", "x.y", "x.é", ".abc", "张.三"])
def test_what_is_no_mark_is_no_known_browser(mark: str) -> None:
    assert known_device(SECRET, "zhang", mark) == ""


def test_a_mark_of_another_account_or_secret_is_no_known_browser() -> None:
    mark = device_mark(SECRET, "zhang")
    assert known_device(SECRET, "zhan", mark) == ""
    assert known_device(SECRET, "li", mark) == ""
    assert known_device(b"t" * 32, "zhang", mark) == ""
    assert known_device(SECRET, "zhang", mark[:-1]) == ""
    assert known_device(SECRET, "zhang", "x" + mark) == ""


def test_a_signature_without_a_number_is_no_mark() -> None:
    sign = hmac.new(SECRET, b"device\nzhang\n", hashlib.sha256).hexdigest()
    assert known_device(SECRET, "zhang", f".{sign}") == ""
