"""When the broker last answered, and which families wait behind a fact that no queue takes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "broker_seen",
        sa.Column("only_row", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("only_row", name="broker_seen_only_row_check"),
        sa.PrimaryKeyConstraint("only_row", name="broker_seen_pkey"),
    )
    op.create_index("outbox_parked_idx", "outbox", ["family_key"], postgresql_where=sa.text("parked_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("outbox_parked_idx", table_name="outbox")
    op.drop_table("broker_seen")
