"""The service's address without more."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from services.notifications.pages import pages
from shared.web.access import open_to_everyone
from shared.web.app import resources


@pages.get("/")
@open_to_everyone("it only sends people on to a page that says who may open it")
def home() -> ResponseReturnValue:
    """Go to the inbox of a training system, else to what was sent."""
    return redirect(url_for("pages.inbox" if resources().settings.is_training else "pages.notices"))
