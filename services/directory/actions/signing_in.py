"""Signs people in. Runs by the real time, also in a rehearsal: a clock that stands still would never let anybody try again.

A refusal is returned, not raised: the failed try must be kept, so the door commits before it says no.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.directory.actions import passwords
from services.directory.actions.people import announce_person
from services.directory.queries import attempts
from services.directory.queries.people import person_for_change, person_with_email
from services.directory.rules.passwords import OWN, TEMPORARY, check_password, same_form
from services.directory.rules.sign_in import (
    MOST_FAILURES_FROM_AN_ADDRESS,
    MOST_FAILURES_OF_AN_ACCOUNT,
    WINDOW,
    may_try_again_at,
    minutes_until,
    network_of,
)
from services.directory.tables import PersonRow, SignInAttemptRow
from shared.audit import record
from shared.errors import Conflict, Forbidden, Invalid, Refusal

_KEPT_FOR = timedelta(days=1)


class WrongPassword(Invalid):
    """The e-mail address or the password is wrong; nobody is told which."""


class TooManyTries(Conflict):
    """Too many failed tries lately; `minutes` is how long to wait."""

    def __init__(self, minutes: int) -> None:
        wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"There were too many failed tries to sign in. Wait {wait}, then try again.")
        self.minutes = minutes


class PasswordIsTemporary(Forbidden):
    """The password is right, and only good for choosing another one."""


@dataclass(frozen=True)
class Try:
    """What somebody typed, and the network address they typed it at."""

    email: str
    password: str
    address: str


def try_to_sign_in(session: Session, tried: Try, *, now: datetime) -> PersonRow | Refusal:
    """Return the person whose e-mail address and password these are, or WrongPassword, TooManyTries, PasswordIsTemporary."""
    person = _identify(session, tried, now)
    if isinstance(person, Refusal):
        return person
    if person.password_kind == TEMPORARY:
        return PasswordIsTemporary("This password was for once only. Choose a password of your own.")
    record(session, who=person.id, did="signed in", subject="person", subject_id=person.id)
    return person


def choose_password(session: Session, tried: Try, new_password: str, *, now: datetime) -> PersonRow | Refusal:
    """Replace a person's password by one of their own, and return the person, or WrongPassword, TooManyTries.

    Raises Invalid when the new password is not good enough.
    """
    check_password(new_password, field="new_password")
    if same_form(new_password) == same_form(tried.password):
        message = "The new password must differ from the present one"
        raise Invalid(message, {"new_password": [message]})
    person = _identify(session, tried, now)
    if isinstance(person, Refusal):
        return person
    person.password_hash, person.password_kind = passwords.hashed(new_password), OWN
    record(session, who=person.id, did="chose password", subject="person", subject_id=person.id)
    announce_person(session, person, sessions_end=True)
    return person


def sign_out_everywhere(session: Session, person_id: UUID) -> None:
    """End every session that a person has, on every device; raises NotFound."""
    person = person_for_change(session, person_id)
    record(session, who=person_id, did="signed out everywhere", subject="person", subject_id=person_id)
    announce_person(session, person, sessions_end=True)


def forget_old_tries(session: Session, *, now: datetime) -> None:
    """Forget every try that no wait depends on any more."""
    session.execute(sa.delete(SignInAttemptRow).where(SignInAttemptRow.at < now - _KEPT_FOR))


def _identify(session: Session, tried: Try, now: datetime) -> PersonRow | Refusal:
    account, address = _digest(tried.email), network_of(tried.address)
    attempts.hold_account(session, account)
    if again_at := _wait_until(session, account, address, now):
        return TooManyTries(minutes_until(again_at, now=now))
    person = person_with_email(session, tried.email)
    is_right = passwords.matches(person.password_hash if person else None, tried.password)
    known = _held(session, person) if person is not None and is_right else None
    session.add(SignInAttemptRow(account=account, address=address, succeeded=known is not None, at=now))
    if known is None:
        return WrongPassword("The e-mail address or the password is wrong.")
    _keep_hash_of_today(known, tried.password)
    return known


def _wait_until(session: Session, account: str, address: str, now: datetime) -> datetime | None:
    since = now - WINDOW
    of_account = attempts.failures_of_account(session, account, since=since, most=MOST_FAILURES_OF_AN_ACCOUNT)
    from_address = attempts.failures_from_address(session, address, since=since, most=MOST_FAILURES_FROM_AN_ADDRESS)
    waits = (
        may_try_again_at(of_account, MOST_FAILURES_OF_AN_ACCOUNT, now=now),
        may_try_again_at(from_address, MOST_FAILURES_FROM_AN_ADDRESS, now=now),
    )
    return max((wait for wait in waits if wait is not None), default=None)


def _held(session: Session, person: PersonRow) -> PersonRow | None:
    """Return the person, locked, or None when they may not sign in, or their password changed while it was checked."""
    checked = person.password_hash
    held = person_for_change(session, person.id)
    return held if held.is_active and held.password_hash == checked else None


def _keep_hash_of_today(person: PersonRow, password: str) -> None:
    if person.password_hash and passwords.is_out_of_date(person.password_hash):
        person.password_hash = passwords.hashed(password)


def _digest(email: str) -> str:
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()
