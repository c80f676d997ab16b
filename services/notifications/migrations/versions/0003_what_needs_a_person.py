"""Which messages need a person, which are held back from a family, and those that a person has seen to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Nobody is asked to ring about what went out before a request went to social care: the family might answer.
_AT_SOCIAL_CARE = (
    "(notice.request_id IS NOT NULL AND EXISTS (SELECT 1 FROM notice AS later"
    " WHERE later.request_id = notice.request_id AND later.template = 'safeguarding_raised'))"
)
_STATES = "'created', 'sending', 'passed_on', 'delivered', 'failed', 'not_sent', 'unknown'"


def upgrade() -> None:
    op.add_column("notice", sa.Column("needs_person", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("notice", sa.Column("is_held_back", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("notice_needs_person_idx", "notice", ["needs_person", "number"])
    op.drop_constraint(op.f("notice_state_check"), "notice")
    op.create_check_constraint(op.f("notice_state_check"), "notice", f"state IN ({_STATES}, 'seen_to')")
    op.execute(
        "UPDATE notice SET is_held_back = true"
        " WHERE state = 'not_sent' AND last_error = 'held back: the request went another way'"
    )
    op.execute(
        f"UPDATE notice SET is_held_back = true WHERE recipient_kind = 'family' AND state <> 'delivered' AND {_AT_SOCIAL_CARE}"
    )
    # Why an earlier message was not sent is only in words; those that ask for somebody say so.
    op.execute(
        "UPDATE notice SET needs_person = true WHERE (state IN ('failed', 'unknown')"
        " OR (state = 'not_sent' AND last_error LIKE '%ring them' AND last_error NOT LIKE '%never goes to a family%'))"
        f" AND (template = 'safeguarding_raised' OR NOT {_AT_SOCIAL_CARE})"
    )


def downgrade() -> None:
    op.execute("UPDATE notice SET state = 'not_sent' WHERE state = 'seen_to'")
    op.drop_constraint(op.f("notice_state_check"), "notice")
    op.create_check_constraint(op.f("notice_state_check"), "notice", f"state IN ({_STATES})")
    op.drop_index("notice_needs_person_idx", "notice")
    op.drop_column("notice", "is_held_back")
    op.drop_column("notice", "needs_person")
