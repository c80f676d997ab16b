"""What an authority decides about its panels beside their calendar: papers, minutes, quorum, a link for video."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS: list[sa.Column] = [
    sa.Column("monthly", sa.String(), nullable=False, server_default=""),
    sa.Column("video_link", sa.String(), nullable=False, server_default=""),
    sa.Column("papers_go_out", sa.String(), nullable=False, server_default="at_closing"),
    sa.Column("papers_working_days", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("papers_at", sa.Time(), nullable=False, server_default="12:00"),
    sa.Column("papers_stay_days", sa.Integer(), nullable=False, server_default="14"),
    sa.Column("minutes_within", sa.Integer(), nullable=False, server_default="10"),
    sa.Column("told_within", sa.Integer(), nullable=False, server_default="5"),
    sa.Column("quorum_agencies", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("quorum_roles", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"),
    sa.Column("quorum_chair", sa.Boolean(), nullable=False, server_default="false"),
]


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("panel", column)
        # What the old rows had is said once; from now on the profile says it.
        op.alter_column("panel", column.name, server_default=None)


def downgrade() -> None:
    for column in _COLUMNS:
        op.drop_column("panel", column.name)
