"""On which days panels meet and when their agendas close: for every panel of every authority, and any other."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.panel.rules.calendar import PlannedDate, Rhythm, RhythmWrong, planned_dates
from services.panel.rules.cut_off import CutOffWrong, agenda_closes_at, meeting_instants
from services.panel.rules.rescheduling import AHEAD
from shared.authority import AUTHORITIES, WEEKS_OF_MONTH, Closure, CutOff, PanelProfile, is_closed, load_profile
from shared.authority.panel_words import cut_off_in_words
from shared.bank_holidays import bank_holidays_of
from shared.london import LONDON
from shared.working_days import is_working_day

PANELS = [
    pytest.param(panel, authority.closures, id=f"{key} {panel.key}")
    for key in AUTHORITIES
    for authority in [load_profile(key).newest]
    for panel in authority.panels
]
THREE_YEARS = (date(2026, 1, 1), date(2028, 12, 31))
BANK_HOLIDAYS = {
    2026: "0101 0403 0406 0504 0525 0831 1225 1228",
    2027: "0101 0326 0329 0503 0531 0830 1227 1228",
    2028: "0103 0414 0417 0501 0529 0828 1225 1226",
}
"""England's bank holidays as gov.uk publishes them, written down here a second time."""

PUBLISHED = {date(year, int(day[:2]), int(day[2:])) for year, marked in BANK_HOLIDAYS.items() for day in marked.split()}

a_day = st.dates(*THREE_YEARS)
a_time = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))
a_closure = st.builds(
    lambda day, length, every_year: Closure(day, day + timedelta(days=length), "Closed", every_year),
    a_day.filter(lambda day: (day.month, day.day) != (2, 29)),
    st.integers(0, 60),
    st.booleans(),
)
a_rhythm = st.builds(
    lambda often, **rest: Rhythm(**often, **rest),
    often=st.one_of(
        st.builds(lambda weeks: {"weeks": weeks}, st.integers(1, 6)),
        st.builds(
            lambda week, weekday: {"weeks": 0, "monthly": f"{week} {weekday}"},
            st.sampled_from(WEEKS_OF_MONTH),
            st.sampled_from(["monday", "tuesday", "wednesday", "thursday", "friday"]),
        ),
    ),
    first_on=a_day.filter(lambda day: day.weekday() < 5),
    on_bank_holiday=st.sampled_from(["next_working_day", "previous_working_day", "skip"]),
    closures=st.lists(a_closure, max_size=3).map(tuple),
)


def rhythm_of(panel: PanelProfile, closures: tuple[Closure, ...]) -> Rhythm:
    recurrence = panel.recurrence
    closures = (*closures, *panel.closures)
    return Rhythm(recurrence.weeks, recurrence.first_on, panel.on_bank_holiday, recurrence.monthly, closures)


def held(rhythm: Rhythm, from_on: date, until_on: date) -> list[date]:
    return [one.held_on for one in planned_dates(rhythm, from_on=from_on, until_on=until_on)]


@pytest.mark.parametrize("year", sorted(BANK_HOLIDAYS))
def test_the_bank_holidays_of_three_years_are_those_that_are_published(year: int) -> None:
    assert {f"{day:%m%d}" for day in bank_holidays_of(year)} == set(BANK_HOLIDAYS[year].split())


@pytest.mark.parametrize(("panel", "closures"), PANELS)
@pytest.mark.parametrize("from_on", [date(2026, 1, 1), date(2026, 11, 29), date(2027, 1, 1)])
def test_two_years_of_dates_of_every_panel_keep_its_rules(
    panel: PanelProfile, closures: tuple[Closure, ...], from_on: date
) -> None:
    rhythm, until_on = rhythm_of(panel, closures), from_on + AHEAD
    dates = planned_dates(rhythm, from_on=from_on, until_on=until_on)
    days = [one.held_on for one in dates]
    assert days == sorted(set(days))
    assert len({one.planned_on for one in dates}) == len(dates)
    for one in dates:
        assert from_on <= one.held_on <= until_on
        assert one.held_on.weekday() < 5
        assert one.held_on not in PUBLISHED
        assert not (one.held_on.month == 12 and one.held_on.day >= 24), "closed at Christmas"
        assert one.planned_on.weekday() == panel.recurrence.first_on.weekday()
        assert (one.planned_on - panel.recurrence.first_on).days % (7 * panel.recurrence.weeks) == 0
        assert one.held_on == one.planned_on or one.planned_on in PUBLISHED
        assert timedelta(0) <= one.held_on - one.planned_on <= timedelta(days=4)
    given = {one.planned_on for one in dates}
    bare = (panel.recurrence.first_on + timedelta(weeks=panel.recurrence.weeks * count) for count in range(200))
    for missing in (day for day in bare if from_on <= day <= until_on - timedelta(days=4) and day not in given):
        assert any(is_closed(rhythm.closures, missing + timedelta(days=later)) for later in range(5)), (
            f"{missing} is left out without a reason"
        )


@pytest.mark.parametrize(("panel", "closures"), PANELS)
def test_the_wall_clock_of_meeting_and_cut_off_never_moves_over_three_years(
    panel: PanelProfile, closures: tuple[Closure, ...]
) -> None:
    last_close = datetime.min.replace(tzinfo=UTC)
    for day in held(rhythm_of(panel, closures), *THREE_YEARS):
        starts_at, ends_at = meeting_instants(day, panel.recurrence.starts, panel.recurrence.minutes)
        assert starts_at.astimezone(LONDON).replace(tzinfo=None) == datetime.combine(day, panel.recurrence.starts)
        assert ends_at - starts_at == timedelta(minutes=panel.recurrence.minutes)
        closes_at = agenda_closes_at(day, panel.recurrence.starts, panel.cut_off, closures)
        assert closes_at.astimezone(LONDON).time() == panel.cut_off.at
        assert last_close < closes_at < starts_at
        last_close = closes_at


@given(a_rhythm, a_day, st.integers(0, 300))
def test_any_rhythm_gives_working_days_in_order_within_what_was_asked(rhythm: Rhythm, from_on: date, days: int) -> None:
    until_on = from_on + timedelta(days=days)
    found = planned_dates(rhythm, from_on=from_on, until_on=until_on)
    days_held = [one.held_on for one in found]
    assert days_held == sorted(set(days_held))
    for one in found:
        assert from_on <= one.held_on <= until_on
        assert is_working_day(one.held_on)
        assert one.planned_on >= rhythm.first_on
        assert not is_closed(rhythm.closures, one.planned_on)
        assert not is_closed(rhythm.closures, one.held_on)
        if rhythm.on_bank_holiday == "skip":
            assert one.held_on == one.planned_on
        elif rhythm.on_bank_holiday == "next_working_day":
            assert one.held_on >= one.planned_on
        else:
            assert one.held_on <= one.planned_on


@given(a_rhythm, a_day)
def test_a_window_shows_the_same_dates_as_any_wider_one(rhythm: Rhythm, from_on: date) -> None:
    until_on = from_on + timedelta(days=60)
    wide = planned_dates(rhythm, from_on=THREE_YEARS[0], until_on=date(2029, 3, 31))
    assert planned_dates(rhythm, from_on=from_on, until_on=until_on) == [
        one for one in wide if from_on <= one.held_on <= until_on
    ]


@pytest.mark.parametrize(
    ("monthly", "days"),
    [
        ("first tuesday", [date(2026, 12, 1), date(2027, 1, 5), date(2027, 2, 2)]),
        ("last friday", [date(2026, 12, 25), date(2027, 1, 29), date(2027, 2, 26)]),
        ("fourth thursday", [date(2026, 12, 24), date(2027, 1, 28), date(2027, 2, 25)]),
    ],
)
def test_a_monthly_panel_meets_on_its_weekday_of_each_month(monthly: str, days: list[date]) -> None:
    rhythm = Rhythm(0, date(2026, 11, 1), "next_working_day", monthly)
    found = planned_dates(rhythm, from_on=date(2026, 12, 1), until_on=date(2027, 2, 28))
    assert [one.planned_on for one in found] == days
    assert PlannedDate(date(2026, 12, 25), date(2026, 12, 29)) in found or monthly != "last friday"


def test_a_closure_leaves_dates_out_and_the_rhythm_goes_on_after_it() -> None:
    august = Closure(date(2027, 8, 1), date(2027, 8, 31), "August")
    rhythm = Rhythm(2, date(2027, 7, 1), "next_working_day", closures=(august,))
    assert held(rhythm, date(2027, 7, 1), date(2027, 9, 30)) == [
        date(2027, 7, 1),
        date(2027, 7, 15),
        date(2027, 7, 29),
        date(2027, 9, 9),
        date(2027, 9, 23),
    ]


def test_a_meeting_is_not_moved_off_a_bank_holiday_into_a_closure() -> None:
    closed = Closure(date(2027, 3, 30), date(2027, 4, 9), "Easter")
    rhythm = Rhythm(1, date(2027, 3, 1), "next_working_day", closures=(closed,))
    assert held(rhythm, date(2027, 3, 22), date(2027, 4, 12)) == [date(2027, 3, 22), date(2027, 4, 12)]


def test_working_days_before_a_cut_off_leave_the_authoritys_closure_out() -> None:
    christmas = Closure(date(2026, 12, 24), date(2027, 1, 1), "Christmas", every_year=True)
    cut_off = CutOff("working_days", 2, "", time(12))
    closes_at = agenda_closes_at(date(2027, 1, 5), time(10), cut_off, [christmas])
    assert closes_at == datetime(2026, 12, 23, 12, tzinfo=UTC)


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
    days = held(Rhythm(1, date(2026, 4, 27), rule), date(2026, 4, 28), date(2026, 5, 8))
    assert days == ([expected] if expected else [])


def test_dates_go_on_where_the_published_bank_holidays_end() -> None:
    days = held(Rhythm(1, date(2026, 1, 6), "skip"), date(2040, 12, 20), date(2041, 1, 8))
    assert days == [date(2041, 1, 8)], "25 December and 1 January 2041 are bank holidays on the panel's weekday"


@pytest.mark.parametrize(
    ("weeks", "rule", "monthly"),
    [(0, "skip", ""), (1, "whatever", ""), (1, "skip", "first tuesday"), (0, "skip", "fifth moon")],
)
def test_a_rhythm_that_cannot_be_followed_is_refused(weeks: int, rule: str, monthly: str) -> None:
    with pytest.raises(RhythmWrong):
        Rhythm(weeks, date(2026, 1, 6), rule, monthly)


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
