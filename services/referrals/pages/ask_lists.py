"""The lists of asking for help: children, adults, addresses, professionals, papers; add, change, remove."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.referrals.pages import pages
from services.referrals.pages.ask_forms import check_step, form_of
from services.referrals.pages.ask_steps import days_of, words_for_pages
from services.referrals.pages.draft import address_of, as_kept, as_shown, back_from, draft, go_on
from services.referrals.rules import journey
from shared.errors import NotFound
from shared.web.access import open_to_everyone, person_or_none
from shared.web.app import resources
from shared.web.fields import YesNo
from shared.web.forms import Form, PageForm, read_form, show_form

_GROUP = f"/ask/<any({','.join(journey.GROUPS)}):group>"
ONE = {
    "children": "child",
    "adults": "adult",
    "addresses": "address",
    "professionals": "professional",
    "papers": "paper",
}


class MoreForm(PageForm):
    """Is there another?"""

    another = YesNo("Is there another to add?", required=True)


@pages.get(_GROUP)
@open_to_everyone("families ask for help without an account")
def ask_list(group: str) -> ResponseReturnValue:
    """Show a list, or the form for its first when it is empty and must not be."""
    with draft() as held:
        if not held.content.get(group) and journey.FEWEST[group]:
            return redirect(url_for("pages.add_item", group=group))
        return _list_page(group, held.content, show_form(MoreForm()))


@pages.post(_GROUP)
@open_to_everyone("families ask for help without an account")
def post_ask_list(group: str) -> ResponseReturnValue:
    """Go on to add another, or to the next step."""
    with draft(hold=True) as held:
        form = read_form(MoreForm(), request.form)
        count = len(held.content.get(group, []))
        if not form.errors and form.values["another"] and count >= journey.MOST[group]:
            form.add_error("another", f"There can be {journey.MOST[group]} at most. Ring us if there are more.")
        if not form.errors and not form.values["another"] and count < journey.FEWEST[group]:
            form.add_error("another", _TOO_FEW.get(group, f"Add at least one {ONE[group]}"))
        if form.errors:
            return _list_page(group, held.content, form), 422
        if form.values["another"]:
            return redirect(url_for("pages.add_item", group=group))
        content = journey.with_step_done(held.content, group)
        held.keep(content)
        return go_on(content, group)


@pages.get(f"{_GROUP}/add")
@open_to_everyone("families ask for help without an account")
def add_item(group: str) -> str:
    """Show the empty form of one of a list."""
    with draft() as held:
        first = {"kind": "single_assessment"} if group == "papers" and not held.content.get("papers") else {}
        return _item_page(group, "", held.content, show_form(_form(group, held.content), first))


@pages.post(f"{_GROUP}/add")
@open_to_everyone("families ask for help without an account")
def post_add_item(group: str) -> ResponseReturnValue:
    """Add one to a list."""
    return _keep_item(group, "")


@pages.get(f"{_GROUP}/<ref>")
@open_to_everyone("families ask for help without an account")
def change_item(group: str, ref: str) -> str:
    """Show one of a list as it was entered."""
    with draft() as held:
        schema = _form(group, held.content)
        kept = _item(held.content, group, ref)
        return _item_page(group, ref, held.content, show_form(schema, as_shown(kept, days_of(schema))))


@pages.post(f"{_GROUP}/<ref>")
@open_to_everyone("families ask for help without an account")
def post_change_item(group: str, ref: str) -> ResponseReturnValue:
    """Change one of a list."""
    return _keep_item(group, ref)


@pages.post(f"{_GROUP}/<ref>/remove")
@open_to_everyone("families ask for help without an account")
def post_remove_item(group: str, ref: str) -> ResponseReturnValue:
    """Take one out of a list."""
    with draft(hold=True) as held:
        held.keep(journey.without_item(held.content, group, ref))
    return redirect(address_of(group))


_TOO_FEW = {"papers": "Add at least the single assessment and the plan"}


def _keep_item(group: str, ref: str) -> ResponseReturnValue:
    with draft(hold=True) as held:
        if ref:
            _item(held.content, group, ref)
        form = read_form(_form(group, held.content), request.form)
        if not ref and len(held.content.get(group, [])) >= journey.MOST[group]:
            form.add_error("form", f"There can be {journey.MOST[group]} at most. Ring us if there are more.")
        check_step(group, form, held.content)
        if form.errors:
            return _item_page(group, ref, held.content, form), 422
        held.keep(journey.with_item(held.content, group, ref, as_kept(form.values)))
    return redirect(address_of(group))


def _form(group: str, content: dict[str, Any]) -> PageForm:
    return form_of(group, content, authority=resources().authority, person=person_or_none())


def _item(content: dict[str, Any], group: str, ref: str) -> dict[str, Any]:
    for item in content.get(group, []):
        if item["ref"] == ref:
            return dict(item)
    raise NotFound("It is not in the list any more.")


def _list_page(group: str, content: dict[str, Any], form: Form) -> str:
    return render_template(
        "referrals/ask/list.html",
        group=group,
        one=ONE[group],
        items=content.get(group, []),
        form=form,
        back=back_from(content, group),
        **words_for_pages(content),
    )


def _item_page(group: str, ref: str, content: dict[str, Any], form: Form) -> str:
    has_list = bool(content.get(group)) or not journey.FEWEST[group]
    return render_template(
        f"referrals/ask/{group}.html",
        group=group,
        one=ONE[group],
        ref=ref,
        form=form,
        back=address_of(group) if has_list else back_from(content, group),
        **words_for_pages(content),
    )
