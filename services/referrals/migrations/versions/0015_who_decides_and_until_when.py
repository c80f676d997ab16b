"""Who of the front door works on a request, until when it decides, and how long an answer is waited for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PEOPLE = ("entered_by", "worker_id")
_INSTANTS = ("worker_since", "triage_due_at", "triage_amber_at", "triage_paused_at")
_OF_ANSWERS = ("reminded_at", "ended_at")


def upgrade() -> None:
    for name in _PEOPLE:
        op.add_column("request", sa.Column(name, sa.Uuid(), nullable=True))
    for name in _INSTANTS:
        op.add_column("request", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("request", sa.Column("worker_name", sa.String(), server_default="", nullable=False))
    op.alter_column("request", "worker_name", server_default=None)
    # Before, only the day was kept: the end of it, as the front doors of all authorities close.
    op.execute("UPDATE request SET triage_due_at = (triage_due_on + time '17:00') AT TIME ZONE 'Europe/London'")
    op.execute("UPDATE request SET triage_amber_at = triage_due_at - interval '2 hours'")
    for name in ("triage_due_at", "triage_amber_at"):
        op.alter_column("request", name, nullable=False)
    op.drop_index("request_worklist_idx", table_name="request")
    op.create_index("request_worklist_idx", "request", ["stage", "triage_due_at", "received_at"])
    op.drop_column("request", "triage_due_on")
    for name in _OF_ANSWERS:
        op.add_column("information_asked", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    kind = sa.Column("kind", sa.String(), server_default="information", nullable=False)
    op.add_column("information_asked", kind)
    op.alter_column("information_asked", "kind", server_default=None)


def downgrade() -> None:
    for name in ("kind", *_OF_ANSWERS):
        op.drop_column("information_asked", name)
    op.add_column("request", sa.Column("triage_due_on", sa.Date(), nullable=True))
    op.execute("UPDATE request SET triage_due_on = (triage_due_at AT TIME ZONE 'Europe/London')::date")
    op.alter_column("request", "triage_due_on", nullable=False)
    op.drop_index("request_worklist_idx", table_name="request")
    op.create_index("request_worklist_idx", "request", ["stage", "triage_due_on", "received_at"])
    for name in ("worker_name", *_INSTANTS, *_PEOPLE):
        op.drop_column("request", name)
