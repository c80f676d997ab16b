"""What a chair has typed and not saved: it is there when they come back, and gone when they sign out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.arranging import Arranged
from tests.journeys.browsing import fill, look_at, press, sign_in

pytestmark = pytest.mark.browser

_NAME = "19-not-sleeping-not-going-in"
_TYPED = "The notice on the house ends on Friday."
_KEPT = "Object.keys(sessionStorage).filter(key => key.startsWith('early-help-unsaved:')).length"


def test_what_was_typed_of_an_urgent_decision_stays_in_the_tab_until_its_person_signs_out(
    open_page: Callable[..., Page], arranged: Arranged
) -> None:
    arranged.to_panel(_NAME)
    form = f"/panel/queue/requests/{arranged.sent(_NAME)['request_id']}/decision?outcome=signpost"
    page = open_page("chair")
    page.goto(form)
    fill(page, {"Why can it not wait for the meeting?": _TYPED})
    expect(page.locator("[data-unsaved-status]")).to_have_text("Not saved yet, kept in this tab")
    page.reload()
    expect(page.get_by_label("Why can it not wait for the meeting?")).to_have_value(_TYPED)
    look_at(page, "Signpost")
    assert page.evaluate(_KEPT) == 1
    press(page, "Sign out")
    page.wait_for_url("**/directory/**")
    assert page.evaluate(_KEPT) == 0
    sign_in(page, "chair")
    page.goto(form)
    expect(page.get_by_label("Why can it not wait for the meeting?")).to_have_value("")
