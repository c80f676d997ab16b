"""The screens of a meeting that sits: what who runs it sees, what who follows sees, and what neither loses."""

from collections.abc import Callable, Iterator
from threading import Thread
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.panel.actions.stand import go_to_item
from shared.identity import Person
from shared.web.formats import clock_time
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


def test_who_follows_sees_the_item_that_is_heard_and_what_was_decided(meeting: "Meeting") -> None:
    assert "The first item is taken up in a moment" in meeting.follows(meeting.sitting.member)
    meeting.take_up(meeting.items[0])
    page = meeting.follows(meeting.sitting.member)
    assert "Now: item 1" in page
    assert "Take up" not in page
    meeting.sitting.decides(meeting.items[0], "signpost")
    page = meeting.follows(meeting.sitting.member)
    assert "Now: item 2" in page
    assert "Signpost" in page


def test_the_screen_leads_on_from_what_is_decided_and_never_back_to_what_was_skipped(meeting: "Meeting") -> None:
    """An item without a decision is left for later: whoever only went on would be led back to it after the next."""
    meeting.take_up(meeting.items[0])
    page = meeting.runs(meeting.sitting.chair)
    assert "Leave for later" in page
    assert "Next: item" not in page
    meeting.sitting.decides(meeting.items[0], "signpost")
    step = {"seen": str(meeting.items[1]), "item_id": str(meeting.items[0])}
    meeting.post(meeting.sitting.chair, "item", step)
    page = meeting.runs(meeting.sitting.chair)
    assert "Next: item 2" in page
    assert "Correct the decision" in page
    assert "Leave for later" not in page


def test_what_was_done_is_said_in_one_line_above_the_item_that_is_heard(meeting: "Meeting") -> None:
    given = {
        "chaired_by": str(meeting.sitting.deputy.person_id),
        "notes_by": str(meeting.sitting.coordinator.person_id),
    }
    browser = meeting.sitting.running.browser(meeting.sitting.chair)
    browser.post(f"/panel/meetings/{meeting.id}/meeting/hand-over", data=given)
    page = browser.get(f"/panel/meetings/{meeting.id}/meeting").text
    assert '<p class="govuk-body app-done" role="alert">The meeting is handed over</p>' in page
    assert "govuk-notification-banner" not in page


def test_a_conflict_takes_paper_and_decision_from_the_screen_at_once(meeting: "Meeting") -> None:
    meeting.take_up(meeting.items[0])
    paper = f"/papers/{meeting.items[0]}"
    assert paper in meeting.screen(meeting.sitting.member).text
    declared = {"person_id": str(meeting.sitting.member.person_id), "nature": "They are neighbours"}
    answer = meeting.post(meeting.sitting.member, f"items/{meeting.items[0]}/conflict", declared, base="meeting")
    assert answer.headers["Location"].endswith(f"/meetings/{meeting.id}/live")
    screen = meeting.screen(meeting.sitting.member).text
    assert paper not in screen
    assert "You declared a conflict with this item" in screen
    meeting.sitting.decides(meeting.items[0], "signpost")
    assert "Signpost" not in meeting.screen(meeting.sitting.member).text
    assert "Signpost" in meeting.screen(meeting.sitting.deputy).text
    assert "Mo Member" in meeting.runs(meeting.sitting.chair)


def test_the_screen_is_given_only_when_it_is_newer_and_only_to_who_has_a_seat(meeting: "Meeting") -> None:
    first = meeting.screen(meeting.sitting.member)
    version = first.text.split('data-version="')[1].split('"')[0]
    assert meeting.screen(meeting.sitting.member, have=version).status_code == 204
    meeting.take_up(meeting.items[0])
    assert meeting.screen(meeting.sitting.member, have=version).status_code == 200
    elsewhere = Sitting(meeting.sitting.running, panel_key="step-down")
    for address in ("live", "live/screen", "live/events", "meeting/screen"):
        browser = meeting.sitting.running.browser(elsewhere.member)
        assert browser.get(f"/panel/meetings/{meeting.id}/{address}").status_code == 404
    member = meeting.sitting.running.browser(meeting.sitting.member)
    assert member.get(f"/panel/meetings/{meeting.id}/meeting/screen").status_code == 403


def test_a_page_without_javascript_shows_itself_anew_until_it_is_told_not_to(meeting: "Meeting") -> None:
    assert 'http-equiv="refresh"' in meeting.follows(meeting.sitting.member)
    browser = meeting.sitting.running.browser(meeting.sitting.member)
    assert 'http-equiv="refresh"' not in browser.get(f"/panel/meetings/{meeting.id}/live?still=yes").text
    assert 'http-equiv="refresh"' not in meeting.runs(meeting.sitting.chair)


def test_a_member_says_that_they_are_there_and_keep_it_confidential(meeting: "Meeting") -> None:
    member = meeting.sitting.member
    assert "I am here and keep to this" in meeting.follows(member)
    assert meeting.post(member, "here", {}, base="live").status_code == 302
    page = meeting.follows(member)
    assert "I am here and keep to this" not in page
    assert "3 of 4 there, you since" in page
    assert "2 not told of confidentiality" in meeting.runs(meeting.sitting.chair)
    meeting.post(meeting.sitting.coordinator, "read-out", {}, base="meeting")
    assert "Everybody there knows the confidentiality statement" in meeting.runs(meeting.sitting.chair)


def test_two_who_press_next_at_once_are_both_shown_where_the_meeting_is(meeting: "Meeting") -> None:
    meeting.take_up(meeting.items[0])
    step = {"seen": str(meeting.items[0]), "item_id": str(meeting.items[1])}
    meeting.post(meeting.sitting.chair, "item", step, base="meeting")
    meeting.post(meeting.sitting.coordinator, "item", {**step, "item_id": str(meeting.items[0])}, base="meeting")
    page = meeting.runs(meeting.sitting.coordinator)
    assert "Now: item 2" in page


def test_the_second_to_save_a_note_sees_the_first_ones_text_and_keeps_their_own(meeting: "Meeting") -> None:
    address = f"items/{meeting.items[0]}/notes"
    first = meeting.post(meeting.sitting.coordinator, address, {"text": "A visit on Monday", "seen": "0"})
    assert first.status_code == 302
    second = meeting.post(meeting.sitting.deputy, address, {"text": "The school will ring", "seen": "0"})
    assert second.status_code == 409
    assert "Cal Coordinator saved this" in second.text
    assert "A visit on Monday" in second.text
    assert ">The school will ring</textarea>" in second.text
    assert 'name="seen" value="1"' in second.text
    again = meeting.post(meeting.sitting.deputy, address, {"text": "A visit; the school will ring", "seen": "1"})
    assert again.status_code == 302


def test_notes_that_were_saved_say_when_beside_the_box(meeting: "Meeting") -> None:
    meeting.take_up(meeting.items[0])
    assert "Saved at" not in meeting.runs(meeting.sitting.coordinator)
    address = f"items/{meeting.items[0]}/notes"
    meeting.post(meeting.sitting.coordinator, address, {"text": "A visit on Monday", "seen": "0"})
    status = f'role="status">Saved at {clock_time(meeting.sitting.running.clock.at)}</p>'
    assert status in meeting.runs(meeting.sitting.coordinator)
    refused = meeting.post(meeting.sitting.deputy, address, {"text": "The school will ring", "seen": "0"})
    assert "Saved at" not in refused.text


def test_what_is_typed_is_kept_for_its_writer_alone(meeting: "Meeting") -> None:
    address = f"/panel/items/{meeting.items[0]}/unsaved/notes"
    writer = meeting.sitting.running.browser(meeting.sitting.coordinator)
    assert writer.post(address, data={"text": "They ag", "seen": "0"}).status_code == 200
    assert writer.get(address).json == {"fields": {"text": ["They ag"], "seen": ["0"]}}
    other = meeting.sitting.running.browser(meeting.sitting.deputy)
    assert other.get(address).json == {"fields": {}}
    assert meeting.sitting.running.browser(meeting.sitting.member).get(address).status_code == 403
    meeting.take_up(meeting.items[0])
    assert "Cal Coordinator has notes on this item that are not saved" in meeting.runs(meeting.sitting.chair)
    assert "They ag" not in meeting.runs(meeting.sitting.chair)


def test_what_is_typed_of_a_decision_is_kept_until_one_is_recorded(meeting: "Meeting") -> None:
    item_id = meeting.items[0]
    address = f"/panel/items/{item_id}/unsaved/decision-signpost"
    chair = meeting.sitting.running.browser(meeting.sitting.chair)
    deputy = meeting.sitting.running.browser(meeting.sitting.deputy)
    form = chair.get(f"/panel/items/{item_id}/decision?outcome=signpost").text
    assert f'data-unsaved="{address}" data-person="{meeting.sitting.chair.person_id}"' in form
    for browser in (chair, deputy):
        assert browser.post(address, data={"reasons": "It is op", "dissent_by": ["a", "b"]}).status_code == 200
    assert chair.post(f"/panel/items/{item_id}/unsaved/decision-close", data={"reasons": "They"}).status_code == 200
    wrong = chair.post(f"/panel/items/{item_id}/decision?outcome=signpost", data={"reasons": "It is open"})
    assert wrong.status_code == 422
    assert 'data-shows="typed"' in wrong.text
    assert chair.get(address).json == {"fields": {"reasons": ["It is op"], "dissent_by": ["a", "b"]}}
    meeting.sitting.decides(item_id, "signpost")
    assert chair.get(address).json == {"fields": {}}
    assert chair.get(f"/panel/items/{item_id}/unsaved/decision-close").json == {"fields": {}}
    assert deputy.get(address).json == {"fields": {"reasons": ["It is op"], "dissent_by": ["a", "b"]}}


@pytest.mark.parametrize("form", ["Notes", "no.tes", "x" * 41])
def test_no_more_is_kept_than_a_form_can_hold(meeting: "Meeting", form: str) -> None:
    writer = meeting.sitting.running.browser(meeting.sitting.coordinator)
    assert writer.post(f"/panel/items/{meeting.items[0]}/unsaved/{form}", data={"text": "a"}).status_code == 422
    long = {"text": "a" * 60_001}
    assert writer.post(f"/panel/items/{meeting.items[0]}/unsaved/notes", data=long).status_code == 422


def test_a_quorum_is_warned_of_where_the_panel_has_one(meeting: "Meeting") -> None:
    from services.panel.tables import MeetingRow

    assert "quorum" not in meeting.runs(meeting.sitting.chair)
    with meeting.sitting.running.database.begin() as session:
        session.get_one(MeetingRow, meeting.id).panel.quorum_agencies = 2
    assert "No quorum: 1 more agency." in meeting.runs(meeting.sitting.chair)
    assert "No quorum: 1 more agency." in meeting.follows(meeting.sitting.member)


def test_the_note_taker_runs_the_meeting_whatever_their_seat(meeting: "Meeting") -> None:
    member = meeting.sitting.member
    given = {"chaired_by": str(meeting.sitting.deputy.person_id), "notes_by": str(member.person_id)}
    assert meeting.post(meeting.sitting.chair, "hand-over", given).status_code == 302
    assert "Notes: Mo Member" in meeting.runs(member)
    same = {"chaired_by": str(member.person_id), "notes_by": str(member.person_id)}
    assert meeting.post(meeting.sitting.chair, "hand-over", same).status_code == 422


def test_an_opening_by_mistake_is_taken_back_on_a_page(meeting: "Meeting") -> None:
    browser = meeting.sitting.running.browser(meeting.sitting.chair)
    address = f"/panel/meetings/{meeting.id}/meeting/mistake"
    assert "Take the opening back" in browser.get(address).text
    assert browser.post(address).status_code == 302
    assert "This meeting has not been opened yet" in meeting.follows(meeting.sitting.member)
    assert browser.get(address).status_code == 409


def test_events_tell_versions_and_nothing_else_and_a_browser_that_comes_back_gets_what_it_missed(
    meeting: "Meeting",
) -> None:
    with meeting.events(meeting.sitting.member) as events:
        seen = events.next()
        thread = Thread(target=meeting.take_up, args=(meeting.items[0],))
        thread.start()
        moved = events.next()
        thread.join()
    assert (moved["id"], moved["event"]) == (str(int(seen["id"]) + 1), "moved")
    # What came before the service listened is looked up, and then nobody says what it was.
    assert moved["data"] in ("item", "something")
    meeting.sitting.decides(meeting.items[0], "signpost")
    with meeting.events(meeting.sitting.member, last=moved["id"]) as events:
        assert int(events.next()["id"]) > int(moved["id"])


def test_no_more_follow_than_the_process_has_threads_for_and_a_place_is_free_again(meeting: "Meeting") -> None:
    followers = meeting.sitting.running.app.extensions["followers"]
    with meeting.events(meeting.sitting.member), meeting.events(meeting.sitting.chair):
        refused = meeting.sitting.running.browser(meeting.sitting.deputy).get(
            f"/panel/meetings/{meeting.id}/live/events"
        )
        assert refused.status_code == 503
        assert refused.headers["Retry-After"]
        assert len(followers) == 2
    assert len(followers) == 0


class Events:
    """The events of one browser, as they come."""

    def __init__(self, client: FlaskClient, address: str, last: str) -> None:
        headers = {"Last-Event-ID": last} if last else {}
        self._answer = client.get(address, headers=headers, buffered=False)
        assert self._answer.status_code == 200
        self._chunks = iter(self._answer.response)

    def next(self) -> dict[str, str]:
        """Return the next event that is more than a sign of life."""
        for chunk in self._chunks:
            text = chunk.decode() if isinstance(chunk, bytes) else str(chunk)
            event = dict(line.split(": ", 1) for line in text.strip().splitlines() if not line.startswith(":"))
            if "id" in event:
                return event
        raise AssertionError("the stream ended")

    def __enter__(self) -> "Events":
        return self

    def __exit__(self, *_: object) -> None:
        self._answer.close()


class Meeting:
    """A meeting in session with two families, and browsers of those who run and follow it."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        requests = [sitting.asks(), sitting.asks()]
        self.id = sitting.opened(sitting.next_meeting())
        numbered = sorted((sitting.item(request) for request in requests), key=lambda item: item.number or 0)
        self.items = [item.id for item in numbered]

    def take_up(self, item_id: UUID) -> None:
        """Take up an item before any other."""
        with self.sitting.running.database.begin() as session:
            go_to_item(session, item_id, seen=None, by=self.sitting.chair.person_id)

    def follows(self, person: Person) -> str:
        """Return the page of who follows."""
        answer = self.sitting.running.browser(person).get(f"/panel/meetings/{self.id}/live")
        assert answer.status_code == 200
        return answer.text

    def runs(self, person: Person) -> str:
        """Return the page of who runs it."""
        answer = self.sitting.running.browser(person).get(f"/panel/meetings/{self.id}/meeting")
        assert answer.status_code == 200
        return answer.text

    def screen(self, person: Person, have: str = "") -> TestResponse:
        """Return the changing parts of the page of who follows."""
        return self.sitting.running.browser(person).get(f"/panel/meetings/{self.id}/live/screen?have={have}")

    def post(self, person: Person, path: str, typed: dict[str, str], base: str = "meeting") -> TestResponse:
        """Send a form of the meeting's pages."""
        return self.sitting.running.browser(person).post(f"/panel/meetings/{self.id}/{base}/{path}", data=typed)

    def events(self, person: Person, last: str = "") -> Events:
        """Follow by server-sent events."""
        return Events(self.sitting.running.browser(person), f"/panel/meetings/{self.id}/live/events", last)


@pytest.fixture
def meeting(start: Callable[..., Running]) -> Iterator[Meeting]:
    running = start("panel", LIVE_FOLLOWERS="2")
    yield Meeting(Sitting(running))
    running.app.extensions["followers"].end()
