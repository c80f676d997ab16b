"""Which bindings the broker has, asked of its management API: AMQP can make and take them, but not list them."""

from typing import Any
from urllib.parse import quote, unquote, urlsplit

import requests

from shared.operating.broker import SECONDS_TO_ANSWER, BrokerAway
from shared.operating.layout import Binding, Layout


def bindings_there(admin_url: str, administrator: tuple[str, str], broker_url: str, layout: Layout) -> set[Binding]:
    """Return every binding from the layout's exchanges to a queue; raises BrokerAway."""
    vhost = quote(unquote(urlsplit(broker_url.split(";")[0]).path.removeprefix("/")) or "/", safe="")
    found: set[Binding] = set()
    for exchange in layout.exchanges:
        url = f"{admin_url}/api/exchanges/{vhost}/{quote(exchange.name, safe='')}/bindings/source"
        found |= {
            Binding(exchange.name, entry["destination"], entry["routing_key"])
            for entry in _asked(url, administrator)
            if entry["destination_type"] == "queue"
        }
    return found


def _asked(url: str, administrator: tuple[str, str]) -> list[dict[str, Any]]:
    try:
        answer = requests.get(url, auth=administrator, timeout=SECONDS_TO_ANSWER)
        if answer.status_code == requests.codes.not_found:
            return []
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
    except (requests.RequestException, ValueError) as error:
        status = getattr(getattr(error, "response", None), "status_code", "")
        raise BrokerAway(
            f"RabbitMQ's management API does not answer: {type(error).__name__} {status}".strip()
        ) from error
    return found
