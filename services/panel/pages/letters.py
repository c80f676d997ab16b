"""Letters from the chair: which are to be checked, printed and sent, and each on a page of its own."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from services.panel.actions import letters as actions
from services.panel.both_doors import letter_now as door
from services.panel.both_doors.letter_now import LetterNow, led_by
from services.panel.both_doors.letter_printed import printed_letter
from services.panel.pages import pages
from services.panel.pages.asking import id_or_none
from services.panel.pages.trying import DONE, try_form
from services.panel.queries import letters as reads
from services.panel.queries import meeting as meeting_reads
from services.panel.queries.referrers_told import untold_referrers
from services.panel.rules import letters as rules
from services.panel.rules.wording import outcome_label
from shared.audit import record
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.forms import Form, PageForm, read_form, show_form
from shared.web.paging import page_asked_for, shown

TABS = {
    "check": ("To check", ("held", "to_check", "to_tell")),
    "print": ("To print and send", ("to_print",)),
    "done": ("Sent or told", ("sent", "told")),
    "withdrawn": ("Withdrawn", ("withdrawn",)),
}


@pages.get("/letters")
@needs("coordinator", "panel_member")
def letters() -> str:
    """Show the letters of the panels that the person leads, by what is to be done."""
    person, tab = current_person(), request.args.get("show", "check")
    tab = tab if tab in TABS else "check"
    with database().begin() as session:
        panel_ids = led_by(session, person)
        found = shown(reads.letters_page(session, panel_ids, person.person_id, TABS[tab][1], number=page_asked_for()))
        counts = reads.letter_counts(session, panel_ids, person.person_id)
        people = meeting_reads.people_of(session, [line.letter.checker_id for line in found.rows])
        untold = untold_referrers(session, panel_ids, person.person_id)
        record(session, who=person.person_id, did="read_letters", subject="letters", subject_id=tab)
    return render_template(
        "panel/letters/list.html",
        found=found,
        tab=tab,
        untold=untold,
        tabs={key: (label, sum(counts.get(state, 0) for state in states)) for key, (label, states) in TABS.items()},
        states=rules.STATES,
        held_because=rules.HELD_BECAUSE,
        how_sent=rules.HOW_SENT,
        outcome_label=outcome_label,
        people=people,
    )


@pages.get("/letters/<uuid:letter_id>")
@needs("coordinator", "panel_member")
def letter(letter_id: UUID) -> str:
    """Show a letter with its address as it is now; who reads it is written down."""
    return _show(door.letter_now(letter_id, current_person()))


@pages.post("/letters/<uuid:letter_id>/words")
@needs("coordinator", "panel_member")
def write_letter(letter_id: UUID) -> ResponseReturnValue:
    """Keep what was added to a letter, who gets a copy and who checks it."""
    at = door.letter_now(letter_id, current_person())
    form = read_form(_schema(door.words_fields(at)), request.form)

    def change(session: Any, line: reads.LetterLine) -> None:
        values = form.values
        actions.write_letter(
            session,
            line.letter,
            added_words=values["added_words"],
            copy_to=values["copy_to"],
            checker_id=id_or_none(values["checker_id"]),
            version=values["version"],
            by=current_person().person_id,
        )

    return _try(letter_id, form, change, "Kept. Confirm the letter before it is printed.", words=form)


@pages.post("/letters/<uuid:letter_id>/confirmation")
@needs("coordinator", "panel_member")
def confirm_letter(letter_id: UUID) -> ResponseReturnValue:
    """Confirm whom a letter is for, where it goes and who gets a copy."""
    at = door.letter_now(letter_id, current_person())
    form = read_form(_schema(door.confirmation_fields()), request.form)
    if not form.errors and rules.missing_confirmations(form.values["confirmed"]):
        form.add_error("confirmed", "Confirm each of the three, or change the letter")

    def change(session: Any, line: reads.LetterLine) -> None:
        at.check_asked()
        actions.confirm_letter(
            session,
            line.letter,
            at.home,
            is_held=at.is_held,
            seen=form.values["seen"],
            key=resources().settings.page_key,
            note=form.values["check_note"],
            version=form.values["version"],
            by=current_person().person_id,
            now=now(),
        )

    return _try(letter_id, form, change, "Confirmed. Print the letter and send it.", confirmation=form)


@pages.post("/letters/<uuid:letter_id>/letter.pdf")
@needs("coordinator", "panel_member")
def print_letter(letter_id: UUID) -> ResponseReturnValue:
    """Give a confirmed letter as a PDF, if its address is still the one that was confirmed."""
    return printed_letter(letter_id, current_person())


@pages.post("/letters/<uuid:letter_id>/sent")
@needs("coordinator", "panel_member")
def mark_letter_as_sent(letter_id: UUID) -> ResponseReturnValue:
    """Keep that a letter went, how and when."""
    form = read_form(_schema(door.sending_fields()), request.form)

    def change(session: Any, line: reads.LetterLine) -> None:
        actions.mark_as_sent(session, line.letter, **form.values, by=current_person().person_id, now=now())

    return _try(letter_id, form, change, "Marked as sent.", sending=form)


@pages.post("/letters/<uuid:letter_id>/told")
@needs("coordinator", "panel_member")
def mark_family_as_told(letter_id: UUID) -> ResponseReturnValue:
    """Keep that a family was told in another way."""
    form = read_form(_schema(door.telling_fields()), request.form)

    def change(session: Any, line: reads.LetterLine) -> None:
        actions.mark_as_told(session, line.letter, **form.values, by=current_person().person_id, now=now())

    return _try(letter_id, form, change, "Marked as told.", telling=form)


@pages.post("/letters/<uuid:letter_id>/anew")
@needs("coordinator", "panel_member")
def make_letters_anew(letter_id: UUID) -> ResponseReturnValue:
    """Withdraw the open letters of a decision and ask anew to whom they may go."""
    with database().begin() as session:
        actions.make_anew(session, _locked(session, letter_id).letter, by=current_person().person_id)
    flash("The letters about this decision are made anew. They are here in a moment.")
    return redirect(url_for("pages.letters"))


def _try(letter_id: UUID, form: Form, change: Any, said: str, **forms: Form) -> ResponseReturnValue:
    """Change a letter and go back to it, or show what is wrong beside what was typed."""
    status = try_form(form, lambda session: change(session, _locked(session, letter_id)))
    if status == DONE:
        flash(said)
        return redirect(url_for("pages.letter", letter_id=letter_id))
    return _show(door.letter_now(letter_id, current_person()), **forms), status


def _locked(session: Any, letter_id: UUID) -> reads.LetterLine:
    person = current_person()
    return reads.letter_seen(session, letter_id, led_by(session, person), person.person_id, lock=True)


def _show(at: LetterNow, **forms: Form) -> str:
    letter = at.line.letter
    with database().begin() as session:
        people = meeting_reads.people_of(session, [letter.checker_id, letter.checked_by, letter.settled_by])
        record(
            session, who=current_person().person_id, did="read_letter", subject="request", subject_id=letter.request_id
        )
    filled = {
        "words": show_form(
            _schema(door.words_fields(at)),
            {
                "added_words": letter.added_words,
                "copy_to": letter.copy_to,
                "checker_id": str(letter.checker_id or ""),
            },
        ),
        "confirmation": show_form(_schema(door.confirmation_fields())),
        "sending": show_form(_schema(door.sending_fields())),
        "telling": show_form(_schema(door.telling_fields())),
    } | forms
    return render_template(
        "panel/letters/letter.html",
        at=at,
        letter=letter,
        decision=at.line.decision,
        meeting=at.line.meeting,
        form=next(iter(forms.values()), filled["words"]),
        states=rules.STATES,
        held_because=rules.HELD_BECAUSE,
        how_sent=rules.HOW_SENT,
        confirm=rules.CONFIRM,
        outcome_label=outcome_label,
        people=people,
        may_confirm=letter.state != "held" or letter.checker_id == current_person().person_id,
        is_open=letter.state in rules.OPEN,
        forms=filled,
    )


def _schema(boxes: dict[str, Any]) -> Schema:
    return PageForm.from_dict(boxes)()
