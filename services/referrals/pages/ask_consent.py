"""Consent, as a professional says it: a page for each person whose answers count, and a list of them."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.referrals.pages import pages
from services.referrals.pages.ask_steps import days_of, words_for_pages
from services.referrals.pages.draft import (
    Held,
    address_of,
    as_kept,
    as_shown,
    back_from,
    draft,
    go_on,
    is_from_check,
    still_from_check,
)
from services.referrals.rules import choices, journey
from services.referrals.rules.answer_faults import answer_faults
from services.referrals.rules.ask_consent import next_to_ask, people_asked, with_answers
from services.referrals.rules.consent_choices import ANSWERS, KINDS
from shared.errors import NotFound
from shared.web.access import open_to_everyone
from shared.web.app import resources, today
from shared.web.fields import Choice, ClockTime, Day, Line, Words
from shared.web.forms import Form, PageForm, read_form, show_form

_WHY = "professionals ask for help without an account"
_WHETHER = {
    "to_ask": "Whether they agreed to this request",
    "to_share": "Whether they agreed that it is shared",
    "to_research": "Whether they agreed to national research",
}
_SAME_FOR_ALL = ("how", "on", "at_time", "place", "obtained_by")


@pages.get("/ask/consents")
@open_to_everyone(_WHY)
def ask_consents() -> ResponseReturnValue:
    """Ask of the next person, or show the answers of everybody."""
    with draft() as held:
        asked = _asked(held)
        if ref := next_to_ask(held.content, asked):
            return redirect(url_for("pages.ask_consent", ref=ref, **still_from_check()))
        others = {ref: name for ref, name in _everybody(held).items() if ref not in asked}
        return _list_page(held, asked, others)


@pages.post("/ask/consents")
@open_to_everyone(_WHY)
def post_ask_consents() -> ResponseReturnValue:
    """Go on to the next step."""
    with draft(hold=True) as held:
        if ref := next_to_ask(held.content, _asked(held)):
            return redirect(url_for("pages.ask_consent", ref=ref))
        content = journey.with_step_done(held.content, "consent")
        held.keep(content)
        return go_on(content, "consent")


@pages.get("/ask/consents/<ref>")
@open_to_everyone(_WHY)
def ask_consent(ref: str) -> str:
    """Show what one person answered, or the empty form with what is mostly the same for all."""
    with draft() as held:
        _name(held, ref)
        said = held.content.get("consents", {})
        first = {"obtained_by": held.content.get("details", {}).get("name", "")}
        for earlier in said.values():
            first |= {name: earlier.get(name) for name in _SAME_FOR_ALL}
        schema = _form(held, ref)
        return _page(held, ref, show_form(schema, as_shown(said.get(ref) or first, days_of(schema))))


@pages.post("/ask/consents/<ref>")
@open_to_everyone(_WHY)
def post_ask_consent(ref: str) -> ResponseReturnValue:
    """Keep what one person answered, and go on to the next."""
    with draft(hold=True) as held:
        _name(held, ref)
        form = read_form(_form(held, ref), request.form)
        _check(form, held, ref)
        if form.errors:
            return _page(held, ref, form), 422
        content = with_answers(held.content, ref, as_kept(form.values))
        held.keep(content)
        following = next_to_ask(content, _asked(held))
        if following:
            return redirect(url_for("pages.ask_consent", ref=following, **still_from_check()))
        content = journey.with_step_done(content, "consent")
        held.keep(content)
        return redirect(address_of("check")) if is_from_check() else go_on(content, "consent")


def with_new_people_asked(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a request, with consent still to do where somebody whose answer counts has none yet."""
    if journey.is_family(content):
        return content
    names = journey.people_who_may_agree(content)
    asked = people_asked(content, names, resources().authority.consent, today())
    return journey.without_step_done(content, "consent") if next_to_ask(content, asked) else content


def _everybody(held: Held) -> dict[str, str]:
    return journey.people_who_may_agree(held.content)


def _asked(held: Held) -> dict[str, str]:
    return people_asked(held.content, _everybody(held), resources().authority.consent, today())


def _name(held: Held, ref: str) -> str:
    names = _everybody(held)
    if ref not in names:
        raise NotFound("They are not in the request any more.")
    return names[ref]


def _may_be_judged(held: Held, ref: str) -> bool:
    """Say whether this is a child whose age alone does not let them agree."""
    is_child = ref in {child["ref"] for child in held.content.get("children", [])}
    names = {ref: _everybody(held)[ref]}
    without = {**held.content, "consents": {}}
    return (
        is_child
        and resources().authority.consent.gillick
        and ref not in people_asked(without, _everybody(held) | names, resources().authority.consent, today())
    )


def _form(held: Held, ref: str) -> PageForm:
    made: dict[str, Any] = {kind: Choice(_WHETHER[kind], ANSWERS, required=True) for kind in KINDS}
    made |= {
        "with_agencies": Words("Agencies that it may be shared with", longest=2000),
        "not_with": Words("Agencies that must not know", longest=2000),
        "how": Choice("How they answered", choices.HOW),
        "on": Day("Date when they answered", past=True),
        "at_time": ClockTime("Time when they answered"),
        "place": Line("Where they answered"),
        "obtained_by": Line("Name of who asked them"),
        "note": Words("Anything to add", longest=1000),
    }
    if _may_be_judged(held, ref):
        made |= {
            "judged_by": Line("Name of who judged it"),
            "judged_on": Day("Date when it was judged", past=True),
            "because": Words("Why they understand enough", longest=2000),
        }
    return PageForm.from_dict(made)()  # type: ignore[return-value]


def _check(form: Form, held: Held, ref: str) -> None:
    everybody = _everybody(held)
    for kind in (kind for kind in KINDS if form.values[kind]):
        answer = {**form.values, "by": ref, "answer": form.values[kind], "competence": None}
        for path, message in answer_faults(answer, everybody, ()):
            form.add_error(str(path[0]), message)
    judged = {name: form.values.get(name) for name in ("judged_by", "judged_on", "because")}
    for name, message in (
        ("judged_by", "Enter the name of who judged it"),
        ("judged_on", "Enter the date when it was judged"),
        ("because", "Enter why they understand enough"),
    ):
        if any(judged.values()) and not judged[name]:
            form.add_error(name, message)


def _list_page(held: Held, asked: dict[str, str], others: dict[str, str]) -> str:
    return render_template(
        "referrals/ask/consents.html",
        asked=asked,
        others=others,
        answers=ANSWERS,
        back=back_from(held.content, "consent"),
        **words_for_pages(held.content),
    )


def _page(held: Held, ref: str, form: Form) -> str:
    return render_template(
        "referrals/ask/consent_of.html",
        form=form,
        name=_name(held, ref),
        answers=ANSWERS,
        young_person_from=resources().authority.consent.young_person_from,
        back=address_of("check") if is_from_check() else back_from(held.content, "consent"),
        **words_for_pages(held.content),
    )
