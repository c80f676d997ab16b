"""To whom which item is closed, through every door: a table of members, items and reasons."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader

from services.panel.rules.consent import CLOSED_BECAUSE, NO_PART
from shared.events.referrals import ConsentChanged, RequestWithdrawn
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.asking import asks, comes, has_paper, items, next_meeting
from tests.integration.panel.sitting import Sitting, a_paper
from tests.integration.panel.test_consent import is_fetched

Start = Callable[..., Running]

REASONS = ("open", "conflict", "excluded", "not_shared", "left", "awaited")
CLOSED = {
    "chair": {"not_shared", "left", "awaited"},
    "member": {"not_shared", "left", "awaited"},
    "guest": {"conflict", "excluded", "not_shared", "left", "awaited"},
    "coordinator": set[str](),
}
"""What is closed to whom. The guest is of the excluded agency and declared the conflict; a coordinator acts on the rest."""


class Sat:
    """A meeting with one family for every reason; each paper tells a story and a need of its own."""

    def __init__(self, running: Running) -> None:
        self.running, self.sitting = running, Sitting(running)
        guest = self.sitting.seated_for(self.sitting.agency_id, "Gia Guest")
        sitting = self.sitting
        self.people: dict[str, Person] = {
            "chair": sitting.chair, "member": sitting.member, "guest": guest, "coordinator": sitting.coordinator
        }  # fmt: skip
        self.facts = {reason: asks(running) for reason in REASONS}
        for reason in REASONS:
            self.tells(reason)
        self.meeting = next_meeting(running)
        comes(running, self.meeting.agenda_closes_at)
        by_request = {item.request_id: item for item in items(running, self.meeting.id)}
        self.items = {reason: by_request[self.facts[reason].request_id] for reason in REASONS}
        self.closes(guest)

    def tells(self, reason: str, *, may_share: bool = True) -> None:
        fact = self.facts[reason]
        not_with = ("Steps Forward",) if reason == "excluded" else ()
        consent = a_paper(fact.reference, not_with)["consent"] | {"may_share": may_share}
        needs = [{"code": "5", "label": f"NEED-{reason}."}]
        has_paper(self.running, fact, worried_about=f"STORY-{reason}.", needs=needs, consent=consent)

    def closes(self, guest: Person) -> None:
        """Let everything happen that closes an item, in an order in which nothing undoes it."""
        body = {"person_id": str(guest.person_id), "nature": "A neighbour."}
        self.sitting.post(guest, f"/items/{self.items['conflict'].id}/conflicts", body, 204)
        self.tells("not_shared", may_share=False)
        self.answers_anew("not_shared")
        is_fetched(self.sitting)
        left = self.facts["left"]
        self.running.hears(RequestWithdrawn(left.request_id, left.family_id, left.reference))
        self.answers_anew("awaited")

    def answers_anew(self, reason: str) -> None:
        fact = self.facts[reason]
        self.running.hears(ConsentChanged(fact.request_id, fact.family_id, fact.reference, "to_share"))

    def path(self, reason: str = "") -> str:
        return f"/meetings/{self.meeting.id}" + (f"/papers/{self.items[reason].id}" if reason else "")

    def page(self, who: str, path: str) -> Any:
        return self.running.browser(self.people[who]).get(f"/panel{path}")

    def pdf(self, who: str) -> str:
        pages = PdfReader(BytesIO(self.page(who, f"{self.path()}/pack.pdf").data)).pages
        return "\n".join(page.extract_text() for page in pages)


@pytest.fixture
def sat(start: Start) -> Sat:
    return Sat(start("panel"))


def test_what_is_closed_to_whom_is_closed_through_every_door_and_said_with_why(sat: Sat) -> None:
    for who, closed in CLOSED.items():
        pdf, agenda = sat.pdf(who), sat.page(who, sat.path()).text
        in_api = {one["item_id"]: one for one in sat.sitting.get(sat.people[who], f"{sat.path()}/agenda")["items"]}
        for reason in REASONS:
            what = f"{who} and {reason}"
            is_closed, item = reason in closed, sat.items[reason]
            expected = 404 if is_closed else 200
            for path in (sat.path(reason), f"{sat.path(reason)}/knowledge"):
                assert sat.page(who, path).status_code == expected, what
            sat.sitting.get(sat.people[who], f"{sat.path(reason)}/knowledge", expected)
            assert (f"STORY-{reason}." in pdf) is not is_closed, what
            is_named = not (is_closed and reason in NO_PART)
            assert f"{item.number}. {item.reference if is_named else 'Closed to you'}" in pdf, what
            assert (f"NEED-{reason}." in agenda) is not (is_closed or reason == "left"), what
            assert (item.reference in agenda, item.reference in pdf) == (is_named,) * 2, what
            line = in_api[str(item.id)]
            assert (line["paper"], bool(line["needs"])) == ((reason, False) if is_closed else ("ready", True)), what
            assert (line["level"] is None, line["children"] is None, line["kind"] is None) == (is_closed,) * 3, what
            if is_closed and reason != "left":
                assert f"Closed to you</strong> {CLOSED_BECAUSE[reason]}." in agenda, what
            if is_closed:
                assert f"This paper is closed to you: {CLOSED_BECAUSE[reason]}." in " ".join(pdf.split()), what


def test_a_closed_item_tells_nothing_of_its_family_on_the_way_from_paper_to_paper(sat: Sat) -> None:
    page = sat.page("guest", sat.path("open")).text
    for reason in CLOSED["guest"]:
        assert f"STORY-{reason}." not in page
        assert str(sat.items[reason].id) not in page


def test_whom_the_family_excluded_while_reading_has_it_in_no_later_copy(sat: Sat) -> None:
    assert "STORY-open." in sat.pdf("guest")
    fact = sat.facts["open"]
    consent = a_paper(fact.reference, ("Steps Forward",))["consent"]
    has_paper(sat.running, fact, worried_about="STORY-open.", consent=consent)
    sat.running.hears(ConsentChanged(fact.request_id, uuid4(), fact.reference, "to_share"))
    is_fetched(sat.sitting)
    assert "STORY-open." not in sat.pdf("guest")
    assert "STORY-open." in sat.pdf("member")


def test_a_document_number_of_another_meeting_gives_nothing(sat: Sat) -> None:
    assert sat.page("member", f"/meetings/{UUID(int=1)}/pack.pdf").status_code == 404
    assert sat.page("member", f"{sat.path()}/pack.pdf?supplement=1").status_code == 404
