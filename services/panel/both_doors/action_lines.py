"""The action log as one person may read it, line by line: for the page, for JSON and for a spreadsheet alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import action_log as reads
from services.panel.queries.action_log import ActionLine
from services.panel.queries.meeting import agency_names, people_of
from services.panel.rules.action_log import NOT_CHASED, STATES, is_overdue
from services.panel.rules.consent import CLOSED_BECAUSE
from shared.identity import Person


@dataclass(frozen=True)
class ShownAction:
    """An action in words; `what` is empty where it is closed to the reader, and `closed` then says why.

    `stopped` says why nobody is asked to do it any more, though it is open. `note` is what was said of it last.
    """

    action_id: UUID
    what: str
    closed: str
    reference: str
    panel: str
    meeting_id: UUID
    held_on: date
    item_number: int | None
    agency_id: UUID
    agency: str
    person_id: UUID | None
    person: str
    due_on: date
    state: str
    is_overdue: bool
    stopped: str
    note: str
    marked_at: datetime | None
    mark_id: UUID | None

    @property
    def state_in_words(self) -> str:
        """Return how the action stands, in words: overdue is said, not only shown."""
        return "Overdue" if self.is_overdue else STATES[self.state]


_STOPPED = {
    "withdrawn": "The request was withdrawn",
    "consent_withdrawn": "The family's consent was withdrawn",
    "safeguarding": "The request went to social care",
}


def shown_actions(session: Session, found: Sequence[ActionLine], person: Person, *, today: date) -> list[ShownAction]:
    """Return lines of the log as a person may read them, in their order."""
    closed = reads.why_words_are_closed(session, found, person)
    agencies = agency_names(session)
    people = people_of(session, [line.action.owner_person_id for line in found])
    return [_shown(line, closed.get(line.action.id, ""), agencies, people, today) for line in found]


def _shown(line: ActionLine, why: str, agencies: dict[UUID, str], people: dict[UUID, str], today: date) -> ShownAction:
    action, mark = line.action, line.mark
    stopped = line.let_go_because if line.state == "open" and line.let_go_because in NOT_CHASED else None
    return ShownAction(
        action_id=action.id,
        what="" if why else action.what,
        closed=CLOSED_BECAUSE[why] if why else "",
        reference=line.item.reference,
        panel=line.panel.name,
        meeting_id=line.meeting.id,
        held_on=line.meeting.held_on,
        item_number=line.item.number,
        agency_id=action.owner_agency_id,
        agency=agencies.get(action.owner_agency_id, ""),
        person_id=action.owner_person_id,
        person=people.get(action.owner_person_id, "") if action.owner_person_id else "",
        due_on=action.due_on,
        state=line.state,
        is_overdue=is_overdue(action.due_on, line.state, today),
        stopped=_STOPPED[stopped] if stopped else "",
        note=mark.note if mark and not why else "",
        marked_at=mark.marked_at if mark else None,
        mark_id=mark.id if mark else None,
    )
