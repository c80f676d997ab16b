"""How long the front door has to decide: time runs while it is open, in London. Every instant is UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from shared.authority import TriageRules
from shared.london import LONDON, london_date
from shared.working_days import next_working_day, previous_working_day, working_days_after

_NOTHING = timedelta()
_A_DAY = timedelta(days=1)


def due_at(rules: TriageRules, received_at: datetime) -> datetime:
    """Return until when a request must be decided that came in at an instant."""
    if rules.counts == "working_hours":
        return later(rules, received_at, timedelta(hours=rules.within))
    return _open_on(rules, working_days_after(london_date(received_at), rules.within))[1]


def amber_at(rules: TriageRules, due: datetime) -> datetime:
    """Return from when a request is soon due."""
    return earlier(rules, due, timedelta(hours=rules.amber_hours))


def clock_from(rules: TriageRules, at: datetime) -> dict[str, datetime | None]:
    """Return the columns of a request whose time for a decision begins at an instant."""
    return _running(rules, due_at(rules, at))


def clock_after_pause(
    rules: TriageRules, due: datetime, *, paused_at: datetime | None, at: datetime
) -> dict[str, datetime | None]:
    """Return the columns of a request whose time goes on at an instant, where it stood still before."""
    return _running(rules, resumed(rules, due, paused_at=paused_at, at=at) if paused_at else due)


def _running(rules: TriageRules, due: datetime) -> dict[str, datetime | None]:
    return {"triage_due_at": due, "triage_amber_at": amber_at(rules, due), "triage_paused_at": None}


def resumed(rules: TriageRules, due: datetime, *, paused_at: datetime, at: datetime) -> datetime:
    """Return until when it must be decided after a pause: what was left is left still, and what was late is late."""
    left = open_between(rules, paused_at, due)
    return later(rules, at, left) if left else due


def colour(now: datetime, *, amber: datetime, due: datetime) -> str:
    """Return `green`, `amber` from when it is soon due, `red` when it is late."""
    return "red" if now > due else "amber" if now >= amber else "green"


def open_between(rules: TriageRules, since: datetime, until: datetime) -> timedelta:
    """Return how long the front door is open between two instants; nothing where the second is the earlier one."""
    total, day = _NOTHING, next_working_day(london_date(since))
    while day <= london_date(until):
        opens, closes = _open_on(rules, day)
        total += max(_NOTHING, min(until, closes) - max(since, opens))
        day = next_working_day(day + _A_DAY)
    return total


def later(rules: TriageRules, since: datetime, amount: timedelta) -> datetime:
    """Return when the front door has been open so long since an instant."""
    for opens, closes in _days_from(rules, london_date(since)):
        begins = max(since, opens)
        if begins < closes:
            if amount <= closes - begins:
                return begins + amount
            amount -= closes - begins
    raise AssertionError("there is always another working day")


def earlier(rules: TriageRules, until: datetime, amount: timedelta) -> datetime:
    """Return since when the front door has been open so long at an instant."""
    day = previous_working_day(london_date(until))
    while True:
        opens, closes = _open_on(rules, day)
        ends = min(until, closes)
        if opens < ends:
            if amount <= ends - opens:
                return ends - amount
            amount -= ends - opens
        day = previous_working_day(day - _A_DAY)


def _days_from(rules: TriageRules, day: date) -> Iterator[tuple[datetime, datetime]]:
    while True:
        day = next_working_day(day)
        yield _open_on(rules, day)
        day += _A_DAY


def _open_on(rules: TriageRules, day: date) -> tuple[datetime, datetime]:
    opens, closes = (datetime.combine(day, at, LONDON).astimezone(UTC) for at in (rules.opens, rules.closes))
    return opens, closes
