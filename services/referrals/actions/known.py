"""Keep copies of what the directory announces: agencies, services, and the names of those who lead plans."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.referrals.tables import KnownAgencyRow, KnownPersonRow, KnownServiceRow

_LONGEST_PAUSE = timedelta(minutes=5)


def keep_agency(session: Session, agency_id: UUID, *, name: str, is_active: bool) -> None:
    """Keep an agency as it was last announced."""
    _upsert(session, KnownAgencyRow, "agency_id", agency_id=agency_id, name=name, is_active=is_active)


def keep_service(
    session: Session, service_id: UUID, *, agency_id: UUID, name: str, is_open: bool, needs: list[str]
) -> None:
    """Keep a service as it was last announced."""
    values = {"service_id": service_id, "agency_id": agency_id, "name": name, "is_open": is_open, "needs": needs}
    _upsert(session, KnownServiceRow, "service_id", **values)


def ask_about(session: Session, person_id: UUID) -> None:
    """Let the directory be asked about somebody who leads a plan, at once and also when they were known before."""
    # Asking is paced by real time: a training clock may stand still, or be far ahead.
    at_once = {"next_attempt_at": sa.func.now(), "attempts": 0}
    nobody_yet = insert(KnownPersonRow).values(person_id=person_id, name="", agency_name="", phone="", **at_once)
    session.execute(nobody_yet.on_conflict_do_update(index_elements=["person_id"], set_=at_once))


def ask_anew(session: Session, person_id: UUID) -> None:
    """Let the directory be asked again about somebody whom the directory says has changed, if they lead a plan."""
    session.execute(
        sa.update(KnownPersonRow)
        .where(KnownPersonRow.person_id == person_id)
        .values(next_attempt_at=sa.func.now(), attempts=0)
    )


def name_person(session: Session, person_id: UUID, *, name: str, agency_name: str, phone: str) -> None:
    """Keep what the directory said of a person; nothing is to be asked any more."""
    person = session.get_one(KnownPersonRow, person_id, with_for_update=True)
    person.name, person.agency_name, person.phone = name, agency_name, phone
    person.next_attempt_at = None


def stop_asking(session: Session, person_id: UUID) -> None:
    """Ask no more about a person whom the directory does not know."""
    session.get_one(KnownPersonRow, person_id, with_for_update=True).next_attempt_at = None


def ask_later(session: Session, person_id: UUID, now: datetime) -> None:
    """Ask again later, with a pause that grows to five minutes."""
    person = session.get_one(KnownPersonRow, person_id, with_for_update=True)
    person.attempts += 1
    person.next_attempt_at = now + min(timedelta(seconds=2 ** min(person.attempts, 9)), _LONGEST_PAUSE)


def _upsert(session: Session, table: Any, key: str, **values: Any) -> None:
    newest = {name: value for name, value in values.items() if name != key}
    session.execute(insert(table).values(**values).on_conflict_do_update(index_elements=[key], set_=newest))
