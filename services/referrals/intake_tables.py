"""The tables of what comes with a request beside its document: the safeguarding check."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.base import Base


class SafeguardingCheckRow(Base):
    """What in a request pointed to a child in danger as it arrived, and what its sender said when asked.

    `answer` is yes, no or not_asked; `signs` is a list as `rules/safeguarding_signs.py` keeps them,
    found with the list of words of `words_version`.
    """

    __tablename__ = "safeguarding_check"

    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), primary_key=True)
    answer: Mapped[str]
    why_not: Mapped[str]
    signs: Mapped[list[dict[str, Any]]]
    words_version: Mapped[str]
