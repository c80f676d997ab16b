"""The start page: for everybody what this is, for a signed-in person what they can do here."""

from dataclasses import dataclass, replace

from flask import render_template

from services.directory.pages import pages
from shared.identity import ROLES, Person
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.web.access import open_to_everyone, person_or_none
from shared.web.app import resources


@dataclass(frozen=True)
class Card:
    """Something a person can do, with where, for whom."""

    title: str
    href: str
    about: str
    roles: tuple[str, ...]


_MESSAGES = "/notifications/notices"

_CARDS = (
    Card("Worklist", "/referrals/worklist", "Read new requests and decide where each one goes.", ("front_door",)),
    Card(
        "Ask for help for a family",
        "/referrals/start",
        "Send a request for early help, or ask for a step-down.",
        ("referrer", "social_worker", "front_door"),
    ),
    Card("My requests", "/referrals/sent", "See what became of the requests you sent.", ("referrer", "social_worker")),
    Card(
        "Meetings",
        "/panel/meetings",
        "Find the next meetings, their agendas, papers and minutes.",
        ("coordinator", "panel_member"),
    ),
    Card("Queue", "/panel/queue", "See which families wait for a meeting, and for which one.", ("coordinator",)),
    Card(
        "Allocations",
        "/panel/allocations",
        "Accept or decline the families that were offered to your agency.",
        ("agency_manager",),
    ),
    Card(
        "My families",
        "/panel/plans",
        "Read the plans you hold, and record the reviews that are due.",
        ("lead_practitioner",),
    ),
    Card(
        "Messages sent",
        _MESSAGES,
        "Check who was told what, and what could not be delivered.",
        ("coordinator", "front_door", "administrator"),
    ),
    Card("People", "/directory/people", "Add people, and change their roles and agencies.", ("administrator",)),
    Card(
        "Agencies",
        "/directory/agencies",
        "Look up agencies and what they offer.",
        ("administrator", "coordinator", "front_door"),
    ),
)


@pages.get("/")
@open_to_everyone("the start page; it shows each person only links")
def home() -> str:
    """Show what this person can do, or how to begin."""
    person = person_or_none()
    if person is None:
        return render_template("directory/welcome.html")
    return render_template("directory/home.html", cards=_cards_for(person), roles=ROLES)


def _cards_for(person: Person) -> list[Card]:
    cards = [_counted(card) if card.href == _MESSAGES else card for card in _CARDS if person.has(*card.roles)]
    if person.has("agency_manager") and person.agency_id is not None:
        about = "Open or close your services to new families."
        cards.append(Card("Your agency", f"/directory/agencies/{person.agency_id}", about, ("agency_manager",)))
    about = "Look for a service that fits a family's needs."
    return [*cards, Card("Find a service", "/directory/services", about, tuple(ROLES))]


def _counted(card: Card) -> Card:
    """Return the card with how many messages need a person; as it is while notifications does not say."""
    try:
        count: int = resources().neighbours.get("notifications", "/notices/needing-a-person")["count"]
    except (NeighbourAway, NeighbourRefused):
        return card
    if not count:
        return card
    need = "1 message needs a person." if count == 1 else f"{count} messages need a person."
    return replace(card, about=f"{need} {card.about}")
