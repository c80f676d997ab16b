"""The tree reads as the style of the house says, and the documents name what is there."""

import ast
import re
from pathlib import Path

import pytest

from shared.service import SERVICES

_ROOT = Path(__file__).parents[2]
_CODE = sorted(
    path
    for folder in ("services", "shared", "deploy")
    for path in (_ROOT / folder).rglob("*.py")
    if "versions" not in path.parts
)


@pytest.mark.parametrize("path", _CODE, ids=lambda path: str(path.relative_to(_ROOT)))
def test_every_module_says_what_belongs_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "a module needs a docstring"


def test_no_file_is_called_a_bag_of_things() -> None:
    bags = {"utils", "helpers", "common", "core", "manager", "misc"}
    assert [path for path in _CODE if path.stem in bags] == []


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_the_same_rooms(service: str) -> None:
    folder = _ROOT / "services" / service
    for room in ("app.py", "__main__.py", "settings.py", "migrations/env.py", "templates"):
        assert (folder / room).exists(), room
    for room in ("tables", "handlers", "actions", "queries", "pages", "api"):
        assert (folder / f"{room}.py").exists() or (folder / room).is_dir(), room


def test_the_readme_names_every_make_target_and_no_other() -> None:
    makefile = (_ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):.*##", makefile, re.MULTILINE))
    readme = (_ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`make ([a-z][a-z-]*)|^make ([a-z]+)", readme, re.MULTILINE)
    assert {first or second for first, second in named} == targets


def test_each_decision_has_a_number_of_its_own_which_its_title_bears() -> None:
    records = sorted((_ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in records]
    assert numbers == [f"{number:04}" for number in range(1, len(records) + 1)]
    titles = [path.read_text(encoding="utf-8").partition(" ")[2].partition(" ")[0] for path in records]
    assert titles == [f"{number}." for number in range(1, len(records) + 1)]
