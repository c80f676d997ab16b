"""What is on record is corrected: register, letters and papers have the newest, what was there stays beside it."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest

from services.referrals.queries.amendments import amendments_of
from services.referrals.queries.requests import whole_request
from services.referrals.tables import AmendmentRow, RequestRow
from shared.events.referrals import RequestAmended
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import a_document, samples, sent, triaged

Start = Callable[..., Running]
HANNAH = a_person("front_door", name="Hannah Whitcombe")
BORN = {"date_of_birth-day": "5", "date_of_birth-month": "9", "date_of_birth-year": "2017"}


class _Typed(HTMLParser):
    """Reads what a form has in it, as a browser would send it."""

    def __init__(self) -> None:
        super().__init__()
        self.typed: dict[str, Any] = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = str(given.get("name") or ""), str(given.get("value") or "")
        if tag == "textarea":
            self._area, self.typed[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given and value:
            self.typed[self._select] = value
        elif tag == "input" and name and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            before = self.typed.get(name)
            self.typed[name] = [*before, value] if isinstance(before, list) else [value]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.typed[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""


def typed_on(page: str) -> dict[str, Any]:
    """Return what the form of a page has in it."""
    parser = _Typed()
    parser.feed(page.split("<main", 1)[1])
    return parser.typed


def corrected(running: Running, request_id: UUID, part: str, *, query: str = "", **changes: Any) -> Any:
    """Open the page of a part of the record, change some of it, and send it."""
    browser = running.browser(HANNAH)
    address = f"/referrals/requests/{request_id}/correct/{part}{query}"
    page = browser.get(address)
    assert page.status_code == 200, page.text
    answers = typed_on(page.text) | {"reason": "The school rang."} | changes
    return browser.post(address, data=answers, follow_redirects=True)


def row_of(running: Running, request_id: UUID) -> RequestRow:
    """Return the whole request as it is now."""
    with running.database.read() as session:
        return whole_request(session, request_id)


def said(running: Running, request_id: UUID) -> list[AmendmentRow]:
    """Return what was said about a request after it was sent."""
    with running.database.read() as session:
        return list(amendments_of(session, request_id))


def found(running: Running, **about: Any) -> int:
    """Return how many families the register finds."""
    answer: Any = running.app.test_client().post(
        "/referrals/api/v1/register/search",
        json={"purpose": "plan", "has_consent": True, **about},
        headers=running.bearer(HANNAH),
    )
    assert answer.status_code == 200, answer.text
    return len(answer.json["families"])


@pytest.mark.parametrize("authority", ["bathnes", "gloucestershire", "herefordshire", "worcestershire"])
def test_whatever_was_sent_is_shown_as_it_is_and_sending_it_back_changes_nothing(start: Start, authority: str) -> None:
    running = start("referrals", AUTHORITY=authority)
    for document in list(samples(authority))[::3]:
        request_id = sent(running, document)
        row = row_of(running, request_id)
        for group, refs in (
            ("children", row.children),
            ("adults", row.adults),
            ("addresses", [home for home in row.addresses if len(home.lines) < 3]),
        ):
            for one in refs:
                answer = corrected(running, request_id, f"{group}/{one.ref}")
                assert answer.status_code == 200, (document["referrer"], group, one.ref, answer.text)
                assert "Nothing was changed." in answer.text, [line.words for line in said(running, request_id)]
    assert running.announced(RequestAmended) == []


def test_a_corrected_date_of_birth_is_found_by_the_register_and_what_was_there_is_kept(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    answer = corrected(running, request_id, "children/c1", **BORN, given_name="Shivaun")
    assert "The record is corrected. What it said before is kept." in answer.text
    about = {"given_name": "Shivaun", "family_name": "Nguyễn"}
    assert found(running, **about, date_of_birth="2017-09-05") == 1
    [amendment] = said(running, request_id)
    assert (amendment.kind, amendment.about, amendment.by) == ("corrected", "children", "front_door")
    assert amendment.was == "Shivaun Nguyễn\nFirst name: Siobhán\nDate of birth: 9 May 2017"
    assert amendment.words == (
        "Shivaun Nguyễn\nFirst name: Shivaun\nDate of birth: 5 September 2017\nWhy: The school rang."
    )
    assert "By the front door, Hannah Whitcombe" in answer.text
    [told] = running.announced(RequestAmended)
    assert (told.amendment_id, told.by, told.front_door_id) == (amendment.id, "front_door", None)


def test_the_panel_reads_the_corrected_paper_and_not_how_the_family_is_reached(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    corrected(running, request_id, "children/c1", **BORN)
    corrected(running, request_id, "adults/a1", mobile="07700 900999", safe_channels=["phone"])
    paper: Any = running.app.test_client().get(
        f"/referrals/api/v1/requests/{request_id}/paper", headers=running.as_neighbour("panel")
    )
    assert paper.json["children"][0]["date_of_birth"] == "2017-09-05"
    born, contact = paper.json["said_later"]
    assert "5 September 2017" in born["words"]
    assert (contact["was"], "07700 900999" in contact["words"]) == ("", False)
    decided_by = {fact.front_door_id for fact in running.announced(RequestAmended)}
    assert decided_by != {None}


def test_a_letter_goes_to_the_new_address_and_a_moved_family_is_found_by_it(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(adult={"safe_channels": ["letter"]}))
    moved = {"to_on-day": "31", "to_on-month": "10", "to_on-year": "2026"}
    corrected(running, request_id, "addresses/home", **moved)
    new: dict[str, Any] = {
        "line_1": "3 Quarry Rise", "town": "Bath", "postcode": "BA2 9ZZ", "may_write": "yes",
        "residents": ["c1", "a1"],
    }  # fmt: skip
    assert "3 Quarry Rise" in corrected(running, request_id, "addresses/new", **new).text
    contacts: Any = running.app.test_client().get(
        f"/referrals/api/v1/requests/{request_id}/contacts", headers=running.as_neighbour("notifications")
    )
    assert contacts.json["family"]["address"] == {"lines": ["3 Quarry Rise"], "town": "Bath", "postcode": "BA2 9ZZ"}
    assert contacts.json["is_held"] is False
    assert found(running, family_name="Nguyễn", postcode="BA2 9ZZ") == 1
    assert [home.ref for home in row_of(running, request_id).addresses] == ["home", "h1"]


def test_a_baby_is_born(start: Start) -> None:
    running = start("referrals")
    baby = {"expected_on": "2026-12-24", "date_of_birth": None, "given_name": "", "sex": "U"}
    request_id = sent(running, a_document(child=baby))
    assert "No disability" not in running.browser(HANNAH).get(f"/referrals/requests/{request_id}").text, "nobody knows"
    page = corrected(running, request_id, "children/c1", **{"expected_on-day": "20"}).text
    assert "Expected: 20 December 2026" in page
    born = {"date_of_birth-day": "1", "date_of_birth-month": "11", "date_of_birth-year": "2026"}
    answer = corrected(running, request_id, "children/c1", query="?born=yes", **born, given_name="Ada", sex="F")
    assert "For Ada Nguyễn." in answer.text
    assert row_of(running, request_id).children[0].expected_on is None


def test_why_there_is_no_answer_is_corrected_too(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running, a_document(adult={"date_of_birth": {"missing": "refused"}}))
    corrected(running, request_id, "adults/a1", date_of_birth_missing="not_known", gp_missing="")
    [amendment] = said(running, request_id)
    assert amendment.was.endswith("Date of birth: They did not want to say")
    assert "Date of birth: Not known" in amendment.words


def test_the_second_of_two_people_is_told_and_loses_nothing_typed(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    browser = running.browser(HANNAH)
    address = f"/referrals/requests/{request_id}/correct/children/c1"
    first = typed_on(browser.get(address).text) | {"reason": "She said so.", "given_name": "Shivaun"}
    corrected(running, request_id, "adults/a1", given_name="Anna")
    second = browser.post(address, data=first)
    assert second.status_code == 409
    assert "The record was corrected" in second.text
    assert 'value="Shivaun"' in second.text
    assert browser.post(address, data=typed_on(second.text)).status_code == 302


@pytest.mark.parametrize(
    ("part", "changes", "words"),
    [
        ("children/c1", {"reason": ""}, "Enter who says so, and why it was wrong"),
        ("children/c1", {"date_of_birth-year": "2031"}, "must be today or in the past"),
        ("children/c1", {"nhs_number": "943 476 5910"}, "NHS number is not right"),
        ("addresses/home", {"postcode": "nowhere"}, "full postcode"),
    ],
)
def test_what_is_wrong_is_said_and_kept(start: Start, part: str, changes: dict[str, Any], words: str) -> None:
    running = start("referrals")
    answer = corrected(running, sent(running), part, **changes)
    assert answer.status_code == 422
    assert words in answer.text


def test_what_is_not_on_the_record_is_not_found_and_only_the_front_door_corrects(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    address = f"/referrals/requests/{request_id}/correct"
    assert running.browser(HANNAH).get(f"{address}/children/c9").status_code == 404
    for person in (None, a_person("referrer"), a_person("practitioner"), a_person("administrator")):
        assert running.browser(person).get(f"{address}/children/c1").status_code in (302, 403)


def test_a_program_corrects_too(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    child = a_document(child={"date_of_birth": "2017-09-05"})["children"][0]

    def send(**body: Any) -> Any:
        path = f"/referrals/api/v1/requests/{request_id}/corrections"
        given = {"reason": "The school rang.", **body}
        return running.app.test_client().post(path, json=given, headers=running.bearer(HANNAH))

    assert send(child=child, version=1).json == {"is_changed": True, "has_stopped": False, "version": 2}
    assert send(child=child).json == {"is_changed": False, "has_stopped": False, "version": 2}
    assert send(child=child, version=1).status_code == 409
    assert send(child=child | {"lives_at": ["elsewhere"]}).status_code == 422
    assert send(child=child | {"ref": "c7"}).status_code == 404
    assert send().status_code == 422
    home = a_document(address={"ref": "new home", "postcode": "BA1 1AA"})["addresses"][0]
    assert send(address=home, residents=["a1"]).json["version"] == 3
    assert send(address=home, residents=["nobody"]).status_code == 422
    assert row_of(running, request_id).adults[0].lives_at == ["home", "new home"]
