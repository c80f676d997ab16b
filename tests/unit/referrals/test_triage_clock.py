"""The front door's clock: it runs while the front door is open, and a pause takes nothing and gives nothing."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.triage_clock import amber_at, colour, due_at, later, open_between, resumed
from shared.authority import TriageRules, load_profile
from shared.london import LONDON, london_date
from shared.working_days import is_working_day

DAYS = replace(load_profile("bathnes").newest.triage, opens=time(8, 30), closes=time(17), amber_hours=2, within=1)
HOURS = replace(DAYS, counts="working_hours", within=10)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1), timezones=st.just(UTC))
rules = st.builds(
    replace,
    st.sampled_from([DAYS, HOURS]),
    within=st.integers(1, 40),
    opens=st.times(time(7), time(10)).map(lambda at: at.replace(second=0, microsecond=0)),
    closes=st.times(time(15), time(20)).map(lambda at: at.replace(second=0, microsecond=0)),
    amber_hours=st.integers(0, 20),
)
hours = st.integers(0, 200).map(lambda half: timedelta(minutes=30 * half))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("rule", "came", "due"),
    [
        (DAYS, "2026-11-02 10:00", "2026-11-03 17:00"),
        (DAYS, "2026-11-06 16:59", "2026-11-09 17:00"),
        (DAYS, "2026-12-24 10:00", "2026-12-29 17:00"),
        (HOURS, "2026-11-02 10:00", "2026-11-03 11:30"),
        (HOURS, "2026-11-02 17:30", "2026-11-04 10:00"),
        (HOURS, "2026-11-02 03:00", "2026-11-03 10:00"),
        (HOURS, "2026-12-24 15:00", "2026-12-29 16:30"),
        (HOURS, "2026-03-27 16:00", "2026-03-31 09:00"),
        (HOURS, "2026-10-23 16:00", "2026-10-27 09:00"),
    ],
)
def test_a_decision_is_due_after_so_many_working_days_or_hours(rule: TriageRules, came: str, due: str) -> None:
    assert due_at(rule, at(came)) == at(due)


@given(rules, instants)
def test_due_is_always_while_the_front_door_is_open(rule: TriageRules, came: datetime) -> None:
    due = due_at(rule, came).astimezone(LONDON)
    assert is_working_day(due.date())
    assert rule.opens <= due.time() <= rule.closes
    assert due > came


@given(rules, instants)
def test_it_is_soon_due_before_it_is_late(rule: TriageRules, came: datetime) -> None:
    due = due_at(rule, came)
    amber = amber_at(rule, due)
    assert amber <= due
    assert open_between(rule, amber, due) == timedelta(hours=rule.amber_hours)
    assert colour(due, amber=amber, due=due) == "amber"
    assert colour(due + timedelta(seconds=1), amber=amber, due=due) == "red"
    if amber > came:
        assert colour(amber - timedelta(seconds=1), amber=amber, due=due) == "green"


@given(rules, instants, hours)
def test_so_much_later_is_so_long_open(rule: TriageRules, since: datetime, amount: timedelta) -> None:
    assert open_between(rule, since, later(rule, since, amount)) == amount


@given(rules, instants, hours, hours)
def test_a_pause_leaves_what_was_left(rule: TriageRules, came: datetime, worked: timedelta, pause: timedelta) -> None:
    due = due_at(rule, came)
    paused_at = min(later(rule, came, worked), due)
    back_at = paused_at + pause
    again = resumed(rule, due, paused_at=paused_at, at=back_at)
    if left := open_between(rule, paused_at, due):
        assert open_between(rule, back_at, again) == left
    else:
        assert again == due


@given(rules, instants, instants)
def test_nobody_works_at_night_nor_on_a_day_off(rule: TriageRules, one: datetime, other: datetime) -> None:
    since, until = sorted((one, other))
    until = min(until, since + timedelta(days=30))
    working = {
        day
        for count in range((until - since).days + 2)
        if is_working_day(day := london_date(since + timedelta(days=count)))
    }
    a_day = datetime.combine(since, rule.closes) - datetime.combine(since, rule.opens)
    assert timedelta() <= open_between(rule, since, until) <= a_day * len(working)
