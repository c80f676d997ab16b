"""Whether one meeting may be moved, cancelled or added by hand, and what is refused because it makes no sense."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shared.errors import Conflict, Invalid
from shared.london import LONDON, london_date
from shared.working_days import is_working_day

AHEAD = timedelta(weeks=105)
"""How far ahead meetings are: two whole years."""

_SHORTEST, _LONGEST = 15, 10 * 60
_STARTED = {
    "in_session": "This meeting is in session.",
    "ended": "This meeting has ended.",
    "cancelled": "This meeting has been cancelled already.",
}


class ChangedMeanwhile(Conflict):
    """Somebody changed the meeting after it was looked at."""


class NotConfirmed(Invalid):
    """The agenda has closed, and nobody said that the meeting is to change all the same."""


@dataclass(frozen=True)
class WhenAndWhere:
    """When and where a meeting is to be: London date and time, minutes. `agenda_closes_at` (UTC) is the rule's when None."""

    held_on: date
    starts: time
    minutes: int
    place: str
    video_link: str
    places: int
    agenda_closes_at: datetime | None = None


def check_may_change(state: str, *, sequence: int, seen: int, is_confirmed: bool) -> None:
    """Refuse to move or cancel a meeting that began, that changed meanwhile, or whose agenda closed, unless confirmed."""
    if state in _STARTED:
        raise Conflict(_STARTED[state])
    if sequence != seen:
        raise ChangedMeanwhile("Somebody has changed this meeting since you opened it. Look at it again, then decide.")
    if state == "agenda_closed" and not is_confirmed:
        message = "Confirm that the meeting changes although its papers have gone out"
        raise NotConfirmed(message, {"is_confirmed": [message]})


def check_when_and_where(new: WhenAndWhere, *, taken: Collection[date], now: datetime) -> None:
    """Refuse a day or time at which no meeting can be; raises Invalid. `taken` are the panel's other meetings."""
    errors = {}
    today = london_date(now)
    if datetime.combine(new.held_on, new.starts, tzinfo=LONDON) <= now:
        errors["held_on"] = "The meeting must begin in the future"
    elif new.held_on > today + AHEAD:
        errors["held_on"] = "The meeting must be within two years"
    elif not is_working_day(new.held_on):
        errors["held_on"] = "The meeting must be on a working day, not a weekend or bank holiday"
    elif new.held_on in taken:
        errors["held_on"] = "The panel has a meeting on this day already"
    if not _SHORTEST <= new.minutes <= _LONGEST:
        errors["minutes"] = f"The meeting must take from {_SHORTEST} to {_LONGEST} minutes"
    if new.video_link and not new.video_link.startswith("https://"):
        errors["video_link"] = "The link must start with https://"
    if errors:
        raise Invalid(next(iter(errors.values())), {name: [message] for name, message in errors.items()})


def check_cut_off(closes_at: datetime, starts_at: datetime, *, is_given: bool, now: datetime) -> None:
    """Refuse a cut-off that has passed or is not before the meeting; raises Invalid."""
    message = ""
    if closes_at >= starts_at:
        message = "The agenda must close before the meeting begins"
    elif closes_at <= now:
        message = "The agenda must close in the future"
        if not is_given:
            message = "By the panel's rule the agenda would have closed already. Say when it closes instead"
    if message:
        raise Invalid(message, {"closes_on": [message]})
