"""A file that came with a request, opened from its paper: the referrals service keeps it and gives it for one reader."""

from uuid import UUID

from flask import Response

from services.panel.access import item_with_paper
from services.panel.pages import pages
from services.panel.rules.paper import attachments_of
from shared.audit import record
from shared.errors import Conflict, NotFound
from shared.neighbours import GivenFile, NeighbourAway, NeighbourRefused
from shared.web.access import current_person, needs
from shared.web.app import database, resources, today
from shared.web.downloads import as_download


@pages.get("/meetings/<uuid:meeting_id>/papers/<uuid:item_id>/attachments/<int:number>")
@needs("coordinator", "panel_member")
def attachment(meeting_id: UUID, item_id: UUID, number: int) -> Response:
    """Give the file with this number to be saved, under a name that says nothing; both services' audits keep who."""
    reader = current_person()
    with database().begin() as session:
        _, item, paper = item_with_paper(session, meeting_id, item_id, reader, today())
        files = attachments_of(paper.content)
        if not 1 <= number <= len(files):
            raise NotFound("There is no such file.")
        file = files[number - 1]
        record(
            session, who=reader.person_id, did="read", subject="attachment", subject_id=str(file["id"]),
            of_request=str(item.request_id),
        )  # fmt: skip
        name = f"{item.reference}-file-{number}{file['ending']}"
    given = _ask_for(item.request_id, str(file["id"]), reader.person_id)
    return as_download(given.content, media_type=given.media_type, name=name)


def _ask_for(request_id: UUID, attachment_id: str, reader: UUID) -> GivenFile:
    path = f"/requests/{request_id}/attachments/{attachment_id}?reader={reader}"
    try:
        return resources().neighbours.get_file("referrals", path)
    except NeighbourAway:
        raise Conflict("The file cannot be fetched from the front door now. Try again in a few minutes.") from None
    except NeighbourRefused as refusal:
        if refusal.status != 409:
            raise NotFound("There is no such file, or it was removed.") from None
        raise Conflict("The front door does not let this file be opened now. Ask it what stands in it.") from None
