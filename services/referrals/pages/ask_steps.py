"""The single pages of asking for help: one step, one form."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.referrals.pages import pages
from services.referrals.pages.ask_checks import check_step
from services.referrals.pages.ask_forms import (
    CONSENT_QUESTIONS,
    STEPS,
    asked_of,
    asking_choices,
    form_of,
    professional_sources,
    whys,
)
from services.referrals.pages.draft import Held, as_kept, as_shown, back_from, draft, go_on, is_asked, still_from_check
from services.referrals.rules import choices, journey
from services.referrals.rules.questions import OF_REQUESTS
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.web.access import open_to_everyone, person_or_none
from shared.web.app import resources
from shared.web.fields import Day
from shared.web.forms import Form, PageForm, read_form, show_form

_NO_SAFE_WAY = "No way of contact was said to be safe, so we will not tell them ourselves"
_ROUTE = f"/ask/<any({','.join(STEPS)}):step>"


@pages.get(_ROUTE)
@open_to_everyone("families ask for help without an account")
def ask_step(step: str) -> ResponseReturnValue:
    """Show a step with what was answered before."""
    known = _known_details() if step == "details" else {}
    with draft() as held:
        if not is_asked(step, held.content):
            return go_on(held.content, "")
        if step == "consent" and not journey.is_family(held.content):
            return redirect(url_for("pages.ask_consents", **still_from_check()))
        schema = _form(step, held)
        values = held.content.get(step) or _first_values(step, held.content, known)
        return _page(step, held.content, show_form(schema, as_shown(values, days_of(schema))))


@pages.post(_ROUTE)
@open_to_everyone("families ask for help without an account")
def post_ask_step(step: str) -> ResponseReturnValue:
    """Keep a step's answers and go on."""
    with draft(hold=True) as held:
        if not is_asked(step, held.content):
            return go_on(held.content, "")
        form = read_form(_form(step, held), request.form)
        check_step(step, form)
        if form.errors:
            return _page(step, held.content, form), 422
        content = journey.with_step(held.content, step, as_kept(form.values) | _taken_by(step, held.content))
        held.keep(content)
        return go_on(content, step)


def days_of(schema: PageForm) -> set[str]:
    """Return the names of a form's dates."""
    return {name for name, field in schema.fields.items() if isinstance(field, Day)}


def words_for_pages(content: dict[str, Any]) -> dict[str, Any]:
    """Return what every page of asking shows: how to speak to this person, and the labels of the choices."""
    return {
        "content": content,
        "asking": journey.asking(content),
        "is_caller": journey.asking(content) in journey.CALLERS,
        "is_family": journey.is_family(content),
        "people": journey.people(content),
        "safe_ways": _safe_ways(content),
        "consent_questions": CONSENT_QUESTIONS,
        "wording": resources().authority.consent.wording,
        "choices": choices,
        "questions_of_requests": asked_of(content, OF_REQUESTS),
        "whys": whys(content),
        "asking_choices": asking_choices(person_or_none()),
        "professional_sources": professional_sources(),
    }


def _safe_ways(content: dict[str, Any]) -> dict[str, str]:
    """Return by which ways each adult may be told, by ref."""
    return {
        adult["ref"]: ", ".join(choices.CHANNELS[way] for way in adult.get("safe_channels", [])) or _NO_SAFE_WAY
        for adult in content.get("adults", [])
    }


def _form(step: str, held: Held) -> PageForm:
    return form_of(step, held.content, authority=resources().authority, person=person_or_none())


def _page(step: str, content: dict[str, Any], form: Form) -> str:
    return render_template(
        f"referrals/ask/{step}.html", form=form, back=back_from(content, step), **words_for_pages(content)
    )


def _first_values(step: str, content: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    if step == "details" and journey.asking(content) == "professional":
        return known
    return {"kind": "request"} if step == "about" else {}


def _known_details() -> dict[str, str]:
    """Return what the directory knows of who is signed in; their session's name and agency when it is away."""
    person = person_or_none()
    if person is None:
        return {}
    details = {"name": person.name, "organisation": person.agency_name}
    if person.has("social_worker"):
        details["source"] = "5A"
    try:
        known = resources().neighbours.get("directory", f"/people/{person.person_id}")
    except (NeighbourAway, NeighbourRefused):
        return details
    return details | {
        "role": known.get("job_title") or "",
        "email": known.get("email") or "",
        "phone": known.get("mobile") or "",
    }


def _taken_by(step: str, content: dict[str, Any]) -> dict[str, str]:
    person = person_or_none()
    is_caller = journey.asking(content) in journey.CALLERS
    return {"taken_by": person.name} if step == "details" and is_caller and person else {}
