from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.settings import SettingsMissing, count, port, read_settings, setting, yes_or_no


@dataclass(frozen=True)
class _Settings:
    database_url: str = setting("DATABASE_URL")
    key: str = setting("KEY")
    workers: int = setting("WORKERS", default=2, read=int)
    training: bool = setting("TRAINING", default=False, read=yes_or_no)
    carrier: str = setting("CARRIER", default="inbox", choices=("inbox", "smtp"))


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(SettingsMissing) as stopped:
        read_settings(_Settings, {"WORKERS": "many", "TRAINING": "perhaps", "CARRIER": "pigeon"})
    for name in ("DATABASE_URL", "KEY", "WORKERS", "TRAINING", "CARRIER"):
        assert name in str(stopped.value)


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the file\n")
    settings = read_settings(_Settings, {"DATABASE_URL": "x", "KEY_FILE": str(tmp_path / "key")})
    assert settings.key == "from the file"


def test_a_number_of_things_is_a_whole_number() -> None:
    assert [count("0"), count("12")] == [0, 12]
    for text in ("-1", "1.5", "one", "²"):
        with pytest.raises(ValueError, match="whole number"):
            count(text)


def test_a_port_is_a_number_that_can_be_listened_on() -> None:
    assert [port("1"), port("65535")] == [1, 65535]
    for text in ("0", "65536", "-1", "http"):
        with pytest.raises(ValueError, match="must be"):
            port(text)


def test_an_empty_variable_is_a_missing_one() -> None:
    with pytest.raises(SettingsMissing, match="KEY is not set"):
        read_settings(_Settings, {"DATABASE_URL": "x", "KEY": ""})
