"""One open letter for each home: who comes to it after a letter went gets one of their own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _index("letter_open_key", "state NOT IN ('sent', 'told', 'withdrawn')")
    op.drop_index("letter_standing_key", "letter")


def downgrade() -> None:
    _index("letter_standing_key", "state <> 'withdrawn'")
    op.drop_index("letter_open_key", "letter")


def _index(name: str, where: str) -> None:
    op.create_index(name, "letter", ["decision_id", "home_ref"], unique=True, postgresql_where=sa.text(where))
