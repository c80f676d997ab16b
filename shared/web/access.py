"""Who may open a route. Every view says so with one of the decorators below; a view that does not is refused.

A page knows the person by the session cookie, a JSON route by `Authorization: Bearer <session>`, so that
no other site can make a browser call the API. Neighbouring services show `Authorization: Pass <pass>`,
a portal its own bearer token.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from werkzeug.exceptions import Unauthorized

from shared.ended_sessions import has_ended
from shared.errors import Forbidden
from shared.identity import Person, SessionRefused, read_pass, read_session

SESSION_COOKIE = "early_help_session"

_View = TypeVar("_View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """What a view says of who may open it: people with a role, neighbouring services, portals, or everyone."""

    roles: frozenset[str] = frozenset()
    neighbours: frozenset[str] = frozenset()
    portals: bool = False
    everyone: str = ""

    def check(self) -> None:
        """Let the request pass, or raise Unauthorized (not known) or Forbidden (known, but not allowed)."""
        if self.everyone:
            return
        if self.portals:
            g.portal = _portal_asking()
        elif self.neighbours:
            if _neighbour_asking() not in self.neighbours:
                raise Forbidden("This is for other services only.")
        elif not current_person().has(*self.roles):
            raise Forbidden("Your role does not give you access to this page.")


def needs(*roles: str) -> Callable[[_View], _View]:
    """Let people in who are signed in and have any of these roles."""
    return _marks(Access(roles=frozenset(roles)))


def needs_neighbour(*services: str) -> Callable[[_View], _View]:
    """Let these neighbouring services in."""
    return _marks(Access(neighbours=frozenset(services)))


def needs_portal(view: _View) -> _View:
    """Let portals in that show a token from the settings; its name is then `g.portal`."""
    return _marks(Access(portals=True))(view)


def open_to_everyone(why: str) -> Callable[[_View], _View]:
    """Let everybody in, and say why that is right."""
    return _marks(Access(everyone=why))


def harmless(view: _View) -> _View:
    """Let a form without a CSRF token through: for signing out, whose button is on every service's pages."""
    view.is_harmless = True  # type: ignore[attr-defined]
    return view


def access_of(app: Flask, endpoint: str) -> Access | None:
    """Return what a view says of who may open it, or None when it says nothing."""
    return getattr(app.view_functions[endpoint], "access", None)


def current_person() -> Person:
    """Return who is signed in; raises Unauthorized."""
    person = person_or_none()
    if person is None:
        raise Unauthorized("Sign in to continue.")
    return person


def person_or_none() -> Person | None:
    """Return who is signed in, or None."""
    if "person" not in g:
        g.person = None  # So that the page that tells of a database that is away does not ask it again.
        g.person = _read_person()
    return g.person  # type: ignore[no-any-return]


def is_api_request() -> bool:
    """Say whether the request is for a JSON route."""
    return request.path.startswith(f"/{current_app.config['SERVICE']}/api/")


def check_access(app: Flask) -> None:
    """Refuse the request unless its view says who may open it and this caller is one of them."""
    if request.endpoint is None:
        return
    access = access_of(app, request.endpoint)
    if access is None:
        raise Forbidden("Nobody has said who may open this.")
    access.check()


def _marks(access: Access) -> Callable[[_View], _View]:
    def mark(view: _View) -> _View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def _read_person() -> Person | None:
    token = _bearer("Bearer") if is_api_request() else request.cookies.get(SESSION_COOKIE)
    if not token:
        return None
    try:
        signed = read_session(token, current_app.config["SESSION_PUBLIC_KEY"])
    except SessionRefused:
        return None
    with current_app.extensions["resources"].database.read() as session:
        is_over = has_ended(session, signed.person.person_id, signed.issued_at)
    return None if is_over else signed.person


def _neighbour_asking() -> str:
    try:
        return read_pass(_bearer("Pass") or "", current_app.config["SERVICE"], current_app.config["NEIGHBOUR_KEY"])
    except SessionRefused:
        raise Unauthorized("A pass is needed.") from None


def _portal_asking() -> str:
    shown = (_bearer("Bearer") or "").encode()
    portals: Mapping[str, str] = current_app.config.get("PORTAL_TOKENS", {})
    for name, token in portals.items():
        if hmac.compare_digest(shown, token.encode()):
            return name
    raise Unauthorized("A portal's token is needed.")


def _bearer(scheme: str) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind == scheme else None
