"""The JSON routes: what was sent, and a training system's inbox."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.notifications import queries
from services.notifications.access import INBOX_IS_OPEN, READERS, kept_from
from services.notifications.queries import NEEDS_PERSON
from services.notifications.tables import STATES
from shared.errors import NotFound
from shared.references import read_reference
from shared.web.access import current_person, needs, needs_neighbour, open_to_everyone
from shared.web.app import database, resources

api = Blueprint("api", __name__, description="What was told to whom, and whether it arrived")

PER_PAGE = 100


class Asked(Schema):
    """Which page of a list, of which request."""

    reference = fields.String(load_default="", validate=validate.Length(max=20))
    page = fields.Integer(strict=False, load_default=1, validate=validate.Range(1, 10_000))
    per_page = fields.Integer(strict=False, load_default=PER_PAGE, validate=validate.Range(1, PER_PAGE))


class NoticesAsked(Asked):
    """Which notices."""

    state = fields.String(load_default="", validate=validate.OneOf(["", NEEDS_PERSON, *STATES]))


class NoticeAnswer(Schema):
    """One notice; instants in UTC."""

    notice_id = fields.UUID(attribute="id")
    template = fields.String()
    recipient_kind = fields.String()
    recipient_id = fields.UUID()
    request_id = fields.UUID(allow_none=True)
    meeting_id = fields.UUID(allow_none=True)
    reference = fields.String()
    channel = fields.String(allow_none=True)
    state = fields.String()
    needs_person = fields.Boolean()
    attempts = fields.Integer()
    last_error = fields.String()
    created_at = fields.AwareDateTime()
    sent_at = fields.AwareDateTime(allow_none=True)


class CountAnswer(Schema):
    """How many there are."""

    count = fields.Integer()


class MessageAnswer(Schema):
    """One message of a training system's inbox."""

    notice_id = fields.UUID()
    to = fields.String()
    channel = fields.String()
    subject = fields.String()
    body = fields.String()
    at = fields.AwareDateTime()
    reference = fields.String()
    template = fields.String()


@api.get("/notices")
@api.arguments(NoticesAsked, location="query")
@api.response(200, NoticeAnswer(many=True))
@needs(*READERS)
def get_notices(asked: dict[str, Any]) -> Any:
    """Return what was sent or not, what needs a person first, at most a hundred a page; nothing that is kept from the reader."""
    with database().read() as session:
        found = queries.notices(session, reference=_reference(asked), state=asked["state"], **_page(asked)).rows
    kept = kept_from(current_person(), [row.reference for row in found], resources().neighbours)
    return [row for row in found if row.reference not in kept]


@api.get("/notices/needing-a-person")
@api.response(200, CountAnswer)
@needs_neighbour("directory")
def get_count_of_notices_that_need_a_person() -> Any:
    """Return on how many messages somebody has to act, for the start page of those who do."""
    with database().read() as session:
        return {"count": queries.count_needing_person(session)}


@api.get("/inbox")
@api.arguments(Asked, location="query")
@api.response(200, MessageAnswer(many=True))
@open_to_everyone(INBOX_IS_OPEN)
def get_inbox(asked: dict[str, Any]) -> Any:
    """Return a training system's messages, newest first, at most a hundred a page."""
    if not resources().settings.is_training:
        raise NotFound("Only a training system has an inbox.")
    with database().read() as session:
        found = queries.inbox(session, reference=_reference(asked), to="", **_page(asked)).rows
    return [
        {
            "notice_id": message.notice_id,
            "to": message.to_address,
            "channel": message.channel,
            "subject": message.subject,
            "body": message.body,
            "at": message.at,
            "reference": notice.reference,
            "template": notice.template,
        }
        for message, notice in found
    ]


def _reference(asked: dict[str, Any]) -> str:
    return read_reference(asked["reference"]) if asked["reference"] else ""


def _page(asked: dict[str, Any]) -> dict[str, int]:
    return {"number": asked["page"], "size": asked["per_page"]}
