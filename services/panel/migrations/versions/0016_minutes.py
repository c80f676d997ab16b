"""What each version of minutes says, corrections that members propose, and their approval by a later meeting."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "minutes",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="minutes_document_id_fkey"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="minutes_meeting_id_fkey"),
        sa.PrimaryKeyConstraint("document_id", name="minutes_pkey"),
    )
    op.create_index("minutes_meeting_id_idx", "minutes", ["meeting_id"])
    op.create_table(
        "proposed_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("agenda_item_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("correction", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="proposed_correction_meeting_id_fkey"),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name="proposed_correction_agenda_item_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="proposed_correction_pkey"),
    )
    op.create_index("proposed_correction_meeting_id_idx", "proposed_correction", ["meeting_id"])
    op.create_table(
        "minutes_approval",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("approved_at_meeting_id", sa.Uuid(), nullable=False),
        sa.Column("corrections", sa.String(), nullable=False),
        sa.Column("chaired_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="minutes_approval_meeting_id_fkey"),
        sa.ForeignKeyConstraint(
            ["approved_at_meeting_id"], ["meeting.id"], name="minutes_approval_approved_at_meeting_id_fkey"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name="minutes_approval_pkey"),
    )
    op.create_index("minutes_approval_approved_at_meeting_id_idx", "minutes_approval", ["approved_at_meeting_id"])


def downgrade() -> None:
    op.drop_table("minutes_approval")
    op.drop_table("proposed_correction")
    op.drop_table("minutes")
