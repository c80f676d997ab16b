"""A panel's rules in words, for pages and documents."""

from collections.abc import Iterable
from datetime import date

from shared.authority.panels import (
    ON_BANK_HOLIDAY,
    PANEL_KINDS,
    WEEKDAYS,
    Closure,
    CutOff,
    PanelProfile,
    Papers,
    Quorum,
    Recurrence,
)
from shared.london import time_in_words


def panel_in_words(panel: PanelProfile, locality: str) -> str:
    """Return everything that the authority has decided about a panel; `locality` is the name of its own, or empty."""
    where = f" for {locality}" if locality else ""
    closed = f" No meetings: {closures_in_words(panel.closures)}." if panel.closures else ""
    return (
        f"{PANEL_KINDS[panel.kind]}{where}: {recurrence_in_words(panel.recurrence)}, {panel.capacity} families,"
        f" {panel.slot_minutes} minutes each. Cut-off: {cut_off_in_words(panel.cut_off)}. {panel.place}."
        f"{f' Video: {panel.video_link}.' if panel.video_link else ''}"
        f" A meeting that falls on a bank holiday is held {ON_BANK_HOLIDAY[panel.on_bank_holiday]}.{closed}"
        f" Papers go out {papers_in_words(panel.papers)}. Minutes within"
        f" {working_days(panel.minutes_within_working_days)}, the referrer told of a decision within"
        f" {working_days(panel.referrer_told_within_working_days)}. Quorum: {quorum_in_words(panel.quorum)}."
    )


def recurrence_in_words(recurrence: Recurrence) -> str:
    """Return when a panel meets: `every 2 weeks on Thursday at 9:30am for 180 minutes`."""
    weekday = WEEKDAYS[recurrence.first_on.weekday()].capitalize()
    if recurrence.monthly:
        week, _, monthly_weekday = recurrence.monthly.partition(" ")
        every = f"on the {week} {monthly_weekday.capitalize()} of every month"
    elif recurrence.weeks == 1:
        every = f"every {weekday}"
    else:
        every = f"every {recurrence.weeks} weeks on {weekday}"
    return f"{every} at {time_in_words(recurrence.starts)} for {recurrence.minutes} minutes"


def cut_off_in_words(cut_off: CutOff) -> str:
    """Return the rule as people say it: `4:30pm on the last Friday before the meeting`."""
    at = time_in_words(cut_off.at)
    count = cut_off.count
    if cut_off.shape == "last_weekday":
        return f"{at} on the last {cut_off.weekday.capitalize()} before the meeting"
    if cut_off.shape == "hours":
        return f"{count} {'hour' if count == 1 else 'hours'} before the meeting"
    unit = {"days": "day", "working_days": "working day"}[cut_off.shape]
    return f"{at}, {count} {unit if count == 1 else unit + 's'} before the meeting" if count else f"{at} on the day"


def papers_in_words(papers: Papers) -> str:
    """Return when papers go out and how long they can be read."""
    out = "when the agenda closes"
    if papers.go_out == "working_days_before":
        out = f"at {time_in_words(papers.at)}, {working_days(papers.working_days)} before the meeting"
    days = "1 day" if papers.stay_days == 1 else f"{papers.stay_days} days"
    return f"{out}, and can be read until {days} after the meeting"


def quorum_in_words(quorum: Quorum) -> str:
    """Return who must be there: `3 agencies; police; the chair or a deputy`."""
    parts = [f"{quorum.agencies} agencies" if quorum.agencies > 1 else "1 agency"] if quorum.agencies else []
    parts += quorum.roles
    parts += ["the chair or a deputy"] if quorum.chair else []
    return "; ".join(parts) or "none"


def closures_in_words(closures: Iterable[Closure]) -> str:
    """Return the periods without meetings, each with why: `24 December to 1 January every year (Christmas)`."""
    return "; ".join(_closure(closure) for closure in closures) or "none"


def working_days(count: int) -> str:
    """Return `1 working day` or `2 working days`."""
    return "1 working day" if count == 1 else f"{count} working days"


def _closure(closure: Closure) -> str:
    if closure.every_year:
        return f"{_day(closure.from_on)} to {_day(closure.until_on)} every year ({closure.why})"
    return f"{_day(closure.from_on)} {closure.from_on:%Y} to {_day(closure.until_on)} {closure.until_on:%Y} ({closure.why})"


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
