"""What a letter says: JSON values only, put together anew each time from what stands and what its owner says now."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import meeting as reads
from services.panel.queries.allocations import service_names
from services.panel.queries.decisions import children_of
from services.panel.queries.letters import LetterLine, agencies_of_decision, was_written_before
from services.panel.queries.papers import latest_paper
from services.panel.rules.agenda import SEATS
from services.panel.rules.letter_words import Told, for_a_child, letter_paragraphs
from services.panel.rules.letters import Home
from services.panel.rules.wording import day_in_words
from services.panel.tables import DecisionRow, KnownServiceRow
from shared.authority import Authority
from shared.authority.whom_to_ring import contacts_for
from shared.london import london_date


def letter_text(
    session: Session, line: LetterLine, home: Home | None, authority: Authority, *, locality: str, today: date
) -> dict[str, Any]:
    """Return a letter as its page and its PDF have it; without a home it has no names and no address."""
    letter, decision, meeting = line
    name = authority.locality_name(locality) if locality else ""
    concerned = agencies_of_decision(session, decision)
    return {
        "authority": authority.name,
        "date": day_in_words(today),
        "reference": letter.reference,
        "names": list(home.names) if home else [],
        "lines": list(home.lines) if home else [],
        "paragraphs": _paragraphs(session, line, authority),
        "added": [part for part in letter.added_words.split("\n\n") if part.strip()],
        "chair": _chair(session, decision),
        "panel": meeting.panel.name,
        "role": f"{_seat(session, decision)} of the {meeting.panel.name}",
        "copies": [reads.agency_name(session, UUID(agency)) for agency in letter.copy_to if UUID(agency) in concerned],
        "ring": [
            {"name": one.name, "phone": one.phone, "when": one.when}
            for one in contacts_for(authority.early_help_contacts, name, to_family=True)
        ],
    }


def _paragraphs(session: Session, line: LetterLine, authority: Authority) -> list[str]:
    decision, meeting = line.decision, line.meeting
    service_id = decision.details.get("service_id")
    told = Told(
        outcome=decision.outcome,
        panel=meeting.panel.name,
        held_on=meeting.held_on,
        details=decision.details,
        service=_service(session, UUID(service_id)) if service_id else "",
        lead_practitioner=authority.words.lead_practitioner,
        is_replacing=was_written_before(session, decision),
        before_meeting_on=london_date(decision.decided_at) if decision.urgent_because else None,
    )
    return [part for part in (*letter_paragraphs(told), *_children(session, decision)) if part]


def _children(session: Session, decision: DecisionRow) -> list[str]:
    rows = children_of(session, [decision.id]).get(decision.id, [])
    services = service_names(session, [row.service_id for row in rows if row.service_id])
    paper = latest_paper(session, decision.request_id)
    called = {child["ref"]: child.get("given_name") for child in (paper.content["children"] if paper else [])}
    return [
        for_a_child(
            called.get(row.child_ref) or "one of your children",
            row.outcome or decision.outcome,
            services.get(row.service_id, "") if row.service_id else "",
        )
        for row in rows
        if row.outcome or row.service_id
    ]


def _service(session: Session, service_id: UUID) -> str:
    service = session.get(KnownServiceRow, service_id)
    if service is None:
        return ""
    agency = reads.agency_name(session, service.agency_id)
    return f"{service.name} ({agency})" if agency else service.name


def _chair(session: Session, decision: DecisionRow) -> str:
    return reads.people_of(session, [decision.chaired_by]).get(decision.chaired_by, "") if decision.chaired_by else ""


def _seat(session: Session, decision: DecisionRow) -> str:
    seats = reads.seats_of(session, decision.agenda_item.queue_entry.panel_id)
    seat = next((one.seat for one in seats if one.person_id == decision.chaired_by), "chair")
    return SEATS.get(seat, "Chair")
