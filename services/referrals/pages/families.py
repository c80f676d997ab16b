"""What the front door says of a request's family: that it is one we know, that it is not, or that it was wrong."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields

from services.referrals.actions.families import another_family, same_family, undo_same_family
from services.referrals.pages import pages
from shared.errors import Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now
from shared.web.fields import Choice, Line
from shared.web.forms import PageForm, read_form

ANSWERS = {"same": "This is the same family", "another": "This is another family"}


class FamilyForm(PageForm):
    """Which family, whether it is the one, and which version of the request was seen."""

    family_id = fields.UUID(required=True)
    answer = Choice("Is it the same family?", ANSWERS, required=True)
    version = fields.Integer(required=True)


class UndoForm(PageForm):
    """Why it was wrong, and which version of the request was seen."""

    reason = Line("Why it was wrong", required=True, longest=500)
    version = fields.Integer(required=True)


@pages.post("/requests/<uuid:request_id>/family")
@needs("front_door")
def post_family(request_id: UUID) -> ResponseReturnValue:
    """Say that a request is about a family that we know, or that it is not."""
    form = read_form(FamilyForm(), request.form)
    if form.errors:
        raise Invalid("Select the family again.")
    is_same = form.values["answer"] == "same"
    say = same_family if is_same else another_family
    with database().begin() as session:
        version = form.values["version"]
        say(session, request_id, form.values["family_id"], by=current_person(), now=now(), seen_version=version)
    flash("They are one family now." if is_same else "They are two families. They are not offered to each other again.")
    return redirect(url_for("pages.request_page", request_id=request_id))


@pages.post("/requests/<uuid:request_id>/family/undo")
@needs("front_door")
def post_family_undo(request_id: UUID) -> ResponseReturnValue:
    """Put back what was last said of a request's family."""
    form = read_form(UndoForm(), request.form)
    if form.errors:
        raise Invalid("Say why it was wrong: go back and enter the reason.")
    with database().begin() as session:
        undo_same_family(
            session,
            request_id,
            reason=form.values["reason"],
            by=current_person(),
            now=now(),
            seen_version=form.values["version"],
        )
    flash("It is put back. They are two families again.")
    return redirect(url_for("pages.request_page", request_id=request_id))
