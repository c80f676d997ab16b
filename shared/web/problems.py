"""Every no in one shape: a GOV.UK page for people, problem+json (RFC 9457) for programs."""

from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from flask import Response, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException, InternalServerError, Unauthorized

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from shared.web.access import is_api_request


class _Pointed(Schema):
    pointer = fields.String(metadata={"description": "A JSON pointer (RFC 6901) to the field"})
    detail = fields.String()


class ProblemDocument(Schema):
    """What every no says to a program: a problem document (RFC 9457), `application/problem+json`."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    errors = fields.List(fields.Nested(_Pointed))
    request_id = fields.String(metadata={"description": "The number under which the log has it"})


STATUS_OF = {Invalid: 422, Forbidden: 403, NotFound: 404, Conflict: 409}

_TITLES = {
    400: "That could not be read",
    401: "Sign in first",
    403: "You cannot open this",
    404: "Page not found",
    405: "That cannot be done here",
    409: "It has changed since you opened it",
    413: "That is too large",
    415: "That is not JSON",
    422: "There is a problem",
    429: "Too many tries",
    500: "Sorry, something went wrong",
    503: "Sorry, part of the service is away",
}

log = structlog.get_logger()


def answer_refusal(refusal: Refusal) -> ResponseReturnValue:
    """Answer a refusal of the domain."""
    status = next(code for kind, code in STATUS_OF.items() if isinstance(refusal, kind))
    errors = refusal.errors if isinstance(refusal, Invalid) else {}
    return _answer(status, str(refusal), errors)


def answer_http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer an error of HTTP itself, or of a JSON body that does not fit its schema."""
    if isinstance(error, Unauthorized) and not is_api_request():
        return redirect(f"/directory/sign-in?{_next_parameter()}")
    if error.response is not None:
        return error.response
    messages = getattr(error, "data", {}).get("messages", {})
    status = error.code or 500
    detail = "Some of what was sent is not right." if messages else _detail(status, error)
    return _answer(status, detail, messages.get("json", messages))


def answer_accident(error: Exception) -> ResponseReturnValue:
    """Answer a fault of ours: logged without any content, shown with a number that the log has too."""
    log.error("request_failed", route=str(request.url_rule), exc_info=error)
    return _answer(500, "The fault is ours and has been recorded. What you had sent earlier is safe.", {})


def pointers(errors: Any, at: str = "") -> Iterator[dict[str, str]]:
    """Yield `{"pointer": "/children/0/upn", "detail": …}` for every message in nested errors."""
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from pointers(inner, at if name == "_schema" else f"{at}/{name}")
    elif isinstance(errors, (list, tuple)):
        for message in errors:
            yield from pointers(message, at)
    else:
        yield {"pointer": at, "detail": str(errors)}


def _answer(status: int, detail: str, errors: Mapping[str, Any]) -> ResponseReturnValue:
    if is_api_request():
        return _problem(status, detail, errors)
    problems = [problem["detail"] for problem in pointers(errors)]
    title = _TITLES.get(status, _TITLES[500])
    return render_template("problem.html", title=title, detail=detail, problems=problems), status


def _problem(status: int, detail: str, errors: Mapping[str, Any]) -> Response:
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, _TITLES[500]),
        "status": status,
        "detail": detail,
        "errors": list(pointers(errors)),
        "request_id": g.get("request_id", ""),
    }
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def _detail(status: int, error: HTTPException) -> str:
    words = {
        404: "Check the address, or that you still have access.",
        405: "The address is right, but not for this.",
        413: f"What you sent is larger than {_largest()} MB. Nothing of it was kept.",
        500: "The fault is ours and has been recorded.",
    }
    if isinstance(error, InternalServerError):
        return words[500]
    return words.get(status, error.description or "")


def _largest() -> int:
    return (request.max_content_length or 0) // 1_000_000


def _next_parameter() -> str:
    from urllib.parse import urlencode

    back = request.full_path.rstrip("?") if request.method == "GET" else url_for("pages.home")
    return urlencode({"next": back})
