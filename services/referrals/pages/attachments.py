"""Opening a file that came with a request: for those who may read the request, and only as a download."""

from uuid import UUID

from flask import Response

from services.referrals.attaching import open_file
from services.referrals.files import files_of
from services.referrals.pages import pages
from shared.web.access import current_person, needs
from shared.web.app import database, resources
from shared.web.downloads import as_download


@pages.get("/requests/<uuid:request_id>/attachments/<uuid:attachment_id>")
@needs("front_door")
def attachment(request_id: UUID, attachment_id: UUID) -> Response:
    """Give a file to be saved, never to be shown in the browser; that it was opened is kept."""
    who = current_person().person_id
    opened = open_file(database(), files_of(resources().settings), request_id, attachment_id, who=who)
    return as_download(opened.content, media_type=opened.media_type, name=opened.name)
