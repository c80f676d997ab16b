"""Meetings are moved, cancelled and added singly; members are invited, and subscribe to a calendar; seats have a role."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Which date of the recurrence each meeting stands for. A bank holiday moved it by a few days at the most, forwards or
# backwards by the panel's rule; of two that would stand for the same date, after a change of the rules, one does.
_PLANNED_ON = """
UPDATE meeting SET planned_on = stands.planned_on
FROM (
    SELECT id, planned_on, row_number() OVER (PARTITION BY panel_id, planned_on ORDER BY held_on, id) AS place
    FROM (
        SELECT meeting.id, meeting.panel_id, meeting.held_on,
               panel.first_on + 7 * panel.weeks * (CASE panel.on_bank_holiday
                   WHEN 'previous_working_day' THEN ceil((meeting.held_on - panel.first_on) / (7.0 * panel.weeks))
                   ELSE floor((meeting.held_on - panel.first_on) / (7.0 * panel.weeks)) END)::int AS planned_on
        FROM meeting JOIN panel ON panel.id = meeting.panel_id
        WHERE panel.weeks > 0
    ) AS counted
) AS stands
WHERE stands.id = meeting.id AND stands.place = 1
"""


def upgrade() -> None:
    op.add_column("panel", _with("is_in_profile", sa.Boolean(), "true"))
    op.add_column("seat", _with("role", sa.String(), ""))
    op.add_column("meeting", sa.Column("planned_on", sa.Date(), nullable=True))
    op.add_column("meeting", _with("video_link", sa.String(), ""))
    op.add_column("meeting", sa.Column("set_by", sa.Uuid(), nullable=True))
    op.add_column("meeting", sa.Column("set_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("meeting", _with("set_because", sa.String(), ""))
    for table, column in (("panel", "is_in_profile"), ("seat", "role"), ("meeting", "video_link")):
        op.alter_column(table, column, server_default=None)
    op.alter_column("meeting", "set_because", server_default=None)
    op.execute(_PLANNED_ON)
    op.drop_constraint("meeting_panel_id_held_on_key", "meeting")
    op.create_index(
        "meeting_held_on_key",
        "meeting",
        ["panel_id", "held_on"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_unique_constraint("meeting_panel_id_planned_on_key", "meeting", ["panel_id", "planned_on"])
    _create_tables()


def downgrade() -> None:
    op.drop_table("calendar_feed")
    op.drop_table("invitation")
    op.drop_constraint("meeting_panel_id_planned_on_key", "meeting")
    op.drop_index("meeting_held_on_key", "meeting")
    op.create_unique_constraint("meeting_panel_id_held_on_key", "meeting", ["panel_id", "held_on"])
    for column in ("planned_on", "video_link", "set_by", "set_at", "set_because"):
        op.drop_column("meeting", column)
    op.drop_column("seat", "role")
    op.drop_column("panel", "is_in_profile")


def _with(name: str, kind: sa.types.TypeEngine, default: str) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=default)


def _create_tables() -> None:
    op.create_table(
        "invitation",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("video_link", sa.String(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="invitation_meeting_id_fkey"),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name="invitation_pkey"),
    )
    op.create_index("invitation_person_id_idx", "invitation", ["person_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="calendar_feed_pkey"),
        sa.UniqueConstraint("secret_hash", name="calendar_feed_secret_hash_key"),
    )
