"""Giving a file to be saved."""

import io

from flask import Response, send_file


def as_download(content: bytes, *, media_type: str, name: str) -> Response:
    """Give a file to be saved under `name`, never to be shown in the browser, and kept by nothing on its way."""
    response = send_file(io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response
