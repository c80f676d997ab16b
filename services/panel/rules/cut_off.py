"""When an agenda closes: the four shapes of cut-off that councils use, in London wall-clock time.

Source: domain page, section 2: so many calendar days, working days or hours before the meeting, or the
last named weekday before it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from shared.authority import WEEKDAYS, Closure, CutOff, closed_days
from shared.london import LONDON
from shared.working_days import working_days_before

_LOOK_BACK = timedelta(days=60)
"""How far before a meeting closures are looked for, beyond the working days that are counted."""


class CutOffWrong(ValueError):
    """A panel's cut-off rule has no known shape, or would close an agenda after its meeting began."""


def agenda_closes_at(held_on: date, starts: time, cut_off: CutOff, closures: Iterable[Closure] = ()) -> datetime:
    """Return the UTC instant at which the agenda of a meeting closes; raises CutOffWrong.

    Days on which the authority is closed are no working days.

    Hours are counted on the wall clock too: 48 hours before ten o'clock is ten o'clock, also over the
    night on which the clocks change.
    """
    closes = _closes(held_on, starts, cut_off, closures)
    begins = datetime.combine(held_on, starts)
    if closes >= begins:
        raise CutOffWrong(f"the agenda of {held_on} would close when the meeting has begun")
    return closes.replace(tzinfo=LONDON).astimezone(UTC)


def meeting_instants(held_on: date, starts: time, minutes: int) -> tuple[datetime, datetime]:
    """Return the UTC instants at which a meeting begins and ends."""
    starts_at = datetime.combine(held_on, starts, tzinfo=LONDON).astimezone(UTC)
    return starts_at, starts_at + timedelta(minutes=minutes)


def _closes(held_on: date, starts: time, cut_off: CutOff, closures: Iterable[Closure]) -> datetime:
    """Return the cut-off on London's wall clock."""
    if cut_off.shape == "hours":
        return datetime.combine(held_on, starts) - timedelta(hours=cut_off.count)
    if cut_off.shape == "days":
        day = held_on - timedelta(days=cut_off.count)
    elif cut_off.shape == "working_days":
        closed = closed_days(closures, held_on - _LOOK_BACK - timedelta(days=2 * cut_off.count), held_on)
        day = working_days_before(held_on, cut_off.count, closed)
    elif cut_off.shape == "last_weekday" and cut_off.weekday in WEEKDAYS:
        days_back = (held_on.weekday() - WEEKDAYS.index(cut_off.weekday) - 1) % 7 + 1
        day = held_on - timedelta(days=days_back)
    else:
        raise CutOffWrong(f"there is no cut-off of the shape {cut_off.shape!r} {cut_off.weekday}".rstrip())
    return datetime.combine(day, cut_off.at)
