"""The only wiring of the referrals service: its doors, its jobs and its settings."""

from pathlib import Path

from flask import Flask

from services.referrals.api import APIS
from services.referrals.handlers import referrals
from services.referrals.jobs import LOOPS, TIMETABLE
from services.referrals.pages import pages
from services.referrals.settings import Settings
from shared.service import Resources, Service
from shared.web.app import make_app


def create_app(resources: Resources) -> Flask:
    """Return the referrals service's web app."""
    return make_app(
        "referrals",
        resources,
        pages=[pages],
        apis=APIS,
        templates=Path(__file__).parent / "templates",
        PORTAL_TOKENS=dict(resources.settings.portal_tokens),
    )


SERVICE = Service(
    name="referrals",
    settings=Settings,
    create_app=create_app,
    events=referrals,
    timetable=TIMETABLE,
    loops=LOOPS,
)
