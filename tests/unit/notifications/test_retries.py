"""When a message is tried again."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.rules.retries import wait_after_failure, wait_for_neighbour


def test_a_failed_attempt_is_followed_by_longer_and_longer_waits_and_then_none() -> None:
    waits = [wait_after_failure(attempt) for attempt in range(1, 8)]
    assert waits[:5] == [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
    assert waits[5:] == [None, None]


@given(st.integers(0, 10**9))
def test_a_neighbour_that_is_away_is_asked_again_for_ever_and_at_least_every_five_minutes(waits: int) -> None:
    assert timedelta(0) < wait_for_neighbour(waits) <= timedelta(minutes=5)
    assert wait_for_neighbour(waits) <= wait_for_neighbour(waits + 1)
