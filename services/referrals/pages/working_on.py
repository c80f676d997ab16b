"""Who works on a request: taking it on, handing it back, taking it over."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.referrals.actions.working_on import hand_back, take_on, take_over
from services.referrals.pages import pages
from services.referrals.queries.requests import whole_request
from shared.errors import Conflict
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.fields import Line
from shared.web.forms import Form, PageForm, read_form, show_form


class TakeOverForm(PageForm):
    """Why a manager takes a request over."""

    reason = Line("Why you take it over", required=True, longest=500)


@pages.post("/requests/<uuid:request_id>/take-on")
@needs("front_door")
def post_take_on(request_id: UUID) -> ResponseReturnValue:
    """Work on a request."""
    return _done(request_id, take_on, "You work on this request now. Hand it back if you cannot finish.")


@pages.post("/requests/<uuid:request_id>/hand-back")
@needs("front_door")
def post_hand_back(request_id: UUID) -> ResponseReturnValue:
    """Leave a request to whoever is free."""
    return _done(request_id, hand_back, "Nobody works on this request now. It is for whoever is free.")


@pages.get("/requests/<uuid:request_id>/take-over")
@needs("front_door_manager")
def take_over_page(request_id: UUID) -> str:
    """Ask a manager why they take a request over."""
    return _page(request_id, show_form(TakeOverForm()))


@pages.post("/requests/<uuid:request_id>/take-over")
@needs("front_door_manager")
def post_take_over(request_id: UUID) -> ResponseReturnValue:
    """Take a request over from an absent colleague."""
    form = read_form(TakeOverForm(), request.form)
    if form.errors:
        return _page(request_id, form), 422
    return _done(request_id, take_over, "You work on this request now.", reason=form.values["reason"])


def _done(request_id: UUID, act: Callable[..., None], words: str, **more: Any) -> ResponseReturnValue:
    try:
        with database().begin() as session:
            act(session, request_id, by=current_person(), now=now(), **more)
    except Conflict as refusal:
        words = str(refusal)
    flash(words)
    return redirect(url_for("pages.request_page", request_id=request_id))


def _page(request_id: UUID, form: Form) -> str:
    with database().read() as session:
        row = whole_request(session, request_id)
    return render_template("referrals/request/take_over.html", row=row, form=form)
