"""A notice may go to whoever began a draft without an account."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BEFORE = ("referrer", "family", "person", "agency")


def upgrade() -> None:
    _allow((*_BEFORE, "draft"))


def downgrade() -> None:
    op.execute("DELETE FROM delivery_attempt USING notice WHERE notice_id = notice.id AND recipient_kind = 'draft'")
    op.execute("DELETE FROM delivered_message USING notice WHERE notice_id = notice.id AND recipient_kind = 'draft'")
    op.execute("DELETE FROM notice WHERE recipient_kind = 'draft'")
    _allow(_BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    op.execute("ALTER TABLE notice DROP CONSTRAINT notice_recipient_kind_check")
    allowed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(f"ALTER TABLE notice ADD CONSTRAINT notice_recipient_kind_check CHECK (recipient_kind IN ({allowed}))")
