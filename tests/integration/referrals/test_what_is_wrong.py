"""What is wrong with a page is said all at once, and in words that say what to do."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.integration.conftest import Running
from tests.integration.referrals.asking import ADDRESS, ADULT, CHILD, PROFESSIONAL, begin, submit

Start = Callable[..., Running]


def said(browser: FlaskClient, path: str, data: dict[str, Any]) -> list[str]:
    """Send a page and return the lines of its error summary."""
    page = submit(browser, path, data).text
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', page, re.DOTALL)
    return [unescape(line) for line in re.findall(r"<a [^>]*>(.*?)</a>", summary.group(1) if summary else "")]


@pytest.fixture
def professional(start: Start) -> FlaskClient:
    """Give a browser in which a professional has named a child and an adult."""
    browser = start("referrals").browser()
    begin(browser, "professional")
    submit(browser, "/ask/details", PROFESSIONAL)
    submit(browser, "/ask/about", {"urgency": "soon"})
    submit(browser, "/ask/children/add", CHILD)
    submit(browser, "/ask/adults/add", ADULT)
    return browser


@pytest.mark.parametrize(
    ("path", "data", "lines"),
    [
        (
            "/ask/children/add",
            {"date_of_birth-day": "31", "date_of_birth-month": "2", "date_of_birth-year": "2019"},
            [
                "Enter first name",
                "Enter last name",
                "Date of birth must be a real date",
                "Select sex",
                "Select the ethnic group, or say why there is no answer",
                "Select the disabilities, or no disability, or say why there is no answer",
            ],
        ),
        (
            "/ask/children/add",
            CHILD | {"date_of_birth-day": "", "date_of_birth-month": "", "date_of_birth-year": ""},
            ["Enter the date of birth, or say why there is no answer"],
        ),
        (
            "/ask/adults/add",
            {"given_name": "Ana", "safe_channels": ["sms", "email"]},
            [
                "Enter last name",
                "Select what they are to the children",
                "Select whether they have parental responsibility",
                "Select yes or no: do they look after the children most of the time?",
                "Enter the mobile number, or do not choose phone call or text message as safe",
                "Enter the e-mail address, or do not choose e-mail as safe",
            ],
        ),
        ("/ask/addresses/add", ADDRESS | {"residents": []}, ["Select who lives here"]),
        ("/ask/needs", {}, ["Select at least one kind of help"]),
        (
            "/ask/consents/a1",
            {"to_ask": "given"},
            [
                "Select whether they agreed that it is shared",
                "Select whether they agreed to national research",
                "Say how they agreed",
                "Enter the date when they answered",
                "Enter the name of who asked them",
            ],
        ),
        (
            "/ask/consents/a1",
            {},
            [
                "Select whether they agreed to this request",
                "Select whether they agreed that it is shared",
                "Select whether they agreed to national research",
            ],
        ),
    ],
)
def test_all_is_said_at_once(professional: FlaskClient, path: str, data: dict[str, Any], lines: list[str]) -> None:
    assert said(professional, path, data) == lines


def test_a_family_that_may_not_say_why_is_asked_for_the_date_alone(start: Start) -> None:
    browser = start("referrals").browser()
    begin(browser, "carer")
    submit(browser, "/ask/details", {"name": "Ana", "phone": "07700 900123"})
    nothing = {"date_of_birth-day": "", "date_of_birth-month": "", "date_of_birth-year": ""}
    assert said(browser, "/ask/children/add", CHILD | nothing) == ["Enter the date of birth"]
    assert said(browser, "/ask/children/add?unborn=yes", {"expected_on-day": "31", "expected_on-month": "2"}) == [
        "The date when the baby is expected must include a year"
    ]
