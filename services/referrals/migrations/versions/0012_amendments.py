"""What whoever sent a request adds, corrects or takes back later."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "about", "was", "words", "reason")),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.Uuid(), nullable=True),
        sa.Column("read_by_name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="amendment_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="amendment_pkey"),
        sa.UniqueConstraint("number", name="amendment_number_key"),
    )
    op.create_index("amendment_request_id_idx", "amendment", ["request_id", "number"])
    op.create_index("amendment_unread_idx", "amendment", ["number"], postgresql_where=sa.text("read_at IS NULL"))


def downgrade() -> None:
    op.drop_table("amendment")
