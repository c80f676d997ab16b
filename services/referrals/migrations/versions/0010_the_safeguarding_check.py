"""What pointed to a child in danger as a request arrived, and what its sender said when asked."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "safeguarding_check",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("why_not", sa.String(), nullable=False),
        sa.Column("signs", postgresql.JSONB(), nullable=False),
        sa.Column("words_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="safeguarding_check_request_id_fkey"),
        sa.PrimaryKeyConstraint("request_id", name="safeguarding_check_pkey"),
    )


def downgrade() -> None:
    op.drop_table("safeguarding_check")
