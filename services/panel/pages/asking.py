"""What several pages read from a form, and say of a row, in the same way."""

from typing import Protocol
from uuid import UUID

from services.panel.rules import paper
from shared.web.app import resources


class _HasLevel(Protocol):
    level_scheme: str
    level_version: str
    level_number: int


def id_or_none(text: str) -> UUID | None:
    """Return the id that a hidden box holds; None when it is empty, or was tampered with."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def level_in_words(row: _HasLevel) -> str:
    """Return the level of need that a row recorded, as its own scheme had it."""
    return paper.level_in_words(resources().authority, row.level_scheme, row.level_version, row.level_number)
