"""Attempts to sign in: figures of the waits are worked by hand, the clock is made."""

import pytest

from zoning.web.accounts.rates import ACCOUNT, CLIENT, PAIR, Attempts, Limit, keys_of

TWO_FREE = Limit(free=2, first_s=10.0, longest_s=35.0)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(clock: Clock) -> Attempts:
    return Attempts(clock)


def test_an_unknown_browser_is_counted_with_its_address_and_the_account_and_apart() -> None:
    assert keys_of("zhang", "10.0.0.7", "") == {
        "pair:10.0.0.7|zhang": PAIR,
        "client:10.0.0.7": CLIENT,
        "account:zhang": ACCOUNT,
    }


def test_a_known_browser_is_counted_alone() -> None:
    assert keys_of("zhang", "10.0.0.7", "abc") == {"device:abc": PAIR}


def test_the_limits_that_are_promised() -> None:
    assert Limit(5, 2.0, 900.0) == PAIR
    assert Limit(30, 2.0, 900.0) == CLIENT
    assert Limit(10, 2.0, 60.0) == ACCOUNT


def test_nothing_to_count_is_never_waited_for(attempts: Attempts) -> None:
    assert attempts.begin({}) == 0.0


def test_waits_double_from_the_first_to_the_longest(attempts: Attempts, clock: Clock) -> None:
    waits = []
    for _ in range(6):
        wait = attempts.begin({"a": TWO_FREE})
        waits.append(wait)
        clock.now += wait
        if wait:
            assert attempts.begin({"a": TWO_FREE}) == 0.0
    assert waits == [0.0, 0.0, 10.0, 20.0, 35.0, 35.0]


def test_who_asks_while_waiting_is_told_the_rest_and_does_not_wait_longer(attempts: Attempts, clock: Clock) -> None:
    for _ in range(2):
        attempts.begin({"a": TWO_FREE})
    told = []
    for _ in range(4):
        clock.now += 2.5
        told.append(attempts.begin({"a": TWO_FREE}))
    assert told == [7.5, 5.0, 2.5, 0.0]


def test_the_longest_of_several_waits_is_told(attempts: Attempts) -> None:
    strict, mild = Limit(1, 50.0, 50.0), Limit(1, 5.0, 5.0)
    assert attempts.begin({"a": strict, "b": mild}) == 0.0
    assert attempts.begin({"a": strict, "b": mild}) == 50.0
    assert attempts.begin({"b": mild}) == 5.0
    assert attempts.begin({"c": mild}) == 0.0


def test_an_attempt_that_has_to_wait_for_one_key_is_counted_under_none(attempts: Attempts) -> None:
    once = Limit(1, 5.0, 5.0)
    attempts.begin({"a": once})
    assert attempts.begin({"a": once, "b": once}) == 5.0
    assert attempts.begin({"b": once}) == 0.0


def test_success_forgets_an_account_and_a_device(attempts: Attempts) -> None:
    keys = {"account:zhang": TWO_FREE, "device:x": TWO_FREE}
    for _ in range(2):
        attempts.begin(keys)
    assert attempts.begin(keys) > 0
    attempts.succeeded(keys)
    assert [attempts.begin(keys) for _ in range(2)] == [0.0, 0.0]
    assert attempts.begin(keys) == 10.0


def test_success_forgets_of_an_address_only_that_attempt(attempts: Attempts) -> None:
    key = {"client:10.0.0.7": Limit(3, 10.0, 10.0)}
    for _ in range(2):
        attempts.begin(key)
    attempts.begin(key)
    attempts.succeeded(key)  # two failures are left
    assert attempts.begin(key) == 0.0
    assert attempts.begin(key) == 10.0


def test_an_address_whose_only_attempt_succeeded_is_forgotten(attempts: Attempts) -> None:
    key = {"client:10.0.0.7": Limit(1, 10.0, 10.0)}
    for _ in range(5):
        assert attempts.begin(key) == 0.0
        attempts.succeeded(key)


def test_success_of_what_was_never_counted_changes_nothing(attempts: Attempts) -> None:
    attempts.succeeded(keys_of("zhang", "10.0.0.7", ""))
    assert attempts.begin(keys_of("zhang", "10.0.0.7", "")) == 0.0


def test_success_leaves_the_moment_of_the_failures_before(attempts: Attempts, clock: Clock) -> None:
    key = {"client:10.0.0.7": Limit(1, 10.0, 10.0)}
    attempts.begin(key)
    clock.now += 10.0
    attempts.begin(key)
    clock.now += 4.0
    attempts.succeeded(key)
    assert attempts.begin(key) == 6.0


@pytest.mark.parametrize(("quiet_s", "wait"), [(3599.0, 1401.0), (3601.0, 0.0)])
def test_failures_are_forgotten_after_an_hour(attempts: Attempts, clock: Clock, quiet_s: float, wait: float) -> None:
    long = Limit(1, 5000.0, 5000.0)
    attempts.begin({"a": long})
    clock.now += quiet_s
    # The waits of the limits are shorter; a longer one is made here to see that the hour ends it.
    assert attempts.begin({"a": long}) == wait


def test_after_an_hour_of_quiet_counting_begins_anew(attempts: Attempts, clock: Clock) -> None:
    for _ in range(2):
        attempts.begin({"a": TWO_FREE})
    clock.now += 3600.0
    assert [attempts.begin({"a": TWO_FREE}) for _ in range(3)] == [0.0, 0.0, 10.0]


def test_a_little_less_than_an_hour_of_quiet_forgets_nothing(attempts: Attempts, clock: Clock) -> None:
    for _ in range(2):
        attempts.begin({"a": TWO_FREE})
    clock.now += 3599.0
    assert attempts.begin({"a": TWO_FREE}) == 0.0
    assert attempts.begin({"a": TWO_FREE}) == 20.0


def test_hundreds_of_failures_make_no_number_too_large(attempts: Attempts, clock: Clock) -> None:
    endless = Limit(0, 1e-9, 1e9)
    for _ in range(1200):
        clock.now += attempts.begin({"a": endless})
        attempts.begin({"a": endless})
    assert attempts.begin({"a": endless}) == pytest.approx(1e-9 * 2**20)


def test_of_very_many_keys_those_that_were_tried_longest_ago_are_forgotten(attempts: Attempts) -> None:
    once = Limit(1, 5.0, 5.0)
    attempts.begin({"first": once})
    attempts.begin({"second": once})
    attempts.begin({f"key{number}": once for number in range(99_999)})
    assert attempts.begin({"second": once}) == 5.0
    assert attempts.begin({"first": once}) == 0.0


def test_a_key_that_is_tried_again_is_among_the_latest(attempts: Attempts, clock: Clock) -> None:
    attempts.begin({"first": TWO_FREE})
    attempts.begin({"second": TWO_FREE})
    clock.now += 1.0
    attempts.begin({"first": TWO_FREE})
    attempts.begin({f"key{number}": TWO_FREE for number in range(99_999)})
    assert attempts.begin({"first": TWO_FREE}) == 10.0
