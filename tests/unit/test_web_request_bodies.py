"""The body of a request: neither longer nor slower than allowed."""

import asyncio
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from zoning.texts import Text
from zoning.web import headers
from zoning.web.headers import Body
from zoning.web.refusals import Refused

Message = dict[str, Any]


def piece(size: int, *, is_last: bool = False) -> Message:
    return {"type": "http.request", "body": b"x" * size, "more_body": not is_last}


def body_of(messages: Iterable[Message], most: int, declared: int | None = None) -> Body:
    coming = iter(messages)

    async def receive() -> Message:
        return next(coming)

    return Body(receive, most, declared)


def received(body: Body) -> int:
    """Receive to the end; return how many messages came."""

    async def read() -> int:
        count = 1
        while (await body.receive()).get("more_body", False):
            count += 1
        return count

    return asyncio.run(read())


def refused(body: Body) -> Refused:
    with pytest.raises(Refused) as caught:
        received(body)
    return caught.value


def test_a_body_within_its_limit_comes_through_and_is_counted() -> None:
    body = body_of([piece(40), piece(60, is_last=True)], 100)
    assert received(body) == 2
    assert body.got == 100


@pytest.mark.parametrize("sizes", [[101], [100, 1], [50, 50, 1]])
def test_one_byte_more_than_the_limit_is_refused(sizes: list[int]) -> None:
    error = refused(body_of([piece(size) for size in sizes], 100))
    assert error.status == 413
    # What still comes is not waited for.
    assert error.headers == {"Connection": "close"}


@pytest.mark.parametrize(
    ("most", "size"),
    [(900, "1 kB"), (65_536, "66 kB"), (999_999, "1,000 kB"), (1_000_000, "1 MB"), (200_000_000, "200 MB")],
)
def test_the_limit_is_told_with_its_figure(most: int, size: str) -> None:
    error = refused(body_of([], most, declared=most + 1))
    assert error.text.zh == f"内容超过上限 {size}，没有读取"
    assert error.text.en == f"more than the limit of {size}: it was not read"


@pytest.mark.parametrize(("declared", "is_refused"), [(100, False), (101, True), (None, False), (0, False)])
def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(declared: int | None, is_refused: bool) -> None:
    body = body_of([piece(10, is_last=True)], 100, declared)
    if is_refused:
        assert refused(body).status == 413
    else:
        assert received(body) == 1
    assert body.got == (0 if is_refused else 10)


def test_what_is_said_of_the_length_does_not_let_more_in() -> None:
    assert refused(body_of([piece(101, is_last=True)], 100, declared=5)).status == 413


def test_a_smaller_limit_replaces_the_larger_one_with_its_reason() -> None:
    body = body_of([piece(51, is_last=True)], 100)
    why = Text("今日上传量已满", "the limit of the day")
    body.at_most(50, why)
    assert refused(body).text == why


@pytest.mark.parametrize("more", [100, 101, 5000])
def test_a_limit_never_grows_and_keeps_its_reason(more: int) -> None:
    body = body_of([piece(101, is_last=True)], 100)
    body.at_most(more, Text("另一原因", "another reason"))
    assert refused(body).text.en == "more than the limit of 0 kB: it was not read"


def test_the_smallest_of_several_limits_holds() -> None:
    body = body_of([piece(21, is_last=True)], 100)
    body.at_most(20, Text("小", "small"))
    body.at_most(60, Text("大", "large"))
    assert refused(body).text.en == "small"


def test_a_client_that_sends_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "_PIECE_S", 0.001)

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    error = refused(Body(never, 100, None))
    assert (error.status, error.headers) == (408, {"Connection": "close"})
    assert error.text.zh == "上传太慢，已中止，没有保存"
    assert error.text.en == "the upload was too slow and was ended; nothing was kept"


class SlowClient:
    """Sends pieces, each so many seconds after the one before, by a clock that is made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, pieces: Iterable[Message], seconds_each: float) -> None:
        self._now = 0.0
        self._pieces = iter(pieces)
        self._each = seconds_each
        loop = SimpleNamespace(time=lambda: self._now)
        clocked = SimpleNamespace(get_running_loop=lambda: loop, wait_for=asyncio.wait_for)
        monkeypatch.setattr(headers, "asyncio", clocked)

    async def receive(self) -> Message:
        self._now += self._each
        return next(self._pieces)


@pytest.mark.parametrize(
    ("sizes", "seconds_each"),
    [
        # 10,000 bytes a second are asked for, after the first 20 seconds.
        ([249_999], 25.0),
        ([1], 20.001),
        ([500_000, 499_999], 50.0),
        ([150_000, 150_000, 50_000], 15.0),
    ],
)
def test_a_body_that_only_drips_is_let_go(
    monkeypatch: pytest.MonkeyPatch, sizes: list[int], seconds_each: float
) -> None:
    client = SlowClient(monkeypatch, map(piece, [*sizes, 1]), seconds_each)
    assert refused(Body(client.receive, 10_000_000, None)).status == 408


@pytest.mark.parametrize(
    ("sizes", "seconds_each"),
    [([250_000, 250_000], 25.0), ([1], 20.0), ([500_000, 500_000], 50.0), ([0, 0, 600_000], 10.0)],
)
def test_a_body_that_comes_fast_enough_is_taken(
    monkeypatch: pytest.MonkeyPatch, sizes: list[int], seconds_each: float
) -> None:
    client = SlowClient(monkeypatch, [*map(piece, sizes), piece(0, is_last=True)], seconds_each)
    assert received(Body(client.receive, 10_000_000, None)) == len(sizes) + 1


def test_the_last_piece_may_come_late(monkeypatch: pytest.MonkeyPatch) -> None:
    client = SlowClient(monkeypatch, [piece(1, is_last=True)], 1000.0)
    assert received(Body(client.receive, 100, None)) == 1


def test_after_its_end_a_body_may_be_waited_for_without_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "_PIECE_S", 0.001)

    async def receive_twice() -> list[str]:
        left = asyncio.Event()
        told = iter([piece(1, is_last=True), {"type": "http.disconnect"}])

        async def receive() -> Message:
            message = next(told)
            if message["type"] == "http.disconnect":
                asyncio.get_running_loop().call_later(0.01, left.set)
                await left.wait()
            return message

        body = Body(receive, 100, None)
        return [(await body.receive())["type"] for _ in range(2)]

    assert asyncio.run(receive_twice()) == ["http.request", "http.disconnect"]
