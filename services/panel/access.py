"""Who may see which meeting and which paper. What somebody may not know of is NotFound, as if it were not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import agenda as agenda_queries
from services.panel.queries import calendar as calendar_queries
from services.panel.rules.agenda import LEADING_SEATS, papers_are_open, sees_families_before_closing
from services.panel.tables import AgendaItemRow, MeetingRow, PanelRow, PaperRow
from shared.errors import NotFound
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
        return bool(self.seat) and papers_are_open(self.meeting.state, self.meeting.held_on, today)


def seated_at(session: Session, meeting_id: UUID, person: Person) -> Seated:
    """Return a meeting for somebody with a seat at its panel, or for an administrator; raises NotFound."""
    meeting = calendar_queries.meeting_by_id(session, meeting_id)
    seat = calendar_queries.seat_of(session, meeting.panel_id, person.person_id)
    if seat is None and not person.has("administrator"):
        raise NotFound("There is no such meeting.")
    return Seated(meeting, seat.seat if seat else "")


def item_with_paper(
    session: Session, meeting_id: UUID, item_id: UUID, person: Person, today: date
) -> tuple[Seated, AgendaItemRow, PaperRow]:
    """Return an item and its circulated paper, if the person may read it today; raises NotFound."""
    seated = seated_at(session, meeting_id, person)
    item = agenda_queries.item_of(session, meeting_id, item_id)
    is_conflicted = item_id in agenda_queries.conflicts_of(session, meeting_id, person.person_id)
    if not seated.papers_open(today) or is_conflicted or item.paper is None:
        raise NotFound("There is no such paper, or it is not open to you.")
    return seated, item, item.paper


def panels_seen_by(session: Session, person: Person) -> Sequence[PanelRow]:
    """Return the panels whose meetings the person sees: every one for an administrator, else those with a seat."""
    if person.has("administrator"):
        return calendar_queries.panels(session)
    return calendar_queries.panels_of(session, person.person_id)


def panels_coordinated_by(session: Session, person: Person) -> Sequence[PanelRow]:
    """Return the panels whose queue the person looks after."""
    return calendar_queries.panels_of(session, person.person_id, seats=("coordinator",))


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
