"""Sends the samples to a running system through its real APIs, never into tables."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from services.embedded.client import Client
from services.embedded.progress import with_progress

SAMPLES = Path(__file__).parents[2] / "samples"
WRITTEN_ON = date(2026, 11, 2)
"""The day for which every date of the samples was written; they move with the day on which they are sent."""


def shift_dates(document: Any, days: int) -> Any:
    """Return the document with every ISO date in it moved by `days`, so that ages stay as they were written."""
    if isinstance(document, dict):
        return {name: shift_dates(value, days) for name, value in document.items()}
    if isinstance(document, list):
        return [shift_dates(value, days) for value in document]
    if isinstance(document, str) and len(document) == 10 and document[4] == document[7] == "-":
        try:
            return (date.fromisoformat(document) + timedelta(days=days)).isoformat()
        except ValueError:
            return document
    return document


def send_who_is_who(administrator: Client, authority: str, password: str) -> None:
    """Send agencies, services, people and seats, as the administrator."""
    folder = SAMPLES / authority
    administrator.post("directory", "/services/import", _read(folder / "directory.json"))
    who = _read(folder / "people.json")
    ids: dict[str, str] = {}
    for person in with_progress(who["people"], "Sending the sample people"):
        if person["key"] != "admin":
            body = {name: value for name, value in person.items() if value is not None} | {"password": password}
            ids[person["key"]] = administrator.create_person(body)
    for panel, seats in who["seats"].items():
        agency_of = {person["key"]: person["organization"] for person in who["people"]}
        rows = [
            {"person_id": ids[row["person"]], "agency_id": agency_of[row["person"]], "seat": row["seat"]}
            for row in seats
        ]
        rows += [
            {"person_id": None, "agency_id": agency, "seat": "member"}
            for agency in who.get("seats_to_be_named", {}).get(panel, [])
        ]
        administrator.post("panel", f"/panels/{panel}/seats", rows)


def sample_requests(authority: str, today: date) -> list[tuple[str, dict[str, Any]]]:
    """Return every sample request as (name, document), dated for `today`."""
    days = (today - WRITTEN_ON).days
    paths = sorted((SAMPLES / authority / "requests").glob("*.json"))
    return [(path.stem, shift_dates(_read(path), days)) for path in paths]


def send_requests(portal: Client, requests: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Send requests as the portal does; return each answer by the sample's name."""
    return {
        name: portal.post("referrals", "/requests", document, idempotency_key=f"sample-{name}")
        for name, document in with_progress(requests, "Sending the sample requests")
    }


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
