"""The only wiring of the directory: its doors, its jobs and how it starts."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from services.directory.api import APIS
from services.directory.handlers import directory
from services.directory.jobs import TIMETABLE
from services.directory.pages import pages
from services.directory.settings import Settings
from shared.service import Resources, Service
from shared.web.app import make_app


def create_app(resources: Resources) -> Flask:
    """Return the directory's web app."""
    app = make_app("directory", resources, pages=[pages], apis=APIS, templates=Path(__file__).parent / "templates")
    if proxies := resources.settings.proxies_in_front:
        # The wait after failed tries counts by address: behind a proxy the browser's is in a header of the proxy.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    return app


SERVICE = Service(name="directory", settings=Settings, create_app=create_app, events=directory, timetable=TIMETABLE)
