"""The pages that people use, a module per journey, all on one blueprint."""

from flask import Blueprint

pages = Blueprint("pages", __name__)

from services.directory.pages import agencies, authority, clock, home, passwords, people, services, sign_in  # noqa: E402, F401
