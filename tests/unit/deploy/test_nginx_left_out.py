"""A machine without nginx is told which tests are left out, and CI refuses to leave them out."""

import pytest

from deploy.setup import apt, nginx
from deploy.setup.progress import SetUpFailed


@pytest.fixture(autouse=True)
def a_machine_without_nginx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(nginx, "find", lambda: None)
    monkeypatch.setattr(apt, "may_install", lambda: False)


def test_one_line_says_what_is_left_out_and_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    nginx.provide()
    assert capsys.readouterr().out == (
        "No nginx: the tests of what is deployed will be left out."
        " To run them: install nginx; Debian's nginx-light is enough\n"
    )


def test_in_ci_nothing_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SetUpFailed, match="no test may be left out"):
        nginx.provide()
