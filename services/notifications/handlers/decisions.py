"""What is told of what a panel decided, and of the letters about it."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.actions.notices import hold_back_family
from services.notifications.handlers import notifications
from services.notifications.handlers.telling import tell_family, tell_person, tell_referrer
from shared.events.panel import DecisionMade, LetterCheckAsked

NOT_HEARD = "carry_over"
"""The outcome with which a meeting puts a request off: the next RequestPlaced tells the referrer of the new day."""

STEPPED_UP = "step_up"
"""The outcome with which a family goes to social care."""


@notifications.handles(DecisionMade)
def tell_of_decision(fact: DecisionMade, session: Session, now: datetime) -> None:
    """Tell the referrer and the family that the panel decided; a request that was put off was not decided.

    Of a step-up to social care, of one child too, the family hears from social care, not from us: they might be the
    danger.
    """
    if fact.outcome == NOT_HEARD:
        return
    tell_referrer(session, fact, "decision_made", now, outcome=fact.outcome, decision_id=str(fact.decision_id))
    if STEPPED_UP in (fact.outcome, *fact.children_outcomes):
        hold_back_family(session, fact.request_id)
        return
    tell_family(session, fact, "decision_made_to_family", now)


@notifications.handles(LetterCheckAsked)
def ask_to_check_letter(fact: LetterCheckAsked, session: Session, now: datetime) -> None:
    """Tell whoever was named that a letter waits for them."""
    tell_person(session, fact, "letter_to_check", fact.checker_id, f"/panel/letters/{fact.letter_id}", now)
