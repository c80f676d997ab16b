"""A meeting followed by server-sent events: its version and what changed, nothing of a family."""

import random
from uuid import UUID

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from services.panel.pages import pages
from services.panel.queries import meeting as reads
from services.panel.queries.stand import version_of
from services.panel.rules import meeting as rules
from shared.web.access import current_person, needs
from shared.web.app import database
from shared.web.following import Followers, TooManyFollow, stream

_BEAT_SECONDS = 15.0
_LENGTH_SECONDS = (480.0, 600.0)
"""Who follows comes again after some time, when their session and their seat are looked at anew; not all at once."""


@pages.get("/meetings/<uuid:meeting_id>/live/events")
@needs("coordinator", "panel_member")
def follow_events(meeting_id: UUID) -> ResponseReturnValue:
    """Stream the versions of a meeting's stand to somebody with a seat; 503 where no more may follow here."""
    person_id = current_person().person_id
    with database().read() as session:
        meeting = reads.the_meeting(session, meeting_id)
        rules.check_may_see(reads.seats_held(session, meeting.panel_id, person_id))
    followers: Followers = current_app.extensions["followers"]
    try:
        follower = followers.follow(str(meeting_id), str(person_id))
    except TooManyFollow:
        return Response(status=503, headers={"Retry-After": "30"})
    held = database()

    def look_up() -> int:
        with held.read() as session:
            return version_of(session, meeting_id)

    # Looked up after the follower was taken in: what is committed from here on wakes them.
    seen = _seen()
    if look_up() > seen:
        follower.tell(None)
    events = stream(
        follower, seen, look_up, beat_seconds=_BEAT_SECONDS, length_seconds=random.uniform(*_LENGTH_SECONDS)
    )
    response = Response(events, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})
    response.call_on_close(lambda: followers.leave(follower))
    return response


def _seen() -> int:
    """Return the version that the browser has: of its last event, or of the page that it shows."""
    text = request.headers.get("Last-Event-ID") or request.args.get("have", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
