"""One origin for the browser: each service answers under its own name, as nginx arranges it when deployed."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask

from shared.service import Resources
from shared.web.health import readiness


class Origin:
    """A WSGI app that hands `/panel/...` to the panel service and so on, and speaks for the whole at `/health`."""

    def __init__(self, apps: Mapping[str, Flask], held: Mapping[str, Resources]) -> None:
        self._apps = apps
        self._held = held

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        app = self._apps.get(path.lstrip("/").partition("/")[0])
        if app is not None:
            return app(environ, start_response)
        if path == "/health/live":
            return _json(start_response, "200 OK", {"status": "live"})
        if path == "/health/ready":
            return self._ready(start_response)
        if path in ("", "/"):
            start_response("302 Found", [("Location", "/directory/"), ("Content-Length", "0")])
            return [b""]
        # An unknown address gets the page that every service has for it.
        return self._apps["directory"](environ, start_response)

    def _ready(self, start_response: Any) -> Iterable[bytes]:
        reports = {name: readiness(resources) for name, resources in self._held.items()}
        is_ready = all(report["status"] == "ready" for report in reports.values())
        status = "200 OK" if is_ready else "503 Service Unavailable"
        body = {"status": "ready" if is_ready else "not_ready", "services": reports}
        return _json(start_response, status, body)


def _json(start_response: Any, status: str, body: Mapping[str, Any]) -> Iterable[bytes]:
    content = json.dumps(body).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]
