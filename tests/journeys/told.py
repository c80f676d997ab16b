"""What the people around a family were told, as the training system's inbox has it."""

import re
from typing import Any

import requests

from tests.journeys.arranging import Arranged


def messages_about(arranged: Arranged, name: str) -> list[dict[str, Any]]:
    """Return every message about a sample request."""
    answer = requests.get(
        f"{arranged.url}/notifications/api/v1/inbox",
        params={"reference": arranged.sent(name)["reference"]},
        timeout=10,
    )
    answer.raise_for_status()
    return list(answer.json())


def assert_no_message_names_the_family(arranged: Arranged, name: str) -> None:
    """Fail when a message about a sample request has a name of the family, of a child or of an adult."""
    document = arranged.documents[name]
    people = [*document["children"], *document["adults"]]
    names = {person[part] for person in people for part in ("given_name", "family_name") if part in person}
    for message in messages_about(arranged, name):
        text = f"{message['subject']}\n{message['body']}"
        for given in names:
            assert not re.search(rf"\b{re.escape(given)}\b", text), f"{message['template']} says {given}"
