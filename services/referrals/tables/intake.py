"""The tables of what comes with a request beside its document: the safeguarding check, and attachments."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.tables.base import Base


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


class AttachmentRow(Base):
    """A file that came with a request, or lies with a draft: a draft's id is that of the request it becomes.

    The file itself lies in the store under `id`, sealed with the key `key_id`; `name` is only shown.
    `state` is one of `rules/attachments.py`; `sha256` is of the file as it was sent.
    """

    __tablename__ = "attachment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True))
    request_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    key_id: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    made_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
