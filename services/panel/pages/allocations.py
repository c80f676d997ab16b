"""An agency's allocations: what is offered to it, and its answer."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.panel.access import AgencysPaper, note_reading, paper_for_agency
from services.panel.actions import allocations as actions
from services.panel.pages import pages
from services.panel.pages.agreement_fields import agreement_fields, agreement_in
from services.panel.pages.asking import level_in_words
from services.panel.pages.trying import DONE, try_form
from services.panel.queries import allocations as reads
from services.panel.queries import plans as plan_reads
from services.panel.queries.agreement import is_agreement_needed, may_agree
from services.panel.queries.meeting import people_of
from services.panel.rules import allocations as rules
from services.panel.rules.agreement import PaperAwaited
from services.panel.rules.paper import paper_in_lines
from services.panel.rules.reviews import case_of, cases_to_choose
from services.panel.tables import AllocationRow
from shared.audit import record
from shared.errors import Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, Words
from shared.web.forms import Form, PageForm, read_form, show_form
from shared.web.paging import page_asked_for, shown


@pages.get("/allocations")
@needs("agency_manager")
def allocations() -> str:
    """List the allocations of the manager's agency: those that wait for an answer, or of another state."""
    asked = request.args.get("state", "offered")
    state = asked if asked in rules.STATES else "offered"
    agency_id = current_person().agency_id
    with database().read() as session:
        found = shown(reads.allocations_of(session, agency_id, [state], number=page_asked_for()))
        plans = {
            row.id: plan_reads.plan_of_allocation(session, row.id) for row in found.rows if row.state == "accepted"
        }
        return render_template(
            "panel/allocations/allocations.html",
            found=found,
            state=state,
            states=rules.STATES,
            counts=reads.counts_of(session, agency_id),
            services=reads.service_names(session, [row.service_id for row in found.rows]),
            days_left={row.id: rules.days_left(row.answer_due_on, today()) for row in found.rows},
            levels={row.id: level_in_words(row) for row in found.rows},
            declined_because=rules.DECLINED_BECAUSE,
            plans=plans,
        )


@pages.get("/allocations/<uuid:allocation_id>")
@needs("agency_manager")
def allocation(allocation_id: UUID) -> str:
    """Show an offer with the family's paper and the way to each answer; the audit keeps who read it."""
    with database().begin() as session:
        row = _allocation(session, allocation_id)
        person_id = current_person().person_id
        record(session, who=person_id, did="opened_allocation", subject="request", subject_id=row.request_id)
        paper = _paper(session, row)
        note_reading(session, row.request_id, paper, by=person_id)
        return _show(session, row, paper)


@pages.get("/allocations/<uuid:allocation_id>/acceptance")
@needs("agency_manager")
def accepting(allocation_id: UUID) -> ResponseReturnValue:
    """Show the form on which a manager says who leads."""
    with database().read() as session:
        row = _allocation(session, allocation_id)
        return _show_acceptance(
            session, row, show_form(_acceptance_form(session, row), {"review_case": case_of(row.kind)})
        )


@pages.post("/allocations/<uuid:allocation_id>/acceptance")
@needs("agency_manager")
def accept(allocation_id: UUID) -> ResponseReturnValue:
    """Take a family on and name who leads."""
    with database().read() as session:
        form = read_form(_acceptance_form(session, _allocation(session, allocation_id)), request.form)
    if not form.errors:
        try:
            with database().begin() as session:
                actions.accept_allocation(
                    session,
                    allocation_id,
                    practitioner_id=UUID(form.values["practitioner_id"]),
                    by=current_person(),
                    reviews=resources().authority.reviews,
                    review_case=form.values.get("review_case", ""),
                    agreement=agreement_in(form.values),
                    new_agency=resources().authority.consent.new_agency,
                    now=now(),
                )
        except (Invalid, PaperAwaited) as refusal:
            form.add_refusal(refusal)
    if form.errors:
        with database().read() as session:
            return _show_acceptance(session, _allocation(session, allocation_id), form), 422
    flash(f"The family is accepted, and the {resources().authority.words.lead_practitioner} is told.")
    return redirect(url_for("pages.allocations", state="accepted"))


@pages.get("/allocations/<uuid:allocation_id>/refusal")
@needs("agency_manager")
def declining(allocation_id: UUID) -> ResponseReturnValue:
    """Show the form on which a manager says why their agency declines."""
    with database().read() as session:
        row = _allocation(session, allocation_id)
        rules.check_unanswered(row.state)
        return _show_refusal(row, show_form(RefusalForm()))


@pages.post("/allocations/<uuid:allocation_id>/refusal")
@needs("agency_manager")
def decline(allocation_id: UUID) -> ResponseReturnValue:
    """Decline a family with a reason."""
    form = read_form(RefusalForm(), request.form)
    status = try_form(form, lambda session: _decline(session, allocation_id, form))
    if status == DONE:
        flash("The family is declined. It is back in the queue of the panel.")
        return redirect(url_for("pages.allocations"))
    with database().read() as session:
        return _show_refusal(_allocation(session, allocation_id), form), status


class RefusalForm(PageForm):
    """Why an agency declines a family."""

    reason = Choice("Why you decline", rules.DECLINED_BECAUSE, required=True)
    note = Words("What the panel should know", longest=2000)


def _decline(session: Session, allocation_id: UUID, form: Form) -> None:
    actions.decline_allocation(
        session,
        allocation_id,
        reason=form.values["reason"],
        note=form.values["note"],
        by=current_person(),
        panels=rules.panel_choices(resources().authority),
        now=now(),
    )


def _acceptance_form(session: Session, row: AllocationRow) -> Schema:
    leads = {str(person): name for person, name in _leads(session, row).items()}
    label = f"Who will be the {resources().authority.words.lead_practitioner}"
    fields: dict[str, Any] = {"practitioner_id": Choice(label, leads, required=True)}
    if len(cases := cases_to_choose(row.kind, resources().authority.reviews)) > 1:
        fields["review_case"] = Choice("How often the plan is reviewed", cases, required=True)
    if is_agreement_needed(session, row, resources().authority.consent.new_agency):
        fields |= agreement_fields(may_agree(session, row))
    return PageForm.from_dict(fields)()


def _leads(session: Session, row: AllocationRow) -> dict[UUID, str]:
    return people_of(session, [person.person_id for person in reads.lead_practitioners_of(session, row.agency_id)])


def _allocation(session: Session, allocation_id: UUID) -> AllocationRow:
    return reads.allocation_for(session, allocation_id, current_person().agency_id)


def _show_acceptance(session: Session, row: AllocationRow, form: Form) -> str:
    rules.check_unanswered(row.state)
    leads = {str(person): name for person, name in _leads(session, row).items()}
    service = reads.service_name(session, row.service_id)
    return render_template("panel/allocations/acceptance.html", row=row, form=form, leads=leads, service=service)


def _show_refusal(row: AllocationRow, form: Form) -> str:
    return render_template(
        "panel/allocations/refusal.html", row=row, form=form, declined_because=rules.DECLINED_BECAUSE
    )


def _paper(session: Session, row: AllocationRow) -> AgencysPaper:
    """Return the paper that goes with an offer; an agency that is not asked any more, or said no, reads none."""
    if row.state not in rules.WITH_PAPER:
        return AgencysPaper(None, "")
    return paper_for_agency(session, row.request_id, row.agency_id)


def _show(session: Session, row: AllocationRow, paper: AgencysPaper) -> str:
    return render_template(
        "panel/allocations/allocation.html",
        row=row,
        service=reads.service_name(session, row.service_id),
        level=level_in_words(row),
        days_left=rules.days_left(row.answer_due_on, today()),
        paper=paper_in_lines(paper.content, today()) if paper.content else None,
        paper_closed=paper.why_not,
        declined_because=rules.DECLINED_BECAUSE,
        practitioner=people_of(session, [row.practitioner_id]).get(row.practitioner_id or row.id, ""),
        plan=plan_reads.plan_of_allocation(session, row.id),
    )
