"""What goes out for a meeting is kept item by item, and when it went out."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("papers_sent_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "circulation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heading", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="circulation_pkey"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="circulation_meeting_id_fkey"),
        sa.UniqueConstraint("meeting_id", "number", name="circulation_meeting_id_number_key"),
    )
    op.create_table(
        "circulated_item",
        sa.Column("agenda_item_id", sa.Uuid(), nullable=False),
        sa.Column("circulation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("contents", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("agenda_item_id", name="circulated_item_pkey"),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name="circulated_item_agenda_item_id_fkey"),
        sa.ForeignKeyConstraint(["circulation_id"], ["circulation.id"], name="circulated_item_circulation_id_fkey"),
    )
    op.create_index("circulated_item_circulation_id_idx", "circulated_item", ["circulation_id"])


def downgrade() -> None:
    op.drop_table("circulated_item")
    op.drop_table("circulation")
    op.drop_column("meeting", "papers_sent_at")
