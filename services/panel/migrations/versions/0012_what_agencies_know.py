"""What agencies say before a meeting that they know of a family."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "agency_knowledge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("agenda_item_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("knows", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="agency_knowledge_pkey"),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name="agency_knowledge_agenda_item_id_fkey"),
        sa.ForeignKeyConstraint(["supersedes_id"], ["agency_knowledge.id"], name="agency_knowledge_supersedes_id_fkey"),
        sa.UniqueConstraint(
            "request_id",
            "agency_id",
            "supersedes_id",
            name="agency_knowledge_request_id_agency_id_supersedes_id_key",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("agency_knowledge_request_id_idx", "agency_knowledge", ["request_id"])


def downgrade() -> None:
    op.drop_table("agency_knowledge")
