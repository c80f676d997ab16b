"""The lists of asking for help, people, addresses and papers among them; add, change, remove."""

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.referrals.pages import pages
from services.referrals.pages.ask_checks import check_step
from services.referrals.pages.ask_consent import with_new_people_asked
from services.referrals.pages.ask_forms import form_of
from services.referrals.pages.ask_steps import days_of, words_for_pages
from services.referrals.pages.draft import (
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
from services.referrals.rules.missing import WHY
from services.referrals.rules.step_down import missing_papers
from shared.errors import NotFound
from shared.web.access import open_to_everyone, person_or_none
from shared.web.app import resources
from shared.web.fields import YesNo
from shared.web.formats import day
from shared.web.forms import Form, PageForm, read_form, show_form

_GROUP = f"/ask/<any({','.join(journey.GROUPS)}):group>"
ONE = {
    "children": "child",
    "adults": "adult",
    "others": "person",
    "addresses": "address",
    "professionals": "professional",
    "key_events": "event",
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
        if not form.errors and not form.values["another"]:
            _refuse_too_few(form, group, held.content.get(group, []))
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
        is_first_paper = group == "papers" and not held.content.get("papers")
        first = {"kind": "single_assessment"} if is_first_paper else journey.known_of(held.content, group)
        return _item_page(group, "", held.content, show_form(_form(_asked(group), held.content), first))


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
        kept = _item(held.content, group, ref)
        schema = _form(_asked(group, kept), held.content)
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


def _refuse_too_few(form: Form, group: str, items: list[dict[str, Any]]) -> None:
    """Add what is still to be added to a list, if anything is."""
    if group == "papers":
        missing = missing_papers([item["kind"] for item in items], resources().authority.step_down)
        if missing:
            form.add_error("another", f"Add {' and '.join(missing)}")
    elif len(items) < journey.FEWEST[group]:
        form.add_error("another", f"Add at least one {ONE[group]}")


def _keep_item(group: str, ref: str) -> ResponseReturnValue:
    with draft(hold=True) as held:
        is_new = not ref
        ref = ref or held.ref_added()
        asked = _asked(group, _item(held.content, group, ref) if ref else None)
        form = read_form(_form(asked, held.content), request.form)
        if not ref and len(held.content.get(group, [])) >= journey.MOST[group]:
            form.add_error("form", f"There can be {journey.MOST[group]} at most. Ring us if there are more.")
        check_step(asked, form)
        if form.errors:
            return _item_page(group, ref, held.content, form), 422
        fixed = journey.UNBORN if asked == "unborn" else (_item(held.content, group, ref) if ref else {})
        content = journey.with_item(held.content, group, ref, {**fixed, **as_kept(form.values)})
        held.keep(with_new_people_asked(content))
    return redirect(_after(asked, group, ref or content[group][-1]["ref"], is_new=is_new))


def _after(asked: str, group: str, ref: str, *, is_new: bool) -> str:
    """Return where to go when one of a list is kept: of somebody new, more is asked."""
    if is_new and asked in journey.MORE_OF:
        return url_for("pages.ask_more", group=group, ref=ref, **still_from_check())
    return address_of("check" if is_from_check() else group)


def _asked(group: str, kept: dict[str, Any] | None = None) -> str:
    """Return which form one of a list has: a child not yet born has its own."""
    is_unborn = bool(kept.get("expected_on")) if kept else group == "children" and "unborn" in request.args
    return "unborn" if is_unborn else group


def _form(group: str, content: dict[str, Any]) -> PageForm:
    return form_of(group, content, authority=resources().authority, person=person_or_none())


def _item(content: dict[str, Any], group: str, ref: str) -> dict[str, Any]:
    if (item := journey.one_of(content, group, ref)) is None:
        raise NotFound("It is not in the list any more.")
    return item


def _list_page(group: str, content: dict[str, Any], form: Form) -> str:
    return render_template(
        "referrals/ask/list.html",
        group=group,
        one=ONE[group],
        items=content.get(group, []),
        about={item["ref"]: _about(group, item, journey.people(content)) for item in content.get(group, [])},
        form=form,
        back=back_from(content, group),
        **words_for_pages(content),
    )


def _about(group: str, item: dict[str, Any], people: dict[str, str]) -> str:
    """Return by what a person knows one of a list again."""
    if group == "children":
        return _born(item)
    if group == "adults":
        return choices.RELATIONSHIPS[item["relationship"]]
    if group == "addresses":
        residents = "; ".join(people[ref] for ref in item["residents"] if ref in people)
        return f"Lives here: {residents or 'nobody chosen'}"
    if group == "key_events":
        return str(item["what"])
    names = ("relationship",) if group == "others" else ("role", "organisation")
    return ", ".join(str(item[name]) for name in names if item.get(name))


def _born(child: dict[str, Any]) -> str:
    """Return when a child was born, or why that is not said; of one who is not born the name says when."""
    if child.get("date_of_birth"):
        return f"Born {day(date.fromisoformat(child['date_of_birth']))}"
    why = WHY.get(child.get("date_of_birth_missing", ""), "")
    return f"Date of birth: {why[0].lower()}{why[1:]}" if why else ""


def _item_page(group: str, ref: str, content: dict[str, Any], form: Form) -> str:
    has_list = bool(content.get(group)) or not journey.FEWEST[group]
    is_unborn = "expected_on" in form.schema.fields
    back = address_of(group) if has_list else back_from(content, group)
    return render_template(
        f"referrals/ask/{'unborn' if is_unborn else group}.html",
        group=group,
        one=ONE[group],
        ref=ref,
        form=form,
        is_self=journey.is_self(content, group, ref),
        back=address_of("check") if is_from_check() else back,
        **words_for_pages(content),
    )
