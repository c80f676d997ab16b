"""Answers about consent know their order: the time does not tell it while a training clock stands still."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("consent", sa.Column("number", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE consent SET number = ordered.number FROM"
        " (SELECT id, row_number() OVER (ORDER BY recorded_at, ctid) AS number FROM consent) AS ordered"
        " WHERE ordered.id = consent.id"
    )
    op.alter_column("consent", "number", nullable=False)
    op.execute("ALTER TABLE consent ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY")
    op.execute(
        "SELECT setval(pg_get_serial_sequence('consent', 'number'), max(number)) FROM consent HAVING max(number) > 0"
    )
    op.create_unique_constraint("consent_number_key", "consent", ["number"])


def downgrade() -> None:
    op.drop_constraint("consent_number_key", "consent")
    op.drop_column("consent", "number")
