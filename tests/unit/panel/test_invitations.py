"""Who is told of a meeting for their calendar: everybody with a seat, once for each thing that changed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.invitations import HORIZON, Entry, Told, is_told_of, whom_to_tell

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
PEOPLE = [UUID(int=number) for number in range(6)]

some_people = st.sets(st.sampled_from(PEOPLE))
an_entry = st.builds(
    lambda days, place, link: Entry(NOW + timedelta(days=days), NOW + timedelta(days=days, hours=3), place, link),
    st.integers(1, 4),
    st.sampled_from(["Room 3", "Room 5"]),
    st.sampled_from(["", "https://meet.example"]),
)
somebody_was_told = st.dictionaries(st.sampled_from(PEOPLE), st.builds(Told, an_entry, st.booleans()))


def after(entry: Entry | None, seated: set[UUID], told: dict[UUID, Told]) -> dict[UUID, Told]:
    telling = whom_to_tell(entry, seated, told)
    told = dict(told)
    for person in telling.invited | telling.changed:
        assert entry is not None
        told[person] = Told(entry, is_withdrawn=False)
    for person in telling.withdrawn:
        told[person] = Told(told[person].entry, is_withdrawn=True)
    return told


@given(st.none() | an_entry, some_people, somebody_was_told)
def test_afterwards_those_with_a_seat_know_the_meeting_as_it_is_and_nobody_else_has_it(
    entry: Entry | None, seated: set[UUID], told: dict[UUID, Told]
) -> None:
    now = after(entry, seated, told)
    have_it = {person: last.entry for person, last in now.items() if not last.is_withdrawn}
    assert have_it == ({} if entry is None else dict.fromkeys(seated, entry))


@given(st.none() | an_entry, some_people, somebody_was_told)
def test_nobody_is_told_the_same_twice(entry: Entry | None, seated: set[UUID], told: dict[UUID, Told]) -> None:
    again = whom_to_tell(entry, seated, after(entry, seated, told))
    assert not again.invited | again.changed | again.withdrawn


@given(st.none() | an_entry, some_people, somebody_was_told)
def test_each_person_is_told_one_thing_at_the_most(
    entry: Entry | None, seated: set[UUID], told: dict[UUID, Told]
) -> None:
    telling = whom_to_tell(entry, seated, told)
    everybody = [*telling.invited, *telling.changed, *telling.withdrawn]
    assert len(set(everybody)) == len(everybody)


@pytest.mark.parametrize(
    ("starts_at", "is_set_singly", "is_told"),
    [
        (NOW + HORIZON, False, True),
        (NOW + HORIZON + timedelta(minutes=1), False, False),
        (NOW + HORIZON + timedelta(minutes=1), True, True),
        (NOW, True, False),
    ],
)
def test_people_hear_of_a_meeting_eight_weeks_before_and_at_once_when_it_was_set_by_hand(
    starts_at: datetime, is_set_singly: bool, is_told: bool
) -> None:
    assert is_told_of(starts_at, is_set_singly=is_set_singly, now=NOW) is is_told
