"""Makes a service's Flask app: one frame, one set of guards, headers and errors for every service."""

import secrets
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import jinja2
import structlog
from flask import Blueprint, Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_smorest import Api
from flask_smorest import Blueprint as ApiBlueprint
from flask_wtf.csrf import CSRFError, CSRFProtect
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.database import Database
from shared.errors import Refusal
from shared.identity import SESSION_LASTS
from shared.london import london_date
from shared.metrics.figures import count_request
from shared.service import Resources
from shared.trace import continued
from shared.web import charts, formats, health, messages, paging
from shared.web.access import check_access, is_api_request, open_to_everyone, person_or_none
from shared.web.navigation import navigation
from shared.web.problems import ProblemDocument, answer_accident, answer_http_error, answer_refusal
from shared.web.repeating import RepeatingFlask
from shared.web.uploads import allow_size_of_view

LARGEST_BODY = 1_000_000
_WEB = Path(__file__).parent

log = structlog.get_logger()


class _ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest with the errors of `problems.py` in place of its own."""

    ERROR_SCHEMA = ProblemDocument

    def _register_error_handlers(self) -> None:
        """Leave errors to `problems.py`."""


def make_app(
    name: str,
    resources: Resources,
    *,
    pages: Sequence[Blueprint] = (),
    apis: Sequence[ApiBlueprint] = (),
    templates: Path | None = None,
    **config: Any,
) -> Flask:
    """Return the web app of service `name`; every address of it starts with `/<name>`."""
    app = RepeatingFlask(name, static_folder=str(_WEB / "static"), static_url_path=f"/{name}/static")
    settings = resources.settings
    app.config.update(
        SERVICE=name,
        SECRET_KEY=settings.page_key,
        SESSION_COOKIE_NAME=f"early_help_{name}",
        SESSION_COOKIE_PATH=f"/{name}",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        WTF_CSRF_TIME_LIMIT=int(SESSION_LASTS.total_seconds()),
        WTF_CSRF_CHECK_DEFAULT=False,
        NEIGHBOUR_KEY=settings.neighbour_key,
        SESSION_PUBLIC_KEY=settings.session_public_key,
        API_TITLE=f"Early help: {name}",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=f"/{name}/api",
        OPENAPI_JSON_PATH="openapi.json",
        **config,
    )
    app.extensions["resources"] = resources
    _believe_proxies(app, settings.proxies_in_front)
    _templates(app, templates)
    _guards(app)
    _errors(app)
    api = _ProblemApi(app)
    for api_blueprint in apis:
        api.register_blueprint(api_blueprint, url_prefix=f"/{name}/api/v1{api_blueprint.url_prefix or ''}")
    for page_blueprint in (*pages, health.blueprint(name), messages.blueprint(name)):
        app.register_blueprint(page_blueprint, url_prefix=f"/{name}{page_blueprint.url_prefix or ''}")
    for endpoint, why in (("static", "style sheets and scripts"), ("api-docs.openapi_json", "what the API takes")):
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = _opened(app.view_functions[endpoint], why)
    return app


def resources() -> Resources:
    """Return what the service holds while it runs."""
    return current_app.extensions["resources"]  # type: ignore[no-any-return]


def database() -> Database:
    """Return the service's database."""
    return resources().database


def now() -> datetime:
    """Return the present instant of the service's clock in UTC, the same for the whole request."""
    if "now" not in g:
        g.now = resources().clock.now()
    return g.now  # type: ignore[no-any-return]


def today() -> date:
    """Return the London date of the service's clock."""
    return london_date(now())


def _believe_proxies(app: Flask, proxies: int) -> None:
    # Behind a proxy the browser's address, its scheme and its host are in headers of the proxy. Believed without
    # one, or from more than there are, anybody could make up an address that the wait after failed tries counts by.
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )


def _opened(view: Any, why: str) -> Any:
    def opened(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    return open_to_everyone(why)(opened)


def _templates(app: Flask, templates: Path | None) -> None:
    loaders: list[jinja2.BaseLoader] = [
        jinja2.FileSystemLoader(str(_WEB / "templates")),
        jinja2.PackageLoader("govuk_frontend_jinja", "templates"),
    ]
    # The Land Registry package refers to its own files by this prefix.
    prefixed = jinja2.PrefixLoader({"govuk_frontend_jinja": loaders[1]})
    if templates is not None:
        loaders.insert(0, jinja2.FileSystemLoader(str(templates)))
    app.jinja_loader = jinja2.ChoiceLoader([loaders[0], *loaders[1:-1], prefixed])
    app.jinja_env.undefined = jinja2.ChainableUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    formats.register(app)
    charts.register(app)
    paging.register(app)
    app.context_processor(_page_frame)


def _page_frame() -> dict[str, Any]:
    held = resources()
    person = person_or_none()
    return {
        "authority": held.authority,
        "words": held.authority.words,
        "person": person,
        "navigation": navigation(person, is_training=held.settings.is_training),
        "is_training": held.settings.is_training,
        "clock_now": now,
        "today": today,
        "csp_nonce": g.get("csp_nonce", ""),
        "service_name": current_app.config["SERVICE"],
    }


def _guards(app: Flask) -> None:
    csrf = CSRFProtect(app)

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        g.csp_nonce = secrets.token_urlsafe(16)
        g.today = today
        g.request_id = _request_id()
        allow_size_of_view(app)
        clear_contextvars()
        trace = continued(request.headers.get("traceparent"))
        bind_contextvars(request_id=g.request_id, traceparent=trace, service=app.config["SERVICE"])

    @app.before_request
    def refuse_unless_allowed() -> None:
        check_access(app)
        _refuse_nul()
        view = app.view_functions.get(request.endpoint or "")
        if app.config["WTF_CSRF_ENABLED"] and not is_api_request() and not getattr(view, "is_harmless", False):
            csrf.protect()

    @app.after_request
    def finish(response: Response) -> Response:
        _security_headers(response)
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        route = str(request.url_rule) if request.url_rule else None
        count_request(app.config["SERVICE"], request.method, route, response.status_code, seconds)
        log.info(
            "request",
            method=request.method,
            route=route or "unknown",
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
        )
        return response


def _request_id() -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if given.isascii() and given.replace("-", "").isalnum() and len(given) <= 64 else uuid4().hex


def _refuse_nul() -> None:
    if "\x00" in request.full_path or any("\x00" in text for texts in request.form.listvalues() for text in texts):
        raise BadRequest("A NUL character cannot be kept. Remove it and send again.")


def _errors(app: Flask) -> None:
    app.register_error_handler(Refusal, answer_refusal)
    app.register_error_handler(CSRFError, answer_http_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(RecursionError, _answer_too_deep)
    app.register_error_handler(Exception, answer_accident)


def _answer_too_deep(_: RecursionError) -> ResponseReturnValue:
    return answer_http_error(BadRequest("What was sent is nested too deeply to be read."))


def _security_headers(response: Response) -> None:
    nonce = g.get("csp_nonce", "")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " connect-src 'self'; form-action 'self'; frame-ancestors 'self'; frame-src 'self'; base-uri 'none'; manifest-src 'self'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
