"""The whole product, started as `make run` starts it, and a real browser in front of it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from deploy.setup.chromium import find
from services.embedded.together import Together
from tests.filled import started_from
from tests.journeys.arranging import Arranged
from tests.journeys.browsing import sign_in

_QUIET = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-sync"]


@pytest.fixture(scope="session")
def system(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Together]:
    """Give Bath and North East Somerset with its samples, in one process."""
    with started_from(filled, tmp_path_factory.mktemp("var")) as together:
        yield together


@pytest.fixture(scope="session")
def arranged(system: Together) -> Arranged:
    """Give short cuts on the system that journeys share: none of them moves the clock or another's families."""
    return Arranged(system)


@pytest.fixture
def arranged_alone(filled: Path, tmp_path: Path) -> Iterator[Arranged]:
    """Give a system with its samples for one journey, which may move the clock."""
    with started_from(filled, tmp_path) as together:
        yield Arranged(together)


def chromium() -> str:
    """Return where Chromium is; skips the test where there is none, saying how to get it, and fails it in CI."""
    if path := find():
        return path
    if os.environ.get("CI"):
        pytest.fail("CI must have Chromium")
    pytest.skip("no Chromium here; `make test` installs it where it may, else install the package chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give headless Chromium."""
    path = chromium()
    arguments = [*_QUIET, "--no-sandbox"] if os.geteuid() == 0 else _QUIET
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page, signed in as a sample person: `open_page("coordinator")`."""
    contexts = []

    def open_as(key: str = "", *, width: int = 1280, javascript: bool = True, at: Together | None = None) -> Page:
        system = at or request.getfixturevalue("system")
        context = browser.new_context(
            base_url=system.options.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if key:
            sign_in(page, key)
        return page

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Give the folder where journeys leave pictures of what they saw."""
    folder = Path(__file__).parents[2] / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
