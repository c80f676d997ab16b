"""Requests in the making."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.tables.base import Base


class DraftRow(Base):
    """A request in the making; emptied when it is sent.

    It is found by the browser's session, by whose it is, or by its return link: `link_number` counts the links made,
    of which the last one counts, and `link_word` and `link_email` are that link's (empty where it has none).
    `openings` says by which opening of a page each answer was kept (`rules/tabs.py`), `waiting` are answers as they
    were typed, by page and opening, that their person still has to go on with.
    """

    __tablename__ = "draft"
    __table_args__ = (sa.Index("draft_begun_by_idx", "person_id", "updated_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID | None]
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    request_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("request.id"))
    link_number: Mapped[int] = mapped_column(default=0)
    link_fingerprint: Mapped[str | None] = mapped_column(unique=True)
    link_word: Mapped[str] = mapped_column(default="")
    link_email: Mapped[str] = mapped_column(default="")
    openings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    waiting: Mapped[dict[str, Any]] = mapped_column(default=dict)
