"""How to reach each service, as the directory has it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WORDS = ("phone", "web", "opens")


def upgrade() -> None:
    for name in _WORDS:
        op.add_column("known_service", sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column("known_service", sa.Column("checked_on", sa.Date(), nullable=True))
    op.add_column("known_service", sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("known_service", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("known_service", "attempts", server_default=None)
    op.create_index("known_service_next_attempt_at_idx", "known_service", ["next_attempt_at"])
    op.execute("UPDATE known_service SET next_attempt_at = now()")


def downgrade() -> None:
    op.drop_index("known_service_next_attempt_at_idx", table_name="known_service")
    for name in ("attempts", "next_attempt_at", "checked_on", *_WORDS):
        op.drop_column("known_service", name)
