"""What is told of actions that are due or overdue."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.actions.notices import Recipient, write_notice
from services.notifications.handlers import notifications
from shared.events.panel import ActionsDue, ActionsOverdue

_OVERDUE_TO = {"owner": "actions_overdue", "agency": "actions_overdue_to_agency", "panel": "actions_overdue_to_panel"}


@notifications.handles(ActionsDue)
def remind_of_actions(fact: ActionsDue, session: Session, now: datetime) -> None:
    """Remind whoever is to do it of one action, or of several in one message."""
    _tell_of_actions(session, fact, "actions_due", now)


@notifications.handles(ActionsOverdue)
def tell_of_overdue_actions(fact: ActionsOverdue, session: Session, now: datetime) -> None:
    """Tell whoever is to do it, or who looks after them, of actions that are overdue."""
    _tell_of_actions(session, fact, _OVERDUE_TO[fact.told_as], now)


def _tell_of_actions(session: Session, fact: ActionsDue | ActionsOverdue, template: str, now: datetime) -> None:
    several = "/panel/actions" if isinstance(fact, ActionsDue) else "/panel/actions?state=overdue"
    path = several if len(fact.action_ids) > 1 else f"/panel/actions/{fact.action_ids[0]}"
    data = {"actions": len(fact.action_ids), "due_on": fact.due_on.isoformat()}
    recipient = Recipient(fact.recipient_kind, fact.recipient_id)
    write_notice(session, fact, template, recipient, path=path, now=now, data=data)
