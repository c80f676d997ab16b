"""What is arranged by hand with its reason, and items that come on to an agenda late."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = {"meeting_id": "arrangement_meeting_id_idx", "request_id": "arrangement_request_id_idx"}


def upgrade() -> None:
    op.create_table(
        "arrangement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("leave_by", sa.Uuid(), nullable=True),
        sa.Column("arranged_by", sa.Uuid(), nullable=False),
        sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="arrangement_meeting_id_fkey"),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="arrangement_panel_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="arrangement_pkey"),
    )
    for column, name in _COLUMNS.items():
        op.create_index(name, "arrangement", [column])
    op.add_column("agenda_item", sa.Column("supplement", sa.Integer(), nullable=True, server_default="0"))
    op.alter_column("agenda_item", "supplement", server_default=None)


def downgrade() -> None:
    op.drop_column("agenda_item", "supplement")
    op.drop_table("arrangement")
