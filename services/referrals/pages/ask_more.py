"""The second page about a child or an adult: what helps to understand and to find them, each question optional."""

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.referrals.pages import pages
from services.referrals.pages.ask_checks import check_step
from services.referrals.pages.ask_forms import asked_of, form_of
from services.referrals.pages.ask_steps import days_of, words_for_pages
from services.referrals.pages.draft import address_of, as_kept, as_shown, draft, is_from_check
from services.referrals.rules import journey
from shared.errors import NotFound
from shared.web.access import open_to_everyone, person_or_none
from shared.web.app import resources
from shared.web.forms import Form, PageForm, read_form, show_form

_MORE = f"/ask/<any({','.join(journey.MORE_OF)}):group>/<ref>/more"


@pages.get(_MORE)
@open_to_everyone("families ask for help without an account")
def ask_more(group: str, ref: str) -> str:
    """Show the second page about one of a list of people."""
    with draft() as held:
        kept, schema = _born(held.content, group, ref), _form(group, held.content)
        return _page(group, kept, held.content, show_form(schema, as_shown(kept, days_of(schema))))


@pages.post(_MORE)
@open_to_everyone("families ask for help without an account")
def post_ask_more(group: str, ref: str) -> ResponseReturnValue:
    """Keep what was answered, beside what the first page asked."""
    with draft(hold=True) as held:
        kept = _born(held.content, group, ref)
        form = read_form(_form(group, held.content), request.form)
        check_step(f"more_of_{group}", form)
        if form.errors:
            return _page(group, kept, held.content, form), 422
        held.keep(journey.with_item(held.content, group, ref, kept | as_kept(form.values)))
    return redirect(address_of("check" if is_from_check() else group))


def _born(content: dict[str, Any], group: str, ref: str) -> dict[str, Any]:
    kept = journey.one_of(content, group, ref)
    if kept is None or kept.get("expected_on"):
        raise NotFound("There is no second page about them.")
    return kept


def _form(group: str, content: dict[str, Any]) -> PageForm:
    return form_of(f"more_of_{group}", content, authority=resources().authority, person=person_or_none())


def _page(group: str, kept: dict[str, Any], content: dict[str, Any], form: Form) -> str:
    return render_template(
        "referrals/ask/more.html",
        group=group,
        name=journey.people(content)[kept["ref"]],
        form=form,
        questions_asked=asked_of(content, journey.MORE_OF[group]),
        back=address_of("check" if is_from_check() else group),
        **words_for_pages(content),
    )
