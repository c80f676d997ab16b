"""Tries that are counted, by real time: too many in a short time are refused, whatever they would have found."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.tables import FollowTryRow
from shared.errors import Refusal

PER_MINUTES = 15


class TooManyTries(Refusal):
    """Too many tries in a short time."""


@dataclass(frozen=True)
class Counted:
    """What tries are counted by, kept as a fingerprint only, and how many there may be."""

    kind: str
    text: str
    most: int

    @property
    def about(self) -> str:
        """Return the fingerprint."""
        return hashlib.sha256(f"{self.kind}:{''.join(self.text.split())}".encode()).hexdigest()


def refuse_too_many(session: Session, counted: Sequence[Counted]) -> None:
    """Let one more try be made, alone until the transaction ends; raises TooManyTries."""
    for one in counted:
        session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:about, 0))"), {"about": one.about})
        if _recent_tries(session, one.about) >= one.most:
            raise TooManyTries(f"There were too many tries. Wait {PER_MINUTES} minutes and try again.")


def count_try(session: Session, counted: Sequence[Counted]) -> None:
    """Keep that a try was made."""
    session.add_all([FollowTryRow(about=one.about) for one in counted])
    session.flush()


def forget_tries(session: Session) -> None:
    """Delete tries that no longer count."""
    session.execute(sa.delete(FollowTryRow).where(FollowTryRow.tried_at < _since()))


def _recent_tries(session: Session, about: str) -> int:
    recent = sa.select(sa.func.count()).select_from(FollowTryRow)
    return session.scalar(recent.where(FollowTryRow.about == about, FollowTryRow.tried_at >= _since())) or 0


def _since() -> sa.ColumnElement[datetime]:
    return sa.func.now() - sa.text(f"interval '{PER_MINUTES} minutes'")
