"""What goes out for a meeting, and what each reader's copy of it shows. Plain values: they are kept as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from services.panel.rules.consent import CLOSED_BECAUSE, reference_for_reader
from shared.london import LONDON
from shared.working_days import working_days_before

Contents = Mapping[str, Any]

_SHOWN_OF_CLOSED = ("item_id", "number")


@dataclass(frozen=True)
class Part:
    """What was circulated at one time: the agenda (`number` 0) or a supplement to it, each item as it was then."""

    number: int
    on: str
    items: Sequence[Contents]

    @property
    def title(self) -> str:
        """Return what the part is called in the contents."""
        return f"Supplement {self.number}, sent out on {self.on}" if self.number else "Families"


def papers_go_out_at(held_on: date, *, go_out: str, working_days: int, at: time, closes_at: datetime) -> datetime:
    """Return the UTC instant at which papers go out: at the closing, or so many working days before, never earlier.

    `go_out` is a code of PAPERS_GO_OUT of the profile, `at` a London time.
    """
    if go_out != "working_days_before":
        return closes_at
    day = working_days_before(held_on, working_days)
    return max(closes_at, datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC))


def papers_are_open(state: str, *, are_sent: bool, prepares: bool, held_on: date, stay_days: int, today: date) -> bool:
    """Say whether papers can be read on a London date by somebody with a seat.

    Members read them once they were sent out, whoever `prepares` the meeting once its agenda has closed; everybody
    until the end of the day that is `stay_days` after it.
    """
    is_made = state in ("agenda_closed", "in_session", "ended")
    return is_made and (are_sent or prepares) and today <= papers_open_until(held_on, stay_days)


def copy_for_reader(
    heading: Contents, parts: Sequence[Part], *, closed: Mapping[str, str], reader: str, at: str
) -> dict[str, Any]:
    """Return what a reader's copy shows: every item that went out, those that are `closed` to them with nothing but why.

    `closed` holds why, as a code of rules/consent.py, by the item's id. An item keeps its number and its place, so that the pages of two
    members' copies name the same families in the same order.
    """
    return {
        **heading,
        "copy_for": {"name": reader, "at": at},
        "parts": [
            {"title": part.title, "items": [as_read(item, closed.get(str(item["item_id"]), "")) for item in part.items]}
            for part in parts
        ],
    }


def changed_since(heading: Contents, now: Contents) -> str:
    """Return where and when the meeting is by now, where that is not what went out; empty where it is."""
    when_and_where = ("day", "time", "place")
    if all(heading[name] == now[name] for name in when_and_where):
        return ""
    return f"By now the meeting is on {now['day']}, {now['time']}, {now['place']}."


def as_read(item: Contents, closed: str) -> dict[str, Any]:
    """Return an item as it went out, or where it is closed its number and why, and nothing of the family.

    Its reference stays, unless the reader has no part in the family at all.
    """
    if not closed:
        return {**item, "closed": ""}
    reference = reference_for_reader(item["reference"], closed)
    return {name: item[name] for name in _SHOWN_OF_CLOSED} | {"reference": reference, "closed": CLOSED_BECAUSE[closed]}


def papers_in(copy: Contents) -> list[str]:
    """Return the ids of the items whose papers a reader's copy shows."""
    items = [item for part in copy["parts"] for item in part["items"]]
    return [str(item["item_id"]) for item in items if not item["closed"] and item["paper"] is not None]


def papers_open_until(held_on: date, stay_days: int) -> date:
    """Return the last day, in London, on which the papers of a meeting can be read."""
    return held_on + timedelta(days=stay_days)
