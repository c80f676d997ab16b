"""Months are counted once and kept; a paper's locality and the day on which somebody took a seat can be counted by."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "month_snapshot",
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="month_snapshot_panel_id_fkey"),
        sa.PrimaryKeyConstraint("panel_id", "month", name="month_snapshot_pkey"),
    )
    op.execute(
        "CREATE FUNCTION refuse_another_count() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'a month that was counted stays as it was'; END $$"
    )
    op.execute(
        "CREATE TRIGGER month_snapshot_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON month_snapshot"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_another_count()"
    )
    op.add_column("seat", sa.Column("named_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("paper", sa.Column("locality", sa.String(), sa.Computed("content ->> 'locality'", persisted=True)))


def downgrade() -> None:
    op.drop_column("paper", "locality")
    op.drop_column("seat", "named_at")
    op.drop_table("month_snapshot")
    op.execute("DROP FUNCTION refuse_another_count")
