"""Why the front door let go of a family, also of one that a meeting had heard."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "queue_entry",
        sa.Column(
            "let_go_because",
            sa.String(),
            nullable=True,
            comment="Why the front door sent the request elsewhere, at whatever time: nothing is decided on this entry any more",
        ),
    )
    # What left a queue by being let go is known; of a family that had been heard first, nothing was kept.
    op.execute(
        "UPDATE queue_entry SET let_go_because = left_because WHERE state = 'left' AND left_because IN"
        " ('withdrawn', 'taken_back', 'safeguarding', 'signposted', 'more_information_asked', 'added_to_plan',"
        " 'sent_to_service')"
    )


def downgrade() -> None:
    op.drop_column("queue_entry", "let_go_because")
