"""A copy of what was sent, as its sender saw it when they checked it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "sent_copy",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("sections", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="sent_copy_request_id_fkey"),
        sa.PrimaryKeyConstraint("request_id", name="sent_copy_pkey"),
    )


def downgrade() -> None:
    op.drop_table("sent_copy")
