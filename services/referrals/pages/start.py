"""The start of a request: what it is for, and the stop before it when a child is in danger now."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.referrals.pages import pages
from services.referrals.pages.draft import address_of, kept_days, start_draft, unfinished
from shared.web.access import open_to_everyone
from shared.web.fields import YesNo
from shared.web.forms import PageForm, read_form, show_form


class SafetyForm(PageForm):
    """The question before all others."""

    in_danger = YesNo("Is a child in immediate danger or at risk of significant harm?", required=True)


@pages.get("/start")
@open_to_everyone("families ask for help without an account")
def start() -> str:
    """Show what a request is for."""
    return render_template("referrals/start/start.html", unfinished=unfinished(), kept_days=kept_days())


@pages.get("/start/safety")
@open_to_everyone("families ask for help without an account")
def safety() -> str:
    """Ask whether a child is in danger now."""
    return render_template("referrals/start/safety.html", form=show_form(SafetyForm()))


@pages.post("/start/safety")
@open_to_everyone("families ask for help without an account")
def post_safety() -> ResponseReturnValue:
    """Stop when a child is in danger, else begin the draft."""
    form = read_form(SafetyForm(), request.form)
    if form.errors:
        return render_template("referrals/start/safety.html", form=form), 422
    if form.values["in_danger"]:
        return redirect(url_for("pages.stop"))
    if there := unfinished():
        return redirect(there.address)
    start_draft({"done": []})
    return redirect(address_of("who"))


@pages.post("/start/again")
@open_to_everyone("families ask for help without an account")
def post_start_again() -> ResponseReturnValue:
    """Begin with an empty draft."""
    start_draft({"done": []})
    return redirect(address_of("who"))


@pages.get("/start/stop")
@open_to_everyone("who is in danger must not have to sign in")
def stop() -> str:
    """Say whom to ring now."""
    return render_template("referrals/start/stop.html")
