"""A draft is found again by whose it is, or by its return link."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("link_number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("draft", sa.Column("link_fingerprint", sa.String(), nullable=True))
    for name in ("link_word", "link_email"):
        op.add_column("draft", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in ("link_number", "link_word", "link_email"):
        op.alter_column("draft", name, server_default=None)
    op.create_unique_constraint("draft_link_fingerprint_key", "draft", ["link_fingerprint"])
    op.create_index("draft_begun_by_idx", "draft", ["person_id", "updated_at"])


def downgrade() -> None:
    op.drop_index("draft_begun_by_idx", table_name="draft")
    op.drop_constraint("draft_link_fingerprint_key", "draft")
    for name in ("link_number", "link_fingerprint", "link_word", "link_email"):
        op.drop_column("draft", name)
