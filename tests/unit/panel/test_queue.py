"""Which meeting a family goes to, and in which order families are heard."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.agenda import sees_families_before_closing
from services.panel.rules.queue import (
    URGENCIES,
    WHY,
    MeetingPlaces,
    Waiting,
    expected_on,
    next_meeting_with_room,
    places_given,
    waiting_order,
)

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FAMILIES = [UUID(int=number) for number in range(1, 6)]


def a_meeting(
    held_on: date = date(2026, 11, 5), *, closes_at: datetime = NOW + timedelta(days=1), places: int = 8, taken: int = 0
) -> MeetingPlaces:
    return MeetingPlaces(uuid4(), held_on, closes_at, places, frozenset(uuid4() for _ in range(taken)))


def waiting(
    reference: str = "EH7K-3QWD",
    *,
    urgency: str = "routine",
    why: str = "new",
    received_on: date = date(2026, 10, 28),
    times_carried: int = 0,
    family_id: UUID | None = None,
    not_before: date | None = None,
    at: MeetingPlaces | None = None,
) -> Waiting:
    entry_id, meeting_id = uuid4(), at.meeting_id if at else None
    return Waiting(
        entry_id, family_id or uuid4(), reference, urgency, why, received_on, times_carried, not_before, meeting_id
    )


def planned(weeks: int, places: int) -> list[MeetingPlaces]:
    return [a_meeting(date(2026, 11, 5) + timedelta(weeks=week), places=places) for week in range(weeks)]


def seated(meetings: Sequence[MeetingPlaces], waits: Sequence[Waiting]) -> list[MeetingPlaces]:
    """Return the meetings with the families that have a place there."""
    return [
        replace(one, family_ids=frozenset(each.family_id for each in waits if each.meeting_id == one.meeting_id))
        for one in meetings
    ]


def after(meetings: Sequence[MeetingPlaces], waits: Sequence[Waiting]) -> list[Waiting]:
    """Return who waits, each where they have a place once the free ones are given."""
    now = {one.entry_id: meeting.meeting_id for one, meeting in places_given(waits, seated(meetings, waits), now=NOW)}
    return [replace(one, meeting_id=now.get(one.entry_id, one.meeting_id)) for one in waits]


def any_waiting() -> st.SearchStrategy[Waiting]:
    return st.builds(
        Waiting,
        entry_id=st.uuids(),
        family_id=st.sampled_from(FAMILIES),
        reference=st.text("EH234", min_size=4, max_size=4),
        urgency=st.sampled_from([*URGENCIES, "unheard of"]),
        why=st.sampled_from(list(WHY)),
        received_on=st.dates(date(2026, 9, 1), date(2026, 11, 1)),
        times_carried=st.integers(0, 3),
        not_before=st.none() | st.dates(date(2026, 11, 1), date(2027, 1, 1)),
    )


def with_another_order(items: list[Waiting]) -> st.SearchStrategy[tuple[list[Waiting], list[Waiting]]]:
    return st.tuples(st.just(items), st.permutations(items))


def test_the_earliest_meeting_with_room_is_taken() -> None:
    full, next_one = a_meeting(taken=8), a_meeting(date(2026, 11, 19))
    assert next_meeting_with_room([next_one, full], family_id=uuid4(), now=NOW) is next_one


def test_a_request_that_arrives_a_moment_before_the_cut_off_still_gets_on() -> None:
    meeting = a_meeting(closes_at=NOW + timedelta(microseconds=1))
    assert next_meeting_with_room([meeting], family_id=uuid4(), now=NOW) is meeting


def test_a_request_that_arrives_at_the_cut_off_goes_to_the_next_meeting() -> None:
    closing, next_one = a_meeting(closes_at=NOW), a_meeting(date(2026, 11, 19))
    assert next_meeting_with_room([closing, next_one], family_id=uuid4(), now=NOW) is next_one


def test_nobody_gets_a_place_when_every_meeting_is_full() -> None:
    assert next_meeting_with_room([a_meeting(taken=8)], family_id=uuid4(), now=NOW) is None


def test_another_request_for_a_family_goes_to_its_meeting_even_when_that_is_full() -> None:
    family_id = uuid4()
    early, late = a_meeting(), a_meeting(date(2026, 11, 19), places=1).with_family(family_id)
    assert next_meeting_with_room([early, late], family_id=family_id, now=NOW) is late


def test_a_family_is_not_heard_before_it_can_be() -> None:
    early, late = a_meeting(), a_meeting(date(2026, 11, 19))
    assert next_meeting_with_room([early, late], family_id=uuid4(), now=NOW, not_before=date(2026, 11, 6)) is late


def test_the_urgent_come_first_then_the_longest_wait_then_the_most_carried_over_then_who_came_back() -> None:
    late = waiting("EH-LATE", received_on=date(2026, 10, 30))
    early = waiting("EH-EARLY", received_on=date(2026, 10, 1))
    returned = waiting("EH-ZBACK", why="declined", received_on=date(2026, 10, 30))
    carried = waiting("EH-ONCE", why="carried_over", times_carried=1, received_on=date(2026, 10, 30))
    twice = waiting("EH-TWICE", why="carried_over", times_carried=2, received_on=date(2026, 10, 30))
    soon, urgent = waiting("EH-SOON", urgency="soon"), waiting("EH-NOW", urgency="urgent")
    expected = [urgent, soon, early, twice, carried, returned, late]
    assert waiting_order([late, early, returned, twice, carried, soon, urgent]) == expected


def test_requests_for_one_family_follow_each_other_where_the_first_stands() -> None:
    family_id = uuid4()
    urgent = waiting("EH-A", urgency="urgent", family_id=family_id)
    sibling = waiting("EH-B", received_on=date(2026, 11, 1), family_id=family_id)
    other = waiting("EH-C", urgency="soon")
    assert waiting_order([other, sibling, urgent]) == [urgent, sibling, other]


@given(st.lists(any_waiting(), max_size=12, unique_by=lambda one: one.reference).flatmap(with_another_order))
def test_an_agenda_loses_nobody_keeps_families_together_and_does_not_depend_on_the_order_given(
    both: tuple[list[Waiting], list[Waiting]],
) -> None:
    items, shuffled = both
    ordered = waiting_order(items)
    assert sorted(one.entry_id for one in ordered) == sorted(one.entry_id for one in items)
    assert len(list(groupby(ordered, key=lambda one: one.family_id))) == len({one.family_id for one in ordered})
    assert waiting_order(shuffled) == ordered


@given(st.lists(any_waiting(), max_size=30, unique_by=lambda one: one.entry_id), st.integers(1, 4), st.integers(0, 4))
def test_everybody_gets_what_the_next_meeting_with_room_would_give_them_one_after_the_other(
    items: list[Waiting], number_of_meetings: int, places: int
) -> None:
    planned = [
        a_meeting(date(2026, 11, 5) + timedelta(weeks=week), places=places) for week in range(number_of_meetings)
    ]
    meetings, expected = {meeting.meeting_id: meeting for meeting in planned}, []
    for one in waiting_order(items):
        found = next_meeting_with_room(meetings.values(), family_id=one.family_id, now=NOW, not_before=one.not_before)
        if found is not None:
            expected.append((one.entry_id, found.meeting_id))
            meetings[found.meeting_id] = found.with_family(one.family_id)
    given_now = [(one.entry_id, meeting.meeting_id) for one, meeting in places_given(items, planned, now=NOW)]
    assert given_now == expected


@given(st.lists(any_waiting(), max_size=30), st.integers(1, 4), st.integers(1, 4))
def test_no_meeting_ever_holds_more_families_than_it_has_places_and_none_is_left_free(
    items: list[Waiting], number_of_meetings: int, places: int
) -> None:
    items = [replace(one, not_before=None) for one in items]
    planned = [
        a_meeting(date(2026, 11, 5) + timedelta(weeks=week), places=places) for week in range(number_of_meetings)
    ]
    given_now = places_given(items, planned, now=NOW)
    families = {meeting.meeting_id: {one.family_id for one, at in given_now if at == meeting} for meeting in planned}
    assert all(len(there) <= places for there in families.values())
    assert sum(len(there) for there in families.values()) == len(set().union(*families.values()))
    if len(given_now) < len(items):
        assert all(len(there) == places for there in families.values())


def test_a_free_place_goes_to_the_first_in_line_of_those_who_have_a_later_one_or_none() -> None:
    first, second, third = planned(3, 1)
    urgent, routine = waiting(urgency="urgent", at=third), waiting(at=second)
    newcomer = waiting(received_on=date(2026, 11, 2))
    now = after([first, second, third], [newcomer, routine, urgent])
    assert [one.meeting_id for one in now] == [third.meeting_id, second.meeting_id, first.meeting_id]


def test_a_family_moves_up_with_all_its_requests_that_stand_together() -> None:
    first, second = planned(2, 1)
    family_id = uuid4()
    both = [waiting("EH-A", family_id=family_id, at=second), waiting("EH-B", family_id=family_id, at=second)]
    assert {one.meeting_id for one in after([first, second], both)} == {first.meeting_id}


def test_who_is_put_off_has_their_turn_when_moves_free_a_place_on_their_day() -> None:
    first, second, third, last = planned(4, 1)
    put_off = waiting(urgency="urgent", not_before=third.held_on)
    others = [waiting(received_on=date(2026, 10, day), at=at) for day, at in ((1, second), (2, third))]
    now = after([first, second, third, last], [put_off, *others])
    assert [one.meeting_id for one in now] == [third.meeting_id, first.meeting_id, second.meeting_id]


def test_a_family_that_is_put_off_does_not_move_up_before_its_day_nor_do_its_other_requests() -> None:
    first, second = planned(2, 1)
    family_id = uuid4()
    both = [
        waiting("EH-A", family_id=family_id, at=second, not_before=second.held_on),
        waiting("EH-B", family_id=family_id, at=second),
    ]
    assert {one.meeting_id for one in after([first, second], both)} == {second.meeting_id}


@given(st.data(), st.lists(any_waiting(), max_size=20, unique_by=lambda one: one.entry_id), st.integers(0, 3))
def test_nobody_has_a_later_place_than_they_could_have_and_nobody_loses_one(
    data: st.DataObject, items: list[Waiting], places: int
) -> None:
    meetings = planned(4, places)
    at = st.sampled_from([None, *(one.meeting_id for one in meetings)])
    waits = [replace(one, meeting_id=data.draw(at)) for one in items]
    now = after(meetings, waits)
    there = seated(meetings, now)
    day = {one.meeting_id: one.held_on for one in meetings}
    for before, one in zip(waits, now, strict=True):
        assert before.meeting_id is None or (one.meeting_id and day[one.meeting_id] <= day[before.meeting_id])
    for before_, meeting in zip(seated(meetings, waits), there, strict=True):
        assert len(meeting.family_ids) <= max(meeting.places, len(before_.family_ids))
    for one in now:
        mine = [other for other in now if other.family_id == one.family_id and other.meeting_id == one.meeting_id]
        not_before = max((other.not_before for other in mine if other.not_before), default=date.min)
        if one.meeting_id is None:
            not_before = one.not_before or date.min
        earlier = [other for other in there if one.meeting_id is None or other.held_on < day[one.meeting_id]]
        assert not any(other.has_room_for(one.family_id) and other.held_on >= not_before for other in earlier)


def test_who_finds_no_room_is_expected_where_the_calendar_would_go_on() -> None:
    planned = [date(2026, 11, 5), date(2026, 11, 19), date(2026, 12, 3)]
    assert expected_on(0, planned, 8) == date(2026, 12, 17)
    assert expected_on(7, planned, 8) == date(2026, 12, 17)
    assert expected_on(8, planned, 8) == date(2026, 12, 31)


@pytest.mark.parametrize(("planned", "places"), [([], 8), ([date(2026, 11, 5)], 8), ([date(2026, 11, 5)] * 2, 0)])
def test_without_a_calendar_nothing_is_expected(planned: list[date], places: int) -> None:
    assert expected_on(3, planned, places) is None


def test_an_expectation_never_runs_past_the_calendar_of_the_machine() -> None:
    assert expected_on(10**9, [date(2026, 11, 5), date(2026, 11, 19)], 1) is None


def test_only_who_prepares_a_meeting_sees_the_families_before_the_agenda_closes() -> None:
    assert [
        seat for seat in ("chair", "deputy", "member", "coordinator", "") if sees_families_before_closing(seat)
    ] == [
        "chair",
        "deputy",
        "coordinator",
    ]
