"""What is asked of another service until it answers: who asks next, and when again."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.tables import LetterWantedRow, PaperWantedRow

_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)

_Wanted = TypeVar("_Wanted", LetterWantedRow, PaperWantedRow)


def claim_wanted(session: Session, kind: type[_Wanted]) -> _Wanted | None:
    """Return what is due to be asked for, or None; nobody else gets it before the next attempt.

    The time is the real one: a rehearsal's clock may stand still.
    """
    now = datetime.now(UTC)
    row = session.scalar(
        sa.select(kind)
        .where(kind.next_attempt_at <= now)
        .order_by(kind.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.next_attempt_at = now + min(_FIRST_WAIT * 2 ** min(row.attempts, 10), _LONGEST_WAIT)
    row.attempts += 1
    return row
