"""Keep copies of what the directory announces, and of what it says when it is asked for more."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.referrals.rules.reaching import how_to_reach
from services.referrals.tables import AskedRow, KnownAgencyRow, KnownPersonRow, KnownServiceRow

_LONGEST_PAUSE = timedelta(minutes=5)
# Asking is paced by real time: a training clock may stand still, or be far ahead.
_AT_ONCE = {"next_attempt_at": sa.func.now(), "attempts": 0}


def keep_agency(session: Session, agency_id: UUID, *, name: str, is_active: bool) -> None:
    """Keep an agency as it was last announced."""
    _upsert(session, KnownAgencyRow, "agency_id", agency_id=agency_id, name=name, is_active=is_active)


def keep_service(
    session: Session, service_id: UUID, *, agency_id: UUID, name: str, is_open: bool, needs: list[str]
) -> None:
    """Keep a service as it was last announced, and let the directory be asked how to reach it."""
    values = {"agency_id": agency_id, "name": name, "is_open": is_open, "needs": needs, **_AT_ONCE}
    _upsert(session, KnownServiceRow, "service_id", service_id=service_id, **values)


def ask_about(session: Session, person_id: UUID) -> None:
    """Let the directory be asked about somebody who leads a plan, at once and also when they were known before."""
    nobody_yet = insert(KnownPersonRow).values(person_id=person_id, name="", agency_name="", phone="", **_AT_ONCE)
    session.execute(nobody_yet.on_conflict_do_update(index_elements=["person_id"], set_=_AT_ONCE))


def ask_anew(session: Session, person_id: UUID) -> None:
    """Let the directory be asked again about somebody whom the directory says has changed, if they lead a plan."""
    session.execute(sa.update(KnownPersonRow).where(KnownPersonRow.person_id == person_id).values(_AT_ONCE))


def name_person(person: KnownPersonRow, said: Mapping[str, Any]) -> None:
    """Keep what the directory said of a person."""
    person.name, person.agency_name, person.phone = said["name"], said["agency_name"], said["mobile"] or ""


def keep_reach(service: KnownServiceRow, said: Mapping[str, Any]) -> None:
    """Keep how to reach a service, as the directory said."""
    reach = how_to_reach(said)
    service.phone, service.web, service.opens, service.checked_on = reach


def stop_asking(row: AskedRow) -> None:
    """Ask no more about what the directory has answered, or does not know."""
    row.next_attempt_at = None


def ask_later(row: AskedRow, now: datetime) -> None:
    """Ask again later, with a pause that grows to five minutes."""
    row.attempts += 1
    row.next_attempt_at = now + min(timedelta(seconds=2 ** min(row.attempts, 9)), _LONGEST_PAUSE)


def _upsert(session: Session, table: Any, key: str, **values: Any) -> None:
    newest = {name: value for name, value in values.items() if name != key}
    session.execute(insert(table).values(**values).on_conflict_do_update(index_elements=[key], set_=newest))
