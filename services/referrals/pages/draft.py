"""The draft behind the pages of asking: found by the browser's session, read and kept by every step."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from services.referrals.actions.drafts import begin_draft, change_draft
from services.referrals.actions.tabs import Answer, keep_answer, let_answer_wait
from services.referrals.pages.drafts_here import draft_here, use_draft
from services.referrals.pages.tabs import FIELD, Posted, page_here, posted
from services.referrals.queries.attachments import attachments_of
from services.referrals.queries.drafts import draft_to_wait_with, find_draft
from services.referrals.rules import journey
from services.referrals.rules.drafts import last_day_of, over_before
from services.referrals.rules.tabs import open_page, part_of, was_removed
from services.referrals.tables import DraftRow, RequestRow
from shared.errors import Conflict, NotFound
from shared.web.access import person_or_none
from shared.web.app import database, now, resources, today

_PAGES_OF_THEIR_OWN = {
    "check": "pages.check",
    "safeguarding": "pages.ask_safeguarding",
    "attachments": "pages.ask_attachments",
}
"""Steps that are neither a form of `ask_forms.py` nor a list."""
_NOT_TYPED = frozenset({FIELD, "csrf_token", "later"})


@dataclass(frozen=True)
class Held:
    """A draft in an open transaction."""

    session: Session
    row: DraftRow

    @property
    def content(self) -> dict[str, Any]:
        """Return what the pages kept so far."""
        return self.row.content

    def with_files(self) -> dict[str, Any]:
        """Return what the pages kept so far, and the names of the files that lie with it."""
        names = [row.name for row in attachments_of(self.session, self.row.id)]
        return {**self.content, "attachments": {"names": names}}

    def keep(self, content: Mapping[str, Any]) -> None:
        """Keep new content; raises WrittenElsewhere where that would overwrite what this page never showed."""
        form = posted()
        if form is not None:
            keep_answer(self.session, self.row, content, form.opening, waiting=form.key)
        change_draft(self.session, self.row, content, now=now())

    def has_changed_since_shown(self) -> bool:
        """Say whether what this page showed is not what is kept now."""
        form = posted()
        return form is not None and form.opening.seen != open_page(self.content, form.opening.page, "").seen

    def ref_added(self) -> str:
        """Return the ref of what this page, opened once, has added already: a second click adds nothing more."""
        form = posted()
        place = self.row.openings.get("added", {}).get(form.opening.mark, "") if form else ""
        return place.partition("/")[2] if part_of(self.content, place) is not None else ""


def person_id() -> UUID | None:
    """Return who is signed in, or None."""
    person = person_or_none()
    return person.person_id if person else None


def start_draft(content: dict[str, Any]) -> None:
    """Begin a draft and remember it in the browser's session, beside others that it began and has not sent."""
    with database().begin() as opened:
        begun = begin_draft(opened, person_id=person_id(), content=content, now=now())
        use_draft(begun, is_over=lambda draft_id: _is_over(opened, draft_id))


@contextmanager
def draft(*, hold: bool = False, is_sent: bool = False) -> Iterator[Held]:
    """Give the browser's draft in a transaction; leads to the start when there is none, or when it was sent.

    A form of a page of asking remembers its own draft: another tab may have begun one since. What it brought for a
    draft that cannot be gone on with here is kept or shown.
    """
    form = posted()
    if form is not None:
        use_draft(form.draft_id)
        if "later" in request.form:
            _keep_for_later(form)
    with database().begin() as opened:
        row = _row(opened, hold=hold)
        if row is not None and (row.request_id is not None) == is_sent:
            if form is not None and was_removed(form.opening, row.content):
                raise RemovedElsewhere(row.id, row.content, form.opening.page)
            yield Held(opened, row)
            return
        sent = opened.get(RequestRow, row.request_id) if row is not None and row.request_id else None
    if sent is not None:
        _lead_to_sent(sent)
    if form is not None:
        _keep_for_whoever_began(form)
    _lead_to_start()


def _row(opened: Session, *, hold: bool) -> DraftRow | None:
    held = draft_here()
    try:
        return find_draft(opened, held, person_id(), not_before=not_before(), hold=hold) if held else None
    except NotFound:
        return None


def _is_over(opened: Session, draft_id: UUID) -> bool:
    try:
        return find_draft(opened, draft_id, person_id(), not_before=not_before()).request_id is not None
    except NotFound:
        return True


def _keep_for_later(form: Posted) -> None:
    with database().begin() as opened:
        row = draft_to_wait_with(opened, form.draft_id, not_before=not_before())
        if row is None or row.person_id not in (None, person_id()):
            return
        if any(text for _, text in typed()):
            _let_wait(opened, row, form)
    raise _Lead(response=redirect(url_for("pages.save")))


def _keep_for_whoever_began(form: Posted) -> None:
    with database().begin() as opened:
        row = draft_to_wait_with(opened, form.draft_id, not_before=not_before())
        if row is not None:
            _let_wait(opened, row, form)
    if row is None:
        raise NothingThere("This request was deleted, or its time is over.")
    if person_id() is None:
        raise _Lead(response=redirect(f"/directory/sign-in?{urlencode({'next': url_for('pages.waiting')})}"))
    flash("That request was begun with another account. What was typed is kept for that person.")
    raise _Lead(response=redirect(url_for("pages.start")))


def _let_wait(opened: Session, row: DraftRow, form: Posted) -> None:
    answer = Answer(request.full_path, request.form[FIELD], typed())
    let_answer_wait(opened, row, form.key, answer, who=str(person_id() or "visitor"), now=now())


def typed() -> list[tuple[str, str]]:
    """Return what was typed into the form that was posted, without what pages add themselves."""
    return [(name, text) for name, text in request.form.items(multi=True) if name not in _NOT_TYPED]


@dataclass(frozen=True)
class Unfinished:
    """Where the browser's draft goes on, and the last day on which it can."""

    address: str
    last_day: date


def unfinished() -> Unfinished | None:
    """Return where the browser's draft goes on, or None when there is none."""
    with database().read() as opened:
        row = _row(opened, hold=False)
    return None if row is None or row.request_id is not None else Unfinished(address_to_go_on(row), last_day(row))


def go_on_with(row: DraftRow) -> str:
    """Remember a draft in the browser's session, and return the address at which it goes on."""
    use_draft(row.id)
    return address_to_go_on(row)


def address_to_go_on(row: DraftRow) -> str:
    """Return the address at which a draft goes on: an answer that waits comes first."""
    if row.waiting:
        return url_for("pages.waiting")
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


class RemovedElsewhere(Conflict):
    """What a page is about was removed since it was opened; `args` has the draft's id, its content and the page."""


class SentAlready(Conflict):
    """The draft was sent since the page was opened; `args` has the reference, and when it was sent."""


class NothingThere(Conflict):
    """The draft was deleted since the page was opened, or its time is over."""


class _Lead(HTTPException):
    """Leads the browser to another page from inside a transaction, which is rolled back."""


def _lead_to_start() -> None:
    flash("Start here. There is nothing half done in this browser.")
    raise _Lead(response=redirect(url_for("pages.start")))


def _lead_to_sent(sent: RequestRow) -> None:
    is_sending = page_here() == "check"
    if request.method == "POST" and not is_sending and typed():
        raise SentAlready(sent.reference, sent.received_at)
    if not is_sending:
        flash("This request was sent already. Nothing was changed.")
    raise _Lead(response=redirect(url_for("pages.confirmation")))
