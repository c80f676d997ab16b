from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules.sign_in import WINDOW, local_path, may_try_again_at, minutes_until, network_of

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
_lists_of_failures = st.lists(
    st.integers(0, 40 * 60).map(lambda seconds: NOON - timedelta(seconds=seconds)), max_size=12
)


def failures(*minutes_ago: int) -> list[datetime]:
    return [NOON - timedelta(minutes=minutes) for minutes in minutes_ago]


def test_the_fifth_failure_makes_the_next_try_wait() -> None:
    assert may_try_again_at(failures(4, 3, 2, 1), 5, now=NOON) is None
    assert may_try_again_at(failures(5, 4, 3, 2, 1), 5, now=NOON) == NOON + timedelta(minutes=10)


def test_failures_of_a_quarter_of_an_hour_ago_are_forgiven() -> None:
    assert may_try_again_at(failures(15, 4, 3, 2, 1), 5, now=NOON) is None


@given(_lists_of_failures, st.integers(1, 6))
def test_at_the_moment_that_was_told_the_next_try_is_allowed_and_not_before(at: list[datetime], most: int) -> None:
    again_at = may_try_again_at(at, most, now=NOON)
    if again_at is None:
        return
    assert NOON < again_at <= NOON + WINDOW
    assert may_try_again_at(at, most, now=again_at) is None
    assert may_try_again_at(at, most, now=again_at - timedelta(seconds=1)) is not None


@pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (60, 1), (61, 2), (900, 15), (0, 1)])
def test_the_wait_is_told_in_whole_minutes_rounded_up(seconds: int, minutes: int) -> None:
    assert minutes_until(NOON + timedelta(seconds=seconds), now=NOON) == minutes


def test_an_address_counts_as_itself_and_ipv6_as_its_network() -> None:
    assert network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert network_of("") == "unknown"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "/panel\r\nSet-Cookie: a=b",
        " //evil.example",
        "",
        "/" + "a" * 3000,
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(elsewhere: str) -> None:
    assert local_path(elsewhere, otherwise="/directory/") == "/directory/"


@pytest.mark.parametrize("here", ["/panel/meetings", "/panel/meetings?from=2026-11-02&to=2026-12-01", "/"])
def test_a_path_of_this_site_is_kept(here: str) -> None:
    assert local_path(here, otherwise="/directory/") == here
