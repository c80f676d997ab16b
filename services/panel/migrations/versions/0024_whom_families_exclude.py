"""The papers that exclude an agency are found without reading the others."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    excludes = sa.text("content #> '{consent,not_with}' <> '[]'")
    op.create_index("paper_excludes_key", "paper", ["request_id"], postgresql_where=excludes)


def downgrade() -> None:
    op.drop_index("paper_excludes_key", table_name="paper")
