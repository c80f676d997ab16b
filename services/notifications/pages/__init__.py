"""The service's pages: what was sent or not (`notices.py`), and a training system's inbox (`inbox.py`)."""

from flask import Blueprint

pages = Blueprint("pages", __name__)

# Each module registers its routes on the blueprint above, so it must be there first.
from services.notifications.pages import home, inbox, notices  # noqa: E402, F401
