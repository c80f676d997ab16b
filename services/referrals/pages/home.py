"""Where `/referrals/` leads: the worklist, my requests, or the start of a request."""

from flask import redirect, url_for
from werkzeug import Response

from services.referrals.pages import pages
from shared.web.access import open_to_everyone, person_or_none


@pages.get("/")
@open_to_everyone("it only leads on")
def home() -> Response:
    """Lead a person to where their work is."""
    person = person_or_none()
    if person is not None and person.has("front_door"):
        return redirect(url_for("pages.worklist"))
    if person is not None and person.has("referrer", "social_worker"):
        return redirect(url_for("pages.sent"))
    return redirect(url_for("pages.start"))
