"""What becomes of what people tell us: the authority's own answers."""

from flask import render_template

from services.referrals.pages import pages
from shared.authority.in_words import kept_in_words
from shared.web.access import open_to_everyone
from shared.web.app import resources


@pages.get("/privacy")
@open_to_everyone("whoever tells us something may know what becomes of it")
def privacy() -> str:
    """Show who uses what is told, why, who else reads it, and how long it is kept."""
    return render_template("referrals/privacy.html", kept=kept_in_words(resources().authority.records))
