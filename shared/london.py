"""London's dates and wall-clock times, in which every rule of the product is written."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_date(instant: datetime) -> date:
    """Return the date in London at a UTC instant."""
    return instant.astimezone(LONDON).date()


def london_instant(day: date, hour: int, minute: int = 0) -> datetime:
    """Return the UTC instant of a wall-clock time in London; the first of the two in the autumn night."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def date_in_words(day: date) -> str:
    """Return `5 November 2026`."""
    return f"{day.day} {day:%B %Y}"


def moment_in_words(instant: datetime) -> str:
    """Return `5 November 2026 at 4:30pm`, London time of a UTC instant."""
    local = instant.astimezone(LONDON)
    return f"{date_in_words(local.date())} at {time_in_words(local.time())}"


def time_in_words(at: time) -> str:
    """Return `4:30pm`, `9am`, and `midday` or `midnight`, as GOV.UK writes times."""
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"
