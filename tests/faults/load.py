"""The load: requests as a portal sends them and a front door decides about them, each noted when it got a reference."""

import copy
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import requests

from services.embedded.client import CallFailed, Client
from services.embedded.samples import sample_requests
from services.embedded.waiting import wait_until
from shared.identity import Person, sign_session

_FRONT_DOOR = Person(uuid4(), "The load", frozenset({"front_door"}), None)
_TRY_AGAIN_SECONDS = 0.1
_SECONDS_TO_FINISH = 90
_TO_THE_PANEL = {"outcome": "panel", "level": {"number": 3}, "panel_key": "ehap", "reason": "More than one need."}
_ELSEWHERE = {
    "outcome": "signpost",
    "level": {"number": 2},
    "where": "The family hub",
    "phone": "01632 960777",
    "reason": "One small need.",
}


@dataclass
class Entry:
    """A request that got a reference, in the ledger: when it was first sent and when it was answered (UTC)."""

    key: str
    began_at: datetime
    got_at: datetime
    request_id: str
    reference: str
    outcome: str = ""
    """What the front door decided, once it was told that this is kept."""


@dataclass
class Ledger:
    """Every request that got a reference, and how often the product said no or nothing meanwhile."""

    entries: list[Entry] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    """The status of each answer that was not the one hoped for; 0 for none at all."""


class Load:
    """Sends requests at an even pace, and each again until it is answered, as a good portal does."""

    def __init__(self, url: str, portal_token: str, session_key: str, *, per_second: float, threads: int = 2) -> None:
        front_door_token = sign_session(_FRONT_DOOR, session_key)
        self.ledger = Ledger()
        self._portals = [Client(url, portal_token) for _ in range(threads)]
        self._front_doors = [Client(url, front_door_token) for _ in range(threads)]
        self._pause = threads / per_second
        self._numbers = itertools.count()
        self._stop, self._give_up = threading.Event(), threading.Event()
        self._accident: BaseException | None = None
        self._document = _document()
        self._threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(threads)]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> Ledger:
        """Send nothing new, finish what was begun, and return the ledger; raises what went wrong in the load itself."""
        self._stop.set()
        deadline = time.monotonic() + _SECONDS_TO_FINISH
        for thread in self._threads:
            thread.join(max(0.1, deadline - time.monotonic()))
        self._give_up.set()
        if self._accident is not None:
            raise self._accident
        assert not any(thread.is_alive() for thread in self._threads), "a request was never answered"
        return self.ledger

    def wait_for(self, more: int, *, seconds: float = 60) -> None:
        """Return when this many more requests got a reference."""
        wanted = len(self.ledger.entries) + more
        wait_until(
            lambda: len(self.ledger.entries) >= wanted or self._accident, f"{more} more requests", seconds=seconds
        )

    def _run(self, number: int) -> None:
        try:
            while not self._stop.is_set():
                began = time.monotonic()
                self._send_one(self._portals[number], self._front_doors[number])
                self._stop.wait(max(0.0, self._pause - (time.monotonic() - began)))
        except BaseException as accident:
            self._accident = accident

    def _send_one(self, portal: Client, front_door: Client) -> None:
        key, began_at, place = uuid4().hex, datetime.now(UTC), next(self._numbers)
        document = self._of_another_family(place)
        answer = self._until_answered(lambda: portal.post("referrals", "/requests", document, idempotency_key=key))
        if answer is None:
            return
        entry = Entry(key, began_at, datetime.now(UTC), answer["request_id"], answer["reference"])
        self.ledger.entries.append(entry)
        choice = _TO_THE_PANEL if place % 2 else _ELSEWHERE
        # The version says whether this decision is kept already, when the answer to an earlier try got lost.
        body, path = choice | {"version": 1}, f"/requests/{entry.request_id}/triage"
        if self._until_answered(lambda: _decided(front_door, path, body)):
            entry.outcome = str(choice["outcome"])

    def _until_answered(self, send: Callable[[], Any]) -> Any:
        while not self._give_up.is_set():
            try:
                return send()
            except CallFailed as refused:
                if refused.status < 500:
                    raise
                self.ledger.refusals.append(refused.status)
            except requests.RequestException:
                self.ledger.refusals.append(0)
            self._give_up.wait(_TRY_AGAIN_SECONDS)
        return None

    def _of_another_family(self, place: int) -> dict[str, Any]:
        document = copy.deepcopy(self._document)
        for person in (*document["children"], *document["adults"]):
            person["family_name"] = f"{person['family_name']} {_in_letters(place)}"
        return document


def _decided(front_door: Client, path: str, body: dict[str, Any]) -> Any:
    try:
        return front_door.post("referrals", path, body)
    except CallFailed as refused:
        if refused.status == 409:
            return True
        raise


def _document() -> dict[str, Any]:
    """Return a sample request without the numbers by which its family would be known again."""
    document = json.loads(json.dumps(sample_requests("bathnes", date.today())[0][1]))
    for child in document["children"]:
        child.pop("nhs_number", None)
        child.pop("upn", None)
    return dict(document)


def _in_letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


@contextmanager
def loading(load: Load) -> Iterator[Load]:
    """Send while the block runs; what was begun is finished at its end."""
    load.start()
    try:
        yield load
    finally:
        load.stop()
