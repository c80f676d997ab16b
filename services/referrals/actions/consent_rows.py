"""From a checked answer about consent to the columns that keep it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def consent_columns(kind: str, answer: Mapping[str, Any], *, recorded_by: str, now: datetime) -> dict[str, Any]:
    """Return what somebody answered, as columns of the table of consents."""
    competence = answer["competence"] or {"judged_by": "", "judged_on": None, "because": ""}
    is_about_sharing = kind == "to_share"
    return {
        "kind": kind,
        "by_ref": answer["by"],
        "answer": answer["answer"],
        "how": answer["how"],
        "answered_on": answer["on"],
        "at_time": answer["at_time"],
        "place": answer["place"],
        "obtained_by": answer["obtained_by"],
        "wording": answer["wording"],
        "note": answer["note"],
        "with_agencies": answer.get("with_agencies", []) if is_about_sharing else [],
        "not_with": answer.get("not_with", []) if is_about_sharing else [],
        "judged_by": competence["judged_by"],
        "judged_on": competence["judged_on"],
        "judged_because": competence["because"],
        "recorded_by": recorded_by,
        "recorded_at": now,
    }
