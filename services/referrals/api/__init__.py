"""The JSON routes, a module per caller: portals, neighbouring services, programs of the front door."""

from flask_smorest import Blueprint

from services.referrals.api import (
    consent,
    corrections,
    front_door,
    front_door_files,
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
    front_door_files.api,
    consent.api,
    corrections.api,
    register.api,
]
"""Every blueprint of the JSON API."""
