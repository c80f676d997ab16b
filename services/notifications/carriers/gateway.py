"""An SMS gateway over HTTP: POST {"to", "body", "reference"}, any 2xx means taken.

`reference` is the notice's id; a gateway that knows it again does not send a second text.
"""

from datetime import datetime

import requests

from services.notifications.carriers import Later, NobodyKnows, Refused
from services.notifications.messages import Message

CONNECT_SECONDS, READ_SECONDS = 5.0, 20.0


class Gateway:
    """Sends texts."""

    is_repeatable = False

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, message: Message, now: datetime) -> None:  # noqa: ARG002
        """Hand the text to the gateway."""
        status = self._post({"to": message.to, "body": message.body, "reference": str(message.notice_id)})
        if status == 429 or status >= 500:
            raise Later(f"the SMS gateway is busy or away: status {status}")
        if not 200 <= status < 300:
            raise Refused(f"the SMS gateway refused the text: status {status}")

    def _post(self, body: dict[str, str]) -> int:
        try:
            answer = requests.post(
                self._url,
                json=body,
                headers=self._headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
        except requests.ConnectTimeout as error:
            raise Later("the SMS gateway does not answer") from error
        except requests.ConnectionError as error:
            raise _cut_off(error) from error
        except requests.RequestException as error:
            raise NobodyKnows("the SMS gateway went silent while it took the text") from error
        return answer.status_code


def _cut_off(error: requests.ConnectionError) -> Later | NobodyKnows:
    """Return whether the text can have left: surely not when no connection was made at all."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if type(reason).__name__ in ("NewConnectionError", "NameResolutionError"):
        return Later("the SMS gateway does not answer")
    return NobodyKnows("the SMS gateway hung up while it took the text")
