"""Who led a plan since when, the requests that joined it, and papers that a change of consent closes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WHY = "new, carried_over, declined, more_information"


def upgrade() -> None:
    op.create_table(
        "plan_lead",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="plan_lead_plan_id_fkey"),
        sa.ForeignKeyConstraint(["supersedes_id"], ["plan_lead.id"], name="plan_lead_supersedes_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="plan_lead_pkey"),
        sa.UniqueConstraint("supersedes_id", name="plan_lead_supersedes_id_key"),
    )
    op.create_index("plan_lead_plan_id_idx", "plan_lead", ["plan_id"], unique=False)
    op.execute(
        "INSERT INTO plan_lead (id, plan_id, practitioner_id, named_at, named_by)"
        " SELECT gen_random_uuid(), plan.id, plan.practitioner_id,"
        " coalesce(allocation.answered_at, plan.opened_on::timestamptz), allocation.answered_by"
        " FROM plan JOIN allocation ON allocation.id = plan.allocation_id"
    )
    op.create_table(
        "plan_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="plan_request_plan_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="plan_request_pkey"),
    )
    op.create_index("plan_request_plan_id_idx", "plan_request", ["plan_id"], unique=False)
    op.create_index("plan_request_request_id_idx", "plan_request", ["request_id"], unique=False)
    op.create_index(
        "plan_request_open_key",
        "plan_request",
        ["request_id"],
        unique=True,
        postgresql_where=sa.text("left_on IS NULL"),
    )
    _papers_by_when_they_were_asked_for()
    op.alter_column(
        "queue_entry",
        "why",
        existing_type=sa.String(),
        existing_nullable=False,
        comment=f"{_WHY}, consent_changed",
        existing_comment=_WHY,
    )


def _papers_by_when_they_were_asked_for() -> None:
    op.add_column("paper", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    # Their own times are a rehearsal's, which may lie ahead of the real one: only their order is kept.
    op.execute(
        "UPDATE paper SET asked_at = timestamptz '2000-01-01' + ranked.place * interval '1 second'"
        " FROM (SELECT id, row_number() OVER (ORDER BY fetched_at, id) AS place FROM paper) AS ranked"
        " WHERE ranked.id = paper.id"
    )
    op.alter_column("paper", "asked_at", nullable=False)
    now = sa.text("clock_timestamp()")
    op.add_column(
        "paper_wanted", sa.Column("wanted_at", sa.DateTime(timezone=True), server_default=now, nullable=False)
    )
    op.add_column("paper_wanted", sa.Column("consent_changed", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.alter_column(
        "queue_entry",
        "why",
        existing_type=sa.String(),
        existing_nullable=False,
        comment=_WHY,
        existing_comment=f"{_WHY}, consent_changed",
    )
    op.drop_column("paper_wanted", "consent_changed")
    op.drop_column("paper_wanted", "wanted_at")
    op.drop_column("paper", "asked_at")
    op.drop_table("plan_request")
    op.drop_table("plan_lead")
