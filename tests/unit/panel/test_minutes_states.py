"""Minutes through their life, whatever is tried and in whatever order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.minutes import (
    MOST_PROPOSED,
    AlreadyAnswered,
    AlreadyApproved,
    Minutes,
    check_answer,
    check_may_add,
    check_may_approve,
    check_may_issue,
    check_may_propose,
    due_on,
    state_of,
)
from shared.errors import Conflict, Invalid, Refusal
from shared.working_days import is_working_day

TRIES = st.lists(st.sampled_from(["issue", "propose", "answer", "approve", "add"]), max_size=30)


class Kept:
    """What would be kept of the minutes of a meeting that has ended."""

    def __init__(self) -> None:
        self.versions = self.waiting = self.addenda = 0
        self.is_approved = False

    @property
    def state(self) -> Minutes:
        """Return how they stand."""
        return state_of(versions=self.versions, is_approved=self.is_approved)

    def tries(self, what: str) -> None:
        """Do one thing; raises what the rules raise."""
        if what == "issue":
            check_may_issue("ended", self.state)
            self.versions += 1
        elif what == "propose":
            check_may_propose(self.state, self.waiting)
            self.waiting += 1
        elif what == "answer":
            check_answer("accepted", state=self.state, earlier=None, correction="So", reason="")
            self.waiting = max(0, self.waiting - 1)
        elif what == "approve":
            check_may_approve(self.state, waiting=self.waiting, is_later_meeting=True, sits=True)
            self.is_approved = True
            self.versions += 1
        else:
            check_may_add(self.state)
            self.versions += 1
            self.addenda += 1


@given(TRIES)
def test_minutes_only_go_from_not_issued_to_draft_to_approved_and_never_back(tries: list[str]) -> None:
    kept, order = Kept(), list(Minutes)
    for what in tries:
        before = kept.state
        try:
            kept.tries(what)
        except Refusal:
            assert kept.state is before
        assert order.index(kept.state) - order.index(before) in (0, 1)
        assert kept.waiting == 0 or kept.state is Minutes.DRAFT
        assert kept.addenda == 0 or kept.state is Minutes.APPROVED


@given(TRIES)
def test_once_approved_nothing_but_an_addendum_is_taken(tries: list[str]) -> None:
    kept = Kept()
    for what in ("issue", "approve"):
        kept.tries(what)
    for what in tries:
        if what == "add":
            kept.tries(what)
        else:
            with pytest.raises(Conflict):
                kept.tries(what)


@given(st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.integers(1, 20))
def test_the_last_day_is_so_many_working_days_after_the_meeting(held_on: date, within: int) -> None:
    last = due_on(held_on, within)
    between = [date.fromordinal(day) for day in range(held_on.toordinal() + 1, last.toordinal() + 1)]
    assert sum(is_working_day(day) for day in between) == within
    assert is_working_day(last)


def test_minutes_are_not_approved_at_an_earlier_meeting_nor_before_it_sits_nor_over_a_correction() -> None:
    for waiting, is_later_meeting, sits in ((0, False, True), (0, True, False), (1, True, True)):
        with pytest.raises(Conflict):
            check_may_approve(Minutes.DRAFT, waiting=waiting, is_later_meeting=is_later_meeting, sits=sits)


def test_a_correction_is_answered_once_with_words_or_a_reason() -> None:
    with pytest.raises(AlreadyAnswered):
        check_answer("accepted", state=Minutes.DRAFT, earlier="not_accepted", correction="So", reason="")
    with pytest.raises(Invalid, match="what the minutes are to say"):
        check_answer("accepted", state=Minutes.DRAFT, earlier=None, correction="", reason="x")
    with pytest.raises(Invalid, match="why it is not accepted"):
        check_answer("not_accepted", state=Minutes.DRAFT, earlier=None, correction="x", reason="")
    with pytest.raises(AlreadyApproved):
        check_answer("accepted", state=Minutes.APPROVED, earlier=None, correction="So", reason="")


def test_corrections_that_wait_are_bounded() -> None:
    check_may_propose(Minutes.DRAFT, MOST_PROPOSED - 1)
    with pytest.raises(Conflict):
        check_may_propose(Minutes.DRAFT, MOST_PROPOSED)
