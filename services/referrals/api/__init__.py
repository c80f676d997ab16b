"""The JSON routes, a module per caller: portals, neighbouring services, programs of the front door."""

from flask_smorest import Blueprint

from services.referrals.api import (
    consent,
    corrections,
    front_door,
    neighbours,
    portal,
    portal_amendments,
    portal_files,
    register,
)

APIS: list[Blueprint] = [
    portal.api,
    portal_files.api,
    portal_amendments.api,
    neighbours.api,
    front_door.api,
    consent.api,
    corrections.api,
    register.api,
]
"""Every blueprint of the JSON API."""
