"""A machine without promtool is told which tests are left out, and CI refuses to leave them out."""

from pathlib import Path

import pytest

from deploy.setup import apt, promtool
from deploy.setup.progress import CommandFailed, SetUpFailed


@pytest.fixture(autouse=True)
def a_machine_without_promtool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", "")


def test_one_line_says_what_is_left_out_and_how_to_get_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    promtool.provide(tmp_path)
    assert capsys.readouterr().out == (
        "No promtool: the tests of alerts will be left out. To run them: install promtool; it comes with Prometheus\n"
    )


def test_a_package_that_cannot_be_fetched_is_said_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(package: str, folder: Path) -> Path:
        raise CommandFailed(f"Unable to locate package {package}")

    monkeypatch.setattr(apt, "can_fetch", lambda: True)
    monkeypatch.setattr(apt, "fetch", fail)
    promtool.provide(tmp_path)
    assert "Unable to locate package prometheus\nNo promtool: the tests" in capsys.readouterr().out


def test_in_ci_nothing_may_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SetUpFailed, match="no test may be left out"):
        promtool.provide(tmp_path)
