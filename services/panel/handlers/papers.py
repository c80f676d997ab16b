"""What referrals announces that changes what a paper says, or who may read it."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.panel.actions.amended import note_amended
from services.panel.actions.consent import ask_again
from services.panel.handlers import panel
from shared.events.referrals import ConsentChanged, RequestAmended


@panel.handles(ConsentChanged)
def ask_for_newest_answer(fact: ConsentChanged, session: Session, _now: datetime) -> None:
    """Have the paper fetched anew; until then it is closed to nearly everybody."""
    ask_again(session, fact)


@panel.handles(RequestAmended)
def follow_amendment(fact: RequestAmended, session: Session, now: datetime) -> None:
    """Show that more was said about a request, and pass on to whom it matters that there is more to read."""
    note_amended(session, fact, now)
