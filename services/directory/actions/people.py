"""Adds people and changes what the directory says of them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.directory.actions import passwords
from services.directory.queries import people as people_queries
from services.directory.rules.passwords import GIVEN, TEMPORARY, check_password
from services.directory.rules.people import PersonDetails, check_details, in_order
from services.directory.tables import AgencyRow, PersonRow
from shared.audit import record
from shared.clock import SystemClock
from shared.ended_sessions import end_sessions
from shared.errors import Conflict, Invalid
from shared.events.directory import PersonChanged
from shared.messaging.outbox import announce

_SAID_BY_SESSIONS = frozenset({"roles", "agency_id", "is_active"})
"""What a session says of a person or stands for: a change of it ends the sessions that say otherwise."""


class EmailTaken(Conflict):
    """Somebody in the directory has this e-mail address already."""


class AdministratorThere(Conflict):
    """Somebody can look after the directory already."""


class ChangedMeanwhile(Conflict):
    """Somebody else saved this between the reading and the saving."""


def add_person(
    session: Session,
    details: PersonDetails,
    *,
    by: UUID | str,
    localities: Collection[str],
    now: datetime,
    password: str = "",
    agency_field: str = "agency_id",
) -> PersonRow:
    """Add a person, who can sign in once they have a password; raises Invalid, EmailTaken."""
    _check(session, details, localities, agency_field)
    if password:
        check_password(password)
    person_id = uuid4()
    values = _columns(details) | {
        "id": person_id,
        "password_hash": passwords.hashed(password) if password else None,
        "password_kind": GIVEN,
        "created_at": now,
        "version": 1,
    }
    statement = insert(PersonRow).values(values).on_conflict_do_nothing().returning(PersonRow.id)
    if session.scalar(statement) is None:
        raise EmailTaken("Somebody in the directory has this e-mail address already.")
    person = people_queries.person(session, person_id)
    record(session, who=by, did="added", subject="person", subject_id=person_id, roles=person.roles)
    announce_person(session, person, sessions_end=False)
    return person


def change_person(
    session: Session,
    person_id: UUID,
    details: PersonDetails,
    *,
    by: UUID,
    localities: Collection[str],
    version: int,
) -> PersonRow:
    """Save what an administrator says of a person; raises Invalid, EmailTaken, ChangedMeanwhile, Conflict, NotFound.

    `version` is the one that the administrator was shown. One administrator always remains.
    """
    _check(session, details, localities, "agency_id")
    administrators = people_queries.active_administrators_for_change(session)
    person = people_queries.person_for_change(session, person_id)
    if person.version != version:
        raise ChangedMeanwhile("Somebody else changed this person since you opened the page.")
    _keep_an_administrator(person_id, details, [row.id for row in administrators])
    if _somebody_else_has(session, person_id, details.email):
        raise EmailTaken("Somebody in the directory has this e-mail address already.")
    changed = [name for name, value in _columns(details).items() if getattr(person, name) != value]
    if not changed:
        return person
    for name, value in _columns(details).items():
        setattr(person, name, value)
    person.version += 1
    session.flush()
    record(session, who=by, did="changed", subject="person", subject_id=person_id, changed=changed, roles=person.roles)
    announce_person(session, person, sessions_end=bool(_SAID_BY_SESSIONS.intersection(changed)))
    return person


def give_first_password(session: Session, person_id: UUID, *, by: UUID) -> str:
    """Give a person a new password that they must replace at once, and return it: it is nowhere else; raises NotFound."""
    person = people_queries.person_for_change(session, person_id)
    if not person.is_active:
        raise Conflict("This person cannot sign in. Make them active first.")
    password = passwords.first_password()
    person.password_hash, person.password_kind = passwords.hashed(password), TEMPORARY
    record(session, who=by, did="gave first password", subject="person", subject_id=person_id)
    announce_person(session, person, sessions_end=True)
    return password


def add_first_administrator(session: Session, email: str, name: str, password: str) -> bool:
    """Add an administrator when there is none who can sign in, and say whether one was added; raises Invalid, EmailTaken."""
    if _has_administrator(session):
        return False
    _add_administrator(session, email, name, password)
    return True


def begin_with_administrator(session: Session, email: str, name: str, *, another: bool = False) -> str:
    """Add an administrator, and return their password: it is good for once, and nowhere else.

    Raises AdministratorThere when there is one who can sign in, unless `another` is wanted; Invalid, EmailTaken.
    """
    if _has_administrator(session) and not another:
        raise AdministratorThere("There is an administrator already, who can add people on the page People.")
    password = passwords.first_password()
    _add_administrator(session, email, name, password).password_kind = TEMPORARY
    return password


def announce_person(session: Session, person: PersonRow, *, sessions_end: bool) -> None:
    """Announce the person as they are now; `sessions_end` lets every session they have end, here and everywhere.

    Call it while the person's row is locked: a session that is being issued then is before the end or after the change.
    """
    end_at = SystemClock().now() if sessions_end else None
    end_sessions(session, person.id, end_at)
    announce(
        session,
        PersonChanged(person.id, person.agency_id, tuple(person.roles), person.is_active, sessions_end_at=end_at),
    )


def _has_administrator(session: Session) -> bool:
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('first administrator', 3))"))
    return bool(people_queries.active_administrators_for_change(session))


def _add_administrator(session: Session, email: str, name: str, password: str) -> PersonRow:
    details = PersonDetails(
        name=name, job_title="Administrator", email=email, mobile="", agency_id=None, roles=("administrator",)
    )
    now = session.execute(sa.select(sa.func.now())).scalar_one()
    return add_person(session, details, by="set-up", localities=(), now=now, password=password)


def _check(session: Session, details: PersonDetails, localities: Collection[str], agency_field: str) -> None:
    check_details(details, localities=localities, agency_field=agency_field)
    if details.agency_id is not None and session.get(AgencyRow, details.agency_id) is None:
        raise Invalid("There is no such agency.", {agency_field: ["Select an agency of the directory"]})


def _keep_an_administrator(person_id: UUID, details: PersonDetails, administrators: Collection[UUID]) -> None:
    stays = details.is_active and "administrator" in details.roles
    if not stays and list(administrators) == [person_id]:
        raise Conflict("This is the only administrator. Make somebody else an administrator first.")


def _somebody_else_has(session: Session, person_id: UUID, email: str) -> bool:
    other = people_queries.person_with_email(session, email)
    return other is not None and other.id != person_id


def _columns(details: PersonDetails) -> dict[str, object]:
    return {
        "name": details.name,
        "job_title": details.job_title,
        "email": details.email,
        "mobile": details.mobile,
        "agency_id": details.agency_id,
        "roles": in_order(details.roles),
        "locality": details.locality,
        "is_active": details.is_active,
    }
