"""The settings refuse to start a system whose messages would quietly go nowhere."""

from typing import Any

import pytest

from services.notifications.settings import Settings

KEYS = {
    "neighbour_key": "k",
    "session_public_key": "k",
    "page_key": "k",
    "database_url": "none",
    "public_url": "https://help.council.example",
}


def settings(**given: Any) -> Settings:
    return Settings(**(KEYS | given))


def test_a_training_system_keeps_its_messages_in_the_built_in_inbox() -> None:
    assert settings(is_training=True).carrier == "inbox"


def test_a_real_system_must_say_how_messages_leave() -> None:
    with pytest.raises(SystemExit, match="CARRIER=smtp must be set"):
        settings()
    with pytest.raises(SystemExit, match="CARRIER=smtp must be set"):
        settings(carrier="inbox")


def test_a_mail_server_must_be_named() -> None:
    with pytest.raises(SystemExit, match="SMTP_HOST and MAIL_FROM"):
        settings(carrier="smtp", mail_from="a@b.example")
    assert settings(carrier="smtp", mail_from="a@b.example", smtp_host="mail").sender == "a@b.example"


def test_messages_of_a_training_system_come_from_its_own_host() -> None:
    assert settings(is_training=True, public_url="https://help.example").sender == "early-help@help.example"
