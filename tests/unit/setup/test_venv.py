"""The venv is filled only when needed, and made anew when it cannot be trusted."""

from pathlib import Path

import pytest

from deploy.setup import venv
from deploy.setup.progress import CommandFailed


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the list of what the set-up did, with the slow steps replaced by their outcome."""
    steps: list[str] = []

    def make(folder: Path) -> None:
        steps.append("make")
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").touch()
        (folder / "lib" / "python3.11" / "site-packages" / "pip").mkdir(parents=True)

    monkeypatch.setattr(venv, "_make", make)
    monkeypatch.setattr(venv, "_fill", lambda _folder, lock: steps.append(f"fill {lock.name}"))
    return steps


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a project folder with two lock files."""
    folder = tmp_path / "early help ü"
    folder.mkdir()
    for name in ("requirements", "requirements-dev"):
        (folder / f"{name}.lock").write_text(f"{name}==1\n")
    return folder


def test_the_first_set_up_makes_and_fills_it_and_the_second_does_nothing(project: Path, done: list[str]) -> None:
    venv.install(project, "requirements")
    venv.install(project, "requirements")
    assert done == ["make", "fill requirements.lock"]


def test_the_development_packages_are_added_to_the_same_venv(project: Path, done: list[str]) -> None:
    venv.install(project, "requirements")
    venv.install(project, "requirements-dev")
    venv.install(project, "requirements")
    assert done == ["make", "fill requirements.lock", "fill requirements-dev.lock"]


def test_a_changed_lock_is_installed_into_the_venv_that_is_there(project: Path, done: list[str]) -> None:
    venv.install(project, "requirements")
    (project / "requirements.lock").write_text("requirements==2\n")
    venv.install(project, "requirements")
    assert done == ["make", "fill requirements.lock", "fill requirements.lock"]


def test_a_venv_that_was_left_half_done_is_made_anew(project: Path, done: list[str]) -> None:
    venv.install(project, "requirements")
    (project / ".venv" / ".unfinished").touch()
    (project / ".venv" / ".installed-requirements").unlink()
    venv.install(project, "requirements")
    assert done == ["make", "fill requirements.lock"] * 2


def test_a_moved_folder_gets_a_new_venv(project: Path, done: list[str]) -> None:
    venv.install(project, "requirements")
    moved = project.rename(project.with_name("elsewhere"))
    venv.install(moved, "requirements")
    assert done == ["make", "fill requirements.lock"] * 2


def test_a_venv_whose_python_was_removed_is_made_anew(project: Path, done: list[str]) -> None:
    venv.install(project, "requirements")
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.10")
    venv.install(project, "requirements")
    assert done == ["make", "fill requirements.lock"] * 2


def test_a_failed_installation_is_tried_again_next_time(
    project: Path, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: Path, lock: Path) -> None:
        raise CommandFailed("no network")

    with monkeypatch.context() as patch:
        patch.setattr(venv, "_fill", fail)
        with pytest.raises(CommandFailed, match="no network"):
            venv.install(project, "requirements")
    venv.install(project, "requirements")
    assert done == ["make", "fill requirements.lock"]
