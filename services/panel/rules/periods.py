"""The periods that statistics are made for: London dates, from the first to the last, both in it."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from shared.errors import Invalid

PRESETS = {
    "month": "Last full month",
    "quarter": "Last full quarter",
    "year": "Year so far, from April",
    "own": "Other dates",
}
"""The periods to choose from, with the words for them."""

MOST_MONTHS = 36
_YEAR_BEGINS = 4
"""The month with which a council's year begins."""


@dataclass(frozen=True)
class Period:
    """From a day to a day, both of them in it."""

    from_on: date
    until_on: date

    @property
    def months(self) -> list[str]:
        """Return the months that it touches, as `2026-11`."""
        first = self.from_on.replace(day=1)
        count = (self.until_on.year - first.year) * 12 + self.until_on.month - first.month + 1
        return [month_key(first + relativedelta(months=number)) for number in range(count)]

    def in_words(self) -> str:
        """Return `1 October 2026 to 31 October 2026`."""
        return f"{_day(self.from_on)} to {_day(self.until_on)}"


def month_key(day: date) -> str:
    """Return the month of a day, as `2026-11`."""
    return f"{day:%Y-%m}"


def month_in_words(key: str) -> str:
    """Return `November 2026` for `2026-11`."""
    return f"{date.fromisoformat(key + '-01'):%B %Y}"


def month_of(day: date) -> Period:
    """Return the calendar month of a day."""
    first = day.replace(day=1)
    return Period(first, first + relativedelta(months=1) - timedelta(days=1))


def quarter_of(day: date) -> Period:
    """Return the quarter of a day; quarters of a council's year are those of the calendar."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(first, first + relativedelta(months=3) - timedelta(days=1))


def preset(code: str, today: date) -> Period:
    """Return a period of PRESETS but the last, as it is today."""
    if code == "month":
        return month_of(today.replace(day=1) - timedelta(days=1))
    if code == "quarter":
        return quarter_of(quarter_of(today).from_on - timedelta(days=1))
    begins = today.year if today.month >= _YEAR_BEGINS else today.year - 1
    return Period(date(begins, _YEAR_BEGINS, 1), today)


def chosen(from_on: date | None, until_on: date | None) -> Period:
    """Return a period of dates that somebody chose; raises Invalid."""
    errors = {}
    if from_on is None:
        errors["from"] = ["Enter the first day"]
    if until_on is None:
        errors["until"] = ["Enter the last day"]
    if from_on is None or until_on is None:
        raise Invalid("A period has a first and a last day.", errors)
    if until_on < from_on:
        message = "The last day must be the first day or after it"
        raise Invalid(message, {"until": [message]})
    period = Period(from_on, until_on)
    if len(period.months) > MOST_MONTHS:
        message = f"The period must be {MOST_MONTHS} months or shorter"
        raise Invalid(message, {"until": [message]})
    return period


def quarters_before(today: date, first: date) -> list[Period]:
    """Return the quarters that are over, the latest first, back to the one of the day `first`."""
    found = []
    quarter = preset("quarter", today)
    while quarter.until_on >= first:
        found.append(quarter)
        quarter = quarter_of(quarter.from_on - timedelta(days=1))
    return found


def quarter_key(quarter: Period) -> str:
    """Return `2026-Q3`."""
    return f"{quarter.from_on.year}-Q{(quarter.from_on.month + 2) // 3}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
