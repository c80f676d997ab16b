"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.audit import AUDIT_IS_APPEND_ONLY

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "family",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="family_pkey"),
    )
    op.create_table(
        "follow_try",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("number", name="follow_try_pkey"),
    )
    op.create_index("follow_try_about_idx", "follow_try", ["about", "tried_at"], unique=False)
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
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("agency_name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="known_person_pkey"),
    )
    op.create_index("known_person_next_attempt_at_idx", "known_person", ["next_attempt_at"], unique=False)
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
        "open_plan",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("plan_id", name="open_plan_pkey"),
    )
    op.create_index("open_plan_family_id_idx", "open_plan", ["family_id"], unique=False)
    op.create_table(
        "request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("locality", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("referrer_name", sa.String(), nullable=False),
        sa.Column("referrer_role", sa.String(), nullable=False),
        sa.Column("referrer_organisation", sa.String(), nullable=False),
        sa.Column("referrer_email", sa.String(), nullable=False),
        sa.Column("referrer_phone", sa.String(), nullable=False),
        sa.Column("referrer_person_id", sa.Uuid(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("arrived_by", sa.String(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("triage_due_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("contact_adult_ref", sa.String(), nullable=False),
        sa.Column("contact_notes", sa.String(), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("working_well", sa.String(), nullable=False),
        sa.Column("worried_about", sa.String(), nullable=False),
        sa.Column("needs_to_happen", sa.String(), nullable=False),
        sa.Column("already_tried", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="request_family_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="request_pkey"),
        sa.UniqueConstraint("idempotency_key", name="request_idempotency_key_key"),
        sa.UniqueConstraint("reference", name="request_reference_key"),
    )
    op.create_index("request_family_id_idx", "request", ["family_id"], unique=False)
    op.create_index("request_sent_by_idx", "request", ["referrer_person_id", "received_at"], unique=False)
    op.create_index("request_worklist_idx", "request", ["stage", "triage_due_on", "received_at"], unique=False)
    op.create_table(
        "address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lines", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("not_disclosed_to", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="address_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="address_pkey"),
    )
    op.create_index("address_request_id_idx", "address", ["request_id"], unique=False)
    op.create_table(
        "adult",
        sa.Column("relationship", sa.String(), nullable=False),
        sa.Column("parental_responsibility", sa.String(), nullable=False),
        sa.Column("primary_carer", sa.Boolean(), nullable=False),
        sa.Column("interpreter", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("mobile", sa.String(), nullable=False),
        sa.Column("safe_channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("also_known_as", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("lives_at", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_language", sa.String(), nullable=False),
        sa.Column("first_language_missing", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="adult_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="adult_pkey"),
    )
    op.create_index("adult_request_id_idx", "adult", ["request_id"], unique=False)
    op.create_table(
        "child",
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("ethnicity", sa.String(), nullable=False),
        sa.Column("disabilities", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("nhs_number", sa.String(), nullable=False),
        sa.Column("upn", sa.String(), nullable=False),
        sa.Column("school_name", sa.String(), nullable=False),
        sa.Column("attendance_percent", sa.Integer(), nullable=True),
        sa.Column("folded_names", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("also_known_as", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("lives_at", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_language", sa.String(), nullable=False),
        sa.Column("first_language_missing", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="child_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="child_pkey"),
    )
    op.create_index("child_date_of_birth_idx", "child", ["date_of_birth"], unique=False)
    op.create_index(
        "child_nhs_number_idx", "child", ["nhs_number"], unique=False, postgresql_where=sa.text("nhs_number <> ''")
    )
    op.create_index("child_request_id_idx", "child", ["request_id"], unique=False)
    op.create_index("child_upn_idx", "child", ["upn"], unique=False, postgresql_where=sa.text("upn <> ''"))
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("by", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("obtained_by", sa.String(), nullable=False),
        sa.Column("not_with", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="consent_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="consent_pkey"),
    )
    op.create_index("consent_request_id_idx", "consent", ["request_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="draft_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="draft_pkey"),
    )
    op.create_index("draft_updated_at_idx", "draft", ["updated_at"], unique=False)
    op.create_table(
        "failed_notice",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="failed_notice_request_id_fkey"),
        sa.PrimaryKeyConstraint("notice_id", name="failed_notice_pkey"),
    )
    op.create_index("failed_notice_request_id_idx", "failed_notice", ["request_id"], unique=False)
    op.create_table(
        "family_join",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("from_family_id", sa.Uuid(), nullable=False),
        sa.Column("to_family_id", sa.Uuid(), nullable=False),
        sa.Column("joined_by", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="family_join_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="family_join_pkey"),
    )
    op.create_index("family_join_request_id_idx", "family_join", ["request_id"], unique=False)
    op.create_table(
        "professional",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="professional_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="professional_pkey"),
    )
    op.create_index("professional_request_id_idx", "professional", ["request_id"], unique=False)
    op.create_table(
        "progress",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="progress_request_id_fkey"),
        sa.PrimaryKeyConstraint("number", name="progress_pkey"),
    )
    op.create_index("progress_request_id_idx", "progress", ["request_id"], unique=False)
    op.create_table(
        "step_down",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("from_plan", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("closure_reason", sa.String(), nullable=False),
        sa.Column("lead_practitioner_named", sa.String(), nullable=False),
        sa.Column("outstanding_actions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="step_down_request_id_fkey"),
        sa.PrimaryKeyConstraint("request_id", name="step_down_pkey"),
    )
    op.create_table(
        "triage_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("level_scheme", sa.String(), nullable=False),
        sa.Column("level_version", sa.String(), nullable=False),
        sa.Column("level_number", sa.Integer(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="triage_decision_request_id_fkey"),
        sa.ForeignKeyConstraint(["supersedes_id"], ["triage_decision.id"], name="triage_decision_supersedes_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="triage_decision_pkey"),
        sa.UniqueConstraint("request_id", "number", name="triage_decision_request_id_number_key"),
        sa.UniqueConstraint("supersedes_id", name="triage_decision_supersedes_id_key"),
    )
    op.create_table(
        "information_asked",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["triage_decision.id"], name="information_asked_decision_id_fkey"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="information_asked_request_id_fkey"),
        sa.PrimaryKeyConstraint("decision_id", name="information_asked_pkey"),
    )
    op.create_index("information_asked_request_id_idx", "information_asked", ["request_id"], unique=False)
    op.create_table(
        "step_down_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["step_down.request_id"], name="step_down_paper_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="step_down_paper_pkey"),
    )
    op.create_index("step_down_paper_request_id_idx", "step_down_paper", ["request_id"], unique=False)
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
    op.drop_index("audit_subject_idx", table_name="audit")
    op.drop_table("audit")
    op.drop_table("schedule_run")
    op.drop_table("clock_reading")
    op.drop_table("outbox_stream")
    op.drop_table("outbox_settled")
    op.drop_index(
        "outbox_unsent_idx", table_name="outbox", postgresql_where=sa.text("sent_at IS NULL AND parked_at IS NULL")
    )
    op.drop_index("outbox_sent_at_idx", table_name="outbox", postgresql_where=sa.text("sent_at IS NOT NULL"))
    op.drop_table("outbox")
    op.drop_index(
        "inbox_open_idx", table_name="inbox", postgresql_where=sa.text("status IN ('retry', 'blocked', 'parked')")
    )
    op.drop_index("inbox_due_idx", table_name="inbox", postgresql_where=sa.text("status = 'retry'"))
    op.drop_table("inbox")
    op.drop_index("step_down_paper_request_id_idx", table_name="step_down_paper")
    op.drop_table("step_down_paper")
    op.drop_index("information_asked_request_id_idx", table_name="information_asked")
    op.drop_table("information_asked")
    op.drop_table("triage_decision")
    op.drop_table("step_down")
    op.drop_index("progress_request_id_idx", table_name="progress")
    op.drop_table("progress")
    op.drop_index("professional_request_id_idx", table_name="professional")
    op.drop_table("professional")
    op.drop_index("family_join_request_id_idx", table_name="family_join")
    op.drop_table("family_join")
    op.drop_index("failed_notice_request_id_idx", table_name="failed_notice")
    op.drop_table("failed_notice")
    op.drop_index("draft_updated_at_idx", table_name="draft")
    op.drop_table("draft")
    op.drop_index("consent_request_id_idx", table_name="consent")
    op.drop_table("consent")
    op.drop_index("child_upn_idx", table_name="child", postgresql_where=sa.text("upn <> ''"))
    op.drop_index("child_request_id_idx", table_name="child")
    op.drop_index("child_nhs_number_idx", table_name="child", postgresql_where=sa.text("nhs_number <> ''"))
    op.drop_index("child_date_of_birth_idx", table_name="child")
    op.drop_table("child")
    op.drop_index("adult_request_id_idx", table_name="adult")
    op.drop_table("adult")
    op.drop_index("address_request_id_idx", table_name="address")
    op.drop_table("address")
    op.drop_index("request_worklist_idx", table_name="request")
    op.drop_index("request_sent_by_idx", table_name="request")
    op.drop_index("request_family_id_idx", table_name="request")
    op.drop_table("request")
    op.drop_index("open_plan_family_id_idx", table_name="open_plan")
    op.drop_table("open_plan")
    op.drop_index("known_service_agency_id_idx", table_name="known_service")
    op.drop_table("known_service")
    op.drop_index("known_person_next_attempt_at_idx", table_name="known_person")
    op.drop_table("known_person")
    op.drop_table("known_agency")
    op.drop_index("follow_try_about_idx", table_name="follow_try")
    op.drop_table("follow_try")
    op.drop_table("family")
    op.execute("DROP FUNCTION refuse_change()")
