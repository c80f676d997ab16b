"""Asks the owner of a recipient, at the moment of sending, where a message may go."""

from dataclasses import dataclass
from typing import Any

from services.notifications.rules.recipients import (
    Address,
    Held,
    Managers,
    Nobody,
    agency_recipients,
    draft_address,
    family_address,
    person_address,
    referrer_address,
)
from services.notifications.rules.templates import TEMPLATES
from services.notifications.tables import NoticeRow
from shared.neighbours import NeighbourAway, NeighbourRefused, Neighbours


@dataclass(frozen=True)
class Found:
    """Where a message goes, and the part of the area that it is about (a locality's key, or empty).

    `path` is where the message's link leads, when it is not the notice that says so.
    """

    recipient: Address | Nobody | Managers | Held
    locality: str = ""
    path: str = ""


def find_recipient(notice: NoticeRow, neighbours: Neighbours) -> Found:
    """Return where a notice goes now; raises NeighbourAway, NeighbourRefused."""
    if notice.recipient_kind == "person":
        person: dict[str, Any] = neighbours.get("directory", f"/people/{notice.recipient_id}")
        return Found(person_address(person, TEMPLATES[notice.template]))
    if notice.recipient_kind == "agency":
        return Found(agency_recipients(neighbours.get("directory", f"/agencies/{notice.recipient_id}")))
    if notice.recipient_kind == "draft":
        link = neighbours.get("referrals", f"/drafts/{notice.recipient_id}/links/{notice.data['number']}")
        return Found(draft_address(link), path=link["path"])
    contacts: dict[str, Any] = neighbours.get("referrals", f"/requests/{notice.recipient_id}/contacts")
    locality = contacts.get("locality") or ""
    if notice.recipient_kind == "family":
        return Found(family_address(contacts), locality)
    return Found(referrer_address(contacts, TEMPLATES[notice.template]), locality)


def name_of(notice: NoticeRow, neighbours: Neighbours) -> str:
    """Return what a colleague or an agency is called, so that somebody can act; empty for others or when not known."""
    if notice.recipient_kind not in ("person", "agency"):
        return ""
    kind = "people" if notice.recipient_kind == "person" else "agencies"
    try:
        found: dict[str, Any] = neighbours.get("directory", f"/{kind}/{notice.recipient_id}")
    except (NeighbourAway, NeighbourRefused):
        return ""
    return ", ".join(found[part] for part in ("name", "agency_name") if found.get(part))
