"""Which page of a list an address asks for, and the addresses of the others; `templates/paging.html` shows them."""

from typing import TypeVar
from urllib.parse import urlencode

from flask import Flask, abort, redirect, request, url_for

from shared.paging import PageOf

_Row = TypeVar("_Row")


def register(app: Flask) -> None:
    """Make the links known to the templates."""
    app.add_template_global(page_link, "page_link")


def page_asked_for() -> int:
    """Return the page in the address, `?page=` from 1; the first when there is none or it is no such number."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def shown(found: PageOf[_Row]) -> PageOf[_Row]:
    """Return the page of a list to show; an address beyond the last page leads to the last."""
    if found.total and not found.rows:
        abort(redirect(page_link(found.pages)))
    return found


def page_link(number: int) -> str:
    """Return the address of another page of the list that is shown, with the same search."""
    # Not through url_for, which would take `_scheme` and the like out of the address as its own.
    kept = [(name, text) for name, text in request.args.items(multi=True) if name != "page" and text]
    path = url_for(request.endpoint or "", **(request.view_args or {}))
    return f"{path}?{urlencode([*kept, ('page', number)])}"
