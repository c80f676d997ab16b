"""A panel with its people, agencies and families, brought to a meeting through the service's own doors."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.panel.jobs.agendas import close_agendas
from services.panel.tables import AgendaItemRow, KnownPersonRow, MeetingRow, PanelRow, SeatRow
from shared.events.directory import AgencyChanged, PersonChanged, ServiceChanged
from shared.events.referrals import RequestReadyForPanel
from shared.identity import Person
from shared.references import new_reference
from tests.factories import a_person
from tests.integration.conftest import Running


@dataclass
class Sitting:
    """A panel service under test, and who is there."""

    running: Running
    panel_key: str = "ehap"
    agency_id: UUID = field(default_factory=uuid4)
    other_agency_id: UUID = field(default_factory=uuid4)
    service_id: UUID = field(default_factory=uuid4)
    closed_service_id: UUID = field(default_factory=uuid4)
    other_service_id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self._agency(self.agency_id, "Steps Forward")
        self._agency(self.other_agency_id, "Riverside Housing")
        self._service(self.service_id, self.agency_id, "Parenting course", is_open=True)
        self._service(self.closed_service_id, self.agency_id, "Holiday club", is_open=False)
        self._service(self.other_service_id, self.other_agency_id, "Tenancy support", is_open=True)
        self.chair = self._seated("chair", "panel_member", "Ana Chair")
        self.deputy = self._seated("deputy", "panel_member", "Dee Deputy")
        self.coordinator = self._seated("coordinator", "coordinator", "Cal Coordinator")
        self.member = self._seated("member", "panel_member", "Mo Member")
        self.manager = self._knows(a_person("agency_manager", name="Max Manager", agency_id=self.agency_id))
        self.lead = self._knows(a_person("lead_practitioner", name="Lee Lead", agency_id=self.agency_id))
        self.other_manager = self._knows(a_person("agency_manager", agency_id=self.other_agency_id))
        self.other_lead = self._knows(a_person("lead_practitioner", agency_id=self.other_agency_id))

    def _agency(self, agency_id: UUID, name: str) -> None:
        self.running.hears(AgencyChanged(agency_id, name, is_active=True))

    def _service(self, service_id: UUID, agency_id: UUID, name: str, *, is_open: bool) -> None:
        self.running.hears(ServiceChanged(service_id, agency_id, name, is_open=is_open, needs=("5",)))

    def _knows(self, person: Person) -> Person:
        self.running.hears(PersonChanged(person.person_id, person.agency_id, tuple(person.roles), is_active=True))
        with self.running.database.begin() as session:
            session.get_one(KnownPersonRow, person.person_id).name = person.name
        return person

    def seated_for(self, agency_id: UUID, name: str) -> Person:
        """Give somebody of an agency a member's seat; return them."""
        return self._seated("member", "panel_member", name, agency_id)

    def _seated(self, seat: str, role: str, name: str, agency_id: UUID | None = None) -> Person:
        person = self._knows(a_person(role, name=name, agency_id=agency_id or self.other_agency_id))
        with self.running.database.begin() as session:
            panel = session.scalars(sa.select(PanelRow).where(PanelRow.key == self.panel_key)).one()
            session.add(SeatRow(panel_id=panel.id, agency_id=person.agency_id, person_id=person.person_id, seat=seat))
        return person

    def asks(self, *, not_with: tuple[str, ...] = (), kind: str = "request") -> UUID:
        """Let triage send a request to the panel; return its id."""
        request_id, reference = uuid4(), new_reference()
        self.running.neighbours.answers[("referrals", f"/requests/{request_id}/paper")] = a_paper(reference, not_with)
        self.running.hears(
            RequestReadyForPanel(
                request_id=request_id,
                family_id=uuid4(),
                reference=reference,
                kind=kind,
                panel_key=self.panel_key,
                urgency="routine",
                received_on=date(2026, 10, 30),
                children=2,
                level_scheme="bathnes",
                level_version="2024",
                level_number=3,
            )
        )
        return request_id

    def next_meeting(self) -> UUID:
        """Let the clock come to the next meeting whose agenda is still open; its agenda closes on the way."""
        with self.running.database.read() as session:
            meeting = session.scalars(
                sa.select(MeetingRow)
                .join(MeetingRow.panel)
                .where(PanelRow.key == self.panel_key, MeetingRow.state == "planned")
                .where(MeetingRow.agenda_closes_at > self.running.clock.at)
                .order_by(MeetingRow.held_on)
                .limit(1)
            ).one()
        self.running.clock.at = meeting.agenda_closes_at
        close_agendas(self.running.resources, meeting.agenda_closes_at)
        self.running.clock.at = meeting.starts_at
        return meeting.id

    def opened(self, meeting_id: UUID) -> UUID:
        """Open a meeting as its chair; return its id."""
        body = {"chaired_by": str(self.chair.person_id), "notes_by": str(self.coordinator.person_id)}
        self.post(self.chair, f"/meetings/{meeting_id}/open", body, 200)
        return meeting_id

    def item(self, request_id: UUID) -> AgendaItemRow:
        """Return the item of a request that was placed last."""
        with self.running.database.read() as session:
            return session.scalars(
                sa.select(AgendaItemRow)
                .join(AgendaItemRow.meeting)
                .where(AgendaItemRow.request_id == request_id)
                .order_by(MeetingRow.held_on.desc())
                .limit(1)
            ).one()

    def item_at(self, request_id: UUID, meeting_id: UUID) -> UUID:
        """Return the id of a request's item at a meeting; one that left the agenda earlier does not count."""
        with self.running.database.read() as session:
            return session.scalars(
                sa.select(AgendaItemRow.id).where(
                    AgendaItemRow.request_id == request_id,
                    AgendaItemRow.meeting_id == meeting_id,
                    AgendaItemRow.state != "removed",
                )
            ).one()

    def decides(self, item_id: UUID, outcome: str, status: int = 201, **given: Any) -> Any:
        """Record a decision as the chair, with what its outcome needs at the least; return the answer."""
        return self.post(self.chair, f"/items/{item_id}/decision", self.decision(outcome, **given), status)

    def decision(self, outcome: str, **given: Any) -> dict[str, Any]:
        """Return a decision as JSON, with what its outcome needs at the least."""
        day = self.running.clock.at.date().isoformat()
        needs: dict[str, dict[str, Any]] = {
            "allocate": {"service_id": str(self.service_id), "needs": ["5"], "first_contact_by_on": day},
            "recommend": {"service": "School nursing", "referred_by": "The school", "family_agreed": True},
            "signpost": {"where": "The library's parent group", "told_by": "The school"},
            "plan_advice": {"lead": "The school", "review_on": day, "actions": [self.action()]},
            "more_information": {
                "what": "A letter",
                "from_whom": "The GP",
                "by_on": day,
                "clock_paused": False,
                "told_by": "The school",
            },
            "consent_outstanding": {
                "whose": "The father",
                "attempts": "Two letters",
                "deadline_on": day,
                "without": "close",
            },
            "step_up": {"by_whom": "The chair", "sent_on": day, "consent_sought": True},
            "not_accepted": {"reason": "below_threshold", "feedback": "The school can help"},
            "carry_over": {"reason": "capacity"},
            "close": {"reason": "moved_away"},
        }
        return {"outcome": outcome, "reasons": "Because it fits."} | needs[outcome] | given

    def action(self, **given: Any) -> dict[str, Any]:
        """Return an action as JSON."""
        due_on = self.running.clock.at.date().isoformat()
        return {"what": "Ring the school", "agency_id": str(self.agency_id), "due_on": due_on} | given

    def offered(self, request_id: UUID | None = None, **given: Any) -> UUID:
        """Bring a family to a meeting that allocates it; return the allocation's id."""
        request_id = request_id or self.asks()
        meeting_id = self.opened(self.next_meeting())
        made = self.decides(self.item_at(request_id, meeting_id), "allocate", **given)
        return UUID(made["allocation_id"])

    def planned(self, request_id: UUID | None = None) -> UUID:
        """Bring a family to a plan that the lead practitioner holds; return the plan's id."""
        body = {"practitioner_id": str(self.lead.person_id)}
        return UUID(self.post(self.manager, f"/allocations/{self.offered(request_id)}/acceptance", body)["plan_id"])

    def post(self, person: Person, path: str, body: Any, status: int = 201) -> Any:
        """Send JSON to the API as a person, and expect a status; return the answer."""
        answer = self.running.app.test_client().post(
            f"/panel/api/v1{path}", json=body, headers=self.running.bearer(person)
        )
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json(silent=True)

    def get(self, person: Person, path: str, status: int = 200) -> Any:
        """Ask the API as a person, and expect a status; return the answer."""
        answer = self.running.app.test_client().get(f"/panel/api/v1{path}", headers=self.running.bearer(person))
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()


def a_paper(reference: str, not_with: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a family's paper as the referrals service gives it."""
    return {
        "reference": reference,
        "kind": "request",
        "urgency": "routine",
        "received_on": "2026-10-30",
        "referrer": {"name": "Megan O'Brien", "role": "Head", "organisation": "Twerton School", "source": "2A"},
        "children": [{"ref": "c1", "given_name": "Siobhán", "family_name": "Price", "date_of_birth": "2017-05-09"}],
        "adults": [{"ref": "a1", "given_name": "Jo", "family_name": "Price", "relationship": "mother"}],
        "addresses": [{"ref": "home", "lines": ["14 Larkfield Close"], "town": "Bath", "is_sensitive": True}],
        "professionals": [],
        "needs": [{"code": "5", "label": "Improved family relationships"}],
        "working_well": "They talk.",
        "worried_about": "They shout.",
        "needs_to_happen": "A course.",
        "consent": {
            "may_share": True,
            "overridden": [],
            "not_with": list(not_with),
            "named": ["Steps Forward", "Riverside Housing"],
            "may_agree": [{"ref": "a1", "name": "Jo Price"}, {"ref": "c1", "name": "Siobhán Price"}],
            "to_share": [{"by": "a1", "name": "Jo Price", "answer": "given", "answer_label": "Agreed"}],
        },
        "level": {"scheme": "bathnes", "version": "2024", "number": 3, "label": "More than one need"},
        "triage_reason": "Two needs.",
    }
