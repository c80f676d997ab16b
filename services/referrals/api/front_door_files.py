"""The files that came with a request, for programs that act as somebody of the front door."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields

from services.referrals.api.portal_files import AttachmentOut
from services.referrals.attaching import open_file
from services.referrals.files import files_of
from services.referrals.rules.attachments import OPENABLE, STATES
from services.referrals.tables import AttachmentRow
from shared.web.access import current_person, needs
from shared.web.app import database, resources
from shared.web.downloads import as_download

api = Blueprint("front_door_files", __name__, description="The files of requests, for the front door")


class FileOut(AttachmentOut):
    """A file of a request as the front door sees it; `may_be_opened` says whether its content is given now."""

    may_be_opened = fields.Boolean()


def file_of_request(row: AttachmentRow) -> dict[str, Any]:
    """Return a file as the whole request lists it."""
    shown = {"attachment_id": row.id, "state_label": STATES[row.state], "may_be_opened": row.state in OPENABLE}
    kept = {name: getattr(row, name) for name in ("name", "kind", "size", "state")}
    return dict(FileOut().dump(shown | kept))


@api.route("/requests/<uuid:request_id>/attachments/<uuid:attachment_id>/content", methods=["GET"])
@api.response(200, content_type="application/octet-stream", description="The file, with its own media type and name")
@needs("front_door")
def get_content(request_id: UUID, attachment_id: UUID) -> Response:
    """Give a file that came with a request; that it was opened is kept. 409 where it may not be opened now."""
    who = current_person().person_id
    opened = open_file(database(), files_of(resources().settings), request_id, attachment_id, who=who)
    return as_download(opened.content, media_type=opened.media_type, name=opened.name)
