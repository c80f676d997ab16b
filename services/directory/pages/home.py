"""The start page: for everybody what this is, for a signed-in person what they can do here."""

from dataclasses import replace

from flask import render_template

from services.directory.pages import pages
from shared.identity import ROLES, Person
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.web.access import open_to_everyone, person_or_none
from shared.web.app import resources
from shared.web.navigation import MESSAGES_SENT, Place, places


@pages.get("/")
@open_to_everyone("the start page; it shows each person only links")
def home() -> str:
    """Show what this person can do, or how to begin."""
    person = person_or_none()
    if person is None:
        return render_template("directory/welcome.html")
    return render_template("directory/home.html", cards=_cards_for(person), roles=ROLES)


def _cards_for(person: Person) -> list[Place]:
    cards = [_counted(place) if place.href == MESSAGES_SENT else place for place in places(person)]
    if person.has("agency_manager") and person.agency_id is not None:
        about = "Open or close your services to new families."
        cards.append(Place("Your agency", f"/directory/agencies/{person.agency_id}", about, ("agency_manager",)))
    about = "Look for a service that fits a family's needs."
    return [*cards, Place("Find a service", "/directory/services", about, tuple(ROLES))]


def _counted(card: Place) -> Place:
    """Return the card with how many messages need a person; as it is while notifications does not say."""
    try:
        count: int = resources().neighbours.get("notifications", "/notices/needing-a-person")["count"]
    except (NeighbourAway, NeighbourRefused):
        return card
    if not count:
        return card
    need = "1 message needs a person." if count == 1 else f"{count} messages need a person."
    return replace(card, about=f"{need} {card.about}")
