"""A program that uses the services' JSON APIs over HTTP as one person, or as the portal."""

from typing import Any

import requests

_TIMEOUT = (5, 60)


class CallFailed(Exception):
    """The API said no; the text holds its status and problem."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(f"{status}: {problem}")
        self.status = status


class Client:
    """Calls the services at `url` with a bearer token."""

    def __init__(self, url: str, token: str, person_id: str = "") -> None:
        self._url = url
        self.person_id = person_id
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    @classmethod
    def signed_in(cls, url: str, email: str, password: str) -> "Client":
        """Return a client signed in as the person with this e-mail address."""
        anybody = cls(url, "")
        answer = anybody.post("directory", "/sessions", {"email": email, "password": password})
        return cls(url, answer["token"], answer["person"]["person_id"])

    def get(self, service: str, path: str, **query: Any) -> Any:
        """Return the JSON at a service's path; raises CallFailed."""
        return self._call("GET", service, path, params=query)

    def post(self, service: str, path: str, body: Any, *, idempotency_key: str = "") -> Any:
        """Send JSON and return the answer's JSON, None where it has none; raises CallFailed."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._call("POST", service, path, json=body, headers=headers)

    def create_person(self, person: dict[str, Any]) -> str:
        """Add a person to the directory, or find the one with that e-mail address; return the id."""
        try:
            return str(self.post("directory", "/people", person)["person_id"])
        except CallFailed as error:
            if error.status != 409:
                raise
        found = self.get("directory", "/people", email=person["email"])
        return str(found["people"][0]["person_id"])

    def _call(self, method: str, service: str, path: str, **options: Any) -> Any:
        response = self._session.request(method, f"{self._url}/{service}/api/v1{path}", timeout=_TIMEOUT, **options)
        if not response.ok:
            raise CallFailed(response.status_code, response.text[:2000])
        return response.json() if response.content else None
