"""Which words a list is searched for, `?q=` in its address, and which state of a row a form shows."""

from flask import request

_LONGEST_SEARCH = 100


def search_text() -> str:
    """Return the words to look for."""
    return request.args.get("q", "").strip()[:_LONGEST_SEARCH]


def shown_version(otherwise: int) -> int:
    """Return the version of the row that the form was filled from, or `otherwise` when nothing was sent yet."""
    return request.form.get("version", default=otherwise, type=int)
