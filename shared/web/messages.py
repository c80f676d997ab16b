"""What is held up between the services, for administrators: the same as `python -m services.<name> messages`."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shared.audit import record
from shared.errors import Invalid
from shared.operating.held import STATES, HeldFact, discard, held_counts, held_fact, held_page, try_again
from shared.operating.history import history_of
from shared.paging import PageOf
from shared.service import SERVICES, Resources
from shared.web.access import current_person, needs
from shared.web.fields import Choice, Words
from shared.web.forms import Form, PageForm, read_form, show_form
from shared.web.paging import page_asked_for, shown


class HeldFilter(PageForm):
    """Which held messages to list."""

    state = Choice("State", STATES)


class GiveUp(PageForm):
    """Why a message is given up."""

    why = Words("Why this message can be given up", longest=500, required=True)


def blueprint(name: str) -> Blueprint:
    """Return the administrators' pages about the messages of a service."""
    pages = Blueprint("messages", name)

    @pages.get("/messages")
    @needs("administrator")
    def held() -> ResponseReturnValue:
        """List what is held up, what needs a person first."""
        return _list()

    @pages.get("/messages/<uuid:message_id>")
    @needs("administrator")
    def one(message_id: UUID) -> str:
        """Show one message: ids and codes, never a story."""
        return _show(message_id, show_form(GiveUp()))

    @pages.post("/messages/<uuid:message_id>/again")
    @needs("administrator")
    def post_again(message_id: UUID) -> ResponseReturnValue:
        """Have a message tried again now."""
        with _database().begin() as session:
            try_again(session, message_id, by=current_person().person_id)
        flash("The message is being tried again.")
        return redirect(url_for("messages.held"))

    @pages.post("/messages/<uuid:message_id>/discard")
    @needs("administrator")
    def post_discard(message_id: UUID) -> ResponseReturnValue:
        """Give a message up for ever."""
        return _give_up(message_id)

    return pages


def _list() -> ResponseReturnValue:
    form = read_form(HeldFilter(), request.args)
    if form.errors:
        nothing: PageOf[HeldFact] = PageOf((), 1, 1, 0)
        return render_template("messages/held.html", form=form, found=nothing, counts=[], **_words()), 422
    with _database().read() as session:
        found = shown(held_page(session, state=form.values["state"] or "", number=page_asked_for()))
        counts = held_counts(session)
    return render_template("messages/held.html", form=form, found=found, counts=counts, **_words())


def _show(message_id: UUID, form: Form) -> str:
    with _database().begin() as session:
        fact = held_fact(session, message_id)
        history = history_of(session, message_id)
        who = current_person().person_id
        record(session, who=who, did="read_message", subject="message", subject_id=message_id, topic=fact.topic)
    return render_template("messages/one.html", form=form, fact=fact, history=history, **_words())


def _give_up(message_id: UUID) -> ResponseReturnValue:
    form = read_form(GiveUp(), request.form)
    if form.errors:
        return _show(message_id, form), 422
    try:
        with _database().begin() as session:
            discard(session, message_id, why=form.values["why"], by=current_person().person_id)
    except Invalid as refusal:
        form.add_refusal(refusal)
        return _show(message_id, form), 422
    flash("The message is given up.")
    return redirect(url_for("messages.held"))


def _database() -> Any:
    resources: Resources = current_app.extensions["resources"]
    return resources.database


def _words() -> dict[str, Any]:
    colours = {"unsent": "blue", "unroutable": "red", "retry": "yellow", "blocked": "grey", "parked": "red"}
    return {"states": STATES, "colours": colours, "services": SERVICES}
