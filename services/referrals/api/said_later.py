"""What was said about a request after it was sent, as JSON for a panel: nothing that only the front door reads."""

from collections.abc import Iterable
from typing import Any

from services.referrals.rules.amending import ABOUT, BY, FRONT_DOOR_ALONE, REASONS, SHOWN
from services.referrals.tables import AmendmentRow
from shared.london import london_date

_ASK = "It is about how or where the family can be reached. Ask the front door."


def said_later(amendments: Iterable[AmendmentRow]) -> list[dict[str, Any]]:
    """Return what was said later, oldest first."""
    return [
        {
            "on": london_date(row.at).isoformat(),
            "kind": row.kind,
            "kind_label": SHOWN[row.kind],
            "by_label": BY[row.by],
            "about_label": ABOUT.get(row.about, ""),
            "reason_label": REASONS.get(row.reason, ""),
            "was": "" if row.about in FRONT_DOOR_ALONE else row.was,
            "words": _ASK if row.about in FRONT_DOOR_ALONE else row.words,
        }
        for row in amendments
    ]
