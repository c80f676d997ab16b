"""How to reach a service, read from its object in the directory's feed (Open Referral UK, HSDS 3)."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, NamedTuple

from shared.london import time_in_words

_DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday",
    "FR": "Friday", "SA": "Saturday", "SU": "Sunday",
}  # fmt: skip
_FEWEST_IN_A_RUN = 3


class Reach(NamedTuple):
    """Telephone, web address and hours, `` where the directory has none, and when somebody last checked them."""

    phone: str
    web: str
    opens: str
    checked_on: date | None


def how_to_reach(service: Mapping[str, Any]) -> Reach:
    """Return how to reach a service; what a feed says in another form than the standard's is left out."""
    places = [service, *_objects(service, "contacts")]
    phones = [_text(phone, "number") for place in places for phone in _objects(place, "phones")]
    hours = [_hours(schedule) for schedule in _objects(service, "schedules")]
    return Reach(
        phone=next(filter(None, phones), ""),
        web=_text(service, "url"),
        opens="; ".join(filter(None, hours)),
        checked_on=_day(_text(service, "assured_date")),
    )


def _hours(schedule: Mapping[str, Any]) -> str:
    """Return `Monday to Friday, 9am to 5pm`, or `` for what is not every week."""
    days = [code for code in _DAYS if code in _text(schedule, "byday").split(",")]
    opens, closes = _clock(_text(schedule, "opens_at")), _clock(_text(schedule, "closes_at"))
    is_weekly = _text(schedule, "freq") == "WEEKLY" and schedule.get("interval", 1) == 1
    if not (is_weekly and days and opens and closes):
        return ""
    return f"{_days_in_words(days)}, {time_in_words(opens)} to {time_in_words(closes)}"


def _days_in_words(codes: list[str]) -> str:
    week, names = list(_DAYS), [_DAYS[code] for code in codes]
    if len(codes) >= _FEWEST_IN_A_RUN and week.index(codes[-1]) - week.index(codes[0]) == len(codes) - 1:
        return f"{names[0]} to {names[-1]}"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return value.strip() if isinstance(value, str) else ""


def _objects(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    items = record.get(name)
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
