"""Attaching files to a request, one after another; each is checked, sealed and kept before the page is shown again."""

from uuid import UUID

import structlog
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from services.referrals.actions.attachments import Given, begin_attachment, remove_attachment
from services.referrals.attaching import clear_one, given_file, keep_file
from services.referrals.files import Files, StoreAway, files_of
from services.referrals.pages import pages
from services.referrals.pages.ask_steps import words_for_pages
from services.referrals.pages.draft import Held, back_from, draft, go_on, person_id, still_from_check
from services.referrals.queries.attachments import attachments_of
from services.referrals.rules import attachments as rules
from services.referrals.rules import journey
from shared.errors import Invalid
from shared.web.access import open_to_everyone
from shared.web.app import database, now, resources
from shared.web.forms import Form
from shared.web.uploads import takes_up_to

_STEP = "attachments"

log = structlog.get_logger()


@pages.get("/ask/attachments")
@open_to_everyone("families ask for help without an account")
def ask_attachments() -> str:
    """Show the files that were added, and a way to add one."""
    with draft() as held:
        return _page(held, "")


@pages.post("/ask/attachments")
@takes_up_to(rules.LARGEST_BODY)
@open_to_everyone("families ask for help without an account")
def post_ask_attachments() -> ResponseReturnValue:
    """Keep the file that came, if one did; then show the page again, or go on."""
    given, error = _given()
    then = request.form.get("do")
    if given is None and not error and then not in ("continue", "later"):
        error = "Select a file"
    if given is not None:
        error = _keep(given)
    with draft(hold=True) as held:
        if error:
            return _page(held, error), 422
        if then == "later":
            return redirect(url_for("pages.save"))
        if then != "continue":
            return redirect(url_for("pages.ask_attachments", **still_from_check()))
        content = journey.with_step_done(held.content, _STEP)
        held.keep(content)
        return go_on(content, _STEP)


@pages.post("/ask/attachments/<uuid:attachment_id>/remove")
@open_to_everyone("families ask for help without an account")
def post_remove_attachment(attachment_id: UUID) -> ResponseReturnValue:
    """Take a file out of the draft."""
    with draft(hold=True) as held:
        remove_attachment(held.session, held.row.id, attachment_id, who=_who())
    clear_one(database(), _files())
    return redirect(url_for("pages.ask_attachments", **still_from_check()))


def _given() -> tuple[Given | None, str]:
    """Return the file that was sent, or None and what is wrong with it, `` when none was chosen."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None, ""
    try:
        return given_file(sent), ""
    except rules.NotTaken as refusal:
        return None, str(refusal)


def _keep(given: Given) -> str:
    """Keep a file with the draft, and return what went wrong, or ``."""
    with draft(hold=True) as held:
        request_id = held.row.id
        try:
            attachment_id = begin_attachment(held.session, request_id, given, who=_who(), now=now())
        except Invalid as refusal:
            return str(refusal)
    try:
        state = keep_file(database(), _files(), attachment_id, request_id, given.content)
    except StoreAway as error:
        log.error("attachment_not_kept", attachment_id=str(attachment_id), why=str(error))
        return "The file could not be kept. Try again in a few minutes, or go on without it"
    return "The file has a virus in it, and was not kept" if state == "infected" else ""


def _who() -> str:
    return str(person_id() or "visitor")


def _files() -> Files:
    return files_of(resources().settings)


def _page(held: Held, error: str) -> str:
    added = attachments_of(held.session, held.row.id)
    return render_template(
        "referrals/ask/attachments.html",
        form=Form(Schema(), {}, {"file": error} if error else {}, {}),
        added=added,
        states=rules.STATES,
        kinds=rules.KINDS,
        taken=rules.TAKEN,
        endings=rules.ENDINGS,
        most=rules.MOST,
        largest=rules.LARGEST,
        waits=rules.WAITS,
        still=still_from_check(),
        back=back_from(held.content, _STEP),
        **words_for_pages(held.content),
    )
