"""How a list is asked for in an address, `?q=` for words and `?page=` from 1, and which state of a row a form shows."""

from flask import request

_LONGEST_SEARCH = 100


def search_text() -> str:
    """Return the words to look for."""
    return request.args.get("q", "").strip()[:_LONGEST_SEARCH]


def page_number() -> int:
    """Return which page is wanted; the first, when what was given is not a number."""
    return request.args.get("page", default=1, type=int)


def shown_version(otherwise: int) -> int:
    """Return the version of the row that the form was filled from, or `otherwise` when nothing was sent yet."""
    return request.form.get("version", default=otherwise, type=int)
