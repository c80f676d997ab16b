"""Letters from the chair: made for each home, checked, printed, sent once, withdrawn with their decision."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.actions.wanted import claim_wanted
from services.panel.queries import letters as reads
from services.panel.queries.decisions import outcomes_of
from services.panel.rules import letters as rules
from services.panel.rules.letters import Home
from services.panel.tables import DecisionRow, LetterRow, LetterWantedRow
from shared.audit import record
from shared.errors import Conflict
from shared.events.panel import LetterCheckAsked
from shared.messaging.outbox import announce


class ChangedMeanwhile(Conflict):
    """Somebody else worked on this letter after it was opened."""


def want_letters(session: Session, decision_id: UUID) -> None:
    """Have a decision's letters made soon. The time is the real one: a rehearsal's clock may stand still."""
    if session.get(LetterWantedRow, decision_id) is None:
        session.add(LetterWantedRow(decision_id=decision_id, next_attempt_at=datetime.now(UTC), attempts=0))


def claim_wanted_letters(session: Session) -> DecisionRow | None:
    """Return a decision whose letters are due to be made, or None; nobody else gets it before the next attempt."""
    row = claim_wanted(session, LetterWantedRow)
    return session.get_one(DecisionRow, row.decision_id) if row is not None else None


def note_failure(session: Session, decision_id: UUID, error: str) -> None:
    """Keep why the letters of a decision could not be made; it is tried again."""
    session.execute(
        sa.update(LetterWantedRow).where(LetterWantedRow.decision_id == decision_id).values(last_error=error)
    )


def make_letters(session: Session, decision_id: UUID, answer: Mapping[str, Any], *, now: datetime) -> None:
    """Make the letters of a decision that stands: one for each safe home, else one that says that there is none.

    `answer` is what the owner of the addresses says now. Nobody who has been written to about it gets a second one.
    """
    wanted = session.scalar(
        sa.select(LetterWantedRow).where(LetterWantedRow.decision_id == decision_id).with_for_update()
    )
    if wanted is None:
        return
    session.delete(wanted)
    decision = session.get_one(DecisionRow, decision_id)
    if reads.is_superseded(session, decision_id):
        return
    standing = [row for row in reads.letters_of_decision(session, decision_id) if row.state != "withdrawn"]
    homes = rules.homes_to_write(rules.homes_in(answer), [_standing(row) for row in standing])
    outcomes = outcomes_of(session, decision)
    for home in homes:
        why = rules.held_because(outcomes, home, is_held=bool(answer["is_held"]))
        _add(session, decision, home.home_ref, list(home.adult_refs), "held" if why else "to_check", why, now)
    if not homes and not standing:
        why = ["with_social_care"] if answer["with_social_care"] else []
        _add(session, decision, "", [], "to_tell", why, now)
    session.flush()


def withdraw_letters(session: Session, decision_id: UUID) -> None:
    """Withdraw the letters of a decision that have not been sent; a superseded decision writes to nobody."""
    session.execute(sa.delete(LetterWantedRow).where(LetterWantedRow.decision_id == decision_id))
    for letter in reads.letters_of_decision(session, decision_id):
        if letter.state in rules.OPEN:
            letter.state, letter.version = "withdrawn", letter.version + 1
    session.flush()


def make_anew(session: Session, letter: LetterRow, *, by: UUID) -> None:
    """Withdraw the open letters of a decision and ask anew to whom they may go; what was sent stays sent."""
    rules.check_open(letter.state)
    withdraw_letters(session, letter.decision_id)
    want_letters(session, letter.decision_id)
    record(session, who=by, did="had_letters_made_anew", subject="request", subject_id=letter.request_id)


def write_letter(
    session: Session,
    letter: LetterRow,
    *,
    added_words: str,
    copy_to: list[str],
    checker_id: UUID | None,
    version: int,
    by: UUID,
) -> None:
    """Keep the words that somebody added, who gets a copy and who checks it, who is told; it is then confirmed anew."""
    _change(letter, version)
    letter.added_words, letter.copy_to = added_words, copy_to
    if letter.state == "held":
        if checker_id is not None and checker_id not in (letter.checker_id, by):
            _ask_to_check(session, letter, checker_id)
        letter.checker_id = checker_id
    if letter.state == "to_print":
        _confirm_anew(letter)
    record(session, who=by, did="wrote_letter", subject="request", subject_id=letter.request_id)


def confirm_letter(
    session: Session,
    letter: LetterRow,
    home: Home | None,
    *,
    is_held: bool,
    seen: str,
    key: str,
    note: str,
    version: int,
    by: UUID,
    now: datetime,
) -> None:
    """Confirm whom a letter is for and where it goes; `seen` tells the address that the person was shown.

    Raises NotAsConfirmed when it is another one by now, Forbidden when a held letter is somebody else's to check.
    """
    _change(letter, version)
    rules.check_checker(letter.state, letter.checker_id, by, note)
    checked = rules.check_home(home, is_held=is_held)
    seal = rules.seal_of(checked, key)
    if seal != seen:
        raise rules.NotAsConfirmed("The address or who lives there changed while you looked at it. Look at it again.")
    letter.state, letter.confirmed, letter.adult_refs = "to_print", seal, list(checked.adult_refs)
    letter.checked_by, letter.checked_at, letter.check_note = by, now, note
    record(session, who=by, did="confirmed_letter", subject="request", subject_id=letter.request_id)


def hold_letter(letter: LetterRow, why: list[str]) -> None:
    """Hold a letter back that was free: something is known now that a named person has to look at."""
    if letter.state in ("to_check", "to_print") and why:
        letter.state, letter.held_because, letter.version = "held", why, letter.version + 1
        letter.confirmed = letter.printed_at = letter.digest = None


def note_printed(session: Session, letter: LetterRow, pdf: bytes, *, by: UUID, now: datetime) -> None:
    """Keep that a letter was printed, and which file; the file holds an address, so it is not kept here."""
    letter.printed_at, letter.digest = now, hashlib.sha256(pdf).hexdigest()
    record(session, who=by, did="printed_letter", subject="request", subject_id=letter.request_id, digest=letter.digest)


def mark_as_sent(
    session: Session, letter: LetterRow, *, how: str, on: date, version: int, by: UUID, now: datetime
) -> None:
    """Keep that a printed letter went, how and on which London date; raises AlreadySettled for a second time."""
    rules.check_sending(letter.state, is_printed=letter.printed_at is not None)
    _change(letter, version)
    _settle(session, letter, "sent", how=how, on=on, by=by, now=now)


def mark_as_told(
    session: Session, letter: LetterRow, *, how: str, on: date, version: int, by: UUID, now: datetime
) -> None:
    """Keep that a family was told in another way than by letter, how and on which London date."""
    _change(letter, version)
    _settle(session, letter, "told", how=how, on=on, by=by, now=now)


def _settle(session: Session, letter: LetterRow, state: str, *, how: str, on: date, by: UUID, now: datetime) -> None:
    letter.state, letter.settled_how, letter.settled_on = state, how, on
    letter.settled_by, letter.settled_at = by, now
    record(session, who=by, did=f"letter_{state}", subject="request", subject_id=letter.request_id)


def _change(letter: LetterRow, version: int) -> None:
    rules.check_open(letter.state)
    if letter.version != version:
        raise ChangedMeanwhile(
            "Somebody else has worked on this letter since you opened it. What you typed is still here."
        )
    letter.version += 1


def _ask_to_check(session: Session, letter: LetterRow, checker_id: UUID) -> None:
    family_id = session.get_one(DecisionRow, letter.decision_id).family_id
    announce(session, LetterCheckAsked(letter.id, letter.request_id, family_id, letter.reference, checker_id))


def _confirm_anew(letter: LetterRow) -> None:
    letter.state, letter.confirmed, letter.printed_at, letter.digest = "to_check", None, None, None


def _standing(row: LetterRow) -> rules.Standing:
    return rules.Standing(row.home_ref, row.adult_refs, row.state in rules.OPEN)


def _add(
    session: Session, decision: DecisionRow, home_ref: str, adults: list[str], state: str, why: list[str], now: datetime
) -> None:
    session.add(
        LetterRow(
            decision_id=decision.id,
            panel_id=decision.agenda_item.queue_entry.panel_id,
            request_id=decision.request_id,
            reference=decision.agenda_item.reference,
            home_ref=home_ref,
            adult_refs=adults,
            state=state,
            held_because=why,
            made_at=now,
            added_words="",
            copy_to=[],
            version=1,
        )
    )
