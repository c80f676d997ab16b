"""Sessions that ended early, and why a training clock stopped on its way."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "ended_session",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issued_before", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="ended_session_pkey"),
    )
    op.add_column("clock_reading", sa.Column("stopped_by", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("clock_reading", "stopped_by")
    op.drop_table("ended_session")
