"""Where a meeting stands, its notes, what was not saved, and who acknowledged which confidentiality statement."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "stand",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("item_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="stand_meeting_id_fkey"),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name="stand_item_id_fkey"),
        sa.PrimaryKeyConstraint("meeting_id", name="stand_pkey"),
    )
    op.create_table(
        "left_for_later",
        sa.Column("agenda_item_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name="left_for_later_agenda_item_id_fkey"),
        sa.PrimaryKeyConstraint("agenda_item_id", name="left_for_later_pkey"),
    )
    op.create_table(
        "note",
        sa.Column("agenda_item_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name="note_agenda_item_id_fkey"),
        sa.PrimaryKeyConstraint("agenda_item_id", "version", name="note_pkey"),
    )
    op.create_table(
        "unsaved",
        sa.Column("agenda_item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name="unsaved_agenda_item_id_fkey"),
        sa.PrimaryKeyConstraint("agenda_item_id", "person_id", "form", name="unsaved_pkey"),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("statement_version", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="acknowledgement_meeting_id_fkey"),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", "statement_version", name="acknowledgement_pkey"),
    )
    op.add_column("attendance", sa.Column("substitute", sa.String(), nullable=False, server_default=""))
    op.alter_column("attendance", "substitute", server_default=None)
    op.add_column("attendance", sa.Column("came_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attendance", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ("left_at", "came_at", "substitute"):
        op.drop_column("attendance", column)
    for table in ("acknowledgement", "unsaved", "note", "left_for_later", "stand"):
        op.drop_table(table)
