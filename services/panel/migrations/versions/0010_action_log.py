"""Actions have an owner, marks that supersede each other, and are chased once a slot."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Nothing ever wrote it: what becomes of an action is said by its marks.
    op.drop_column("action", "done_at")
    op.add_column("action", sa.Column("owner_person_id", sa.Uuid(), nullable=True))
    op.create_index("action_owner_agency_id_idx", "action", ["owner_agency_id"])
    op.create_index("action_owner_person_id_idx", "action", ["owner_person_id"])
    op.create_index("action_due_on_idx", "action", ["due_on"])
    op.create_table(
        "action_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("marked_by", sa.Uuid(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="action_mark_action_id_fkey"),
        sa.ForeignKeyConstraint(["supersedes_id"], ["action_mark.id"], name="action_mark_supersedes_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="action_mark_pkey"),
        sa.UniqueConstraint("supersedes_id", name="action_mark_supersedes_id_key"),
    )
    op.create_index("action_mark_action_id_idx", "action_mark", ["action_id"])
    op.create_index(
        "action_mark_first_key",
        "action_mark",
        ["action_id"],
        unique=True,
        postgresql_where=sa.text("supersedes_id IS NULL"),
    )
    op.create_table(
        "action_chase",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="action_chase_action_id_fkey"),
        sa.PrimaryKeyConstraint("action_id", "number", name="action_chase_pkey"),
    )


def downgrade() -> None:
    op.drop_table("action_chase")
    op.drop_table("action_mark")
    for column in ("due_on", "owner_person_id", "owner_agency_id"):
        op.drop_index(f"action_{column}_idx", "action")
    op.drop_column("action", "owner_person_id")
    op.add_column("action", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
