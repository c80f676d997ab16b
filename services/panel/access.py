"""Who may see which meeting and which paper. What somebody may not know of is NotFound, as if it were not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import agenda as agenda_queries
from services.panel.queries import calendar as calendar_queries
from services.panel.queries.agency_papers import agency_has_family, last_paper_had
from services.panel.queries.papers import closed_to_agency, closed_to_member, latest_paper
from services.panel.rules.agenda import LEADING_SEATS, sees_families_before_closing
from services.panel.rules.circulation import papers_are_open
from services.panel.rules.consent import CLOSED_BECAUSE
from services.panel.tables import AgendaItemRow, MeetingRow, PanelRow, PaperRow, PlanRow
from shared.audit import record
from shared.errors import Forbidden, NotFound
from shared.identity import Person


@dataclass(frozen=True)
class Seated:
    """A meeting as one person may see it; `seat` is empty for an administrator without one."""

    meeting: MeetingRow
    seat: str

    @property
    def is_leading(self) -> bool:
        """Say whether the person prepares or leads this meeting."""
        return self.seat in LEADING_SEATS

    @property
    def sees_families(self) -> bool:
        """Say whether the person sees who is on the agenda: members from its closing on, who prepares it before."""
        if self.meeting.state == "planned":
            return sees_families_before_closing(self.seat)
        return bool(self.seat)

    def papers_open(self, today: date) -> bool:
        """Say whether the papers can be read today by those who have a seat."""
        meeting = self.meeting
        return bool(self.seat) and papers_are_open(
            meeting.state,
            are_sent=meeting.papers_sent_at is not None,
            prepares=self.is_leading,
            held_on=meeting.held_on,
            stay_days=meeting.panel.papers_stay_days,
            today=today,
        )

    @property
    def awaits_papers(self) -> bool:
        """Say whether the papers are made and not sent out to this person yet."""
        return self.meeting.state != "planned" and self.meeting.papers_sent_at is None and not self.is_leading


def seated_at(session: Session, meeting_id: UUID, person: Person) -> Seated:
    """Return a meeting for somebody with a seat at its panel, or for an administrator; raises NotFound."""
    meeting = calendar_queries.meeting_by_id(session, meeting_id)
    seat = calendar_queries.seat_of(session, meeting.panel_id, person.person_id)
    if seat is None and not person.has("administrator"):
        raise NotFound("There is no such meeting.")
    return Seated(meeting, seat.seat if seat else "")


def prepared_by(session: Session, meeting_id: UUID, person: Person) -> Seated:
    """Return a meeting for whoever prepares or chairs it; raises NotFound, Forbidden."""
    seated = seated_at(session, meeting_id, person)
    if not seated.is_leading:
        raise Forbidden("The chair, a deputy or the coordinator of this panel sees this.")
    return seated


def item_with_paper(
    session: Session, meeting_id: UUID, item_id: UUID, person: Person, today: date
) -> tuple[Seated, AgendaItemRow, PaperRow]:
    """Return an item and its circulated paper, if the person may read it today; raises NotFound."""
    seated = seated_at(session, meeting_id, person)
    item = agenda_queries.item_of(session, meeting_id, item_id)
    closed = closed_to_member(session, seated.meeting, [item], person.person_id)
    if not seated.papers_open(today) or item.paper is None:
        raise NotFound("There is no such paper, or it is not open to you.")
    if item_id in closed:
        raise NotFound(f"This paper is closed to you. {CLOSED_BECAUSE[closed[item_id]]}.")
    return seated, item, item.paper


def manages(person: Person, plan: PlanRow) -> bool:
    """Say whether the person names who leads a plan: a manager of its agency."""
    return person.has("agency_manager") and person.agency_id == plan.agency_id


def leads(person: Person, plan: PlanRow) -> bool:
    """Say whether the person leads a plan for its agency."""
    return plan.practitioner_id == person.person_id and plan.agency_id == person.agency_id


@dataclass(frozen=True)
class AgencysPaper:
    """A request's paper as somebody of an agency may read it: None while it is fetched, or where it is closed.

    `closed` is a code of CLOSED_BECAUSE, empty where the paper is open.
    """

    content: dict[str, Any] | None
    closed: str

    @property
    def why_not(self) -> str:
        """Return why the paper is closed, in words; empty where it is open."""
        return CLOSED_BECAUSE.get(self.closed, "")


def paper_for_agency(session: Session, request_id: UUID, agency_id: UUID | None) -> AgencysPaper:
    """Return the newest paper of a request, for the agency to which the family is offered or whose open plan it has.

    An agency whose plan has ended keeps the paper that it had then: what is written later is not for it.
    """
    closed = closed_to_agency(session, request_id, agency_id)
    has_family = agency_has_family(session, request_id, agency_id)
    paper = latest_paper(session, request_id) if has_family else last_paper_had(session, request_id, agency_id)
    if not has_family and paper is None:
        closed = closed or "taken_away"
    return AgencysPaper(None if closed or paper is None else paper.content, closed)


def note_reading(session: Session, request_id: UUID, paper: AgencysPaper, *, by: UUID) -> None:
    """Write down that somebody was shown a request's paper, or found it closed and why; nothing while it is fetched."""
    if paper.content is not None:
        record(session, who=by, did="read_paper", subject="request", subject_id=request_id)
    elif paper.closed:
        record(
            session, who=by, did="found_paper_closed", subject="request", subject_id=request_id, because=paper.closed
        )


def panels_seen_by(session: Session, person: Person) -> Sequence[PanelRow]:
    """Return the panels whose meetings the person sees: every one for an administrator, else those with a seat."""
    if person.has("administrator"):
        return calendar_queries.panels(session)
    return calendar_queries.panels_of(session, person.person_id)


def panels_led_by(session: Session, person: Person) -> Sequence[PanelRow]:
    """Return the panels whose queue the person looks after: as chair, deputy or coordinator."""
    return calendar_queries.panels_of(session, person.person_id, seats=LEADING_SEATS)


def panels_counted_for(session: Session, person: Person) -> Sequence[PanelRow]:
    """Return the panels whose statistics the person sees: every one for an administrator, else those they lead."""
    if person.has("administrator"):
        return calendar_queries.panels(session)
    return calendar_queries.panels_of(session, person.person_id, seats=LEADING_SEATS)


def panel_seen_by(session: Session, key: str, person: Person) -> PanelRow:
    """Return a panel that the person may look at; raises NotFound."""
    panel = calendar_queries.panel_by_key(session, key)
    if panel.id not in {seen.id for seen in panels_seen_by(session, person)}:
        raise NotFound("There is no such panel.")
    return panel


def panel_run_by(session: Session, key: str, person: Person) -> PanelRow:
    """Return a panel whose seats the person may fill: its coordinator, or an administrator; raises NotFound."""
    panel = calendar_queries.panel_by_key(session, key)
    if not person.has("administrator"):
        seat = calendar_queries.seat_of(session, panel.id, person.person_id)
        if seat is None or seat.seat != "coordinator":
            raise NotFound("There is no such panel.")
    return panel


def meeting_run_by(session: Session, meeting_id: UUID, person: Person) -> MeetingRow:
    """Return a meeting that the person may move or cancel: the panel's coordinator, or an administrator; raises NotFound."""
    meeting = calendar_queries.meeting_by_id(session, meeting_id)
    panel_run_by(session, meeting.panel.key, person)
    return meeting
