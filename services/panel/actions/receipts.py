"""Receipts: that somebody opened a family's paper."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.tables import PaperOpenedRow


def note_opened(session: Session, item_ids: Collection[UUID], *, by: UUID, how: str, now: datetime) -> None:
    """Note that a person opened these families' papers, in one of the ways of HOW_OPENED."""
    if not item_ids:
        return
    rows = [
        {"agenda_item_id": item_id, "person_id": by, "how": how, "first_at": now, "last_at": now, "times": 1}
        for item_id in sorted(item_ids)
    ]
    statement = insert(PaperOpenedRow)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[PaperOpenedRow.agenda_item_id, PaperOpenedRow.person_id, PaperOpenedRow.how],
            set_={"last_at": statement.excluded.last_at, "times": PaperOpenedRow.times + 1},
        ),
        rows,
    )
