from pathlib import Path
from typing import Any

import pytest

from services.embedded.keys import keys_in
from services.referrals.settings import Settings
from shared.service import ServiceSettings
from shared.settings import read_settings

_KEYS: dict[str, Any] = {"database_url": "none", "neighbour_key": "k", "session_public_key": "k", "page_key": "k"}


def test_a_training_clock_is_refused_outside_a_training_system() -> None:
    with pytest.raises(SystemExit, match="TRAINING=yes"):
        ServiceSettings(**_KEYS, clock="training", public_url="https://help.example")


_ENVIRON = {
    "DATABASE_URL_REFERRALS": "none",
    "NEIGHBOUR_KEY": "a key that only the tests know, and long enough",
    "SESSION_PUBLIC_KEY": "k",
    "PAGE_KEY": "a page key that only the tests know",
    "PORTAL_TOKENS": "portal:a-portal-token-that-only-the-tests-know",
    "FILE_KEYS": "1:YSBrZXkgdGhhdCBvbmx5IHRoZSB0ZXN0cyBrbm93ISE=",
    "FILES_AT": "var/files",
    "TRAINING": "yes",
}


@pytest.mark.parametrize("name", ["NEIGHBOUR_KEY", "PAGE_KEY", "PORTAL_TOKENS"])
def test_a_key_that_could_be_guessed_stops_the_service_by_its_name_and_is_not_shown(name: str) -> None:
    too_short = _ENVIRON[name][:-10][: 31 + len("portal:") * (name == "PORTAL_TOKENS")]
    with pytest.raises(SystemExit, match=f"{name}: must be 32 characters or more") as stopped:
        read_settings(Settings, _ENVIRON | {name: too_short})
    assert "tests" not in str(stopped.value)
    assert read_settings(Settings, _ENVIRON).proxies_in_front == 0


def test_a_private_system_makes_keys_that_are_long_enough(tmp_path: Path) -> None:
    keys = keys_in(tmp_path)
    environ = {"NEIGHBOUR_KEY": keys.neighbour, "PAGE_KEY": keys.page, "PORTAL_TOKENS": f"portal:{keys.portal}"}
    assert read_settings(Settings, _ENVIRON | environ).page_key == keys.page


def test_a_real_system_has_an_encrypted_address() -> None:
    with pytest.raises(SystemExit, match="https"):
        ServiceSettings(**_KEYS)
    assert ServiceSettings(**_KEYS, public_url="https://help.example").clock == "system"
