"""The whole product, started as `make run` starts it, and a real browser in front of it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from deploy.setup.chromium import find
from services.embedded.run import fill_with_samples
from services.embedded.together import Options, Together, free_port
from tests.journeys.arranging import Arranged
from tests.journeys.browsing import sign_in

STARTS_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_QUIET = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-sync"]


@contextmanager
def _started(var: Path, **changes: Any) -> Iterator[Together]:
    """Start everything on a port and, because systems of one process share its memory, with queues of its own."""
    options = Options(
        var=var,
        port=free_port(),
        training_starts_at=STARTS_AT,
        is_durable=False,
    )
    together = Together(replace(options, **changes))
    together.start()
    try:
        yield together
    finally:
        together.stop()


@pytest.fixture(scope="session")
def make_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Together]]:
    """Give a function that starts everything together on a port of its own."""
    with ExitStack() as stack:

        def make(authority: str = "bathnes", **changes: Any) -> Together:
            return stack.enter_context(_started(tmp_path_factory.mktemp("var"), authority=authority, **changes))

        yield make


@pytest.fixture(scope="session")
def system(make_system: Callable[..., Together]) -> Together:
    """Give Bath and North East Somerset with its samples, in one process."""
    together = make_system()
    fill_with_samples(together)
    return together


@pytest.fixture(scope="session")
def arranged(system: Together) -> Arranged:
    """Give short cuts on the system that journeys share: none of them moves the clock or another's families."""
    return Arranged(system)


@pytest.fixture
def arranged_alone(tmp_path: Path) -> Iterator[Arranged]:
    """Give a system with its samples for one journey, which may move the clock."""
    with _started(tmp_path) as together:
        fill_with_samples(together)
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
