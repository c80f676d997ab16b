"""The paper that an agency had when its plan ended, and joined requests that are closed to whoever leads the plan."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NEWEST_BY_THE_END = (
    "(SELECT paper.id FROM paper WHERE paper.request_id = {table}.request_id"
    " AND (paper.fetched_at AT TIME ZONE 'Europe/London')::date <= plan.closed_on"
    " ORDER BY paper.asked_at DESC, paper.id DESC LIMIT 1)"
)


def upgrade() -> None:
    for table in ("plan", "plan_request"):
        op.add_column(table, sa.Column("last_paper_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(f"{table}_last_paper_id_fkey", table, "paper", ["last_paper_id"], ["id"])
    op.add_column("plan_request", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    # Of plans that ended earlier only the day is known: what was fetched on it counts as what the agency had.
    op.execute(
        f"UPDATE plan SET last_paper_id = {_NEWEST_BY_THE_END.format(table='plan')} WHERE plan.closed_on IS NOT NULL"
    )
    op.execute(
        f"UPDATE plan_request SET last_paper_id = {_NEWEST_BY_THE_END.format(table='plan_request')}"
        " FROM plan WHERE plan.id = plan_request.plan_id AND plan.closed_on IS NOT NULL"
        " AND plan_request.left_on IS NULL"
    )


def downgrade() -> None:
    op.drop_column("plan_request", "seen_at")
    for table in ("plan_request", "plan"):
        op.drop_constraint(f"{table}_last_paper_id_fkey", table, type_="foreignkey")
        op.drop_column(table, "last_paper_id")
