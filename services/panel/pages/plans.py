"""Plans and their reviews: a lead practitioner's families, and for a manager the agency's."""

from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.access import AgencysPaper, leads, manages, note_reading, paper_for_agency
from services.panel.actions import reviews as actions
from services.panel.actions.joined_requests import mark_seen, open_request
from services.panel.pages import pages
from services.panel.pages.asking import id_or_none, level_in_words
from services.panel.pages.trying import DONE, try_form
from services.panel.queries import allocations as allocation_reads
from services.panel.queries import plans as reads
from services.panel.queries.meeting import people_of
from services.panel.rules import reviews as rules
from services.panel.rules.consent import stays_unread
from services.panel.rules.paper import paper_in_lines
from services.panel.tables import AllocationRow, PlanRow
from shared.audit import record
from shared.authority import REVIEW_CASES
from shared.errors import NotFound
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, Day, Line, Words
from shared.web.forms import Form, PageForm, read_form, show_form
from shared.web.paging import page_asked_for, shown


@pages.get("/plans")
@needs("lead_practitioner", "agency_manager")
def plans() -> str:
    """List the open plans, the next review first, or the ended ones."""
    closed = request.args.get("state") == "ended"
    with database().read() as session:
        found = shown(reads.plans_for(session, current_person(), closed=closed, number=page_asked_for()))
        soon = resources().authority.reviews.remind_days_before
        return render_template(
            "panel/plans/plans.html",
            found=found,
            closed=closed,
            services=allocation_reads.service_names(session, [plan.service_id for plan, _ in found.rows]),
            people=people_of(session, [plan.practitioner_id for plan, _ in found.rows]),
            closed_because=rules.CLOSED_BECAUSE,
            new_requests=reads.new_requests(session, [plan.id for plan, _ in found.rows]),
            is_overdue=rules.is_overdue,
            is_soon=lambda due_on: rules.is_soon(due_on, today(), soon),
        )


@pages.get("/plans/<uuid:plan_id>")
@needs("lead_practitioner", "agency_manager")
def plan(plan_id: UUID) -> str:
    """Show a plan with its history and the family's paper; the audit keeps who read it."""
    with database().begin() as session:
        row = reads.plan_for(session, plan_id, current_person())
        person_id = current_person().person_id
        record(session, who=person_id, did="read_plan", subject="request", subject_id=row.request_id)
        paper = paper_for_agency(session, row.request_id, row.agency_id)
        note_reading(session, row.request_id, paper, by=person_id)
        return _show(session, row, show_form(ReviewForm(), _first_values(row)), paper)


@pages.post("/plans/<uuid:plan_id>/reviews")
@needs("lead_practitioner")
def record_review(plan_id: UUID) -> ResponseReturnValue:
    """Record a review that was held."""
    form = read_form(ReviewForm(), request.form)
    status = _try_to_record(plan_id, form)
    if status == DONE:
        flash("The review is recorded.")
        return redirect(url_for("pages.plan", plan_id=plan_id))
    with database().read() as session:
        row = reads.plan_once_led_by(session, plan_id, current_person())
        if leads(current_person(), row):
            return _show(session, row, form, paper_for_agency(session, row.request_id, row.agency_id)), status
        return _show_handed_over(session, row, form), 409


@pages.get("/plans/<uuid:plan_id>/requests/<uuid:request_id>")
@needs("lead_practitioner", "agency_manager")
def joined_request(plan_id: UUID, request_id: UUID) -> str:
    """Show the paper of a request that joined a plan; the audit keeps who read it."""
    person = current_person()
    with database().begin() as session:
        row = reads.plan_for(session, plan_id, person)
        joined = reads.request_of(session, row.id, request_id)
        paper = paper_for_agency(session, request_id, row.agency_id)
        note_reading(session, request_id, paper, by=person.person_id)
        if paper.content is not None:
            open_request(joined, by=person.person_id, led_by=row.practitioner_id, now=now())
        return render_template(
            "panel/plans/request.html",
            row=row,
            joined=joined,
            may_mark_seen=leads(person, row) and joined.is_new and stays_unread(paper.closed),
            **_paper(paper),
        )


@pages.post("/plans/<uuid:plan_id>/requests/<uuid:request_id>/seen")
@needs("lead_practitioner")
def mark_request_seen(plan_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Put a request aside that is closed to whoever leads the plan."""
    with database().begin() as session:
        mark_seen(session, plan_id, request_id, by=current_person(), now=now())
    flash("The request is marked as seen.")
    return redirect(url_for("pages.plan", plan_id=plan_id))


class ReviewForm(PageForm):
    """What came of a review; the reason is needed only where the plan ends for another one."""

    review_id = Line("The review")
    held_on = Day("The date of the review", past=True, required=True)
    progress = Choice("How things are", rules.PROGRESS, required=True)
    note = Words("What was said", required=True)
    outcome = Choice("What happens next", rules.REVIEW_OUTCOMES, required=True)
    reason = Choice("Why the plan ends", rules.REASONS_TO_CHOOSE)
    review_case = Choice("How often the plan is reviewed", REVIEW_CASES)


def _first_values(row: PlanRow) -> dict[str, str]:
    return {"review_case": row.review_case} if leads(current_person(), row) and row.closed_on is None else {}


def _try_to_record(plan_id: UUID, form: Form) -> int:
    """Record the review; return the status to answer with, and leave what is wrong on the form."""
    try:
        return try_form(form, lambda session: _record(session, plan_id, form))
    except NotFound:  # Somebody else leads the plan by now; the page says who.
        return 409


def _record(session: Session, plan_id: UUID, form: Form) -> None:
    values = {name: value for name, value in form.values.items() if name != "review_id"}
    actions.record_review(
        session,
        plan_id,
        actions.NewReview(**values, review_id=id_or_none(form.values["review_id"])),
        by=current_person(),
        reviews=resources().authority.reviews,
        now=now(),
    )


def _show(session: Session, row: PlanRow, form: Form, paper: AgencysPaper) -> str:
    reviews, named = reads.reviews_of(session, row.id), reads.leads_of(session, row.id)
    allocation = session.get_one(AllocationRow, row.allocation_id)
    return render_template(
        "panel/plans/plan.html",
        row=row,
        form=form,
        allocation=allocation,
        level=level_in_words(allocation),
        service=allocation_reads.service_name(session, row.service_id),
        waiting=next((review for review in reviews if review.held_on is None), None),
        held=[review for review in reviews if review.held_on is not None],
        people=people_of(session, [lead.practitioner_id for lead in named] + [one.recorded_by for one in reviews]),
        earlier_leads=list(pairwise(named)),
        requests=reads.requests_of(session, row.id),
        progress=rules.PROGRESS,
        outcomes=rules.REVIEW_OUTCOMES,
        closed_because=rules.CLOSED_BECAUSE,
        reasons=rules.REASONS_TO_CHOOSE,
        review_cases=rules.cases_to_choose(row.kind, resources().authority.reviews),
        policy=rules.policy_in_words,
        is_overdue=rules.is_overdue,
        is_soon=lambda due_on: rules.is_soon(due_on, today(), resources().authority.reviews.remind_days_before),
        leads=leads(current_person(), row),
        may_name_lead=manages(current_person(), row) and row.closed_on is None,
        **_paper(paper),
    )


def _show_handed_over(session: Session, row: PlanRow, form: Form) -> str:
    """Show who leads a plan now, and to whoever led it before what they typed: of the family they read nothing any more."""
    form.errors.clear()
    form.add_error("form", "You no longer lead this plan, so your review is not recorded.")
    is_colleague = row.agency_id == current_person().agency_id
    return render_template(
        "panel/plans/handed_over.html",
        row=row,
        form=form,
        leads_now=people_of(session, [row.practitioner_id])[row.practitioner_id] if is_colleague else "",
        progress=rules.PROGRESS,
        outcomes=rules.REVIEW_OUTCOMES,
        reasons=rules.REASONS_TO_CHOOSE,
    )


def _paper(paper: AgencysPaper) -> dict[str, Any]:
    lines = paper_in_lines(paper.content, today()) if paper.content is not None else None
    return {"paper": lines, "paper_closed": paper.why_not}
