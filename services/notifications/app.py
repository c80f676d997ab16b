"""The only wiring: doors, loops and settings of the notifications service."""

from pathlib import Path

from flask import Flask

from services.notifications.api import api
from services.notifications.handlers import notifications
from services.notifications.jobs import LOOPS
from services.notifications.pages import pages
from services.notifications.settings import Settings
from shared.service import Resources, Service
from shared.web.app import make_app


def create_app(resources: Resources) -> Flask:
    """Return the service's web app."""
    return make_app(
        "notifications",
        resources,
        pages=[pages],
        apis=[api],
        templates=Path(__file__).parent / "templates",
    )


SERVICE = Service(
    name="notifications",
    settings=Settings,
    create_app=create_app,
    events=notifications,
    loops=LOOPS,
)
