"""The only wiring of the directory: its doors, its jobs and how it starts."""

from pathlib import Path

from flask import Flask

from services.directory.api import APIS
from services.directory.commands import COMMANDS
from services.directory.handlers import directory
from services.directory.jobs import TIMETABLE
from services.directory.pages import pages
from services.directory.settings import Settings
from shared.service import Resources, Service
from shared.web.app import make_app


def create_app(resources: Resources) -> Flask:
    """Return the directory's web app."""
    return make_app("directory", resources, pages=[pages], apis=APIS, templates=Path(__file__).parent / "templates")


SERVICE = Service(
    name="directory",
    settings=Settings,
    create_app=create_app,
    events=directory,
    timetable=TIMETABLE,
    commands=COMMANDS,
)
