"""Who looked at what, and who did what: an append-only table in every service's database."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from shared.database import NAMING
from shared.rows import Written, at_the_end

audit_metadata = sa.MetaData(naming_convention=NAMING)
audit = sa.Table(
    "audit",
    audit_metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("who", sa.Text, nullable=False, comment="A person's id, or the name of a service or portal"),
    sa.Column("did", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False, server_default=""),
    sa.Column("details", postgresql.JSONB, nullable=False, server_default="{}"),
)
_WRITE = sa.insert(audit)
sa.Index("audit_subject_idx", audit.c.subject, audit.c.subject_id, audit.c.at)

AUDIT_IS_APPEND_ONLY = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
    "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)
"""Statements that a service's first migration runs after it made the table."""


def record(
    session: Session, *, who: UUID | str, did: str, subject: str, subject_id: UUID | str, **details: Any
) -> None:
    """Add a line to the audit, in the caller's transaction: ids, codes and references only, no names or text."""
    line = {
        "who": str(who),
        "did": did,
        "subject": subject,
        "subject_id": str(subject_id),
        "request_id": str(get_contextvars().get("request_id", "")),
        "details": details,
    }
    at_the_end(session, _write_lines, line)


def _write_lines(_: sa.Connection, lines: list[dict[str, Any]]) -> list[Written]:
    return [(_WRITE, lines)]
