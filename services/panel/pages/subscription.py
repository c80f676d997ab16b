"""Your calendar: an address that somebody's own calendar reads their meetings from, without signing in."""

import hmac

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.panel.actions import calendar_feed as actions
from services.panel.both_doors.calendar_file import whole_calendar
from services.panel.pages import pages
from services.panel.queries import calendar as calendar_queries
from services.panel.queries import calendar_feed as queries
from services.panel.rules.calendar_feed import feed_secret, fingerprint_of
from shared.web.access import current_person, needs, open_to_everyone
from shared.web.app import database, now, resources, today


@pages.get("/calendar/yours")
@needs("coordinator", "panel_member", "administrator")
def subscription() -> ResponseReturnValue:
    """Show the person's address, and what one does with it."""
    person = current_person()
    with database().read() as session:
        row = queries.feed_of(session, person.person_id)
        panels = calendar_queries.panels_of(session, person.person_id)
    address = None
    if row is not None:
        secret = feed_secret(person.person_id, row.number, resources().settings.page_key)
        # Made with a key that has been rolled since, it cannot be shown any more; it still works.
        if hmac.compare_digest(fingerprint_of(secret), row.secret_hash or ""):
            address = resources().settings.public_url + url_for("pages.calendar_feed", secret=secret)
    return render_template("panel/meetings/subscription.html", feed=row, address=address, panels=panels)


@pages.post("/calendar/yours")
@needs("coordinator", "panel_member", "administrator")
def post_subscription() -> ResponseReturnValue:
    """Make the address, or another in its place."""
    with database().begin() as session:
        person_id = current_person().person_id
        is_first = queries.feed_of(session, person_id) is None
        actions.renew_feed(session, person_id, key=resources().settings.page_key, now=now())
    flash("The address is made" if is_first else "The address is made. The one from before does not work any more")
    return redirect(url_for("pages.subscription"))


@pages.post("/calendar/yours/end")
@needs("coordinator", "panel_member", "administrator")
def end_subscription() -> ResponseReturnValue:
    """End the address."""
    with database().begin() as session:
        actions.end_feed(session, current_person().person_id, by=current_person().person_id)
    flash("The address does not work any more")
    return redirect(url_for("pages.subscription"))


@pages.get("/calendar/feed/<secret>.ics")
@open_to_everyone("the secret in the address is the key; it gives dates, places and panels, and no family")
def calendar_feed(secret: str) -> ResponseReturnValue:
    """Give the meetings of whoever has this address; a client that has them already is told so."""
    with database().read() as session:
        person_id = queries.reader_of(session, secret)
        answer = whole_calendar(queries.meetings_for(session, person_id, today()))
    answer.add_etag()
    return answer.make_conditional(request)
