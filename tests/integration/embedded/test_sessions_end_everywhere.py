"""A person who leaves is out of every service within moments, through the running product."""

from typing import Any

import requests

from services.demo.cast import Cast
from services.embedded.together import SAMPLE_PASSWORD, Together
from services.embedded.waiting import wait_until

_PAGES = ("/directory/agencies", "/referrals/worklist", "/panel/meetings", "/notifications/notices")


class Visitor:
    """A browser without scripts."""

    def __init__(self, together: Together) -> None:
        self._url = together.options.url
        self._session = requests.Session()

    def sign_in(self, email: str) -> None:
        """Sign in on the page."""
        self.post("/directory/sign-in", {"email": email, "password": SAMPLE_PASSWORD})

    def post(self, path: str, form: dict[str, Any], *, from_page: str = "") -> requests.Response:
        """Send a form with the token of its page."""
        page = self._session.get(self._url + (from_page or path), timeout=30).text
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        return self._session.post(self._url + path, {"csrf_token": token, **form}, timeout=30)

    def opens(self, path: str) -> bool:
        """Say whether the page is shown, rather than the page to sign in."""
        return self._session.get(self._url + path, timeout=30, allow_redirects=False).status_code == 200


def test_somebody_who_signs_out_everywhere_is_out_of_every_service(product: Together) -> None:
    email = Cast(product.options.url, product.options.authority).email_of("coordinator")
    lost, here = Visitor(product), Visitor(product)
    for visitor in (lost, here):
        visitor.sign_in(email)
    pages = [path for path in _PAGES if lost.opens(path)]
    assert {path.split("/")[1] for path in pages} >= {"directory", "panel", "notifications"}
    here.post("/directory/sign-out/everywhere", {}, from_page="/directory/")
    for path in pages:
        wait_until(lambda path=path: not lost.opens(path), f"{path} closed to the session that ended")  # type: ignore[misc]
    here.sign_in(email)
    assert all(here.opens(path) for path in pages), "signing in again is good"


def test_somebody_who_left_is_out_of_every_service(product: Together) -> None:
    cast = Cast(product.options.url, product.options.authority)
    person_id, gone = cast["front-door"].person_id, Visitor(product)
    gone.sign_in(cast.email_of("front-door"))
    pages = [path for path in _PAGES if gone.opens(path)]
    assert {path.split("/")[1] for path in pages} >= {"directory", "referrals", "notifications"}
    administrator = Visitor(product)
    administrator.sign_in("admin@earlyhelp.example")
    form = {
        "name": "Gone Sample",
        "email": cast.email_of("front-door"),
        "roles": "front_door",
        "is_active": "no",
        "version": "1",
    }
    path = f"/directory/people/{person_id}"
    assert "Saved." in administrator.post(path, form).text
    for page in pages:
        wait_until(lambda page=page: not gone.opens(page), f"{page} closed to somebody who left")  # type: ignore[misc]
