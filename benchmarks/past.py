"""Fills an outbox or inbox with the past: facts that were sent or handled, one a minute, up to now."""

from typing import LiteralString

from psycopg import Connection, sql

_MESSAGE_ID: LiteralString = (
    "(lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 60000::bigint * number), 12, '0')"
    " || '7' || substr(md5(number::text), 1, 19))::uuid"
)
"""Of the time of its fact, as `new_message_id` makes them."""

_PAST: dict[str, LiteralString] = {
    "outbox": """
        INSERT INTO outbox (message_id, topic, family_key, seq, envelope, announced_at, attempts, sent_at)
        SELECT {message_id}, 'bench.case_noted.v1', gen_random_uuid()::text, 1, '{{"specversion": "1.0"}}',
               now() - number * interval '1 minute', 1, now() - number * interval '1 minute'
        FROM generate_series(%(rows)s, 1, -1) AS number
    """,
    "inbox": """
        INSERT INTO inbox (message_id, topic, family_key, seq, status, attempts, received_at, done_at)
        SELECT {message_id}, 'bench.case_noted.v1', gen_random_uuid()::text, 1, 'done', 1,
               now() - number * interval '1 minute', now() - number * interval '1 minute'
        FROM generate_series(%(rows)s, 1, -1) AS number
    """,
}
"""The envelopes of the past are short: no query reads them, and ten million long ones would fill 10 GB of disk."""

_CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %(table)s::regclass AND contype IN ('p', 'u')
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %(table)s::regclass
"""


def fill_with_past(connection: Connection, table: str, rows: int) -> None:
    """Add `rows` rows of the past to `outbox` or `inbox`, and leave the table as months of vacuuming would."""
    name = sql.Identifier(table)
    constraints = connection.execute(_CONSTRAINTS, {"table": table}).fetchall()
    for constraint, _ in constraints:
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, sql.Identifier(constraint)))
    indexes = connection.execute(_INDEXES, {"table": table}).fetchall()
    for index, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index)))
    connection.execute(sql.SQL(_PAST[table]).format(message_id=sql.SQL(_MESSAGE_ID)), {"rows": rows})
    # An index is made from sorted rows in a tenth of the time that filling it row by row takes.
    for constraint, definition in constraints:
        statement = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
        connection.execute(statement.format(name, sql.Identifier(constraint), sql.SQL(definition)))
    for _, definition in indexes:
        connection.execute(sql.SQL(definition))
    connection.execute(sql.SQL("VACUUM (ANALYZE, FREEZE) {}").format(name))
