"""Who leads a plan: a manager of its agency names somebody else."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.panel.actions.plans import name_lead_practitioner
from services.panel.pages import pages
from services.panel.pages.asking import id_or_none
from services.panel.pages.trying import DONE, try_form
from services.panel.queries import allocations as allocation_reads
from services.panel.queries import plans as reads
from services.panel.queries.meeting import people_of
from services.panel.tables import PlanRow
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Choice, Line
from shared.web.forms import Form, PageForm, read_form, show_form


@pages.get("/plans/<uuid:plan_id>/lead-practitioner")
@needs("agency_manager")
def lead_practitioner(plan_id: UUID) -> str:
    """Show who leads a plan, and who else of the agency could."""
    with database().read() as session:
        row = _plan(session, plan_id)
        return _show(session, row, show_form(_form(_others(session, row))))


@pages.post("/plans/<uuid:plan_id>/lead-practitioner")
@needs("agency_manager")
def change_lead_practitioner(plan_id: UUID) -> ResponseReturnValue:
    """Name another lead practitioner."""
    with database().read() as session:
        form = read_form(_form(_others(session, _plan(session, plan_id))), request.form)
    status = try_form(form, lambda session: _name(session, plan_id, form))
    if status == DONE:
        flash(f"The {resources().authority.words.lead_practitioner} is changed, and both are told.")
        return redirect(url_for("pages.plan", plan_id=plan_id))
    with database().read() as session:
        return _show(session, _plan(session, plan_id), form), status


def _name(session: Session, plan_id: UUID, form: Form) -> None:
    name_lead_practitioner(
        session,
        plan_id,
        practitioner_id=UUID(form.values["practitioner_id"]),
        supersedes=id_or_none(form.values["supersedes"]),
        by=current_person(),
        now=now(),
    )


def _plan(session: Session, plan_id: UUID) -> PlanRow:
    return reads.plan_of_agency(session, plan_id, current_person().agency_id)


def _others(session: Session, row: PlanRow) -> dict[str, str]:
    leads = allocation_reads.lead_practitioners_of(session, row.agency_id)
    names = people_of(session, [lead.person_id for lead in leads if lead.person_id != row.practitioner_id])
    return {str(key): name for key, name in sorted(names.items(), key=lambda one: one[1])}


def _form(others: dict[str, str]) -> Schema:
    label = f"Who will be the {resources().authority.words.lead_practitioner}"
    fields: dict[str, Any] = {
        "practitioner_id": Choice(label, others, required=True),
        "supersedes": Line("Who leads the plan now"),
    }
    return PageForm.from_dict(fields)()


def _show(session: Session, row: PlanRow, form: Form) -> str:
    standing = reads.standing_lead(session, row.id)
    return render_template(
        "panel/plans/lead.html",
        row=row,
        form=form,
        standing=standing,
        leads_now=people_of(session, [standing.practitioner_id])[standing.practitioner_id],
        others=_others(session, row),
    )
