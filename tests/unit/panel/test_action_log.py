"""How an action stands, and who may say what of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.action_log import (
    DONE,
    MARKS,
    NOT_NEEDED,
    OPEN,
    REOPENED,
    STATES,
    AlreadyMarked,
    check_mark,
    is_overdue,
    marks_for,
    marks_from,
    state_of,
)
from shared.errors import Forbidden, Invalid, NotFound, Refusal


@given(st.lists(st.sampled_from(list(MARKS)), max_size=12))
def test_whatever_is_tried_an_action_stands_in_one_of_three_ways_and_moves_only_as_it_may(tried: list[str]) -> None:
    kept: list[str] = []
    for mark in tried:
        state = state_of(kept[-1] if kept else None)
        try:
            check_mark(mark, "because", state=state, runs=True, owns=False)
        except AlreadyMarked:
            assert mark not in marks_from(state)
            continue
        kept.append(mark)
        assert state_of(mark) != state
    assert state_of(kept[-1] if kept else None) in STATES
    assert all(one == REOPENED for one in kept[1::2])
    assert REOPENED not in kept[::2]


@given(st.sampled_from(list(MARKS)), st.sampled_from(list(STATES)), st.booleans(), st.booleans(), st.text(max_size=3))
def test_what_is_offered_is_what_is_taken(mark: str, state: str, runs: bool, owns: bool, note: str) -> None:
    offered = mark in marks_for(state, runs=runs, owns=owns)
    try:
        check_mark(mark, note, state=state, runs=runs, owns=owns)
    except Invalid:
        assert offered
        assert not note
    except Refusal:
        assert not offered
    else:
        assert offered


@pytest.mark.parametrize("mark", [NOT_NEEDED, REOPENED])
def test_a_reason_is_asked_for_where_work_is_dropped_or_taken_up_again(mark: str) -> None:
    state = OPEN if mark == NOT_NEEDED else DONE
    with pytest.raises(Invalid, match="Enter why"):
        check_mark(mark, "", state=state, runs=True, owns=False)


def test_who_does_the_work_does_not_say_that_it_is_not_needed() -> None:
    with pytest.raises(Forbidden):
        check_mark(NOT_NEEDED, "no time", state=OPEN, runs=False, owns=True)
    with pytest.raises(NotFound):
        check_mark(DONE, "", state=OPEN, runs=False, owns=False)


@given(st.dates(), st.dates(), st.sampled_from(list(STATES)))
def test_only_an_open_action_is_overdue_and_only_after_its_day(due_on: date, today: date, state: str) -> None:
    assert is_overdue(due_on, state, today) == (state == OPEN and today > due_on)
