"""Correcting what is on record of a family: one child, adult or address at a time, with the forms of asking."""

from itertools import count
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields as plain_fields

from services.referrals.actions.correct import Correction, correct_record
from services.referrals.document.people import AddressSchema, AdultSchema, ChildSchema
from services.referrals.pages import pages
from services.referrals.pages.ask_checks import check_step
from services.referrals.pages.ask_forms import form_of
from services.referrals.pages.ask_steps import days_of, words_for_pages
from services.referrals.pages.conflict import meanwhile
from services.referrals.pages.draft import as_kept, as_shown
from services.referrals.pages.recorded import content_on_record
from services.referrals.queries.requests import whole_request
from services.referrals.rules import journey
from services.referrals.rules.asked_document import part_of
from services.referrals.rules.correcting import GROUPS
from services.referrals.rules.triage import MovedOn
from services.referrals.tables import RequestRow
from shared.audit import record
from shared.errors import Invalid, NotFound
from shared.web.access import current_person, needs, person_or_none
from shared.web.app import database, now, resources
from shared.web.fields import Words
from shared.web.forms import Form, PageForm, read_form, show_form

_ONE = f"/requests/<uuid:request_id>/correct/<any({','.join(GROUPS)}):group>/<ref>"
_SCHEMAS: dict[str, Any] = {"children": ChildSchema(), "adults": AdultSchema(), "addresses": AddressSchema()}
_NEW = "new"
_CORRECTED = "The record is corrected. What it said before is kept."
_STOPPED = (
    "Everything stopped: by the new record consent is not given. Those who had the request are told. Ask for consent."
)


@pages.get(_ONE)
@needs("front_door")
def correct(request_id: UUID, group: str, ref: str) -> str:
    """Show a child, an adult or an address as it is on record, or the empty form of a new address."""
    with database().begin() as session:
        row = whole_request(session, request_id)
        record(session, who=current_person().person_id, did="read", subject="request", subject_id=request_id)
    content = content_on_record(row)
    item = _item(content, group, ref)
    schema = _form(group, item, content)
    shown = as_shown(item, days_of(schema)) | {"version": str(row.version)}
    return _page(row, group, ref, content, show_form(schema, shown))


@pages.post(_ONE)
@needs("front_door")
def post_correct(request_id: UUID, group: str, ref: str) -> ResponseReturnValue:
    """Put it right; when somebody else changed the request meanwhile the page says so and keeps what was typed."""
    with database().read() as session:
        row = whole_request(session, request_id)
    content = content_on_record(row)
    item = _item(content, group, ref)
    asked = _asked(group, item)
    form = read_form(_form(group, item, content), request.form)
    check_step(asked, form)
    if form.errors:
        return _page(row, group, ref, content, form), 422
    correction = _correction(group, item, content, form)
    try:
        with database().begin() as session:
            done = correct_record(
                session,
                request_id,
                correction,
                by=current_person(),
                authority=resources().authority,
                now=now(),
                seen_version=form.values["version"],
            )
    except Invalid as refusal:
        status = form.add_refusal(refusal)
        return _page(row, group, ref, content, form), status
    except MovedOn as refusal:
        form.add_error("form", str(refusal))
        form.entered = {**form.entered, "version": str(row.version)}
        since = meanwhile(row, form.values["version"])
        return _page(row, group, ref, content, form, meanwhile=since), 409
    flash(_CORRECTED if done.is_changed else "Nothing was changed.")
    if done.has_stopped:
        flash(_STOPPED)
    return redirect(url_for("pages.request_page", request_id=request_id, _anchor="people"))


def _item(content: dict[str, Any], group: str, ref: str) -> dict[str, Any]:
    if group == "addresses" and ref == _NEW:
        return {"ref": _free_ref(content), "may_write": None, "residents": []}
    if (item := journey.one_of(content, group, ref)) is None:
        raise NotFound("That is not on this record any more.")
    return item


def _free_ref(content: dict[str, Any]) -> str:
    taken = {home["ref"] for home in content["addresses"]}
    return next(ref for number in count(1) if (ref := f"h{number}") not in taken)


def _asked(group: str, item: dict[str, Any]) -> str:
    """Return which form a part of the record has: a child not yet born has its own, until it is born."""
    if item.get("expected_on"):
        return "whole_children" if "born" in request.args else "unborn"
    return f"whole_{group}"


def _form(group: str, item: dict[str, Any], content: dict[str, Any]) -> PageForm:
    asked = form_of(_asked(group, item), content, authority=resources().authority, person=person_or_none())
    own: dict[str, Any] = {
        "reason": Words("Who says so, and why it was wrong", required=True, longest=2000),
        "version": plain_fields.Integer(required=True),
    }
    return PageForm.from_dict({**asked.declared_fields, **own})()  # type: ignore[return-value]


def _correction(group: str, item: dict[str, Any], content: dict[str, Any], form: Form) -> Correction:
    typed = as_kept({name: value for name, value in form.values.items() if name not in ("reason", "version")})
    fixed = {"expected_on": None} if "born" in request.args else {}
    corrected = {**item, **fixed, **typed}
    part = part_of(content, group, corrected)
    residents = tuple(corrected.get("residents") or ())
    return Correction(group, _SCHEMAS[group].load(part), form.values["reason"], residents)


def _page(row: RequestRow, group: str, ref: str, content: dict[str, Any], form: Form, **shown: Any) -> str:
    item = _item(content, group, ref)
    return render_template(
        "referrals/correct/correct.html",
        row=row,
        group=group,
        asked=_asked(group, item),
        name="" if group == "addresses" else row.names[ref],
        is_new=ref == _NEW,
        is_self=False,
        is_unborn=bool(item.get("expected_on")),
        is_born="born" in request.args,
        form=form,
        questions_asked=journey.MORE_OF.get(group, ()),
        **words_for_pages(content),
        **shown,
    )
