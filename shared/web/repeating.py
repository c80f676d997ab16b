"""A view whose transaction the database undid is asked once more, so that nobody types anything twice."""

from flask import Flask
from flask.typing import ResponseReturnValue
from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import OperationalError
from structlog import get_logger

from shared.web.uploads import InMemoryRequest

log = get_logger()


class RepeatingFlask(Flask):
    """Flask, but a deadlock is not the person's problem: what it undid is done again, once.

    A view does its work in one transaction, so when the database has undone that, nothing has happened yet.
    """

    request_class = InMemoryRequest

    def dispatch_request(self) -> ResponseReturnValue:
        """Return what the view answers; raises what it raises, also a second deadlock."""
        try:
            return super().dispatch_request()
        except OperationalError as error:
            if not isinstance(error.orig, DeadlockDetected):
                raise
            log.warning("request_repeated", exc_info=error)
            return super().dispatch_request()
