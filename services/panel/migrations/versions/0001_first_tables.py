"""The first tables: the panel's own, and those that stand in every service's database."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.audit import AUDIT_IS_APPEND_ONLY

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "audit",
    "schedule_run",
    "clock_reading",
    "outbox_stream",
    "outbox_settled",
    "outbox",
    "inbox",
    "review",
    "plan",
    "allocation",
    "action",
    "decision",
    "conflict",
    "document",
    "attendance",
    "agenda_item",
    "seat",
    "queue_entry",
    "meeting",
    "paper_wanted",
    "paper",
    "panel",
    "limits",
    "known_service",
    "known_person",
    "known_agency",
)
"""Every table, those that refer to others first."""


def upgrade() -> None:
    op.create_table(
        "known_agency",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", name="known_agency_pkey"),
    )
    op.create_table(
        "known_person",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("job_title", sa.String(), nullable=False),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="known_person_pkey"),
    )
    op.create_index("known_person_agency_id_idx", "known_person", ["agency_id"], unique=False)
    op.create_table(
        "known_service",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("service_id", name="known_service_pkey"),
    )
    op.create_index("known_service_agency_id_idx", "known_service", ["agency_id"], unique=False)
    op.create_table(
        "limits",
        sa.Column("only_row", sa.Boolean(), nullable=False),
        sa.Column("allocation_answer_working_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("only_row", name="limits_only_row_check"),
        sa.PrimaryKeyConstraint("only_row", name="limits_pkey"),
    )
    op.create_table(
        "panel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("locality", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cut_off_rule", sa.String(), nullable=False),
        sa.Column("cut_off_days", sa.Integer(), nullable=False),
        sa.Column("cut_off_weekday", sa.String(), nullable=False),
        sa.Column("cut_off_at", sa.Time(), nullable=False),
        sa.Column("on_bank_holiday", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="panel_pkey"),
        sa.UniqueConstraint("key", name="panel_key_key"),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name="paper_pkey"),
    )
    op.create_index("paper_request_id_idx", "paper", ["request_id"], unique=False)
    op.create_table(
        "paper_wanted",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name="paper_wanted_pkey"),
    )
    op.create_index("paper_wanted_next_attempt_at_idx", "paper_wanted", ["next_attempt_at"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agenda_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("agenda_closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chaired_by", sa.Uuid(), nullable=True),
        sa.Column("notes_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="meeting_panel_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="meeting_pkey"),
        sa.UniqueConstraint("panel_id", "held_on", name="meeting_panel_id_held_on_key"),
    )
    op.create_index("meeting_agenda_closes_at_idx", "meeting", ["agenda_closes_at"], unique=False)
    op.create_index("meeting_held_on_idx", "meeting", ["held_on"], unique=False)
    op.create_table(
        "queue_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("level_scheme", sa.String(), nullable=False),
        sa.Column("level_version", sa.String(), nullable=False),
        sa.Column("level_number", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False, comment="new, carried_over, declined, more_information"),
        sa.Column("times_carried", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("left_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="queue_entry_panel_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="queue_entry_pkey"),
    )
    op.create_index("queue_entry_family_id_idx", "queue_entry", ["family_id"], unique=False)
    op.create_index(
        "queue_entry_open_key",
        "queue_entry",
        ["request_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'placed')"),
    )
    op.create_index("queue_entry_panel_id_idx", "queue_entry", ["panel_id"], unique=False)
    op.create_index("queue_entry_request_id_idx", "queue_entry", ["request_id"], unique=False)
    op.create_index("queue_entry_state_idx", "queue_entry", ["state"], unique=False)
    op.create_table(
        "seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("seat", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="seat_panel_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="seat_pkey"),
        sa.UniqueConstraint("panel_id", "person_id", name="seat_panel_id_person_id_key"),
    )
    op.create_index("seat_panel_id_idx", "seat", ["panel_id"], unique=False)
    op.create_index("seat_person_id_idx", "seat", ["person_id"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("queue_entry_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("paper_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why_not_heard", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="agenda_item_meeting_id_fkey"),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="agenda_item_paper_id_fkey"),
        sa.ForeignKeyConstraint(["queue_entry_id"], ["queue_entry.id"], name="agenda_item_queue_entry_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="agenda_item_pkey"),
        sa.UniqueConstraint("meeting_id", "number", name="agenda_item_meeting_id_number_key"),
        sa.UniqueConstraint("meeting_id", "queue_entry_id", name="agenda_item_meeting_id_queue_entry_id_key"),
    )
    op.create_index("agenda_item_request_id_idx", "agenda_item", ["request_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("presence", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="attendance_meeting_id_fkey"),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name="attendance_pkey"),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="document_meeting_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="document_pkey"),
        sa.UniqueConstraint("meeting_id", "kind", "version", name="document_meeting_id_kind_version_key"),
    )
    op.create_table(
        "conflict",
        sa.Column("agenda_item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name="conflict_agenda_item_id_fkey"),
        sa.PrimaryKeyConstraint("agenda_item_id", "person_id", name="conflict_pkey"),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agenda_item_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("dissent", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("chaired_by", sa.Uuid(), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name="decision_agenda_item_id_fkey"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="decision_meeting_id_fkey"),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decision.id"], name="decision_supersedes_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="decision_pkey"),
        sa.UniqueConstraint("supersedes_id", name="decision_supersedes_id_key"),
    )
    op.create_index("decision_agenda_item_id_idx", "decision", ["agenda_item_id"], unique=False)
    op.create_index("decision_meeting_id_idx", "decision", ["meeting_id"], unique=False)
    op.create_index("decision_request_id_idx", "decision", ["request_id"], unique=False)
    op.create_table(
        "action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("owner_agency_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="action_decision_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="action_pkey"),
    )
    op.create_index("action_decision_id_idx", "action", ["decision_id"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("level_scheme", sa.String(), nullable=False),
        sa.Column("level_version", sa.String(), nullable=False),
        sa.Column("level_number", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("chased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("declined_because", sa.String(), nullable=True),
        sa.Column("decline_note", sa.String(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="allocation_decision_id_fkey"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="allocation_meeting_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="allocation_pkey"),
    )
    op.create_index("allocation_agency_id_idx", "allocation", ["agency_id"], unique=False)
    op.create_index(
        "allocation_offered_key",
        "allocation",
        ["request_id"],
        unique=True,
        postgresql_where=sa.text("state = 'offered'"),
    )
    op.create_index("allocation_request_id_idx", "allocation", ["request_id"], unique=False)
    op.create_index("allocation_state_idx", "allocation", ["state"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("allocation_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation.id"], name="plan_allocation_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="plan_pkey"),
        sa.UniqueConstraint("allocation_id", name="plan_allocation_id_key"),
    )
    op.create_index("plan_agency_id_idx", "plan", ["agency_id"], unique=False)
    op.create_index("plan_family_id_idx", "plan", ["family_id"], unique=False)
    op.create_index("plan_open_key", "plan", ["request_id"], unique=True, postgresql_where=sa.text("closed_on IS NULL"))
    op.create_index("plan_practitioner_id_idx", "plan", ["practitioner_id"], unique=False)
    op.create_index("plan_request_id_idx", "plan", ["request_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("progress", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="review_plan_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="review_pkey"),
    )
    op.create_index("review_due_on_idx", "review", ["due_on"], unique=False)
    op.create_index("review_plan_id_idx", "review", ["plan_id"], unique=False)
    op.create_index(
        "review_waiting_key", "review", ["plan_id"], unique=True, postgresql_where=sa.text("held_on IS NULL")
    )
    op.create_table(
        "inbox",
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("family_key", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column(
            "envelope", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment="Kept until the fact is handled"
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('done', 'retry', 'blocked', 'parked', 'discarded')", name="inbox_status_check"),
        sa.PrimaryKeyConstraint("message_id", name="inbox_pkey"),
    )
    op.create_index(
        "inbox_due_idx", "inbox", ["next_attempt_at"], unique=False, postgresql_where=sa.text("status = 'retry'")
    )
    op.create_index(
        "inbox_open_idx",
        "inbox",
        ["family_key", "seq"],
        unique=False,
        postgresql_where=sa.text("status IN ('retry', 'blocked', 'parked')"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("family_key", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("envelope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="outbox_pkey"),
        sa.UniqueConstraint("family_key", "seq", name="outbox_family_key_seq_key"),
        sa.UniqueConstraint("message_id", name="outbox_message_id_key"),
    )
    op.create_index(
        "outbox_sent_at_idx", "outbox", ["sent_at"], unique=False, postgresql_where=sa.text("sent_at IS NOT NULL")
    )
    op.create_index(
        "outbox_unsent_idx",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL AND parked_at IS NULL"),
    )
    op.create_table(
        "outbox_settled",
        sa.Column("only_row", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("only_row", name="outbox_settled_only_row_check"),
        sa.PrimaryKeyConstraint("only_row", name="outbox_settled_pkey"),
    )
    op.create_table(
        "outbox_stream",
        sa.Column("family_key", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("family_key", name="outbox_stream_pkey"),
    )
    op.create_table(
        "clock_reading",
        sa.Column("only_row", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("now_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moves_to", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("only_row", name="clock_reading_only_row_check"),
        sa.PrimaryKeyConstraint("only_row", name="clock_reading_pkey"),
    )
    op.create_table(
        "schedule_run",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("slot_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot_at", name="schedule_run_pkey"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("who", sa.Text(), nullable=False, comment="A person's id, or the name of a service or portal"),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), server_default="", nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_pkey"),
    )
    op.create_index("audit_subject_idx", "audit", ["subject", "subject_id", "at"], unique=False)
    for statement in AUDIT_IS_APPEND_ONLY:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change()")
