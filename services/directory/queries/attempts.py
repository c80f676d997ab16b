"""Reads of tries to sign in."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.directory.tables import SignInAttemptRow as Attempt


def hold_account(session: Session, account: str) -> None:
    """Let no other transaction try this account until this one ends, so that tries at once are all counted."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:account, 1))"), {"account": account})


def failures_of_account(session: Session, account: str, *, since: datetime, most: int) -> Sequence[datetime]:
    """Return when the newest failures of an account were, since its last success; at most `most`, newest first."""
    last_success = (
        sa.select(sa.func.max(Attempt.at)).where(Attempt.account == account, Attempt.succeeded).scalar_subquery()
    )
    statement = _failures(since).where(
        Attempt.account == account, sa.or_(last_success.is_(None), Attempt.at > last_success)
    )
    return session.scalars(statement.limit(most)).all()


def failures_from_address(session: Session, address: str, *, since: datetime, most: int) -> Sequence[datetime]:
    """Return when the newest failures from an address were; at most `most`, newest first."""
    return session.scalars(_failures(since).where(Attempt.address == address).limit(most)).all()


def _failures(since: datetime) -> sa.Select[datetime]:
    return sa.select(Attempt.at).where(Attempt.at > since, ~Attempt.succeeded).order_by(Attempt.at.desc())
