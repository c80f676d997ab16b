"""Plans and their reviews: a lead practitioner's families, and for a manager the agency's."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.panel.actions import reviews as actions
from services.panel.pages import pages
from services.panel.pages.asking import level_in_words, page_asked
from services.panel.queries import allocations as allocation_reads
from services.panel.queries import plans as reads
from services.panel.queries.meeting import people_of
from services.panel.rules import reviews as rules
from services.panel.rules.paper import paper_in_lines
from services.panel.tables import AllocationRow, PlanRow
from shared.audit import record
from shared.errors import Conflict, Invalid
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources, today
from shared.web.fields import Choice, Day, Line, Words
from shared.web.forms import Form, PageForm, read_form, show_form


@pages.get("/plans")
@needs("lead_practitioner", "agency_manager")
def plans() -> str:
    """List the open plans, the next review first, or the ended ones."""
    closed = request.args.get("state") == "ended"
    page = page_asked()
    with database().read() as session:
        rows, has_more = reads.plans_for(session, current_person(), closed=closed, page=page)
        return render_template(
            "panel/plans/plans.html",
            rows=rows,
            closed=closed,
            page=page,
            has_more=has_more,
            services=allocation_reads.service_names(session, [plan.service_id for plan, _ in rows]),
            people=people_of(session, [plan.practitioner_id for plan, _ in rows]),
            closed_because=rules.CLOSED_BECAUSE,
            is_overdue=rules.is_overdue,
        )


@pages.get("/plans/<uuid:plan_id>")
@needs("lead_practitioner", "agency_manager")
def plan(plan_id: UUID) -> str:
    """Show a plan with its history and the family's paper; the audit keeps who read it."""
    with database().begin() as session:
        row = reads.plan_for(session, plan_id, current_person())
        person_id = current_person().person_id
        record(session, who=person_id, did="read_plan", subject="request", subject_id=row.request_id)
        return _show(session, row, show_form(ReviewForm()))


@pages.post("/plans/<uuid:plan_id>/reviews")
@needs("lead_practitioner")
def record_review(plan_id: UUID) -> ResponseReturnValue:
    """Record a review that was held."""
    form = read_form(ReviewForm(), request.form)
    status = 422 if form.errors else _try_to_record(plan_id, form)
    if status == 302:
        flash("The review is recorded.")
        return redirect(url_for("pages.plan", plan_id=plan_id))
    with database().read() as session:
        return _show(session, reads.plan_for(session, plan_id, current_person()), form), status


class ReviewForm(PageForm):
    """What came of a review; the reason is needed only where the plan ends for another one."""

    review_id = Line("The review")
    held_on = Day("The date of the review", past=True, required=True)
    progress = Choice("How things are", rules.PROGRESS, required=True)
    note = Words("What was said", required=True)
    outcome = Choice("What happens next", rules.REVIEW_OUTCOMES, required=True)
    reason = Choice("Why the plan ends", rules.REASONS_TO_CHOOSE)


def _try_to_record(plan_id: UUID, form: Form) -> int:
    """Record the review; return the status to answer with, and leave what is wrong on the form."""
    values = {name: value for name, value in form.values.items() if name != "review_id"}
    try:
        with database().begin() as session:
            actions.record_review(
                session,
                plan_id,
                actions.NewReview(**values, review_id=_id(form.values["review_id"])),
                by=current_person().person_id,
                reviews=resources().authority.reviews,
                now=now(),
            )
    except Invalid as refusal:
        form.add_refusal(refusal)
        return 422
    except Conflict as refusal:
        form.add_error("form", str(refusal))
        return 409
    return 302


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _show(session: Session, row: PlanRow, form: Form) -> str:
    paper = allocation_reads.latest_paper(session, row.request_id)
    reviews = reads.reviews_of(session, row.id)
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
        people=people_of(session, [row.practitioner_id, *[review.recorded_by for review in reviews]]),
        paper=paper_in_lines(paper.content, today()) if paper else None,
        progress=rules.PROGRESS,
        outcomes=rules.REVIEW_OUTCOMES,
        closed_because=rules.CLOSED_BECAUSE,
        reasons=rules.REASONS_TO_CHOOSE,
        is_overdue=rules.is_overdue,
        leads=row.practitioner_id == current_person().person_id,
    )
