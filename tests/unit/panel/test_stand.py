"""Which item a meeting hears next, and when somebody came and left."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.meeting import came_and_left
from services.panel.rules.stand import (
    Hearable,
    MovedOn,
    check_may_be_left,
    check_opening_may_be_taken_back,
    check_still_there,
    next_to_hear,
)
from shared.errors import Conflict

_NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)


def test_items_are_heard_by_their_numbers() -> None:
    first, second, third = (_item(number) for number in (1, 2, 3))
    assert next_to_hear([third, second, first], None) == first.item_id
    assert next_to_hear([first, second, third], first.item_id) == second.item_id


def test_what_was_left_for_later_comes_at_the_end_in_the_order_of_leaving() -> None:
    early, late, plain = _item(1, left=2), _item(2, left=1), _item(3)
    assert next_to_hear([early, late, plain], None) == plain.item_id
    assert next_to_hear([early, late, plain], plain.item_id) == late.item_id


def test_an_item_that_was_jumped_over_is_next_again() -> None:
    jumped, here = _item(1), _item(7)
    assert next_to_hear([jumped, here], here.item_id) == jumped.item_id


_items = st.lists(
    st.tuples(st.sampled_from(["placed", "heard", "carried_over", "removed"]), st.none() | st.integers(0, 50)),
    max_size=15,
)


@given(_items)
def test_going_on_and_on_hears_every_family_once(rows: list[tuple[str, int | None]]) -> None:
    items = {number: _item(number, state, left) for number, (state, left) in enumerate(rows, 1)}
    heard: list[UUID] = []
    current = None
    while (current := next_to_hear(list(items.values()), current)) is not None:
        heard.append(current)
        number = next(number for number, item in items.items() if item.item_id == current)
        items[number] = Hearable(current, number, "heard", items[number].left_at)
        assert len(heard) <= len(rows)
    assert len(heard) == len(set(heard)) == sum(state == "placed" for state, _ in rows)


def test_whoever_saw_another_item_does_not_move_the_meeting_on() -> None:
    here = uuid4()
    check_still_there(here, here)
    check_still_there(None, None)
    for seen in (uuid4(), None):
        with pytest.raises(MovedOn):
            check_still_there(here, seen)


@pytest.mark.parametrize("state", ["heard", "carried_over", "removed"])
def test_what_was_decided_is_not_left_for_later(state: str) -> None:
    check_may_be_left("placed")
    with pytest.raises(Conflict):
        check_may_be_left(state)


def test_an_opening_is_taken_back_until_something_was_decided() -> None:
    check_opening_may_be_taken_back("in_session", 0)
    with pytest.raises(Conflict, match="End it instead"):
        check_opening_may_be_taken_back("in_session", 1)
    with pytest.raises(Conflict, match="not in session"):
        check_opening_may_be_taken_back("ended", 0)


def test_when_somebody_came_stays_and_when_they_left_ends_with_their_return() -> None:
    later = _NOON + timedelta(minutes=30)
    assert came_and_left("present", now=_NOON) == (_NOON, None)
    assert came_and_left("substitute", now=later, came_at=_NOON) == (_NOON, None)
    assert came_and_left("left", now=later, came_at=_NOON) == (_NOON, later)
    assert came_and_left("present", now=later, came_at=_NOON, left_at=_NOON) == (_NOON, None)
    assert came_and_left("apologies", now=later, came_at=_NOON) == (None, None)


def _item(number: int, state: str = "placed", left: int | None = None) -> Hearable:
    left_at = None if left is None else _NOON + timedelta(minutes=left)
    return Hearable(uuid4(), number, state, left_at)
