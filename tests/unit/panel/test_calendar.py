"""On which days panels meet and when their agendas close: for every panel of every authority, and any other."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.calendar import Rhythm, RhythmWrong, meeting_dates
from services.panel.rules.cut_off import CutOffWrong, agenda_closes_at, meeting_instants
from shared.authority import AUTHORITIES, CutOff, PanelProfile, load_profile
from shared.authority.panel_words import cut_off_in_words
from shared.london import LONDON
from shared.working_days import is_working_day

PANELS = [panel for key in AUTHORITIES for panel in load_profile(key).newest.panels]
TWO_YEARS = (date(2026, 1, 1), date(2027, 12, 31))

a_day = st.dates(*TWO_YEARS)
a_time = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))
a_rhythm = st.builds(
    Rhythm,
    weeks=st.integers(1, 6),
    first_on=a_day.filter(lambda day: day.weekday() < 5),
    on_bank_holiday=st.sampled_from(["next_working_day", "previous_working_day", "skip"]),
)


def rhythm_of(panel: PanelProfile) -> Rhythm:
    return Rhythm(panel.recurrence.weeks, panel.recurrence.first_on, panel.on_bank_holiday)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.key)
def test_every_date_of_two_years_is_a_working_day_in_order_with_its_cut_off_before(panel: PanelProfile) -> None:
    days = meeting_dates(rhythm_of(panel), from_on=TWO_YEARS[0], until_on=TWO_YEARS[1])
    assert len(days) in range(104 // panel.recurrence.weeks - 1, 104 // panel.recurrence.weeks + 2)
    assert days == sorted(set(days))
    assert all(is_working_day(day) for day in days)
    closings = [agenda_closes_at(day, panel.recurrence.starts, panel.cut_off) for day in days]
    starts = [meeting_instants(day, panel.recurrence.starts, panel.recurrence.minutes)[0] for day in days]
    assert all(closes < begins for closes, begins in zip(closings, starts, strict=True))
    assert closings == sorted(closings)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.key)
def test_the_wall_clock_of_meeting_and_cut_off_never_moves_over_two_years(panel: PanelProfile) -> None:
    for day in meeting_dates(rhythm_of(panel), from_on=TWO_YEARS[0], until_on=TWO_YEARS[1]):
        starts_at, ends_at = meeting_instants(day, panel.recurrence.starts, panel.recurrence.minutes)
        assert starts_at.astimezone(LONDON).replace(tzinfo=None) == datetime.combine(day, panel.recurrence.starts)
        assert ends_at - starts_at == timedelta(minutes=panel.recurrence.minutes)
        closes_at = agenda_closes_at(day, panel.recurrence.starts, panel.cut_off)
        assert closes_at.astimezone(LONDON).time() == panel.cut_off.at


@given(a_rhythm, a_day, st.integers(0, 300))
def test_any_rhythm_gives_working_days_in_order_within_what_was_asked(rhythm: Rhythm, from_on: date, days: int) -> None:
    until_on = from_on + timedelta(days=days)
    found = meeting_dates(rhythm, from_on=from_on, until_on=until_on)
    assert found == sorted(set(found))
    assert all(from_on <= day <= until_on and is_working_day(day) for day in found)


@given(a_rhythm, a_day)
def test_a_window_shows_the_same_dates_as_any_wider_one(rhythm: Rhythm, from_on: date) -> None:
    until_on = from_on + timedelta(days=60)
    wide = meeting_dates(rhythm, from_on=TWO_YEARS[0], until_on=date(2028, 3, 31))
    assert meeting_dates(rhythm, from_on=from_on, until_on=until_on) == [
        day for day in wide if from_on <= day <= until_on
    ]


@given(a_day, a_time, st.sampled_from(["days", "working_days", "hours", "last_weekday"]), st.integers(1, 90), a_time)
def test_every_shape_of_cut_off_is_before_the_meeting(
    held_on: date, starts: time, shape: str, count: int, at: time
) -> None:
    closes_at = agenda_closes_at(held_on, starts, CutOff(shape, count, "friday", at))
    assert closes_at.tzinfo is UTC
    assert closes_at.astimezone(LONDON).replace(tzinfo=None, fold=0) < datetime.combine(held_on, starts) + timedelta(
        hours=1
    )


@pytest.mark.parametrize(
    ("cut_off", "closes"),
    [
        (CutOff("days", 7, "", time(17)), datetime(2026, 10, 20, 17)),
        (CutOff("working_days", 2, "", time(12)), datetime(2026, 10, 23, 12)),
        (CutOff("hours", 48, "", time(0)), datetime(2026, 10, 25, 14)),
        (CutOff("last_weekday", 0, "friday", time(16, 30)), datetime(2026, 10, 23, 16, 30)),
        (CutOff("last_weekday", 0, "tuesday", time(16, 30)), datetime(2026, 10, 20, 16, 30)),
    ],
)
def test_a_cut_off_keeps_its_wall_clock_over_the_night_of_the_clock_change(cut_off: CutOff, closes: datetime) -> None:
    # The clocks go back on Sunday 25 October 2026; the meeting is on the Tuesday after.
    closes_at = agenda_closes_at(date(2026, 10, 27), time(14), cut_off)
    assert closes_at.astimezone(LONDON).replace(tzinfo=None) == closes


def test_summer_and_winter_meetings_begin_at_different_instants() -> None:
    summer, _ = meeting_instants(date(2026, 10, 22), time(9, 30), 180)
    winter, _ = meeting_instants(date(2026, 11, 5), time(9, 30), 180)
    assert (summer.hour, winter.hour) == (8, 9)


def test_working_days_before_easter_tuesday_reach_back_over_the_long_weekend() -> None:
    closes_at = agenda_closes_at(date(2026, 4, 7), time(14), CutOff("working_days", 2, "", time(12)))
    assert closes_at == datetime(2026, 4, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("next_working_day", date(2026, 5, 5)), ("previous_working_day", date(2026, 5, 1)), ("skip", None)],
)
def test_a_bank_holiday_moves_or_skips_a_meeting_by_the_panels_rule(rule: str, expected: date | None) -> None:
    days = meeting_dates(Rhythm(1, date(2026, 4, 27), rule), from_on=date(2026, 4, 28), until_on=date(2026, 5, 8))
    assert days == ([expected] if expected else [])


def test_dates_go_on_where_the_published_bank_holidays_end() -> None:
    days = meeting_dates(Rhythm(1, date(2026, 1, 6), "skip"), from_on=date(2040, 12, 20), until_on=date(2041, 1, 8))
    assert days == [date(2041, 1, 8)], "25 December and 1 January 2041 are bank holidays on the panel's weekday"


@pytest.mark.parametrize(("weeks", "rule"), [(0, "skip"), (1, "whatever")])
def test_a_rhythm_that_cannot_be_followed_is_refused(weeks: int, rule: str) -> None:
    with pytest.raises(RhythmWrong):
        Rhythm(weeks, date(2026, 1, 6), rule)


@pytest.mark.parametrize(
    "cut_off",
    [CutOff("days", 0, "", time(15)), CutOff("moons", 1, "", time(9)), CutOff("last_weekday", 0, "", time(9))],
)
def test_a_cut_off_that_cannot_be_kept_is_refused(cut_off: CutOff) -> None:
    with pytest.raises(CutOffWrong):
        agenda_closes_at(date(2026, 10, 27), time(14), cut_off)


@pytest.mark.parametrize(
    ("cut_off", "words"),
    [
        (CutOff("days", 7, "", time(17)), "5pm, 7 days before the meeting"),
        (CutOff("working_days", 1, "", time(12)), "midday, 1 working day before the meeting"),
        (CutOff("days", 1, "", time(0)), "midnight, 1 day before the meeting"),
        (CutOff("days", 1, "", time(12, 15)), "12:15pm, 1 day before the meeting"),
        (CutOff("hours", 48, "", time(0)), "48 hours before the meeting"),
        (CutOff("last_weekday", 0, "friday", time(16, 30)), "4:30pm on the last Friday before the meeting"),
        (CutOff("days", 0, "", time(9)), "9am on the day"),
    ],
)
def test_a_cut_off_is_said_in_plain_words(cut_off: CutOff, words: str) -> None:
    assert cut_off_in_words(cut_off) == words
