"""A professional, a parent and a front-door worker on the telephone ask for help in two authorities, at 360 px and wide, with and without JavaScript."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from services.embedded.run import sign_in_administrator
from services.embedded.samples import send_who_is_who
from services.embedded.together import SAMPLE_PASSWORD, Together
from tests.filled import started
from tests.journeys.browsing import (
    NARROW,
    WIDE,
    assert_accessible,
    assert_fits,
    choose,
    fill,
    look_at,
    press,
    reference_on,
    sign_in,
    write_date,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenPage = Callable[..., Page]
_ASKING = {
    "professional": "I work with the family",
    "parent": "I am a parent or carer and I ask for my own family",
    "telephone": "I am writing it down for somebody of the family who phoned",
}
_SIGNED_IN = {"professional": "school", "parent": "", "telephone": "front-door"}
_LOCALITY = "Which part of the county does the family live in?"
_MOST_PAGES = 40


@pytest.fixture(scope="module")
def gloucestershire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Together]:
    """Give Gloucestershire with its people and no requests."""
    with started(tmp_path_factory.mktemp("gloucestershire"), authority="gloucestershire") as together:
        send_who_is_who(sign_in_administrator(together), "gloucestershire", SAMPLE_PASSWORD)
        yield together


@pytest.mark.parametrize(
    ("authority", "who", "width", "javascript"),
    [
        ("gloucestershire", "professional", NARROW, False),
        ("gloucestershire", "parent", NARROW, True),
        ("gloucestershire", "telephone", WIDE, False),
        ("bathnes", "telephone", NARROW, True),
    ],
)
def test_a_request_goes_from_the_first_page_to_its_reference(
    authority: str,
    who: str,
    width: int,
    javascript: bool,
    open_page: OpenPage,
    request: pytest.FixtureRequest,
    screenshots: Path,
) -> None:
    system = request.getfixturevalue("system" if authority == "bathnes" else authority)
    page = open_page(width=width, javascript=javascript, at=system)
    if _SIGNED_IN[who]:
        sign_in(page, _SIGNED_IN[who], authority=authority)
    page.goto("/referrals/start")
    press(page, "Start now")
    choose(page, "Is a child in immediate danger or at risk of significant harm?", "No")
    _go_on(page, "Continue")
    seen = _answer_every_page(page, who, has_javascript=javascript)
    assert ("addresses", "add") in seen
    press(page, "Send the request")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have received the request")
    assert reference_on(page)
    page.screenshot(path=screenshots / f"received-{authority}-{who}-{width}.png", full_page=True)


def test_who_writes_down_a_call_sees_that_the_family_is_known(open_page: OpenPage, screenshots: Path) -> None:
    page = open_page("front-door")
    for time in ("first", "second"):
        page.goto("/referrals/start")
        press(page, "Start now")
        choose(page, "Is a child in immediate danger or at risk of significant harm?", "No")
        _go_on(page, "Continue")
        _answer_every_page(page, "telephone", has_javascript=False)
        if time == "first":
            press(page, "Send the request")
    look_at(page, "Check your answers", screenshots / "check-known-already")
    expect(page.get_by_role("region", name="We may know this family already")).to_contain_text(
        "Rafe Calloway: Same name"
    )


def _answer_every_page(page: Page, who: str, *, has_javascript: bool) -> list[tuple[str, ...]]:
    seen: list[tuple[str, ...]] = []
    for _ in range(_MOST_PAGES):
        assert_fits(page)
        if has_javascript:
            assert_accessible(page)  # Without JavaScript axe cannot run; the page is the same.
        step = tuple(urlsplit(page.url).path.removeprefix("/referrals/ask/").split("/"))
        if step == ("check",):
            return seen
        assert step not in seen, f"{step} came twice"
        seen.append(step)
        _answer(page, step, who)
    raise AssertionError(f"no end: {seen}")


def _answer(page: Page, step: tuple[str, ...], who: str) -> None:
    if step[0] in ("children", "adults", "addresses", "others", "professionals", "key_events") and len(step) == 1:
        page.get_by_label("No", exact=True).check()
        _go_on(page, "Continue")
        return
    if step == ("attachments",):
        _go_on(page, "Continue")
        return
    answer = _ANSWERS.get(step[:2] if step[-1] == "add" else step[:1])
    if step[-1] != "more" and answer:
        answer(page, who)
    _go_on(page, "Save and continue")


def _go_on(page: Page, button: str) -> None:
    with page.expect_navigation():
        press(page, button)


def _who(page: Page, who: str) -> None:
    page.get_by_label(_ASKING[who]).check()


def _details(page: Page, who: str) -> None:
    if who == "professional":
        fill(page, {"Where you work": "Schools", "Telephone number": "01632 960155"})
    else:
        fill(page, {"Name": "Ines Calloway", "Telephone number": "07700 900388"})


def _about(page: Page, who: str) -> None:
    if who == "professional":
        choose(page, "How soon is help needed?", "Soon")
    if page.get_by_label(_LOCALITY).count():
        fill(page, {_LOCALITY: "Stroud"})


def _child(page: Page, _: str) -> None:
    fill(page, {"First name": "Rafe", "Last name": "Calloway", "Ethnic group": "White British"})
    write_date(page, "Date of birth", "3 6 2015")
    choose(page, "Sex", "Male")
    choose(page, "Does the child have a disability?", "No disability")


def _adult(page: Page, who: str) -> None:
    fill(page, {"First name": "Ines", "Last name": "Calloway", "Mobile number": "07700 900388"})
    one = "you" if who == "parent" else "they"
    choose(page, f"What are {one} to the children?", "Mother")
    choose(page, f"Do {one} have parental responsibility?", "Yes")
    choose(page, f"Do {one} look after the children most of the time?", "Yes")
    choose(page, "Which ways of contact are safe?", "Text message")


def _address(page: Page, _: str) -> None:
    fill(page, {"Address line 1": "8 Kiln Yard", "Town or city": "Stroud", "Postcode": "GL5 1AB"})
    choose(page, "Who lives here?", "Rafe Calloway", "Ines Calloway")
    choose(page, "Is it safe to write to this address?", "Yes")


def _contact(page: Page, _: str) -> None:
    choose(page, "Who?", "Ines Calloway")


def _needs(page: Page, _: str) -> None:
    page.get_by_role("checkbox").first.check()


def _story(page: Page, who: str) -> None:
    is_professional = who == "professional"
    fill(
        page,
        {
            "What is working well?" if is_professional else "What is going well?": "He loves football.",
            "What are you worried about?": "He does not sleep.",
            "What needs to happen?" if is_professional else "What would help?": "Somebody to talk to them both.",
        },
    )


def _consent(page: Page, _: str) -> None:
    choose(page, "Is it all right that we look at this request?", "Yes")
    choose(page, "May we share it with services that may help?", "Yes")
    choose(page, "May it be used for national research, without names?", "No")
    choose(page, "Who agrees?", "Ines Calloway")


def _consent_of(page: Page, _: str) -> None:
    choose(page, "Did they agree to this request?", "Agreed")
    choose(page, "Did they agree that it is shared with services that may help?", "Agreed")
    choose(page, "Did they agree to national research, without names?", "Did not agree")
    choose(page, "How did they answer?", "Signed")
    write_date(page, "When did they answer?", "30 10 2026")


_ANSWERS: Mapping[tuple[str, ...], Callable[[Page, str], None]] = {
    ("who",): _who,
    ("details",): _details,
    ("about",): _about,
    ("children", "add"): _child,
    ("adults", "add"): _adult,
    ("addresses", "add"): _address,
    ("contact",): _contact,
    ("needs",): _needs,
    ("story",): _story,
    ("consent",): _consent,
    ("consents",): _consent_of,
}
"""What is answered, by page; what is not in here may be left empty."""
