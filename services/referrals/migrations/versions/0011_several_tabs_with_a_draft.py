"""By which opening of a page an answer was kept, and answers that wait for their person."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in ("openings", "waiting"):
        op.add_column("draft", sa.Column(name, postgresql.JSONB(), nullable=False, server_default="{}"))
        op.alter_column("draft", name, server_default=None)


def downgrade() -> None:
    for name in ("openings", "waiting"):
        op.drop_column("draft", name)
