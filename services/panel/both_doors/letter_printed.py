"""A letter that is printed: for its page and for programs the same PDF, under the same conditions."""

from uuid import UUID

from flask import Response

from services.panel.actions.letter_pdf import letter_pdf
from services.panel.actions.letters import note_printed
from services.panel.both_doors.letter_now import led_by, letter_now
from services.panel.queries.letters import letter_seen
from services.panel.rules import letters as rules
from shared.identity import Person
from shared.web.app import database, now


def printed_letter(letter_id: UUID, person: Person) -> Response:
    """Give a confirmed letter as a PDF, if its address is still the one that was confirmed, and keep that it was printed."""
    at = letter_now(letter_id, person)
    at.check_asked()
    rules.check_open(at.line.letter.state)
    rules.check_home(at.home, is_held=at.is_held)
    rules.check_as_confirmed(at.line.letter.state, at.line.letter.confirmed, at.seal)
    pdf = letter_pdf(at.text)
    with database().begin() as session:
        letter = letter_seen(session, letter_id, led_by(session, person), person.person_id, lock=True).letter
        rules.check_as_confirmed(letter.state, letter.confirmed, at.seal)
        note_printed(session, letter, pdf, by=person.person_id, now=now())
    name = f"letter-{at.line.letter.reference}.pdf"
    return Response(
        pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
