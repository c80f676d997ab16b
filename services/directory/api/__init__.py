"""The JSON routes, a module per noun."""

from flask_smorest import Blueprint

from services.directory.api import agencies, clock, people, services, sessions

APIS: list[Blueprint] = [sessions.api, people.api, agencies.api, services.api, clock.api]
