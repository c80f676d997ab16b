"""What has to be right before a decision is recorded: who decides, what it needs, and who may be told."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import meeting as reads
from services.panel.queries.action_log import works_for
from services.panel.queries.no_part import check_has_part, in_conflict_with, no_part_in
from services.panel.queries.papers import awaited_answers, latest_paper
from services.panel.queries.plans import has_open_plan
from services.panel.rules import children as child_rules
from services.panel.rules import decisions as rules
from services.panel.rules import meeting as meeting_rules
from services.panel.rules.consent import AnswerAwaited, check_may_be_told
from services.panel.rules.new_decision import NewDecision
from services.panel.rules.paper import excluded_agencies
from services.panel.tables import AgendaItemRow, DecisionRow, KnownServiceRow, MeetingRow
from shared.errors import Invalid


def check_circumstances(
    session: Session,
    item: AgendaItemRow,
    meeting: MeetingRow,
    decision: NewDecision,
    standing: DecisionRow | None,
    by: UUID,
) -> UUID | None:
    """Refuse a decision that this person may not record here and now; return who chaired the item."""
    check_has_part(session, item.request_id, by)
    rules.check_may_decide(
        meeting_state=meeting.state,
        item_state=item.state,
        is_let_go=item.queue_entry.let_go_because is not None,
        is_correction=standing is not None,
    )
    rules.check_supersedes(standing.id if standing else None, decision.supersedes)
    chaired_by = decision.chaired_by or meeting.chaired_by
    if chaired_by is not None:
        seats = reads.seats_of(session, meeting.panel_id)
        may_chair = {seat.person_id for seat in seats if seat.seat in meeting_rules.CHAIRS and seat.person_id}
        without = no_part_in(session, item.request_id, [chaired_by])
        rules.check_chair_of_item(chaired_by, may_chair=may_chair, without_part=without)
    return chaired_by


def check_content(session: Session, item: AgendaItemRow, decision: NewDecision) -> None:
    """Refuse a decision that lacks something, or that would tell somebody who must not be told."""
    rules.check_details(decision.outcome, decision.details, actions=len(decision.actions))
    rules.check_lead(decision.outcome, decision.details, has_plan=has_open_plan(session, item.family_id))
    seated = {seat.person_id for seat in reads.seats_of(session, item.queue_entry.panel_id) if seat.person_id}
    rules.check_dissent(decision.dissent, decision.dissent_by, seated=seated)
    paper = latest_paper(session, item.request_id)
    refs = list(child_rules.positions(paper.content)) if paper else []
    child_rules.check_children(decision.children, refs, outcome=decision.outcome)
    _check_telling(session, item, decision)


def _check_telling(session: Session, item: AgendaItemRow, decision: NewDecision) -> None:
    paper = latest_paper(session, item.request_id)
    not_with = excluded_agencies(paper.content) if paper else []
    tells = decision.actions or decision.outcome == rules.ALLOCATE
    if tells or any(child.service_id for child in decision.children):
        if awaited_answers(session, [item.request_id]):
            raise AnswerAwaited(
                "The family has given a new answer about sharing. We are fetching it: record this decision in a minute."
            )
        check_may_be_told(paper.content if paper else None)
    names = [reads.agency_name(session, action.agency_id) for action in decision.actions]
    if unknown := [number for number, name in enumerate(names) if not name]:
        errors = {number: {"agency_id": ["Select an agency that the directory knows"]} for number in unknown}
        raise Invalid("An action needs an agency.", {"actions": errors})
    rules.check_actions(names, not_with)
    _check_owners(session, item, decision)
    if decision.outcome == rules.ALLOCATE:
        _check_service(session, decision.details["service_id"], not_with)
    asked = {action.agency_id for action in decision.actions}
    for number, child in enumerate(decision.children):
        if child.service_id is not None:
            _check_service_of_child(session, number, child.service_id, not_with, asked)


def _check_owners(session: Session, item: AgendaItemRow, decision: NewDecision) -> None:
    """Refuse an action for somebody who does not work for its agency, or declared a conflict; raises Invalid."""
    message = "Select somebody who works for this agency and declared no conflict"
    in_conflict = in_conflict_with(session, item.request_id)
    errors = {
        number: {"person_id": [message]}
        for number, action in enumerate(decision.actions)
        if action.person_id is not None
        and (action.person_id in in_conflict or not works_for(session, action.person_id, action.agency_id))
    }
    if errors:
        raise Invalid(message, {"actions": errors})


def _check_service(session: Session, service_id: UUID, not_with: list[str]) -> None:
    service = session.get(KnownServiceRow, service_id)
    if service is None:
        message = "Select a service that the directory knows"
        raise Invalid(message, {"service_id": [message]})
    agency = reads.agency_name(session, service.agency_id)
    rules.check_offer(agency, is_open=service.is_open and bool(agency), not_with=not_with)


def _check_service_of_child(
    session: Session, number: int, service_id: UUID, not_with: list[str], asked: Collection[UUID]
) -> None:
    """Refuse a child's own service that cannot take them, or whose agency has no action: that is how it is asked."""
    try:
        _check_service(session, service_id, not_with)
    except Invalid as refusal:
        raise Invalid(str(refusal), {"children": {number: refusal.errors}}) from None
    agency_id = session.get_one(KnownServiceRow, service_id).agency_id
    if agency_id not in asked:
        message = f"Add an action for {reads.agency_name(session, agency_id)}: that is how it is asked"
        raise Invalid(message, {"children": {number: {"service_id": [message]}}})
