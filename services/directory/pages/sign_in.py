"""Signing in and out."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.directory.actions.signing_in import (
    PasswordIsTemporary,
    TooManyTries,
    Try,
    sign_out_everywhere,
    try_to_sign_in,
)
from services.directory.fields import Password
from services.directory.pages import pages
from services.directory.queries.people import sample_people
from services.directory.rules.people import ROLE_NAMES, main_role
from services.directory.rules.sign_in import local_path
from services.directory.sessions import drop_session, keep_session, real_now, session_for
from services.directory.tables import PersonRow
from shared.audit import record
from shared.errors import Invalid, NotFound, Refusal
from shared.identity import ROLES
from shared.web.access import current_person, harmless, needs, open_to_everyone, person_or_none
from shared.web.app import database, resources
from shared.web.fields import Line
from shared.web.forms import Form, PageForm, read_form, show_form


class SignInForm(PageForm):
    """An e-mail address and a password."""

    email = Line("Your e-mail address", longest=300, required=True)
    password = Password("your password")


@pages.get("/sign-in")
@open_to_everyone("signing in is how somebody becomes known")
def sign_in() -> ResponseReturnValue:
    """Show the boxes, and on a training system the sample people."""
    if person_or_none() is not None:
        return redirect(_back_to(request.args))
    return _page(show_form(SignInForm()))


@pages.post("/sign-in")
@open_to_everyone("signing in is how somebody becomes known")
def post_sign_in() -> ResponseReturnValue:
    """Sign the person in and send them where they wanted to go."""
    form = without_passwords(read_form(SignInForm(), request.form))
    if form.errors:
        return _page(form), 422
    return _signed_in(form, form.values["email"], form.values["password"])


@pages.post("/sign-in/sample")
@open_to_everyone("on a training system the sample people's password is public; elsewhere there is no such page")
def post_sign_in_as_sample() -> ResponseReturnValue:
    """Sign in as a sample person with one click."""
    password = resources().settings.password_of_samples
    if not password:
        raise NotFound("There is no such page.")
    email = request.form.get("email", "")[:300]
    return _signed_in(show_form(SignInForm(), {"email": email}), email, password)


@pages.post("/sign-out")
@harmless
@open_to_everyone("it only forgets who is signed in")
def sign_out() -> ResponseReturnValue:
    """Let the browser forget the session."""
    person = person_or_none()
    if person is not None:
        with database().begin() as session:
            record(session, who=person.person_id, did="signed out", subject="person", subject_id=person.person_id)
        flash("You are signed out.")
    return _forgetting_response()


@pages.post("/sign-out/everywhere")
@needs(*ROLES)
def post_sign_out_everywhere() -> ResponseReturnValue:
    """End every session that the person has: on this device, a lost one and one that somebody else found."""
    with database().begin() as session:
        sign_out_everywhere(session, current_person().person_id)
    flash("You are signed out on every device.")
    return _forgetting_response()


def _forgetting_response() -> Response:
    response = make_response(redirect(url_for("pages.home"), 303))
    drop_session(response)
    return response


def without_passwords(form: Form) -> Form:
    """Return the form with every password taken out of its boxes: a page never repeats one."""
    kept = {name: text for name, text in form.entered.items() if not isinstance(form.schema.fields[name], Password)}
    return Form(form.schema, kept, form.errors, form.values)


def signed_in_response(person: PersonRow, location: str) -> Response:
    """Return a redirect that carries the person's new session; call it while their row is locked."""
    settings = resources().settings
    response = make_response(redirect(location, 303))
    keep_session(response, session_for(person, settings), settings)
    return response


def say_no(form: Form, refusal: Refusal, box: str = "email") -> int:
    """Show why somebody could not be identified, at `box`, and return the status to answer with."""
    form.add_error(box, str(refusal))
    if isinstance(refusal, TooManyTries):
        return 429
    return 422 if isinstance(refusal, Invalid) else 403


def _signed_in(form: Form, email: str, password: str) -> ResponseReturnValue:
    tried = Try(email, password, request.remote_addr or "")
    with database().begin() as session:
        person = try_to_sign_in(session, tried, now=real_now())
        if not isinstance(person, Refusal):
            return signed_in_response(person, _back_to(request.form))
    # Only now: the failed try is kept, and counts.
    if isinstance(person, PasswordIsTemporary):
        flash(str(person))
        return redirect(url_for("pages.choose_password_page"), 303)
    status = say_no(form, person)
    return _page(form), status


def _back_to(given: Any) -> str:
    return local_path(given.get("next", ""), otherwise=url_for("pages.home"))


def _page(form: Form) -> str:
    return render_template(
        "directory/sign_in.html",
        form=form,
        back_to=_back_to(request.values),
        samples=_samples(),
        role_names=ROLE_NAMES,
    )


def _samples() -> dict[str, Sequence[PersonRow]]:
    """Return the sample people by their main role; nobody where this is not a training system."""
    if not resources().settings.password_of_samples:
        return {}
    with database().read() as session:
        people = sample_people(session)
    by_role = {role: [row for row in people if main_role(row.roles) == role] for role in ROLE_NAMES}
    return {role: rows for role, rows in by_role.items() if rows}
