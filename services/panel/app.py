"""The only wiring of the panel service: its doors, its jobs and how it starts."""

from pathlib import Path

from flask import Flask

from services.panel.actions.stand import CHANNEL
from services.panel.api import APIS
from services.panel.handlers import panel
from services.panel.jobs import LOOPS, TIMETABLE, prepare
from services.panel.pages import pages
from services.panel.settings import Settings
from shared.service import Resources, Service
from shared.web.app import make_app
from shared.web.following import Followers

_SCREENS_EACH = 6
"""Browsers open no more connections than these to one address."""


def create_app(resources: Resources) -> Flask:
    """Return the panel service's web app."""
    app = make_app("panel", resources, pages=[pages], apis=APIS, templates=Path(__file__).parent / "templates")
    settings = resources.settings
    app.extensions["followers"] = Followers(
        settings.database_url, CHANNEL, most=settings.live_followers, most_each=_SCREENS_EACH
    )
    return app


SERVICE = Service(
    name="panel",
    settings=Settings,
    create_app=create_app,
    events=panel,
    timetable=TIMETABLE,
    loops=LOOPS,
    prepare=prepare,
)
