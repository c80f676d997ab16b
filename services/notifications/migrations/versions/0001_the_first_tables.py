"""The first tables: notices, attempts, the built-in inbox, and what stands in every service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.audit import AUDIT_IS_APPEND_ONLY

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("fact_id", sa.String(), nullable=False),
        sa.Column("recipient_kind", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('email', 'sms')", name="notice_channel_check"),
        sa.CheckConstraint(
            "recipient_kind IN ('referrer', 'family', 'person', 'agency')", name="notice_recipient_kind_check"
        ),
        sa.CheckConstraint(
            "state IN ('created', 'sending', 'passed_on', 'delivered', 'failed', 'not_sent', 'unknown')",
            name="notice_state_check",
        ),
        sa.PrimaryKeyConstraint("id", name="notice_pkey"),
        sa.UniqueConstraint("number", name="notice_number_key"),
        sa.UniqueConstraint(
            "fact_id",
            "template",
            "recipient_kind",
            "recipient_id",
            name="notice_fact_id_template_recipient_kind_recipient_id_key",
        ),
    )
    op.create_index("notice_due_idx", "notice", ["next_attempt_at"], postgresql_where=sa.text("state = 'created'"))
    op.create_index("notice_family_id_idx", "notice", ["family_id"])
    op.create_index("notice_reference_idx", "notice", ["reference"])
    op.create_index("notice_sending_idx", "notice", ["claimed_at"], postgresql_where=sa.text("state = 'sending'"))
    op.create_index("notice_state_idx", "notice", ["state", "number"])
    op.create_table(
        "delivered_message",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="delivered_message_notice_id_fkey"),
        sa.PrimaryKeyConstraint("notice_id", name="delivered_message_pkey"),
        sa.UniqueConstraint("number", name="delivered_message_number_key"),
    )
    op.create_table(
        "delivery_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="delivery_attempt_notice_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="delivery_attempt_pkey"),
    )
    op.create_index("delivery_attempt_notice_id_idx", "delivery_attempt", ["notice_id"])
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
    op.create_index("inbox_due_idx", "inbox", ["next_attempt_at"], postgresql_where=sa.text("status = 'retry'"))
    op.create_index(
        "inbox_open_idx",
        "inbox",
        ["family_key", "seq"],
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
    op.create_index("outbox_sent_at_idx", "outbox", ["sent_at"], postgresql_where=sa.text("sent_at IS NOT NULL"))
    op.create_index(
        "outbox_unsent_idx", "outbox", ["id"], postgresql_where=sa.text("sent_at IS NULL AND parked_at IS NULL")
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
    op.create_index("audit_subject_idx", "audit", ["subject", "subject_id", "at"])
    for statement in AUDIT_IS_APPEND_ONLY:
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "audit",
        "schedule_run",
        "clock_reading",
        "outbox_stream",
        "outbox_settled",
        "outbox",
        "inbox",
        "delivery_attempt",
        "delivered_message",
        "notice",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change()")
