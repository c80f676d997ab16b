"""Add to, correct or withdraw what was sent: by account under my requests, or with the reference and a contact."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields
from sqlalchemy.orm import Session

from services.referrals.actions.amend import SaidBefore, Sender, amend, withdraw
from services.referrals.pages import pages
from services.referrals.pages.follow import followed_by
from services.referrals.queries.amendments import own_amendments
from services.referrals.queries.requests import own_request
from services.referrals.rules.amending import ABOUT, KINDS, REASONS, allowed_at, what_happens, who_sent
from services.referrals.tables import RequestRow
from shared.errors import Conflict, Invalid
from shared.web.access import current_person, needs, open_to_everyone
from shared.web.app import database, now
from shared.web.fields import Choice, Words
from shared.web.forms import Form, PageForm, read_form, show_form

_FOLLOWING = "shown only after the reference and a contact were given"
_WITHDRAWN = "The request is withdrawn. We have told everybody who had it."
_ASKED_TO_STOP = "We have told the worker and the front door. They will talk with the family."


class AmendForm(PageForm):
    """What somebody adds or corrects; `key` makes it one however often it is sent."""

    key = fields.UUID(required=True)
    about = Choice("What it is about", ABOUT, required=True)
    kind = Choice("Whether it is new or was wrong", KINDS, required=True)
    was = Words("What was wrong", longest=4000)
    words = Words("What is right, or what you want to add", longest=10_000)


class WithdrawForm(PageForm):
    """Why somebody withdraws."""

    key = fields.UUID(required=True)
    reason = Choice("Why", REASONS, required=True)
    words = Words("Your words", longest=4000)


@dataclass(frozen=True)
class Way:
    """How somebody came to a request that was sent: who they are, how it is read, and where the pages are."""

    sender: Sender
    row: Callable[[Session], RequestRow]
    back: str
    amend_at: str
    withdraw_at: str


@pages.get("/sent/<uuid:request_id>/amend")
@needs("referrer", "social_worker")
def amend_sent(request_id: UUID) -> ResponseReturnValue:
    """Ask what is added or corrected."""
    return _amend_page(_by_account(request_id), show_form(AmendForm(), {"key": str(uuid4())}))


@pages.post("/sent/<uuid:request_id>/amend")
@needs("referrer", "social_worker")
def post_amend_sent(request_id: UUID) -> ResponseReturnValue:
    """Keep what is added or corrected."""
    return _amend(_by_account(request_id))


@pages.get("/sent/<uuid:request_id>/withdraw")
@needs("referrer", "social_worker")
def withdraw_sent(request_id: UUID) -> ResponseReturnValue:
    """Ask why it is withdrawn."""
    return _withdraw_page(_by_account(request_id), show_form(WithdrawForm(), {"key": str(uuid4())}))


@pages.post("/sent/<uuid:request_id>/withdraw")
@needs("referrer", "social_worker")
def post_withdraw_sent(request_id: UUID) -> ResponseReturnValue:
    """Withdraw it."""
    return _withdraw(_by_account(request_id))


@pages.get("/follow/amend")
@open_to_everyone(_FOLLOWING)
def amend_followed() -> ResponseReturnValue:
    """Ask what is added or corrected."""
    way = _by_reference()
    return _amend_page(way, show_form(AmendForm(), {"key": str(uuid4())})) if way else _to_follow()


@pages.post("/follow/amend")
@open_to_everyone(_FOLLOWING)
def post_amend_followed() -> ResponseReturnValue:
    """Keep what is added or corrected."""
    way = _by_reference()
    return _amend(way) if way else _to_follow()


@pages.get("/follow/withdraw")
@open_to_everyone(_FOLLOWING)
def withdraw_followed() -> ResponseReturnValue:
    """Ask why it is withdrawn."""
    way = _by_reference()
    return _withdraw_page(way, show_form(WithdrawForm(), {"key": str(uuid4())})) if way else _to_follow()


@pages.post("/follow/withdraw")
@open_to_everyone(_FOLLOWING)
def post_withdraw_followed() -> ResponseReturnValue:
    """Withdraw it."""
    way = _by_reference()
    return _withdraw(way) if way else _to_follow()


def _by_account(request_id: UUID) -> Way:
    person_id = current_person().person_id
    with database().read() as session:
        source = own_request(session, request_id, person_id).source
    return Way(
        sender=Sender(who_sent(source, is_referrer=True), person_id),
        row=lambda session: own_request(session, request_id, person_id),
        back=url_for("pages.sent_request", request_id=request_id),
        amend_at=url_for("pages.amend_sent", request_id=request_id),
        withdraw_at=url_for("pages.withdraw_sent", request_id=request_id),
    )


def _by_reference() -> Way | None:
    followed = followed_by()
    if followed is None:
        return None
    return Way(
        sender=Sender("referrer" if followed.is_professional else "family"),
        row=followed.row,
        back=url_for("pages.followed"),
        amend_at=url_for("pages.amend_followed"),
        withdraw_at=url_for("pages.withdraw_followed"),
    )


def _to_follow() -> ResponseReturnValue:
    return redirect(url_for("pages.follow"))


def _amend(way: Way) -> ResponseReturnValue:
    form = read_form(AmendForm(), request.form)
    if form.errors:
        return _amend_page(way, form, 422)
    try:
        with database().begin() as session:
            row = way.row(session)
            amend(session, row.id, form.values["key"], form.values, sender=way.sender, now=now())
    except (Invalid, Conflict) as refusal:
        return _amend_page(way, _with_key(form, refusal), form.add_refusal(refusal))
    flash("We have it, and show it beside what was sent.")
    return redirect(way.back)


def _withdraw(way: Way) -> ResponseReturnValue:
    form = read_form(WithdrawForm(), request.form)
    if form.errors:
        return _withdraw_page(way, form, 422)
    try:
        with database().begin() as session:
            row = way.row(session)
            withdraw(session, row.id, form.values["key"], form.values, sender=way.sender, now=now())
    except (Invalid, Conflict) as refusal:
        return _withdraw_page(way, _with_key(form, refusal), form.add_refusal(refusal))
    flash(_WITHDRAWN if row.stage == "withdrawn" else _ASKED_TO_STOP)
    return redirect(way.back)


def _with_key(form: Form, refusal: Exception) -> Form:
    """Give a form that came before with other words a key of its own, so that what is new can be sent."""
    if isinstance(refusal, SaidBefore):
        form.entered = {**form.entered, "key": str(uuid4())}
    return form


def _amend_page(way: Way, form: Form, status: int = 200) -> ResponseReturnValue:
    return _page("referrals/amend/amend.html", way, form, status, abouts=ABOUT, kinds=KINDS)


def _withdraw_page(way: Way, form: Form, status: int = 200) -> ResponseReturnValue:
    return _page("referrals/amend/withdraw.html", way, form, status, reasons=REASONS)


def _page(template: str, way: Way, form: Form, status: int, **words: Any) -> ResponseReturnValue:
    with database().read() as session:
        row = way.row(session)
        mine = own_amendments(session, row.id, way.sender.person_id) if way.sender.person_id else []
    shown = {"reference": row.reference, "allowed": allowed_at(row.stage), "what_happens": what_happens(row.stage)}
    return render_template(template, form=form, back=way.back, mine=mine, **shown, **words), status
