"""By what the register finds people, and families that people said are one, or are not."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.referrals.rules.register.fingerprints import Marks, fingerprints_of, home_of

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AT_ONCE = 1000


def upgrade() -> None:
    for table in ("child", "adult"):
        op.add_column(table, sa.Column("fingerprints", postgresql.ARRAY(sa.BigInteger()), nullable=True))
        _fill(table)
        op.alter_column(table, "fingerprints", nullable=False)
        op.create_index(
            f"{table}_fingerprints_idx",
            table,
            ["fingerprints"],
            postgresql_using="gin",
            postgresql_with={"fastupdate": False},
        )
    for name in ("nhs_number", "upn", "date_of_birth"):
        op.drop_index(f"child_{name}_idx", table_name="child")
    op.drop_column("child", "folded_names")
    # A training clock stands still: the time does not tell what was said last.
    op.execute("ALTER TABLE family_join ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY")
    op.add_column("family", sa.Column("known_as", sa.Uuid(), nullable=True))
    op.execute("UPDATE family SET known_as = id")
    op.alter_column("family", "known_as", nullable=False)
    op.create_index("family_known_as_idx", "family", ["known_as"])
    op.create_table(
        "family_merge",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("from_family_id", sa.Uuid(), nullable=False),
        sa.Column("into_family_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("merged_by", sa.Uuid(), nullable=False),
        sa.Column("merged_by_name", sa.String(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_reason", sa.String(), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["from_family_id"], ["family.id"], name="family_merge_from_family_id_fkey"),
        sa.ForeignKeyConstraint(["into_family_id"], ["family.id"], name="family_merge_into_family_id_fkey"),
        sa.PrimaryKeyConstraint("number", name="family_merge_pkey"),
    )
    for column in ("from_family_id", "into_family_id"):
        op.create_index(f"family_merge_{column}_idx", "family_merge", [column])
    op.create_table(
        "families_told_apart",
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["family.id"], name="families_told_apart_one_id_fkey"),
        sa.ForeignKeyConstraint(["other_id"], ["family.id"], name="families_told_apart_other_id_fkey"),
        sa.PrimaryKeyConstraint("one_id", "other_id", name="families_told_apart_pkey"),
    )


def downgrade() -> None:
    op.drop_table("families_told_apart")
    op.drop_table("family_merge")
    op.drop_column("family", "known_as")
    op.drop_column("family_join", "number")
    op.add_column("child", sa.Column("folded_names", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.alter_column("child", "folded_names", server_default=None)
    op.create_index("child_nhs_number_idx", "child", ["nhs_number"], postgresql_where=sa.text("nhs_number <> ''"))
    op.create_index("child_upn_idx", "child", ["upn"], postgresql_where=sa.text("upn <> ''"))
    op.create_index("child_date_of_birth_idx", "child", ["date_of_birth"])
    for table in ("adult", "child"):
        op.drop_column(table, "fingerprints")


def _fill(table: str) -> None:
    # Made by the rule itself and not by a copy of it here: what is looked for must be what was kept.
    connection = op.get_bind()
    numbers = "person.nhs_number, person.upn" if table == "child" else "'' AS nhs_number, '' AS upn"
    people = connection.execute(
        sa.text(
            f"SELECT person.id, person.given_name, person.family_name, person.also_known_as, person.date_of_birth,"
            f" {numbers}, (SELECT json_agg(json_build_array(home.lines, home.postcode, home.to_on)) FROM address AS home"
            f" WHERE home.request_id = person.request_id AND home.ref = ANY(person.lives_at)) AS homes"
            f" FROM {table} AS person"
        )
    )
    for some in people.partitions(_AT_ONCE):
        rows = [{"id": row.id, "fingerprints": fingerprints_of(_marks(row))} for row in some]
        connection.execute(sa.text(f"UPDATE {table} SET fingerprints = :fingerprints WHERE id = :id"), rows)


def _marks(row: Any) -> Marks:
    return Marks(
        given_name=row.given_name,
        family_name=row.family_name,
        also_known_as=tuple(row.also_known_as),
        date_of_birth=row.date_of_birth,
        nhs_number=row.nhs_number,
        upn=row.upn,
        homes=tuple(home_of(lines, postcode) for lines, postcode, _ in row.homes or ()),
    )
