"""What gunicorn says is logged without what it quotes: an address may hold a name that somebody searched for."""

import pytest

from shared.web.serve import _without_data


@pytest.mark.parametrize(
    ("said", "arguments", "logged"),
    [
        ("Booting worker with pid: %s", (4711,), "Booting worker with pid: 4711"),
        ("Error handling request %s %s", ("GET", "/panel/?name=Marsh"), "Error handling request ... ..."),
        ("Invalid request from ip=10.0.0.1: Invalid HTTP request line: '/?name=Marsh'", (), "Invalid request from ip"),
        ("Autorestarting worker after current request.", (), "Autorestarting worker after current request."),
        ("Exited with %d", ("Marsh",), "Exited with %d"),
    ],
)
def test_numbers_and_fixed_words_are_kept_and_nothing_else(
    said: str, arguments: tuple[object, ...], logged: str
) -> None:
    assert _without_data(said, arguments) == logged
