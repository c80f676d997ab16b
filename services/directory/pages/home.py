"""The start page: for everybody what this is, for a signed-in person what they can do here."""

from collections.abc import Mapping
from dataclasses import replace

from flask import render_template

from services.directory.pages import pages
from shared.identity import ROLES, Person
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.web.access import open_to_everyone, person_or_none
from shared.web.app import resources
from shared.web.navigation import ACTIONS, MESSAGES_SENT, Place, places


@pages.get("/")
@open_to_everyone("the start page; it shows each person only links")
def home() -> str:
    """Show what this person can do, or how to begin."""
    person = person_or_none()
    if person is None:
        return render_template("directory/welcome.html")
    return render_template("directory/home.html", cards=_cards_for(person), roles=ROLES)


def _cards_for(person: Person) -> list[Place]:
    cards = [_counted(place, person) for place in places(person)]
    if person.has("agency_manager") and person.agency_id is not None:
        about = "Open or close your services to new families."
        cards.append(Place("Your agency", f"/directory/agencies/{person.agency_id}", about, ("agency_manager",)))
    about = "Look for a service that fits a family's needs."
    return [*cards, Place("Find a service", "/directory/services", about, tuple(ROLES))]


def _counted(card: Place, person: Person) -> Place:
    """Return the card with how much there is to do; as it is while the service that knows does not say."""
    try:
        if card.href == MESSAGES_SENT:
            return _with(card, _messages(resources().neighbours.get("notifications", "/notices/needing-a-person")))
        if card.href == ACTIONS:
            return _with(card, _actions(resources().neighbours.get("panel", f"/people/{person.person_id}/actions")))
    except (NeighbourAway, NeighbourRefused):
        pass
    return card


def _with(card: Place, words: str) -> Place:
    return replace(card, about=f"{words} {card.about}") if words else card


def _messages(said: Mapping[str, int]) -> str:
    count = said["count"]
    return "" if not count else "1 message needs a person." if count == 1 else f"{count} messages need a person."


def _actions(said: Mapping[str, int]) -> str:
    """Return what is to be done by this person, or in the agency that they manage."""
    if not said["open"]:
        return ""
    overdue = f", {said['overdue']} overdue" if said["overdue"] else ""
    return f"{said['open']} to do{overdue}."
