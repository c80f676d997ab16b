"""Requests you have begun: a signed-in person's own drafts, seen by nobody else."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.referrals.pages import pages
from services.referrals.pages.draft import go_on_with, last_day, not_before
from services.referrals.queries.drafts import begun_by, find_draft
from services.referrals.rules import journey
from shared.audit import record
from shared.errors import NotFound
from shared.identity import ROLES
from shared.web.access import current_person, needs
from shared.web.app import database
from shared.web.paging import page_asked_for, shown


@pages.get("/begun")
@needs(*ROLES)
def begun() -> str:
    """List what this person has begun and not sent, the last changed first."""
    person_id = current_person().person_id
    with database().read() as session:
        found = shown(begun_by(session, person_id, not_before=not_before(), number=page_asked_for()))
    people = {row.id: list(journey.people(row.content).values()) for row in found.rows}
    last_days = {row.id: last_day(row) for row in found.rows}
    return render_template("referrals/returning/begun.html", found=found, people=people, last_days=last_days)


@pages.post("/begun/<uuid:draft_id>")
@needs(*ROLES)
def post_carry_on(draft_id: UUID) -> ResponseReturnValue:
    """Open one of them in this browser."""
    return redirect(_opened(draft_id))


@pages.post("/begun/<uuid:draft_id>/delete")
@needs(*ROLES)
def post_delete_begun(draft_id: UUID) -> ResponseReturnValue:
    """Open one of them, and ask whether it is really to be deleted."""
    _opened(draft_id)
    return redirect(url_for("pages.delete"))


def _opened(draft_id: UUID) -> str:
    person_id = current_person().person_id
    with database().begin() as session:
        row = find_draft(session, draft_id, person_id, not_before=not_before())
        if row.person_id != person_id or row.request_id is not None:
            raise NotFound("You have begun no such request, or sent it already.")
        record(session, who=person_id, did="came_back_to_draft", subject="draft", subject_id=draft_id)
        return go_on_with(row)
