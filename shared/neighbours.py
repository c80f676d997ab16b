"""Asking a neighbouring service over its JSON API, for what an event does not carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from structlog.contextvars import get_contextvars

from shared.identity import sign_pass
from shared.trace import continued

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0


class NeighbourAway(Exception):
    """The neighbour did not answer, or answered with a fault of its own; try again later."""


class NeighbourRefused(Exception):
    """The neighbour answered and said no; `status` is its HTTP status. Asking again gives the same."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the neighbour said {status}")
        self.status = status


@dataclass(frozen=True)
class GivenFile:
    """A file that a neighbour gave."""

    content: bytes
    media_type: str


class Neighbours:
    """The other services, as `service` may ask them. `at` holds `{service}` where the name goes."""

    def __init__(self, service: str, at: str, key: str) -> None:
        self._service = service
        self._at = at
        self._key = key

    def get(self, neighbour: str, path: str) -> Any:
        """Return the JSON at `path` below the neighbour's `/api/v1`; raises NeighbourAway, NeighbourRefused."""
        return self._answer(neighbour, path).json()

    def get_file(self, neighbour: str, path: str) -> GivenFile:
        """Return the file at `path` below the neighbour's `/api/v1`; raises NeighbourAway, NeighbourRefused."""
        response = self._answer(neighbour, path)
        return GivenFile(response.content, response.headers.get("Content-Type", "application/octet-stream"))

    def _answer(self, neighbour: str, path: str) -> requests.Response:
        url = f"{self._at.format(service=neighbour)}/api/v1{path}"
        context = get_contextvars()
        headers = {
            "Authorization": f"Pass {sign_pass(self._service, neighbour, self._key)}",
            "X-Request-Id": str(context.get("request_id", "")),
            "traceparent": continued(context.get("traceparent")),
        }
        response = _asked(url, headers, READ_SECONDS)
        if response.status_code >= 500 or response.status_code == 429:
            raise NeighbourAway(f"status {response.status_code}")
        if response.status_code != 200:
            raise NeighbourRefused(response.status_code)
        return response

    def readiness(self, neighbour: str) -> Any:
        """Return what the neighbour says of itself at `/health/ready`, also when it is not ready; raises NeighbourAway."""
        response = _asked(f"{self._at.format(service=neighbour)}/health/ready", {}, CONNECT_SECONDS)
        if response.status_code not in (200, 503):
            raise NeighbourAway(f"status {response.status_code}")
        return response.json()


def _asked(url: str, headers: Mapping[str, str], read_seconds: float) -> requests.Response:
    try:
        return requests.get(url, headers=headers, timeout=(CONNECT_SECONDS, read_seconds), allow_redirects=False)
    except requests.RequestException as error:
        raise NeighbourAway(type(error).__name__) from error
