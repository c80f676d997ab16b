"""A family is asked again when an agency joins: who agreed, how and when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "family_agreement",
        sa.Column("allocation_id", sa.Uuid(), nullable=False),
        sa.Column("by_refs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation.id"], name="family_agreement_allocation_id_fkey"),
        sa.PrimaryKeyConstraint("allocation_id", name="family_agreement_pkey"),
    )


def downgrade() -> None:
    op.drop_table("family_agreement")
