"""A browser tab: keeps the page that it shows, and posts its form with what the form itself remembers."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_FORM = re.compile(r"<form([^>]*)>(.*?)</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass
class Tab:
    """A tab of a browser; tabs of one browser share its cookies."""

    browser: FlaskClient
    address: str = ""
    page: str = ""

    def opens(self, address: str) -> "Tab":
        """Open a page."""
        response = self.browser.get(f"/referrals{address}")
        self.address, self.page = address, response.text
        assert response.status_code == 200, response.location
        return self

    def sends(self, typed: dict[str, Any], *, button: str = "Save and continue", at: str = "") -> TestResponse:
        """Fill in the form that has this button and press it; `at` is where the form goes that has none of its own."""
        action, hidden = self._form(button)
        return self.browser.post(action or f"/referrals{at or self.address}", data=hidden | typed)

    def is_shown(self, response: TestResponse) -> "Tab":
        """Show a page that answered a form in this tab."""
        self.page = response.text
        return self

    def _form(self, button: str) -> tuple[str, dict[str, Any]]:
        for attributes, inside in _FORM.findall(self.page):
            if f">{button}<" in inside:
                action = re.search(r'action="([^"]+)"', attributes)
                hidden: dict[str, Any] = {}
                for name, value in _HIDDEN.findall(inside):
                    hidden.setdefault(name, []).append(unescape(value))
                return unescape(action.group(1)) if action else "", hidden
        raise AssertionError(f"no button {button!r}")
