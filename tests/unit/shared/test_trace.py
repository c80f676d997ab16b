"""What belongs together keeps one trace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.trace import continued

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
GIVEN = f"00-{TRACE}-00f067aa0ba902b7-01"


def test_the_next_step_stays_in_the_trace_and_has_a_number_of_its_own() -> None:
    first, second = continued(GIVEN), continued(GIVEN)
    assert {first[3:35], second[3:35]} == {TRACE}
    assert len({GIVEN, first, second}) == 3


def test_what_was_continued_can_be_continued() -> None:
    assert continued(continued(GIVEN))[3:35] == TRACE


@pytest.mark.parametrize("given_", [None, "", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", GIVEN.upper(), GIVEN + "\n"])
def test_what_names_no_trace_begins_a_new_one(given_: str | None) -> None:
    begun = continued(given_)
    assert begun[3:35] != TRACE
    assert continued(begun)[3:35] == begun[3:35]


@given(st.text())
def test_nothing_that_somebody_sends_gets_into_the_log_but_a_traces_number(sent: str) -> None:
    assert set(continued(sent)) <= set("0123456789abcdef-")
