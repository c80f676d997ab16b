from typing import Any

import pytest

from shared.service import ServiceSettings

_KEYS: dict[str, Any] = {"database_url": "none", "neighbour_key": "k", "session_public_key": "k", "page_key": "k"}


def test_a_training_clock_is_refused_outside_a_training_system() -> None:
    with pytest.raises(SystemExit, match="TRAINING=yes"):
        ServiceSettings(**_KEYS, clock="training", public_url="https://help.example")


def test_a_real_system_has_an_encrypted_address() -> None:
    with pytest.raises(SystemExit, match="https"):
        ServiceSettings(**_KEYS)
    assert ServiceSettings(**_KEYS, public_url="https://help.example").clock == "system"
