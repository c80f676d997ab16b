"""Screens keep what is closed for as long as a meeting's version stands: whatever closes a paper gives it the next one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.panel.actions.stand import go_to_item
from services.panel.both_doors import live_screen
from services.panel.queries.stand import version_of
from services.panel.tables import SeatRow
from shared.events.directory import AgencyChanged, PersonChanged
from shared.events.referrals import ConsentWithdrawn, RequestWithdrawn
from shared.identity import Person
from shared.references import new_reference
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting
from tests.integration.panel.test_consent import EXCLUDED, answers_anew, is_fetched


def test_a_new_answer_about_sharing_closes_the_paper_on_the_next_screen(there: "There") -> None:
    assert there.shows_paper(there.member)
    with there.is_next_version():
        answers_anew(there.sitting, there.request_id)
    assert not there.shows_paper(there.member)
    assert there.shows_paper(there.sitting.coordinator)
    with there.is_next_version():
        is_fetched(there.sitting)
    assert there.shows_paper(there.member)


def test_an_agency_that_the_family_excludes_sees_no_paper_on_the_next_screen(there: "There") -> None:
    guest = there.sitting.seated_for(there.sitting.agency_id, "Gil Guest")
    assert there.shows_paper(guest)
    with there.is_next_version():
        answers_anew(there.sitting, there.request_id, not_with=EXCLUDED)
        is_fetched(there.sitting)
    assert (there.shows_paper(guest), there.shows_paper(there.member)) == (False, True)


def test_who_comes_to_an_excluded_agency_sees_no_paper_on_the_next_screen(there: "There") -> None:
    answers_anew(there.sitting, there.request_id, not_with=EXCLUDED)
    is_fetched(there.sitting)
    assert there.shows_paper(there.member)
    with there.is_next_version():
        there.sitting.running.hears(
            PersonChanged(there.member.person_id, there.sitting.agency_id, ("panel_member",), is_active=True)
        )
    assert not there.shows_paper(there.member)


def test_who_gets_the_seat_of_an_excluded_agency_sees_no_paper_on_the_next_screen(there: "There") -> None:
    answers_anew(there.sitting, there.request_id, not_with=EXCLUDED)
    is_fetched(there.sitting)
    assert there.shows_paper(there.member)
    seat = {
        "seat": "member",
        "agency_id": str(there.sitting.agency_id),
        "person_id": str(there.member.person_id),
    }
    with there.is_next_version():
        there.sitting.post(there.sitting.coordinator, "/panels/ehap/seats", [seat])
    assert not there.shows_paper(there.member)


def test_an_agency_whose_new_name_the_family_excluded_sees_no_paper_on_the_next_screen(there: "There") -> None:
    answers_anew(there.sitting, there.request_id, not_with=("Harbour Homes",))
    is_fetched(there.sitting)
    assert there.shows_paper(there.member)
    with there.is_next_version():
        there.sitting.running.hears(AgencyChanged(there.sitting.other_agency_id, "Harbour Homes", is_active=True))
    assert not there.shows_paper(there.member)


@pytest.mark.parametrize("leaves", [RequestWithdrawn, ConsentWithdrawn])
def test_a_family_that_is_let_go_leaves_the_next_screen(
    there: "There", leaves: type[RequestWithdrawn | ConsentWithdrawn]
) -> None:
    assert there.shows_paper(there.member)
    with there.is_next_version():
        there.sitting.running.hears(leaves(there.request_id, uuid4(), new_reference()))
    assert not there.shows_paper(there.member)
    assert "The request is no longer for this panel" in there.screen(there.member)


def test_who_lost_their_seat_has_no_screen_any_more(there: "There") -> None:
    guest = there.sitting.seated_for(there.sitting.agency_id, "Gil Guest")
    assert there.shows_paper(guest)
    with there.sitting.running.database.read() as session:
        seat_id = session.scalars(select(SeatRow.id).where(SeatRow.person_id == guest.person_id)).one()
    with there.is_next_version():
        there.sitting.running.browser(there.sitting.coordinator).post(
            f"/panel/panels/ehap/seats/{seat_id}/freeing", data={"seen": str(guest.person_id)}
        )
    assert there.sitting.running.browser(guest).get(there.path).status_code == 404


class There:
    """A meeting in session with one family, and the screens of who follows it."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.member = sitting.member
        self.request_id = sitting.asks()
        self.meeting_id = sitting.opened(sitting.next_meeting())
        self.item_id = sitting.item_at(self.request_id, self.meeting_id)
        self.path = f"/panel/meetings/{self.meeting_id}/live/screen"
        with sitting.running.database.begin() as session:
            go_to_item(session, self.item_id, seen=None, by=sitting.chair.person_id)

    def screen(self, person: Person) -> str:
        """Return what changes on a person's screen, from what all screens have in common."""
        answer = self.sitting.running.browser(person).get(self.path)
        assert answer.status_code == 200
        return answer.text

    def shows_paper(self, person: Person) -> bool:
        """Say whether a person's screen leads to the family's paper."""
        return f"/papers/{self.item_id}" in self.screen(person)

    @contextmanager
    def is_next_version(self) -> Iterator[None]:
        """Expect that the meeting has another version afterwards."""
        before = self._version()
        yield
        assert self._version() > before

    def _version(self) -> int:
        with self.sitting.running.database.read() as session:
            return version_of(session, self.meeting_id)


@pytest.fixture
def there(start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch) -> There:
    # Longer than any test: what is shown must not depend on how soon it is forgotten.
    monkeypatch.setattr(live_screen, "_REMEMBERED_SECONDS", 600.0)
    return There(Sitting(start("panel")))
