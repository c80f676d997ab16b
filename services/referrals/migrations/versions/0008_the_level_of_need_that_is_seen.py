"""The level of need that a professional sees, with the scheme that it was said under."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in ("level_seen_scheme", "level_seen_version"):
        op.add_column("request", sa.Column(name, sa.String(), server_default="", nullable=False))
        op.alter_column("request", name, server_default=None)
    op.add_column("request", sa.Column("level_seen_number", sa.Integer(), nullable=True))


def downgrade() -> None:
    for name in ("level_seen_number", "level_seen_version", "level_seen_scheme"):
        op.drop_column("request", name)
