"""Refusals: what the domain says no to, in its own terms.

A rule or an action raises one; the web door turns it into 422, 403, 404 or 409, the event door
parks the message with its reason. Neither the rule nor the action knows which door it came through.
"""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """The domain says no. The text is shown to the person who asked, so it is in their words."""


class Invalid(Refusal):
    """What was given cannot be right; `errors` says which field and why, nested like the input."""

    def __init__(self, message: str, errors: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.errors: Mapping[str, Any] = errors or {}


class Forbidden(Refusal):
    """This person may not do or see this."""


class NotFound(Refusal):
    """There is no such thing, or none that this person may know of."""


class Conflict(Refusal):
    """The thing has moved on since it was last read, or is already decided."""
