"""Who reacts to what: a service's handlers, one function per event."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shared.messaging.contract import event_type_of

Handler = Callable[[Any, Session, datetime], None]


class EventReader:
    """The events one service reads. A handler gets the fact, the open transaction and the service's "now".

    A handler touches only its own database, and is safe to repeat: inbox row and effects commit together.
    It never sends mail and never asks another service; it leaves a row for a job that does.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self._handlers: dict[str, Handler] = {}

    def handles(self, fact: type[Any]) -> Callable[[Handler], Handler]:
        """Make the decorated function the service's one reaction to `fact`."""

        def register(handler: Handler) -> Handler:
            name = event_type_of(fact).name
            if name in self._handlers:
                raise TypeError(f"{self.service} handles {name} twice")
            self._handlers[name] = handler
            return handler

        return register

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the names of the events that are read, sorted."""
        return tuple(sorted(self._handlers))

    def handler_of(self, topic: str) -> Handler | None:
        """Return the reaction to an event, or None when this service does not read it."""
        return self._handlers.get(topic)
