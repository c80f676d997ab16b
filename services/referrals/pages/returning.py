"""Save and come back: the link to a draft for who has no account, and deleting a draft oneself."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.referrals.actions.drafts import delete_draft, give_to_person
from services.referrals.actions.return_links import Mailing, come_back, find_by_link, make_link
from services.referrals.actions.tries import TooManyTries
from services.referrals.pages import pages
from services.referrals.pages.draft import (
    Held,
    address_to_go_on,
    draft,
    go_on_with,
    kept_days,
    last_day,
    not_before,
    person_id,
)
from services.referrals.pages.drafts_here import forget_draft_here
from services.referrals.rules.drafts import SHORTEST_WORD, read_return_code, return_code, same_word
from services.referrals.tables import RequestRow
from shared.errors import Invalid
from shared.web.access import current_person, needs, open_to_everyone
from shared.web.app import database, resources
from shared.web.fields import Choice, Email, Line
from shared.web.forms import Form, PageForm, read_form, show_form

_WHY = "families ask for help without an account"
_OVER = "This link leads nowhere any more: a newer one was made, the request was deleted, or its time is over."
HOW = {"mailed": "Send the link to an e-mail address", "shown": "Show me the link, to write down"}


class SaveForm(PageForm):
    """How somebody wants to come back."""

    how = Choice("How you want to come back", HOW, required=True)
    email = Email("E-mail address")
    word = Line("Word", longest=60)


class WordForm(PageForm):
    """The word that a mailed link asks for."""

    word = Line("The word that you chose", longest=60, required=True)


class CodeForm(PageForm):
    """The code of a link, as somebody wrote it down."""

    code = Line("Code", longest=100, required=True)


@pages.get("/ask/save")
@open_to_everyone(_WHY)
def save() -> str:
    """Say until when the draft is kept, and how to come back to it."""
    with draft() as held:
        email = held.content.get("details", {}).get("email", "")
        return _save_page(held, show_form(SaveForm(), {"email": email}))


@pages.post("/ask/save")
@open_to_everyone(_WHY)
def post_save() -> ResponseReturnValue:
    """Make the link, which ends the one before, and mail or show it."""
    with draft(hold=True) as held:
        form = read_form(SaveForm(), request.form)
        if not form.errors and form.values["how"] == "mailed":
            _check_mailing(form)
        if form.errors:
            return _save_page(held, form), 422
        try:
            _make_link(held, form.values)
        except TooManyTries as refusal:
            form.add_error("form", str(refusal))
            return _save_page(held, form), 429
    return redirect(url_for("pages.saved"))


@pages.post("/ask/save/account")
@needs("referrer", "social_worker", "front_door", "coordinator")
def post_save_with_account() -> ResponseReturnValue:
    """Keep a draft that was begun without an account with this person's."""
    with draft(hold=True) as held:
        give_to_person(held.session, held.row, current_person().person_id)
    return redirect(url_for("pages.begun"))


@pages.get("/ask/saved")
@open_to_everyone(_WHY)
def saved() -> ResponseReturnValue:
    """Show the link, or where it was mailed."""
    with draft() as held:
        if held.row.link_fingerprint is None:
            return redirect(url_for("pages.save"))
        code = return_code(held.row.id, held.row.link_number, resources().settings.page_key)
        return render_template(
            "referrals/returning/saved.html",
            last_day=last_day(held.row),
            email=held.row.link_email,
            code=code,
            link=resources().settings.public_url + url_for("pages.come_back_by_link", code=code),
            enter_at=resources().settings.public_url + url_for("pages.enter_code"),
            carry_on=address_to_go_on(held.row),
        )


@pages.post("/ask/leave")
@open_to_everyone("it only forgets what was begun in this browser")
def post_leave_draft() -> ResponseReturnValue:
    """Forget in this browser which draft it was."""
    forget_draft_here()
    flash("This browser does not know of your request any more. You come back to it with the link.")
    return redirect(url_for("pages.start"))


@pages.get("/return")
@open_to_everyone(_WHY)
def enter_code() -> str:
    """Ask for the code of a link."""
    return render_template("referrals/returning/code.html", form=show_form(CodeForm()))


@pages.post("/return")
@open_to_everyone(_WHY)
def post_enter_code() -> ResponseReturnValue:
    """Lead to the page that the link with this code opens."""
    form = read_form(CodeForm(), request.form)
    if not form.errors:
        try:
            return redirect(url_for("pages.come_back_by_link", code=read_return_code(form.values["code"])))
        except Invalid as refusal:
            form.add_error("code", str(refusal))
    return render_template("referrals/returning/code.html", form=form), 422


@pages.get("/return/<code>")
@open_to_everyone("the code in the address is the key, and a mailed one asks for a word too")
def come_back_by_link(code: str) -> ResponseReturnValue:
    """Show what a link leads to; nothing is opened before the button is pressed, because mail scanners follow links."""
    return _return_page(code, show_form(WordForm()))


@pages.post("/return/<code>")
@open_to_everyone("the code in the address is the key, and a mailed one asks for a word too")
def post_come_back(code: str) -> ResponseReturnValue:
    """Open the draft in this browser."""
    form = read_form(WordForm(), request.form)
    try:
        with database().begin() as opened:
            row = find_by_link(opened, code, not_before=not_before(), asked_from=_asked_from())
            may_go_on = row is not None and row.request_id is None and not (row.link_word and form.errors)
            if row is not None and may_go_on:
                if come_back(opened, row, form.values.get("word", "")):
                    return redirect(go_on_with(row))
                form.add_error("word", "That is not the word that you chose. Check it and try again.")
    except TooManyTries as refusal:
        form.add_error("form", str(refusal))
        return _return_page(code, form, status=429)
    return _return_page(code, form)


@pages.get("/ask/delete")
@open_to_everyone(_WHY)
def delete() -> str:
    """Ask whether the draft is really to be deleted."""
    with draft() as held:
        return render_template("referrals/returning/delete.html", back=address_to_go_on(held.row))


@pages.post("/ask/delete")
@open_to_everyone(_WHY)
def post_delete() -> ResponseReturnValue:
    """Delete the draft."""
    with draft(hold=True) as held:
        delete_draft(held.session, held.row, who=str(person_id() or "visitor"))
    forget_draft_here()
    flash("The request that you had begun is deleted. Nothing of it was sent.")
    return redirect(url_for("pages.start"))


def _check_mailing(form: Form) -> None:
    if not form.values.get("email"):
        form.add_error("email", "Enter the e-mail address to which we send the link")
    if len(same_word(form.values.get("word") or "")) < SHORTEST_WORD:
        form.add_error("word", f"Choose a word of {SHORTEST_WORD} letters or numbers at least")


def _make_link(held: Held, values: Mapping[str, Any]) -> None:
    mailing = Mailing(values["email"], values["word"]) if values["how"] == "mailed" else None
    key = resources().settings.page_key
    make_link(held.session, held.row, key=key, kept_days=kept_days(), mailing=mailing, asked_from=_asked_from())


def _save_page(held: Held, form: Form) -> str:
    return render_template(
        "referrals/returning/save.html",
        form=form,
        how=HOW,
        has_account=held.row.person_id is not None,
        has_link=held.row.link_fingerprint is not None,
        last_day=last_day(held.row),
        kept_days=kept_days(),
        back=address_to_go_on(held.row),
    )


def _return_page(code: str, form: Form, *, status: int = 0) -> ResponseReturnValue:
    try:
        with database().begin() as opened:
            row = find_by_link(opened, code, not_before=not_before(), asked_from=_asked_from())
            sent = opened.get_one(RequestRow, row.request_id) if row and row.request_id else None
    except TooManyTries as refusal:
        return render_template("referrals/returning/over.html", detail=str(refusal)), 429
    if row is None:
        return render_template("referrals/returning/over.html", detail=_OVER), 404
    shown = {"row": row, "sent": sent, "last_day": last_day(row), "form": form}
    return render_template("referrals/returning/link.html", **shown), status or (422 if form.errors else 200)


def _asked_from() -> str:
    return request.remote_addr or ""
