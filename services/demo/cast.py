"""The people of the story: each signs in once and then acts through the API."""

import json
from typing import Any

from services.embedded.client import Client
from services.embedded.samples import SAMPLES
from services.embedded.together import SAMPLE_PASSWORD


class Cast:
    """The sample people of an authority, by key or by what they are."""

    def __init__(self, url: str, authority: str) -> None:
        self._url = url
        self._clients: dict[str, Client] = {}
        folder = SAMPLES / authority
        everyone = json.loads((folder / "people.json").read_text(encoding="utf-8"))
        self._people: list[dict[str, Any]] = everyone["people"]
        self._seats: dict[str, list[dict[str, str]]] = everyone["seats"]

    def __getitem__(self, key: str) -> Client:
        """Return the client of the person with this key."""
        if key not in self._clients:
            self._clients[key] = Client.signed_in(self._url, self.email_of(key), SAMPLE_PASSWORD)
        return self._clients[key]

    def email_of(self, key: str) -> str:
        """Return the e-mail address of the person with this key."""
        return next(str(person["email"]) for person in self._people if person["key"] == key)

    def manager_of(self, agency_id: str) -> Client:
        """Return the client of a manager of an agency."""
        return self[self._key_of(agency_id, "agency_manager")]

    def lead_of(self, agency_id: str) -> Client:
        """Return the client of a lead practitioner of an agency."""
        return self[self._key_of(agency_id, "lead_practitioner")]

    def in_seat(self, panel_key: str, seat: str) -> Client:
        """Return the client of whoever has a seat at a panel."""
        return self[next(row["person"] for row in self._seats[panel_key] if row["seat"] == seat)]

    def _key_of(self, agency_id: str, role: str) -> str:
        return next(
            str(person["key"])
            for person in self._people
            if person["organization"] == agency_id and role in person["roles"]
        )
