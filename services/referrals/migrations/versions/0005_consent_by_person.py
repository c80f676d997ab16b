"""Consent is answered by each person, and can be overridden; agencies are agreed to by name."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TEXTS = ("by_ref", "answer", "at_time", "place", "wording", "note", "judged_by", "judged_because")


def upgrade() -> None:
    for name in _TEXTS:
        op.add_column("consent", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("consent", sa.Column("judged_on", sa.Date(), nullable=True))
    op.add_column(
        "consent", sa.Column("with_agencies", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}")
    )
    op.alter_column("consent", "given_on", new_column_name="answered_on")
    _split_by_person()
    for name in (*_TEXTS, "with_agencies"):
        op.alter_column("consent", name, server_default=None)
    op.drop_column("consent", "given")
    op.drop_column("consent", "by")
    _overrides()
    _agreements()


def _split_by_person() -> None:
    """Give every person their own rows, in the order that they had.

    A "no" that named nobody was said by everybody who had agreed before; where nobody had, nobody was asked.
    """
    op.execute(
        "INSERT INTO consent (id, request_id, kind, given, by, by_ref, answer, how, answered_on, obtained_by, not_with,"
        " recorded_by, recorded_at)"
        " SELECT gen_random_uuid(), old.request_id, old.kind, old.given, '{}', person.ref,"
        " CASE WHEN old.given THEN 'given' WHEN cardinality(old.by) > 0 THEN 'refused'"
        " WHEN person.agreed THEN 'withdrawn' ELSE 'not_asked' END,"
        " old.how, old.answered_on, old.obtained_by, old.not_with, old.recorded_by, old.recorded_at"
        " FROM consent AS old JOIN request ON request.id = old.request_id CROSS JOIN LATERAL ("
        " SELECT ref, false AS agreed FROM unnest(old.by) AS ref"
        " UNION SELECT ref, true FROM consent AS before, unnest(before.by) AS ref"
        " WHERE cardinality(old.by) = 0 AND before.given AND before.request_id = old.request_id"
        " AND before.kind = old.kind AND before.number < old.number"
        " UNION SELECT request.contact_adult_ref, false WHERE cardinality(old.by) = 0 AND NOT EXISTS ("
        " SELECT FROM consent AS before WHERE before.given AND before.request_id = old.request_id"
        " AND before.kind = old.kind AND before.number < old.number AND cardinality(before.by) > 0)"
        ") AS person ORDER BY old.number, person.ref"
    )
    op.execute("DELETE FROM consent WHERE by_ref = ''")


def _overrides() -> None:
    op.create_table(
        "consent_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("what_for", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rationale", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="consent_override_request_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="consent_override_pkey"),
        sa.UniqueConstraint("number", name="consent_override_number_key"),
    )
    op.create_index("consent_override_request_id_idx", "consent_override", ["request_id"])


def _agreements() -> None:
    op.create_table(
        "agency_agreement",
        sa.Column("allocation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("by_refs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="agency_agreement_request_id_fkey"),
        sa.PrimaryKeyConstraint("allocation_id", name="agency_agreement_pkey"),
    )
    op.create_index("agency_agreement_request_id_idx", "agency_agreement", ["request_id"])


def downgrade() -> None:
    op.drop_table("agency_agreement")
    op.drop_table("consent_override")
    op.add_column("consent", sa.Column("given", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("consent", sa.Column("by", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"))
    op.execute("UPDATE consent SET given = answer = 'given', by = ARRAY[by_ref]")
    op.alter_column("consent", "given", server_default=None)
    op.alter_column("consent", "by", server_default=None)
    op.alter_column("consent", "answered_on", new_column_name="given_on")
    for name in (*_TEXTS, "judged_on", "with_agencies"):
        op.drop_column("consent", name)
