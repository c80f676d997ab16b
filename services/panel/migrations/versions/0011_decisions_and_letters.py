"""What a decision says of one child, who disagreed, urgent decisions, and letters from the chair."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("decision", sa.Column("agreed_outside", sa.String(), server_default="", nullable=False))
    op.alter_column("decision", "agreed_outside", server_default=None)
    op.add_column("decision", sa.Column("urgent_because", sa.String(), nullable=True))
    op.add_column("decision", sa.Column("consulted", sa.String(), nullable=True))
    _beside_decisions()
    _letters()


def _beside_decisions() -> None:
    op.create_table(
        "decision_child",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("child_ref", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("level_number", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="decision_child_decision_id_fkey"),
        sa.PrimaryKeyConstraint("decision_id", "child_ref", name="decision_child_pkey"),
    )
    op.create_table(
        "dissent",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="dissent_decision_id_fkey"),
        sa.PrimaryKeyConstraint("decision_id", "person_id", name="dissent_pkey"),
    )
    op.create_table(
        "ratification",
        sa.Column("agenda_item_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("ratified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["agenda_item_id"], ["agenda_item.id"], name="ratification_agenda_item_id_fkey"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="ratification_decision_id_fkey"),
        sa.PrimaryKeyConstraint("agenda_item_id", name="ratification_pkey"),
    )
    op.create_index("ratification_decision_id_idx", "ratification", ["decision_id"])


def _letters() -> None:
    op.create_table(
        "letter_wanted",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="letter_wanted_decision_id_fkey"),
        sa.PrimaryKeyConstraint("decision_id", name="letter_wanted_pkey"),
    )
    op.create_index("letter_wanted_next_attempt_at_idx", "letter_wanted", ["next_attempt_at"])
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("home_ref", sa.String(), nullable=False),
        sa.Column("adult_refs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_because", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_words", sa.String(), nullable=False),
        sa.Column("copy_to", postgresql.ARRAY(sa.Text()), nullable=False, comment="ids of agencies"),
        sa.Column("checker_id", sa.Uuid(), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_note", sa.String(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_how", sa.String(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="letter_decision_id_fkey"),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="letter_panel_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="letter_pkey"),
        sa.UniqueConstraint("decision_id", "home_ref", name="letter_decision_id_home_ref_key"),
    )
    op.create_index("letter_decision_id_idx", "letter", ["decision_id"])
    op.create_index("letter_panel_id_idx", "letter", ["panel_id"])
    op.create_index("letter_request_id_idx", "letter", ["request_id"])


def downgrade() -> None:
    for table in ("letter", "letter_wanted", "ratification", "dissent", "decision_child"):
        op.drop_table(table)
    for column in ("consulted", "urgent_because", "agreed_outside"):
        op.drop_column("decision", column)
