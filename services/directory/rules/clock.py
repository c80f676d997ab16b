"""How far the training clock may go, and where each button takes it. Steps keep London's wall-clock time."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.errors import Invalid
from shared.working_days import next_working_day

_LONDON = ZoneInfo("Europe/London")
_MORNING = time(9, 0)
FURTHEST = timedelta(days=366)

STEPS = {
    "hour": "An hour",
    "day": "A day",
    "morning": "To the next working morning",
    "week": "A week",
    "fortnight": "A fortnight",
}
"""The buttons of the clock page, in their order."""


def step_from(instant: datetime, step: str) -> datetime:
    """Return where a step leads from a UTC instant, in UTC; raises Invalid on an unknown step."""
    steps: dict[str, Callable[[datetime], datetime]] = {
        "hour": lambda at: at + timedelta(hours=1),
        "day": lambda at: _days_later(at, 1),
        "morning": _next_working_morning,
        "week": lambda at: _days_later(at, 7),
        "fortnight": lambda at: _days_later(at, 14),
    }
    if step not in steps:
        raise Invalid("Choose how far the clock goes.")
    return steps[step](instant)


def london_time(day_and_time: datetime) -> datetime:
    """Return the UTC instant of a wall-clock time in London that carries no zone."""
    return day_and_time.replace(tzinfo=_LONDON).astimezone(UTC)


def check_move(target: datetime, *, now: datetime, moves_to: datetime, field: str = "moves_to") -> None:
    """Raise Invalid, naming `field`, unless the clock may go to `target`: forwards, at most a year ahead."""
    if target <= moves_to:
        message = "The clock never goes backwards. Give a later time"
        raise Invalid(message, {field: [message]})
    if target > now + FURTHEST:
        message = "The clock goes at most a year ahead at once. Give an earlier time"
        raise Invalid(message, {field: [message]})


def _days_later(instant: datetime, days: int) -> datetime:
    # Adding to a time that knows its zone keeps the hour on the wall across the clock change.
    return (instant.astimezone(_LONDON) + timedelta(days=days)).astimezone(UTC)


def _next_working_morning(instant: datetime) -> datetime:
    local = instant.astimezone(_LONDON)
    earliest = local.date() if local.time() < _MORNING else local.date() + timedelta(days=1)
    return datetime.combine(next_working_day(earliest), _MORNING, _LONDON).astimezone(UTC)
