"""Who opened which paper, and when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "paper_opened",
        sa.Column("agenda_item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agenda_item_id", "person_id", "how", name="paper_opened_pkey"),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name="paper_opened_agenda_item_id_fkey"),
    )


def downgrade() -> None:
    op.drop_table("paper_opened")
