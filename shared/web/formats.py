"""How values read on a page: dates, times and addresses in plain words, London time."""

from datetime import date, datetime

from flask import Flask
from markupsafe import Markup

from shared.london import LONDON, moment_in_words, time_in_words


def register(app: Flask) -> None:
    """Make the formats known to the templates."""
    app.add_template_filter(day, "day")
    app.add_template_filter(short_day, "short_day")
    app.add_template_filter(moment, "moment")
    app.add_template_filter(clock_time, "clock_time")
    app.add_template_filter(file_size, "file_size")
    app.add_template_filter(ring, "ring")


def day(value: date | datetime | None) -> str:
    """Return `Thursday 5 November 2026`."""
    if value is None:
        return ""
    local = value.astimezone(LONDON).date() if isinstance(value, datetime) else value
    return f"{local:%A} {local.day} {local:%B %Y}"


def short_day(value: date | datetime | None) -> str:
    """Return `5 Nov 2026`."""
    if value is None:
        return ""
    local = value.astimezone(LONDON).date() if isinstance(value, datetime) else value
    return f"{local.day} {local:%b %Y}"


def moment(value: datetime | None) -> str:
    """Return `5 November 2026 at 4:30pm`."""
    return moment_in_words(value) if value is not None else ""


def clock_time(value: datetime) -> str:
    """Return the time of the day in London: `4:30pm`."""
    return time_in_words(value.astimezone(LONDON).time())


def file_size(count: int) -> str:
    """Return how large a file of so many bytes is: `340 KB`, `1.2 MB`; never nothing."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} KB"
    return f"{count / 1_000_000:.1f}".removesuffix(".0") + " MB"


def ring(number: str) -> Markup:
    """Return a telephone number as a link that a telephone rings, with the number as it is written."""
    dialled = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    link = Markup('<a class="govuk-link app-number" href="tel:{}"><strong>{}</strong></a>')
    return link.format(dialled, number)
