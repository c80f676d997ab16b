"""What was confirmed of a letter, and one that stands for each home."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("confirmed", sa.String(), nullable=True))
    op.drop_constraint("letter_decision_id_home_ref_key", "letter")
    op.create_index(
        "letter_standing_key",
        "letter",
        ["decision_id", "home_ref"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )


def downgrade() -> None:
    op.drop_index("letter_standing_key", "letter")
    op.create_unique_constraint("letter_decision_id_home_ref_key", "letter", ["decision_id", "home_ref"])
    op.drop_column("letter", "confirmed")
