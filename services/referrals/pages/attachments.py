"""Opening a file that came with a request: for those who may read the request, and only as a download."""

import io
from uuid import UUID

from flask import Response, send_file

from services.referrals.files import files_of
from services.referrals.pages import pages
from services.referrals.queries.attachments import openable_attachment
from services.referrals.rules.attachments import KINDS, download_name
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, resources


@pages.get("/requests/<uuid:request_id>/attachments/<uuid:attachment_id>")
@needs("front_door")
def attachment(request_id: UUID, attachment_id: UUID) -> Response:
    """Give a file to be saved, never to be shown in the browser; that it was opened is kept."""
    with database().begin() as session:
        row = openable_attachment(session, request_id, attachment_id)
        record(
            session, who=current_person().person_id, did="read", subject="attachment", subject_id=row.id,
            of_request=str(request_id),
        )  # fmt: skip
    content = files_of(resources().settings).read(row.id, row.request_id, row.key_id)
    response = send_file(
        io.BytesIO(content),
        mimetype=KINDS[row.kind].media_type,
        as_attachment=True,
        download_name=download_name(row.name, row.kind),
        max_age=0,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
