"""Requests that bring files: held in memory while they are read, and larger only where a view says so."""

import io
from collections.abc import Callable
from typing import IO, Any, TypeVar

from flask import Flask, Request, request

_View = TypeVar("_View", bound=Callable[..., Any])


class InMemoryRequest(Request):
    """A request whose files are never written to the disk on their way: they are sealed before that."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - the names are Werkzeug's.
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return io.BytesIO()


def takes_up_to(size: int) -> Callable[[_View], _View]:
    """Let a view take bodies of so many bytes."""

    def mark(view: _View) -> _View:
        view.largest_body = size  # type: ignore[attr-defined]
        return view

    return mark


def allow_size_of_view(app: Flask) -> None:
    """Let the request that is answered now be as large as its view says, before anything reads it."""
    view = app.view_functions.get(request.endpoint or "")
    if (size := getattr(view, "largest_body", None)) is not None:
        request.max_content_length = size
