"""Choosing a password of one's own, in place of a first one or an old one."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.directory.actions.signing_in import Try, choose_password
from services.directory.fields import Password
from services.directory.pages import pages
from services.directory.pages.sign_in import say_no, signed_in_response, without_passwords
from services.directory.sessions import real_now
from shared.errors import Invalid, Refusal
from shared.web.access import open_to_everyone
from shared.web.app import database
from shared.web.fields import Line
from shared.web.forms import Form, PageForm, read_form, show_form


class ChoosePasswordForm(PageForm):
    """Who it is, the present password and the new one."""

    email = Line("Your e-mail address", longest=300, required=True)
    password = Password("your present password")
    new_password = Password("a new password")


@pages.get("/password")
@open_to_everyone("somebody with a first password is not signed in yet; the form asks for it")
def choose_password_page() -> str:
    """Show the boxes."""
    return _page(show_form(ChoosePasswordForm()))


@pages.post("/password")
@open_to_everyone("somebody with a first password is not signed in yet; the form asks for it")
def post_password() -> ResponseReturnValue:
    """Keep the new password and sign the person in."""
    form = without_passwords(read_form(ChoosePasswordForm(), request.form))
    if form.errors:
        return _page(form), 422
    tried = Try(form.values["email"], form.values["password"], request.remote_addr or "")
    try:
        with database().begin() as session:
            person = choose_password(session, tried, form.values["new_password"], now=real_now())
            if not isinstance(person, Refusal):
                flash("Your new password is in place. Sessions on other devices have ended.")
                return signed_in_response(person, url_for("pages.home"))
    except Invalid as refusal:
        form.add_refusal(refusal)
        return _page(form), 422
    status = say_no(form, person)
    return _page(form), status


def _page(form: Form) -> str:
    return render_template("directory/password.html", form=form)
