"""What was sent and what was not, for those who ring people when a message did not arrive."""

from collections.abc import Collection
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.notifications import queries
from services.notifications.access import READERS, check_may_be_told, kept_from
from services.notifications.actions.settling import (
    ENDINGS,
    REASONS_TO_SEND_AGAIN,
    endings_of,
    may_be_sent_again,
    see_to,
    send_again,
)
from services.notifications.pages import pages
from services.notifications.pages.filters import NOTHING, SHOWN, NoticeFilter, read_filter
from services.notifications.queries import NEEDS_PERSON
from services.notifications.recipients import name_of
from services.notifications.rules.templates import TEMPLATES
from services.notifications.tables import STATES, NoticeRow
from shared.paging import LONG_PAGE_SIZE, PageOf
from shared.web.access import current_person, needs
from shared.web.app import database, resources
from shared.web.fields import Choice
from shared.web.forms import Form, PageForm, read_form, show_form
from shared.web.paging import page_asked_for, shown

_WORDS = {
    "states": STATES,
    "shown": SHOWN,
    "needs_person": NEEDS_PERSON,
    "templates": TEMPLATES,
    "colours": {
        "created": "blue",
        "sending": "blue",
        "passed_on": "grey",
        "delivered": "green",
        "failed": "red",
        "not_sent": "orange",
        "unknown": "yellow",
        "seen_to": "grey",
    },
    "recipients": {
        "referrer": "Referrer",
        "family": "Family",
        "person": "A person who signs in",
        "agency": "An agency",
        "draft": "Who began a request",
    },
    "channels": {"email": "E-mail", "sms": "Text", None: ""},
}


class SeeTo(PageForm):
    """How a message needs nobody any more."""

    ending = Choice("What has happened", ENDINGS, required=True)


class SendAgain(PageForm):
    """Why a message is sent once more."""

    reason = Choice("Why it is sent again", REASONS_TO_SEND_AGAIN, required=True)


@pages.get("/notices")
@needs(*READERS)
def notices() -> ResponseReturnValue:
    """Show what was sent or not, what needs a person first."""
    form, number = read_filter(NoticeFilter()), page_asked_for()
    if form.errors:
        return _list(form, NOTHING, waiting=0), 422
    filters = {"reference": form.values["reference"], "state": form.values["state"]}
    with database().read() as session:
        if _kept_from_me([filters["reference"]]):
            return _list(form, NOTHING, waiting=queries.count_needing_person(session))
        found = shown(queries.notices(session, **filters, number=number, size=LONG_PAGE_SIZE))
        return _list(form, found, waiting=queries.count_needing_person(session))


@pages.get("/notices/<uuid:notice_id>")
@needs(*READERS)
def notice(notice_id: UUID) -> str:
    """Show one message's way, and what somebody can do about it when it did not arrive."""
    return _show(notice_id, show_form(SendAgain()))


@pages.post("/notices/<uuid:notice_id>/send-again")
@needs(*READERS)
def post_send_again(notice_id: UUID) -> ResponseReturnValue:
    """Let a message be sent once more."""
    form = read_form(SendAgain(), request.form)
    if form.errors:
        return _show(notice_id, form), 422
    with database().begin() as session:
        _check_may_be_told(session, notice_id)
        send_again(session, notice_id, reason=form.values["reason"], person_id=current_person().person_id)
    flash("The message will be sent again in a moment.")
    return redirect(url_for("pages.notice", notice_id=notice_id))


@pages.post("/notices/<uuid:notice_id>/see-to")
@needs(*READERS)
def post_see_to(notice_id: UUID) -> ResponseReturnValue:
    """Keep that a message needs nobody any more."""
    form = read_form(SeeTo(), request.form)
    if form.errors:
        return _show(notice_id, form), 422
    with database().begin() as session:
        _check_may_be_told(session, notice_id)
        see_to(session, notice_id, ending=form.values["ending"], person_id=current_person().person_id)
    flash("Thank you. Nobody has to act on this message any more.")
    return redirect(url_for("pages.notice", notice_id=notice_id))


def _list(form: Form, found: PageOf[NoticeRow], *, waiting: int) -> str:
    kept = _kept_from_me([row.reference for row in found.rows])
    return render_template(
        "notifications/notices/list.html", form=form, found=found, kept=kept, waiting=waiting, **_WORDS
    )


def _kept_from_me(references: Collection[str]) -> set[str]:
    return kept_from(current_person(), references, resources().neighbours)


def _check_may_be_told(session: Session, notice_id: UUID) -> NoticeRow:
    found = queries.notice(session, notice_id)
    check_may_be_told(current_person(), found.reference, resources().neighbours)
    return found


def _show(notice_id: UUID, form: Form) -> str:
    with database().read() as session:
        found = _check_may_be_told(session, notice_id)
        attempts = queries.attempts_of(session, notice_id)
    return render_template(
        "notifications/notices/notice.html",
        form=form,
        notice=found,
        attempts=attempts,
        name=name_of(found, resources().neighbours),
        may_send_again=may_be_sent_again(found),
        reasons=REASONS_TO_SEND_AGAIN,
        endings=endings_of(found),
        outcomes={"delivered": "Delivered", "refused": "Refused", "later": "To be tried again", "unknown": "Not known"},
        **_WORDS,
    )
