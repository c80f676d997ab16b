"""The least that could take a request in: Flask, the same validation, and two INSERTs by SQLAlchemy in one commit.

`gunicorn "benchmarks.peers.bare_intake:app()"`, with DATABASE_URL in its environment.
"""

import os
import secrets
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Flask, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from services.referrals.document import RequestDocument


class Base(DeclarativeBase):
    """The tables of the bare route."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, Any]: JSONB}


class RequestRow(Base):
    """A request, its document as it came."""

    __tablename__ = "request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(unique=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    received_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    document: Mapped[dict[str, Any]]


class OutboxRow(Base):
    """What is to be announced."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    request_id: Mapped[UUID]
    body: Mapped[dict[str, Any]]


def app() -> Flask:
    """Return the app, with its tables made."""
    engine = sa.create_engine(os.environ["DATABASE_URL"])
    Base.metadata.create_all(engine)
    flask = Flask("bare")

    @flask.post("/requests")
    def post_request() -> ResponseReturnValue:
        document = request.get_json()
        try:
            RequestDocument().load(document)
        except ValidationError as error:
            return error.messages_dict, 422
        with Session(engine) as session, session.begin():
            row = RequestRow(
                id=uuid4(),
                reference=secrets.token_hex(
                    8
                ),  # Of ours a thousand in a row repeat one now and then; ours are tried again.
                idempotency_key=request.headers["Idempotency-Key"],
                document=document,
            )
            told = OutboxRow(request_id=row.id, body={"request_id": str(row.id), "reference": row.reference})
            session.add_all([row, told])
            return {"request_id": row.id, "reference": row.reference}, 201

    return flask
