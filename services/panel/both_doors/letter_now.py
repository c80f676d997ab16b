"""A letter as it is now, for its page and for JSON: the words that stand, and the address as its owner gives it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from services.panel.access import panels_led_by
from services.panel.actions.letters import hold_letter
from services.panel.queries import letters as reads
from services.panel.queries import meeting as meeting_reads
from services.panel.queries.decisions import outcomes_of
from services.panel.queries.letter_text import letter_text
from services.panel.queries.letters import LetterLine
from services.panel.queries.no_part import with_part_in
from services.panel.rules import letters as rules
from services.panel.rules.agenda import LEADING_SEATS
from services.panel.rules.letters import Home
from shared.errors import Conflict
from shared.identity import Person
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.web.app import database, resources, today
from shared.web.fields import Choice, Choices, Day, Line, Words


class AddressAway(Conflict):
    """The owner of the addresses does not answer, so nothing can be confirmed or printed."""


@dataclass(frozen=True)
class LetterNow:
    """A letter, the home that it goes to as it is now, and what it says; `is_away`: the address could not be asked."""

    line: LetterLine
    home: Home | None
    is_held: bool
    is_away: bool
    text: dict[str, Any]
    copies: dict[str, str]
    checkers: dict[str, str]

    @property
    def seal(self) -> str:
        """Return what tells this address from any other; empty without one."""
        return rules.seal_of(self.home, resources().settings.page_key) if self.home else ""

    def check_asked(self) -> None:
        """Refuse to go on without the address; raises AddressAway."""
        if self.is_away:
            raise AddressAway("The address cannot be asked for now. Nothing is lost: try again in a minute.")


def letter_now(letter_id: UUID, person: Person) -> LetterNow:
    """Return a letter of a panel that the person leads, with its address asked for now; raises NotFound."""
    with database().read() as session:
        line = reads.letter_seen(session, letter_id, led_by(session, person), person.person_id)
    answer = _asked(line.letter.request_id)
    homes = rules.homes_in(answer) if answer else []
    home = next((one for one in homes if one.home_ref == line.letter.home_ref), None)
    is_held = bool(answer and answer["is_held"])
    with database().begin() as session:
        line = reads.letter_seen(session, letter_id, led_by(session, person), person.person_id, lock=True)
        if home is not None:
            home = rules.without(home, reads.written_to_otherwise(session, line.letter))
        if home is not None:
            hold_letter(line.letter, _new_reasons(line, outcomes_of(session, line.decision), home, is_held=is_held))
            session.flush()
        locality = str(answer["locality"]) if answer else ""
        text = letter_text(session, line, home, resources().authority, locality=locality, today=today())
        return LetterNow(line, home, is_held, answer is None, text, _copies(session, line), _checkers(session, line))


def led_by(session: Session, person: Person) -> list[UUID]:
    """Return the ids of the panels whose letters the person sees: as chair, deputy or coordinator."""
    return [panel.id for panel in panels_led_by(session, person)]


def words_fields(now: LetterNow) -> dict[str, fields.Field[Any]]:
    """Return the fields with which a letter is written on."""
    return {
        "added_words": Words("What the letter says besides", longest=4000),
        "copy_to": Choices("Who gets a copy", now.copies),
        "checker_id": Choice("Who checks this letter", now.checkers),
        "version": fields.Integer(required=True),
    }


def confirmation_fields() -> dict[str, fields.Field[Any]]:
    """Return the fields with which a letter is confirmed."""
    return {
        "confirmed": Choices("What you confirm", rules.CONFIRM, fewest=1),
        "check_note": Words("How you checked that it is safe", longest=1000),
        "seen": Line("The address that was shown"),
        "version": fields.Integer(required=True),
    }


def sending_fields() -> dict[str, fields.Field[Any]]:
    """Return the fields with which a letter is marked as sent."""
    return {
        "how": Choice("How it was sent", rules.HOW_SENT, required=True),
        "on": Day("The date on which it was sent", past=True, required=True),
        "version": fields.Integer(required=True),
    }


def telling_fields() -> dict[str, fields.Field[Any]]:
    """Return the fields with which a family that was told in another way is marked as such."""
    return {
        "how": Line("How the family was told", longest=200, required=True),
        "on": Day("The date on which they were told", past=True, required=True),
        "version": fields.Integer(required=True),
    }


def _asked(request_id: UUID) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = resources().neighbours.get("referrals", f"/requests/{request_id}/letters")
    except (NeighbourAway, NeighbourRefused):
        return None
    return answer


def _new_reasons(line: LetterLine, outcomes: Collection[str], home: Home, *, is_held: bool) -> list[str]:
    """Return why a letter is held now that was free before: what somebody checked already is no new reason."""
    why = rules.held_because(outcomes, home, is_held=is_held)
    return why if set(why) - set(line.letter.held_because) else []


def _copies(session: Session, line: LetterLine) -> dict[str, str]:
    found = {
        str(key): meeting_reads.agency_name(session, key) for key in reads.agencies_of_decision(session, line.decision)
    }
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _checkers(session: Session, line: LetterLine) -> dict[str, str]:
    seats = meeting_reads.seats_of(session, line.letter.panel_id)
    leading = [seat.person_id for seat in seats if seat.seat in LEADING_SEATS and seat.person_id]
    names = meeting_reads.people_of(session, with_part_in(session, line.letter.request_id, leading))
    return {str(key): name for key, name in sorted(names.items(), key=lambda one: one[1])}
