"""Ids of messages: UUIDs of version 7, in the order of time, each of them new."""

from datetime import datetime
from uuid import RFC_4122

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.message_ids import new_message_id

MOMENTS = st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9999, 12, 30))


def made_at(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return new_message_id().int


def test_it_is_a_uuid_of_version_seven() -> None:
    made = new_message_id()
    assert (made.version, made.variant) == (7, RFC_4122)


@given(MOMENTS, MOMENTS)
def test_the_later_one_is_the_greater(one: datetime, other: datetime) -> None:
    earlier, later = sorted((one.replace(microsecond=0), other.replace(microsecond=0)))
    if earlier != later:
        assert made_at(earlier) < made_at(later)


def test_many_of_one_moment_are_all_new() -> None:
    with time_machine.travel(datetime(2026, 11, 2, 9), tick=False):
        assert len({new_message_id() for _ in range(10_000)}) == 10_000
