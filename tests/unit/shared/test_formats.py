"""How times read on a page, as GOV.UK writes them, in London."""

from datetime import UTC, datetime

import pytest

from shared.web.formats import clock_time, moment, ring


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 0, "midnight"),
        (0, 5, "12:05am"),
        (9, 0, "9am"),
        (12, 0, "midday"),
        (12, 30, "12:30pm"),
        (16, 30, "4:30pm"),
        (23, 59, "11:59pm"),
    ],
)
def test_a_time_is_said_in_plain_words(hour: int, minute: int, words: str) -> None:
    assert clock_time(datetime(2026, 11, 5, hour, minute, tzinfo=UTC)) == words


def test_midday_is_midday_in_london_also_in_summer() -> None:
    assert moment(datetime(2026, 7, 1, 11, 0, tzinfo=UTC)) == "1 July 2026 at midday"


def test_a_number_is_a_link_that_a_telephone_rings() -> None:
    link = '<a class="govuk-link app-number" href="tel:{}"><strong>{}</strong></a>'
    assert ring("01225 396111") == link.format("01225396111", "01225 396111")
    assert ring("+44 (0)20 7946 0000 <b>").startswith('<a class="govuk-link app-number" href="tel:+4402079460000">')
    assert "&lt;b&gt;" in ring("1 <b>")
