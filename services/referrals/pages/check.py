"""Check the answers, send, and the confirmation."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from services.referrals.actions.drafts import send_draft
from services.referrals.document import RequestDocument
from services.referrals.pages import pages
from services.referrals.pages.ask_steps import words_for_pages
from services.referrals.pages.ask_summary import sections_of
from services.referrals.pages.draft import Held, address_of, back_from, draft, has_localities, person_id
from services.referrals.pages.known_already import family_known_already
from services.referrals.pages.printing import sections_to_keep
from services.referrals.rules import journey, safeguarding_check
from services.referrals.rules.asked_document import build_document
from services.referrals.rules.stages import STAGES
from services.referrals.tables import RequestRow
from shared.errors import Invalid
from shared.london import london_date
from shared.web.access import open_to_everyone
from shared.web.app import now, resources, today
from shared.web.problems import pointers


@pages.get("/ask/check")
@open_to_everyone("families ask for help without an account")
def check() -> ResponseReturnValue:
    """Show every answer with a way to change it; a step still to do comes first."""
    with draft() as held:
        missing = journey.next_step(held.content, "", has_localities=has_localities())
        if missing != "check":
            return redirect(address_of(missing))
        return _page(held, {})


@pages.post("/ask/check")
@open_to_everyone("families ask for help without an account")
def post_check() -> ResponseReturnValue:
    """Send the request, once however often the button is pressed."""
    with draft(hold=True) as held:
        if journey.next_step(held.content, "", has_localities=has_localities()) == safeguarding_check.STEP:
            return redirect(address_of(safeguarding_check.STEP))
        if held.has_changed_since_shown():
            return _page(held, {}, has_changed=True), 409
        try:
            _send(held)
        except Invalid as refusal:
            return _page(held, refusal.errors), 422
    return redirect(url_for("pages.confirmation"))


@pages.get("/ask/sent")
@open_to_everyone("families ask for help without an account")
def confirmation() -> str:
    """Show the reference and what happens next."""
    with draft(is_sent=True) as held:
        request = held.session.get_one(RequestRow, held.row.request_id)
        return render_template(
            "referrals/ask/sent.html",
            reference=request.reference,
            due_on=london_date(request.triage_due_at),
            is_mine=request.referrer_person_id is not None,
            is_marked=request.safeguarding_check is not None and request.safeguarding_check.answer == "yes",
        )


def _document(held: Held) -> dict[str, Any]:
    return build_document(held.content, today=today(), wording=resources().authority.consent.wording.version)


def _send(held: Held) -> None:
    try:
        checked: dict[str, Any] = RequestDocument().load(_document(held))
    except ValidationError as error:
        raise Invalid("Some of the answers are not right.", error.messages_dict) from error
    send_draft(
        held.session,
        held.row,
        checked,
        person_id=person_id(),
        copy=sections_to_keep(held.with_files()),
        authority=resources().authority,
        now=now(),
    )


def _page(held: Held, errors: Mapping[str, Any], *, has_changed: bool = False) -> str:
    content = held.content
    problems = [
        {"text": problem["detail"], "href": address_of(journey.step_of(problem["pointer"]))}
        for problem in pointers(errors)
    ]
    steps = journey.steps_for(content, has_localities=has_localities())
    sections = sections_of(held.with_files(), steps, resources().authority)
    return render_template(
        "referrals/ask/check.html",
        sections=sections,
        problems=problems,
        has_changed=has_changed,
        back=back_from(content, "check"),
        known=family_known_already(held.session, content, _document(held)),
        stages=STAGES,
        **words_for_pages(content),
    )
