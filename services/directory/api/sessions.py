"""Signing in, for programs: an e-mail address and a password give a bearer token."""

from typing import Any

from flask import after_this_request, request
from flask.wrappers import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from werkzeug.exceptions import TooManyRequests

from services.directory.actions.signing_in import TooManyTries, Try, try_to_sign_in
from services.directory.api.schemas import PersonOut, person_out
from services.directory.fields import Password
from services.directory.sessions import real_now, session_for
from shared.errors import Refusal
from shared.web.access import open_to_everyone
from shared.web.app import database, resources
from shared.web.fields import Line

api = Blueprint("sessions", __name__, description="Signing in")


class SignIn(Schema):
    """Who signs in."""

    email = Line("Your e-mail address", longest=300, required=True)
    password = Password("your password")


class SessionOut(Schema):
    """A bearer token, whose it is and until when it is good."""

    token = fields.String()
    person = fields.Nested(PersonOut)
    expires_at = fields.AwareDateTime(format="iso")


@api.post("/sessions")
@api.arguments(SignIn)
@api.response(201, SessionOut)
@open_to_everyone("signing in is how somebody becomes known")
def post_session(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in; 422 when address or password is wrong, 429 after too many failures, 403 with a temporary password."""
    tried = Try(body["email"], body["password"], request.remote_addr or "")
    with database().begin() as session:
        person = try_to_sign_in(session, tried, now=real_now())
        if not isinstance(person, Refusal):
            made = session_for(person, resources().settings)
            return {"token": made.token, "person": person_out(person), "expires_at": made.expires_at}
    # Only now: the failed try is kept, and counts.
    raise _too_many(person) if isinstance(person, TooManyTries) else person


def _too_many(refusal: TooManyTries) -> TooManyRequests:
    @after_this_request
    def say_when(response: Response) -> Response:
        response.headers["Retry-After"] = str(refusal.minutes * 60)
        return response

    return TooManyRequests(str(refusal))
