"""The web server of `make run` ends without leaving a connection or a thread behind."""

import gc
import threading
import warnings
from collections.abc import Iterable
from typing import Any

import pytest
import requests

from services.embedded.together import free_port
from services.embedded.web import Web


def _hello(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]


def test_a_connection_that_a_neighbour_keeps_open_is_closed_when_the_server_stops() -> None:
    threads, port = threading.active_count(), free_port()
    web = Web(_hello, port)
    web.start()
    with requests.Session() as neighbour:
        assert neighbour.get(f"http://127.0.0.1:{port}/", timeout=5).text == "hello"
        web.stop()
        with pytest.raises(requests.ConnectionError):
            neighbour.get(f"http://127.0.0.1:{port}/", timeout=5)
    assert threading.active_count() == threads
    del web
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", ResourceWarning)
        gc.collect()
    assert not [warning for warning in heard if issubclass(warning.category, ResourceWarning)]
