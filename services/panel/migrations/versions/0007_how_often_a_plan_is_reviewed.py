"""Which of the authority's intervals a plan's reviews have."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("plan", sa.Column("review_case", sa.String(), server_default="usual", nullable=False))
    op.execute("UPDATE plan SET review_case = 'step_down' WHERE kind = 'step_down'")
    op.alter_column("plan", "review_case", server_default=None)


def downgrade() -> None:
    op.drop_column("plan", "review_case")
