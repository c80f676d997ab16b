"""Follow a request without an account: the reference and a contact that we hold."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug import Response

from services.referrals.actions.follow import find_to_follow
from services.referrals.actions.information import give_information
from services.referrals.actions.tries import TooManyTries
from services.referrals.pages import pages
from services.referrals.pages.sent import AnswerForm, steps_told, waiting_for
from services.referrals.queries.consent import leaves_out_referrer
from services.referrals.queries.requests import information_asked, whole_request
from services.referrals.rules.amending import allowed_at
from services.referrals.rules.choices import FAMILY_SOURCES
from services.referrals.tables import RequestRow
from shared.audit import record
from shared.errors import NotFound
from shared.web.access import open_to_everyone
from shared.web.app import database, now, resources, today
from shared.web.fields import Line
from shared.web.forms import Form, PageForm, read_form, show_form

_KEY, _AS_REFERRER = "follows", "follows_as_referrer"
_WRONG = "We cannot find a request with this reference and contact. Check both, or ring us."


class FollowForm(PageForm):
    """The reference and a contact."""

    reference = Line("Reference", required=True, longest=40)
    contact = Line("E-mail address or telephone number", required=True)


@pages.get("/follow")
@open_to_everyone("families follow their request without an account")
def follow() -> str:
    """Ask for the reference and a contact."""
    return render_template("referrals/follow/find.html", form=show_form(FollowForm()))


@pages.post("/follow")
@open_to_everyone("families follow their request without an account")
def post_follow() -> ResponseReturnValue:
    """Find the request; the same answer whatever is wrong, and only so many tries."""
    form = read_form(FollowForm(), request.form)
    if form.errors:
        return render_template("referrals/follow/find.html", form=form), 422
    try:
        with database().begin() as opened:
            values = form.values
            found = find_to_follow(opened, values["reference"], values["contact"], asked_from=request.remote_addr or "")
            if found is not None:
                record(opened, who="visitor", did="followed", subject="request", subject_id=found.request.id)
    except TooManyTries as refusal:
        form.add_error("form", str(refusal))
        return render_template("referrals/follow/find.html", form=form), 429
    if found is None:
        form.add_error("form", _WRONG)
        return render_template("referrals/follow/find.html", form=form), 422
    session[_KEY], session[_AS_REFERRER] = str(found.request.id), found.is_referrer
    return redirect(url_for("pages.followed"))


@pages.get("/follow/progress")
@open_to_everyone("shown only after the reference and a contact were given")
def followed() -> ResponseReturnValue:
    """Show what happened to the request that was found."""
    return _page(show_form(AnswerForm()))


@pages.post("/follow/information")
@open_to_everyone("taken only after the reference and a contact were given")
def post_follow_information() -> ResponseReturnValue:
    """Keep the answer to what the front door asked for."""
    request_id = _followed_id()
    if request_id is None:
        return redirect(url_for("pages.follow"))
    form = read_form(AnswerForm(), request.form)
    if form.errors:
        return _page(form), 422
    with database().begin() as opened:
        give_information(
            opened, request_id, form.values["answer"], who="visitor", authority=resources().authority, now=now()
        )
    flash("We have your answer and look at the request again.")
    return redirect(url_for("pages.followed"))


@pages.post("/follow/leave")
@open_to_everyone("it only forgets what was shown")
def post_leave() -> ResponseReturnValue:
    """Forget in this browser which request was followed."""
    session.pop(_KEY, None)
    return redirect(url_for("pages.follow"))


@dataclass(frozen=True)
class FollowedBy:
    """Who follows a request without an account, and how it is read anew."""

    request_id: UUID
    is_professional: bool

    def row(self, opened: Session) -> RequestRow:
        """Return the request; raises NotFound, also once the family leaves the referrer out."""
        row = whole_request(opened, self.request_id)
        if session.get(_AS_REFERRER) and leaves_out_referrer(row):
            raise NotFound("The family does not want this organisation to hear more.")
        return row


def followed_by() -> FollowedBy | None:
    """Return who follows which request in this browser, or None."""
    request_id = _followed_id()
    if request_id is None:
        return None
    with database().read() as opened:
        return FollowedBy(request_id, _is_professional(whole_request(opened, request_id)))


def _followed_id() -> UUID | None:
    return UUID(session[_KEY]) if _KEY in session else None


def _is_professional(row: RequestRow) -> bool:
    return bool(session.get(_AS_REFERRER)) and row.source not in FAMILY_SOURCES


def _page(form: Form) -> str | Response:
    request_id = _followed_id()
    if request_id is None:
        return redirect(url_for("pages.follow"))
    try:
        with database().read() as opened:
            row = FollowedBy(request_id, is_professional=False).row(opened)
            asked = waiting_for(list(information_asked(opened, request_id)), row)
    except NotFound:
        session.pop(_KEY, None)
        return redirect(url_for("pages.follow"))
    is_late = bool(asked and asked.due_on < today())
    return render_template(
        "referrals/follow/progress.html",
        reference=row.reference,
        steps=steps_told(row, is_referrer=_is_professional(row)),
        asked=asked,
        show_question=bool(session.get(_AS_REFERRER)),
        is_late=is_late,
        form=form,
        allowed=allowed_at(row.stage),
    )
