"""The notifications service on a training system or with a mail server, and what its neighbours know."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.notifications.jobs import send_due_notices, settle_interrupted_notices
from services.notifications.tables import DeliveredMessageRow, DeliveryAttemptRow, NoticeRow
from tests.integration.conftest import Running

REFERENCE = "EH7K-3QWQ"


@dataclass
class Post:
    """The service under test, with words for what these tests do to it."""

    running: Running
    request_id: UUID = field(default_factory=uuid4)
    family_id: UUID = field(default_factory=uuid4)

    def about(self) -> tuple[UUID, UUID, str]:
        """Return what nearly every fact begins with: request, family, reference."""
        return self.request_id, self.family_id, REFERENCE

    def knows_contacts(self, *, family: dict[str, Any] | None = None, **referrer: Any) -> None:
        """Let referrals know whom to contact about the request."""
        told = {"email": "lead@school.example", "phone": "01225 000000", "person_id": None} | referrer
        answer = {"reference": REFERENCE, "referrer": told, "family": family}
        self.running.neighbours.answers[("referrals", f"/requests/{self.request_id}/contacts")] = answer

    def knows_person(self, *, email: str = "person@agency.example", is_active: bool = True) -> UUID:
        """Let the directory know a person."""
        person = _person(email, is_active)
        self.running.neighbours.answers[("directory", f"/people/{person['person_id']}")] = person
        return UUID(person["person_id"])

    def knows_agency(self, *managers: UUID, email: str = "office@agency.example") -> UUID:
        """Let the directory know an agency with these people as its managers."""
        agency_id, answers = uuid4(), self.running.neighbours.answers
        known = [answers[("directory", f"/people/{person_id}")] for person_id in managers]
        answer = {"agency_id": str(agency_id), "name": "Harbour Refuge", "email": email, "phone": "", "managers": known}
        answers[("directory", f"/agencies/{agency_id}")] = answer
        return agency_id

    def sends(self) -> int:
        """Send everything that is due, and return how many notices were worked on."""
        count = 0
        while send_due_notices(self.running.resources):
            count += 1
        return count

    def tidies_up(self) -> None:
        """Settle every sending that was never recorded."""
        while settle_interrupted_notices(self.running.resources):
            pass

    def notices(self, template: str = "") -> list[NoticeRow]:
        """Return the notices, of one template or all."""
        with self.running.database.read() as session:
            rows = session.scalars(sa.select(NoticeRow).order_by(NoticeRow.template, NoticeRow.recipient_kind))
            return [row for row in rows if template in ("", row.template)]

    def notice(self, template: str) -> NoticeRow:
        """Return the one notice of a template."""
        (row,) = self.notices(template)
        return row

    def messages(self) -> list[DeliveredMessageRow]:
        """Return what is in the built-in inbox."""
        with self.running.database.read() as session:
            return list(session.scalars(sa.select(DeliveredMessageRow).order_by(DeliveredMessageRow.to_address)))

    def attempts(self) -> list[DeliveryAttemptRow]:
        """Return every recorded attempt."""
        with self.running.database.read() as session:
            return list(session.scalars(sa.select(DeliveryAttemptRow)))

    def changes_notices(self, **values: Any) -> None:
        """Set columns of every notice, as time or an accident would."""
        with self.running.database.begin() as session:
            session.execute(sa.update(NoticeRow).values(**values))

    def makes_everything_due(self) -> None:
        """Let every wait be over."""
        self.changes_notices(next_attempt_at=datetime(2020, 1, 1, tzinfo=UTC))


def a_family(**given: Any) -> dict[str, Any]:
    """Return a family as referrals tells of it."""
    usual = {"email": "mum@home.example", "mobile": "07700 900123", "channels": ["sms"], "name_is_safe": False}
    return usual | given


def _person(email: str, is_active: bool) -> dict[str, Any]:
    return {
        "person_id": str(uuid4()),
        "name": "Zebedee Quillfeather",
        "job_title": "Family worker",
        "email": email,
        "mobile": "",
        "agency_id": str(uuid4()),
        "agency_name": "Harbour Refuge",
        "roles": ["lead_practitioner"],
        "is_active": is_active,
    }


@pytest.fixture
def post(start: Callable[..., Running]) -> Post:
    """Give the service on a training system, with its built-in inbox."""
    return Post(start("notifications", TRAINING="yes", CARRIER="inbox"))
