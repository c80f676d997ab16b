"""Puts a notice into words: the texts of `emails/<template>/` with the little that they may say.

A message holds a reference, what is asked or what happened, a link, and whom to ring. Nothing in here can
reach a name, an address or a family's story, so no text can hold one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import jinja2

from services.notifications.rules.invitation import Invitation, Meeting, invitation
from services.notifications.rules.recipients import Address
from services.notifications.rules.templates import TEMPLATES
from services.notifications.settings import Settings
from services.notifications.tables import NoticeRow
from shared.authority import Authority
from shared.authority.whom_to_ring import contacts_for
from shared.web import formats

EMAILS = Path(__file__).parent / "emails"


@dataclass(frozen=True)
class Message:
    """A notice in words, ready for a carrier; `invitation` is what a calendar is told."""

    notice_id: UUID
    channel: str
    to: str
    subject: str
    body: str
    invitation: Invitation | None = None


def texts() -> jinja2.Environment:
    """Return the environment that the texts are written for: plain text, and an unknown word is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(EMAILS),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 (plain text, never shown as HTML unescaped)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters.update(
        day=formats.day, short_day=formats.short_day, moment=formats.moment, clock_time=formats.clock_time
    )
    return environment


_TEXTS = texts()


def compose(
    notice: NoticeRow,
    address: Address,
    settings: Settings,
    authority: Authority,
    *,
    locality: str,
    now: datetime,
    path: str = "",
) -> Message:
    """Return the message of a notice to an address; `locality` is a key of the authority's, or empty.

    `path` is where its link leads, when it is not the notice that says so.
    """
    said = what_may_be_said(notice, settings, authority, locality=locality)
    if path:
        said["link"] = settings.public_url + path
    if address.channel == "sms":
        return Message(notice.id, "sms", address.to, "", _render(notice, "sms", said))
    subject, body = _render(notice, "subject", said), _render(notice, "body", said) + "\n"
    calendar = _invitation(notice, address, settings, authority, now)
    return Message(notice.id, "email", address.to, subject, body, calendar)


def what_may_be_said(notice: NoticeRow, settings: Settings, authority: Authority, *, locality: str) -> dict[str, Any]:
    """Return every word that a text may use."""
    name = authority.locality_name(locality) if locality else ""
    to_family = notice.recipient_kind == "family"
    contacts = contacts_for(authority.early_help_contacts, name, to_family=to_family)
    return {
        "reference": notice.reference,
        "link": settings.public_url + notice.path,
        "to_family": to_family,
        "authority": authority.name,
        "short_name": authority.short_name,
        "contacts": contacts,
        "phone": contacts[0].phone if len(contacts) == 1 else "",
        "safeguarding_contacts": authority.safeguarding_contacts,
        "words": authority.words,
        "outcome": "",
        **{name: _read(name, value) for name, value in notice.data.items()},
    }


def meeting_of(notice: NoticeRow) -> Meeting:
    """Return the meeting that a notice invites to."""
    if notice.meeting_id is None:
        raise ValueError("only a notice about a meeting invites to one")
    return Meeting(
        meeting_id=notice.meeting_id,
        title=notice.data["panel_name"],
        place=notice.data["place"],
        starts_at=datetime.fromisoformat(notice.data["starts_at"]),
        ends_at=datetime.fromisoformat(notice.data["ends_at"]),
        sequence=notice.data["sequence"],
        video_link=notice.data.get("video_link", ""),
    )


def _invitation(
    notice: NoticeRow, address: Address, settings: Settings, authority: Authority, now: datetime
) -> Invitation | None:
    """Return what the recipient's calendar is told; nothing about a meeting that was never in it."""
    method = TEMPLATES[notice.template].calendar
    if not method or not notice.data.get("is_invited", True):
        return None
    return invitation(
        meeting_of(notice),
        method=method,
        link=settings.public_url + notice.path,
        domain=settings.domain,
        sender=settings.sender,
        sender_name=authority.name,
        to=address.to,
        sent_at=now,
    )


def _render(notice: NoticeRow, part: str, said: dict[str, Any]) -> str:
    text = _TEXTS.get_template(f"{notice.template}/{part}.txt").render(said).strip()
    return " ".join(text.split()) if part in ("subject", "sms") else text


def _read(name: str, value: Any) -> Any:
    if name.endswith("_on"):
        return date.fromisoformat(value)
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return value
