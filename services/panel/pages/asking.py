"""What several pages ask of a request, and say of a row, in the same way."""

from typing import Protocol

from flask import request

from services.panel.rules import paper
from shared.web.app import resources

_LAST_PAGE = 10_000


class _HasLevel(Protocol):
    level_scheme: str
    level_version: str
    level_number: int


def page_asked() -> int:
    """Return the number of the page that is asked for; 1 when it is not a sensible one."""
    number = request.args.get("page", 1, type=int)
    return number if 1 <= number <= _LAST_PAGE else 1


def level_in_words(row: _HasLevel) -> str:
    """Return the level of need that a row recorded, as its own scheme had it."""
    return paper.level_in_words(resources().authority, row.level_scheme, row.level_version, row.level_number)
