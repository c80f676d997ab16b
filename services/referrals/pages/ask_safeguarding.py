"""The page that asks whether this should be a safeguarding referral, and what to do now when it should."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.referrals.pages import pages
from services.referrals.pages.ask_steps import words_for_pages
from services.referrals.pages.draft import Held, back_from, draft, go_on, is_asked
from services.referrals.rules import journey
from services.referrals.rules.safeguarding_check import (
    SAID,
    STEP,
    WHY_NOT_NEEDED,
    answered,
    signs_asked_about,
)
from services.referrals.rules.safeguarding_signs import ANSWERS, WORDS
from shared.web.access import open_to_everyone
from shared.web.fields import Choice, Words
from shared.web.forms import Form, PageForm, read_form, show_form


class SafeguardingForm(PageForm):
    """Should this be a safeguarding referral?"""

    answer = Choice(
        "Whether a child may be in danger", SAID, required=True, error_messages={"required": "Select yes or no"}
    )
    why_not = Words("Why not", longest=1000)


@pages.get("/ask/safeguarding")
@open_to_everyone("families ask for help without an account")
def ask_safeguarding() -> ResponseReturnValue:
    """Show which answers point to a child in danger, and ask what they mean."""
    with draft() as held:
        if not is_asked(STEP, held.content):
            return go_on(held.content, "")
        return _page(held, show_form(SafeguardingForm(), held.content.get(STEP, {})))


@pages.post("/ask/safeguarding")
@open_to_everyone("families ask for help without an account")
def post_ask_safeguarding() -> ResponseReturnValue:
    """Keep the answer; on yes say what to do now."""
    with draft(hold=True) as held:
        if not is_asked(STEP, held.content):
            return go_on(held.content, "")
        form = read_form(SafeguardingForm(), request.form)
        is_no = not form.errors and form.values["answer"] == "no"
        if is_no and not form.values["why_not"] and not journey.is_family(held.content):
            form.add_error("why_not", WHY_NOT_NEEDED)
        if form.errors:
            return _page(held, form), 422
        why_not = form.values["why_not"] if is_no else ""
        said = answered(form.values["answer"], why_not, signs_asked_about(held.content))
        content = journey.with_step(held.content, STEP, said)
        held.keep(content)
        return go_on(content, STEP) if is_no else redirect(url_for("pages.safeguarding_now"))


@pages.get("/ask/safeguarding/now")
@open_to_everyone("who is in danger must not have to sign in")
def safeguarding_now() -> str:
    """Say whom to ring now, and that the request is kept."""
    with draft() as held:
        return render_template(
            "referrals/ask/safeguarding_now.html",
            go_on_to=go_on(held.content, STEP).location,
            **words_for_pages(held.content),
        )


def _page(held: Held, form: Form) -> str:
    return render_template(
        "referrals/ask/safeguarding.html",
        form=form,
        signs=signs_asked_about(held.content),
        answers=ANSWERS,
        label_of=WORDS.label_of,
        back=back_from(held.content, STEP),
        **words_for_pages(held.content),
    )
