"""When referrers were told of decisions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "referrer_told",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="referrer_told_pkey"),
    )
    # Whoever was decided about before this was kept is not chased for it.
    op.execute("INSERT INTO referrer_told (decision_id, how, told_at) SELECT id, 'message', decided_at FROM decision")


def downgrade() -> None:
    op.drop_table("referrer_told")
