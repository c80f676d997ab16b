"""Letters from the chair: when one may be printed, when it is settled, and what keeps it back.

A letter is never written to an address that nobody has confirmed as it is now: the address is asked of its owner
each time, and one that has changed since is confirmed anew.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.panel.rules.decisions import STEP_UP
from shared.errors import Conflict, Forbidden, Invalid

STATES = {
    "held": "Held for a check",
    "to_check": "To check",
    "to_tell": "Nobody may be written to",
    "to_print": "To print and send",
    "sent": "Sent",
    "told": "Told in another way",
    "withdrawn": "Withdrawn",
}
OPEN = ("held", "to_check", "to_tell", "to_print")
"""The states in which somebody has still to do something."""

HELD_BECAUSE = {
    "not_disclosed": "There is somebody who must not learn this address",
    "others_there": "Somebody lives at this address who did not say that letters are safe",
    "not_read_yet": "Something new was said about how to reach the family safely, and nobody has read it yet",
    "step_up": "The panel steps up to social care: ask them before the family is written to",
    "with_social_care": "The request is with social care: ask them before anybody tells the family",
    "moved": "Who lives there, or whether it is safe, has changed since this letter was made",
}
"""Why a letter is looked at by a named person first."""

HOW_SENT = {"post": "First-class post", "recorded": "Recorded delivery", "by_hand": "Given by hand"}
NOT_READ_YET = "not_read_yet"


@dataclass(frozen=True)
class Home:
    """A home as its owner gives it now, with whom the letter to it is for and who else lives there (`other_refs`)."""

    home_ref: str
    adult_refs: tuple[str, ...]
    names: tuple[str, ...]
    lines: tuple[str, ...]
    because: tuple[str, ...]
    not_disclosed_to: tuple[str, ...] = ()
    other_refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """A letter that was not withdrawn: to which home, for whom, and whether somebody has still to do something."""

    home_ref: str
    adult_refs: Sequence[str]
    is_open: bool


class NotAsConfirmed(Conflict):
    """The address is not the one that was confirmed, or nobody may be written to there any more."""


class AlreadySettled(Conflict):
    """The letter was sent, told or withdrawn before."""


def homes_in(answer: Mapping[str, Any]) -> list[Home]:
    """Return the homes that the owner of the addresses says may be written to."""
    return [
        Home(
            home_ref=str(one["home_ref"]),
            adult_refs=tuple(str(adult["ref"]) for adult in one["adults"]),
            names=tuple(str(adult["name"]) for adult in one["adults"]),
            lines=tuple(line for line in (*one["lines"], one["town"], one["postcode"]) if line),
            because=tuple(one["because"]),
            not_disclosed_to=tuple(one.get("not_disclosed_to", ())),
            other_refs=tuple(one.get("other_refs", ())),
        )
        for one in answer["homes"]
    ]


def homes_to_write(homes: Sequence[Home], standing: Sequence[Standing]) -> list[Home]:
    """Return the homes that need a letter, each with those only who have none: nobody gets two, nobody is left out.

    A home whose letter is still open needs no other: whoever lives there by then is on that one.
    """
    written = {ref for one in standing for ref in one.adult_refs}
    open_at = {one.home_ref for one in standing if one.is_open}
    found = []
    for home in homes:
        left = without(home, written) if home.home_ref not in open_at else None
        if left is not None:
            found.append(left)
            written |= set(left.adult_refs)
    return found


def without(home: Home, written: Collection[str]) -> Home | None:
    """Return a home as the letter of those who are not written to otherwise; None where that is nobody."""
    left = [(ref, name) for ref, name in zip(home.adult_refs, home.names, strict=True) if ref not in written]
    if not left:
        return None
    return replace(home, adult_refs=tuple(ref for ref, _ in left), names=tuple(name for _, name in left))


def held_because(outcomes: Collection[str], home: Home, *, is_held: bool) -> list[str]:
    """Return why a letter is looked at by a named person first; empty when it need not be.

    `outcomes` are what was decided for the family, and for a child otherwise.
    """
    why = list(home.because)
    if is_held:
        why.append(NOT_READ_YET)
    if STEP_UP in outcomes:
        why.append(STEP_UP)
    return why


def seal_of(home: Home, key: str) -> str:
    """Return what tells an address and who is there from any other, without saying them."""
    who = [home.adult_refs, home.names, home.other_refs]
    said = json.dumps([home.home_ref, *who, home.lines, home.not_disclosed_to])
    return hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()


def check_open(state: str) -> None:
    """Refuse to change a letter that is settled; raises AlreadySettled."""
    if state not in OPEN:
        raise AlreadySettled(f"This letter is settled: {STATES[state].lower()}. It cannot be changed any more.")


def check_checker(state: str, checker: UUID | None, by: UUID, note: str) -> None:
    """Refuse that anybody but the person who was named releases a letter that is held, or without how they checked it."""
    if state != "held":
        return
    if checker is None:
        message = "Select who checks this letter, and save it"
        raise Invalid(message, {"checker_id": [message]})
    if checker != by:
        raise Forbidden("Somebody else was named to check this letter.")
    if not note:
        message = "Enter how you checked that it is safe"
        raise Invalid(message, {"check_note": [message]})


def check_home(home: Home | None, *, is_held: bool) -> Home:
    """Return a home that may be written to now; raises NotAsConfirmed."""
    if is_held:
        raise NotAsConfirmed(f"{HELD_BECAUSE[NOT_READ_YET]}. The front door reads it first.")
    if home is None:
        raise NotAsConfirmed(
            "Nobody is left to write to at this address: it is not safe any more, or they are on another letter."
            " Tell the family in another way, or make the letters anew."
        )
    return home


def check_as_confirmed(state: str, confirmed: str | None, seal: str) -> None:
    """Refuse to print a letter that nobody has confirmed as its address is now; raises NotAsConfirmed."""
    if state != "to_print":
        raise NotAsConfirmed("Confirm this letter before it is printed.")
    if confirmed != seal:
        raise NotAsConfirmed("The address or who lives there has changed since it was confirmed. Confirm it again.")


def check_sending(state: str, *, is_printed: bool) -> None:
    """Refuse to mark a letter as sent twice, or before it was printed; raises AlreadySettled, Conflict."""
    check_open(state)
    if state != "to_print" or not is_printed:
        raise Conflict("Print this letter before you mark it as sent.")


def check_telling(state: str) -> None:
    """Refuse to mark as told a letter that is settled; raises AlreadySettled."""
    check_open(state)


def missing_confirmations(confirmed: Sequence[str]) -> list[str]:
    """Return what has not been confirmed of addressee, address and copies."""
    return [part for part in CONFIRM if part not in confirmed]


CONFIRM = {
    "addressee": "It is for the right people",
    "address": "The address is right, and it is safe to write there",
    "copies": "The copies go to the right agencies, or there are none",
}
"""What is confirmed of each letter before it is printed."""
