"""The draft behind the pages of asking: found by the browser's session, read and kept by every step."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from services.referrals.actions.drafts import begin_draft, change_draft
from services.referrals.queries.drafts import find_draft
from services.referrals.rules import journey
from services.referrals.rules.drafts import last_day_of, over_before
from services.referrals.tables import DraftRow
from shared.errors import NotFound
from shared.web.access import person_or_none
from shared.web.app import database, now, resources, today

_KEY = "draft"
_PAGES_OF_THEIR_OWN = {"check": "pages.check", "safeguarding": "pages.ask_safeguarding"}
"""Steps that are neither a form of `ask_forms.py` nor a list."""


@dataclass(frozen=True)
class Held:
    """A draft in an open transaction."""

    session: Session
    row: DraftRow

    @property
    def content(self) -> dict[str, Any]:
        """Return what the pages kept so far."""
        return self.row.content

    def keep(self, content: Mapping[str, Any]) -> None:
        """Keep new content."""
        change_draft(self.session, self.row, content, now=now())


def person_id() -> UUID | None:
    """Return who is signed in, or None."""
    person = person_or_none()
    return person.person_id if person else None


def start_draft(content: dict[str, Any]) -> None:
    """Begin a draft and remember it in the browser's session."""
    with database().begin() as opened:
        session[_KEY] = str(begin_draft(opened, person_id=person_id(), content=content, now=now()))


@contextmanager
def draft(*, hold: bool = False, is_sent: bool = False) -> Iterator[Held]:
    """Give the browser's draft in a transaction; leads to the start when there is none, or when it was sent."""
    with database().begin() as opened:
        try:
            row = find_draft(opened, UUID(session[_KEY]), person_id(), not_before=not_before(), hold=hold)
        except (KeyError, ValueError, NotFound):
            _lead_to_start()
        if (row.request_id is not None) != is_sent:
            _lead_to_sent() if row.request_id else _lead_to_start()
        yield Held(opened, row)


@dataclass(frozen=True)
class Unfinished:
    """Where the browser's draft goes on, and the last day on which it can."""

    address: str
    last_day: date


def unfinished() -> Unfinished | None:
    """Return where the browser's draft goes on, or None when there is none."""
    if _KEY not in session:
        return None
    try:
        with database().read() as opened:
            row = find_draft(opened, UUID(session[_KEY]), person_id(), not_before=not_before())
    except (ValueError, NotFound):
        return None
    return None if row.request_id is not None else Unfinished(address_to_go_on(row), last_day(row))


def go_on_with(row: DraftRow) -> str:
    """Remember a draft in the browser's session, and return the address at which it goes on."""
    session[_KEY] = str(row.id)
    return address_to_go_on(row)


def leave_draft() -> None:
    """Forget in this browser which draft it was."""
    session.pop(_KEY, None)


def address_to_go_on(row: DraftRow) -> str:
    """Return the address at which a draft goes on."""
    return address_of(journey.next_step(row.content, "", has_localities=has_localities()))


def not_before() -> datetime:
    """Return the instant before which a draft was changed last whose time is over."""
    return over_before(kept_days(), today())


def kept_days() -> int:
    """Return for how many days from its last change the authority keeps a draft."""
    return resources().authority.records.drafts_kept_days


def last_day(row: DraftRow) -> date:
    """Return the last day on which a draft can be gone on with."""
    return last_day_of(row.updated_at, kept_days())


def has_localities() -> bool:
    """Say whether the authority has localities, and so the family's is asked."""
    return bool(resources().authority.localities)


def address_of(step: str) -> str:
    """Return the address of a step."""
    if step in _PAGES_OF_THEIR_OWN:
        return url_for(_PAGES_OF_THEIR_OWN[step])
    if step in journey.GROUPS:
        return url_for("pages.ask_list", group=step)
    return url_for("pages.ask_step", step=step)


def is_from_check() -> bool:
    """Say whether this page was opened from the answers, and so leads back there."""
    return request.args.get("from") == "check"


def still_from_check() -> dict[str, Any]:
    """Return what an address says so that the page there leads back to the answers, if this page does."""
    return {"from": "check"} if is_from_check() else {}


def back_from(content: Mapping[str, Any], step: str) -> str:
    """Return the address of the page before a step: that of the answers, for whoever came from there."""
    if is_from_check():
        return address_of("check")
    before = journey.previous_step(content, step, has_localities=has_localities())
    return address_of(before) if before else url_for("pages.safety")


def is_asked(step: str, content: Mapping[str, Any]) -> bool:
    """Say whether this person is asked a step: a family is not asked what only professionals answer."""
    return step in journey.steps_for(content, has_localities=has_localities())


def go_on(content: Mapping[str, Any], step: str) -> Response:
    """Lead to the next step that is still to do, or to the answers."""
    return redirect(address_of(journey.next_step(content, step, has_localities=has_localities())))


def as_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's values as JSON keeps them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def as_shown(values: Mapping[str, Any], days: set[str]) -> dict[str, Any]:
    """Return kept values as a form shows them; `days` are the fields that hold dates."""
    return {
        name: date.fromisoformat(value) if name in days and isinstance(value, str) and value else value
        for name, value in values.items()
        if value is not None
    }


class _Lead(HTTPException):
    """Leads the browser to another page from inside a transaction, which is rolled back."""


def _lead_to_start() -> None:
    flash("Start here. There is nothing half done in this browser.")
    raise _Lead(response=redirect(url_for("pages.start")))


def _lead_to_sent() -> None:
    raise _Lead(response=redirect(url_for("pages.confirmation")))
