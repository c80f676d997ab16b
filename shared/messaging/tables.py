"""The outbox and inbox tables that stand in every service's database."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database import NAMING

messaging_metadata = sa.MetaData(naming_convention=NAMING)

outbox = sa.Table(
    "outbox",
    messaging_metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("message_id", UUID(as_uuid=True), nullable=False, unique=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("family_key", sa.Text, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("envelope", JSONB, nullable=False),
    sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_error", sa.Text),
    sa.Column("parked_at", sa.DateTime(timezone=True)),
    sa.Column("sent_at", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("family_key", "seq"),
)
sa.Index("outbox_unsent_idx", outbox.c.id, postgresql_where=sa.text("sent_at IS NULL AND parked_at IS NULL"))
sa.Index("outbox_parked_idx", outbox.c.family_key, postgresql_where=sa.text("parked_at IS NOT NULL"))
sa.Index("outbox_sent_at_idx", outbox.c.sent_at, postgresql_where=sa.text("sent_at IS NOT NULL"))

outbox_stream = sa.Table(
    "outbox_stream",
    messaging_metadata,
    sa.Column("family_key", sa.Text, primary_key=True),
    sa.Column("last_seq", sa.BigInteger, nullable=False),
)
"""The number of the last fact per family. Its row lock is what keeps a family's facts in order."""

outbox_settled = sa.Table(
    "outbox_settled",
    messaging_metadata,
    sa.Column(
        "only_row",
        sa.Boolean,
        primary_key=True,
        server_default=sa.true(),
    ),
    sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("only_row", name="only_row"),
)
"""When the in-memory transport was last seen empty: what was sent later is announced again after a crash."""

broker_seen = sa.Table(
    "broker_seen",
    messaging_metadata,
    sa.Column("only_row", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("only_row", name="only_row"),
)
"""When the broker last answered the publisher: for those who must not ask the broker themselves."""

inbox = sa.Table(
    "inbox",
    messaging_metadata,
    sa.Column("message_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("family_key", sa.Text, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column(
        "status",
        sa.Text,
        nullable=False,
    ),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
    sa.Column("last_error", sa.Text),
    sa.Column("envelope", JSONB, comment="Kept until the fact is handled"),
    sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("done_at", sa.DateTime(timezone=True)),
    sa.CheckConstraint("status IN ('done', 'retry', 'blocked', 'parked', 'discarded')", name="status"),
)
sa.Index("inbox_due_idx", inbox.c.next_attempt_at, postgresql_where=sa.text("status = 'retry'"))
sa.Index(
    "inbox_open_idx",
    inbox.c.family_key,
    inbox.c.seq,
    postgresql_where=sa.text("status IN ('retry', 'blocked', 'parked')"),
)
