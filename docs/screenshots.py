"""Takes the README's picture from the running product: `make screenshot`."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from deploy.setup.chromium import find
from services.demo.stage import stage_of
from services.demo.story import STARTS_AT, Story
from services.embedded.together import Options, Together, free_port
from shared.logs import start_logs

_HERE = Path(__file__).parent


def take() -> None:
    """Play the story up to the closed agenda, and take the agenda page as the coordinator sees it."""
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("w", encoding="utf-8") as log:
        start_logs(stream=log)
        together = Together(Options(var=Path(folder), port=free_port(), training_starts_at=STARTS_AT, is_durable=False))
        together.start()
        try:
            story = Story(stage_of(together))
            story.begin()
            story.triage()
            story.close_agendas()
            _photograph(together.options.url, story.cast.email_of("coordinator"), story.agenda_page())
        finally:
            together.stop()


def _photograph(url: str, email: str, path: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1180, "height": 1180}, base_url=url)
        page.goto("/directory/sign-in")
        page.locator(f'button[value="{email}"]').click()
        page.goto(path)
        page.screenshot(path=str(_HERE / "agenda.png"))
        browser.close()


if __name__ == "__main__":
    take()
