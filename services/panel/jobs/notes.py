"""What was typed at meetings and never saved."""

from datetime import datetime

from services.panel.actions import notes
from shared.service import Resources


def forget_unsaved(resources: Resources, now: datetime) -> None:
    """Forget what was typed about families and not saved within a day."""
    with resources.database.begin() as session:
        notes.forget_unsaved(session, now)
