"""Answers to questions by name, why others have none, others in the family's life, and key dates."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ANSWERED = ("request", "child", "adult")
_QUESTIONS = {"child": ("first_language",), "adult": ("first_language", "interpreter")}


def upgrade() -> None:
    for table in _ANSWERED:
        _add(table, "answers", "{}")
        _add(table, "missing", "{}")
    for name in ("others", "key_events"):
        _add("request", name, "[]")
    for table, names in _QUESTIONS.items():
        pairs = ", ".join(f"'{name}', nullif({name}, '')" for name in names)
        op.execute(f"UPDATE {table} SET answers = jsonb_strip_nulls(jsonb_build_object({pairs}))")
        op.execute(
            f"UPDATE {table} SET missing = jsonb_build_object('first_language', first_language_missing)"
            " WHERE first_language_missing <> ''"
        )
        for name in (*names, "first_language_missing"):
            op.drop_column(table, name)
    op.execute("""UPDATE child SET missing = missing || '{"ethnicity": "refused"}' WHERE ethnicity = 'REFU'""")
    op.execute(
        'UPDATE child SET missing = missing || \'{"ethnicity": "not_yet_obtained"}\''
        " WHERE ethnicity = 'NOBT' AND expected_on IS NULL"
    )


def downgrade() -> None:
    for table, names in _QUESTIONS.items():
        for name in (*names, "first_language_missing"):
            op.add_column(table, sa.Column(name, sa.String(), server_default="", nullable=False))
            op.alter_column(table, name, server_default=None)
        for name in names:
            op.execute(f"UPDATE {table} SET {name} = coalesce(answers->>'{name}', '')")
        op.execute(f"UPDATE {table} SET first_language_missing = coalesce(missing->>'first_language', '')")
    for name in ("others", "key_events"):
        op.drop_column("request", name)
    for table in _ANSWERED:
        op.drop_column(table, "missing")
        op.drop_column(table, "answers")


def _add(table: str, name: str, empty: str) -> None:
    op.add_column(table, sa.Column(name, postgresql.JSONB(), server_default=empty, nullable=False))
    op.alter_column(table, name, server_default=None)
