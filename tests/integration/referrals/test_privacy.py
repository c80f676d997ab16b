"""What becomes of what people tell us, in the authority's own words."""

from collections.abc import Callable

from tests.integration.conftest import Running


def test_whoever_tells_us_something_reads_why_we_may_use_it_and_how_long_it_is_kept(
    start: Callable[..., Running],
) -> None:
    running = start("referrals")
    page = running.app.test_client().get("/referrals/privacy").text
    for words in ("public task", "25 years after the birth of the youngest child", "01225 395021"):
        assert words in page


def test_every_page_leads_there(start: Callable[..., Running]) -> None:
    assert 'href="/referrals/privacy"' in start("directory").app.test_client().get("/directory/sign-in").text
