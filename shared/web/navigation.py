"""Where a person can go, by role: the links in the head of every page, and the cards of the start page."""

from dataclasses import dataclass
from typing import TypedDict

from shared.identity import Person


@dataclass(frozen=True)
class Place:
    """A page to begin from: what is done there, and by whom; `covers` are other addresses that belong to it."""

    text: str
    href: str
    about: str
    roles: tuple[str, ...]
    is_in_menu: bool = True
    covers: tuple[str, ...] = ()


class Link(TypedDict):
    """A link of the menu; it is marked on every page whose address begins with one of `covers`."""

    text: str
    href: str
    covers: tuple[str, ...]


MESSAGES_SENT = "/notifications/notices"
ACTIONS = "/panel/actions"

_PLACES = (
    Place("Worklist", "/referrals/worklist", "Read new requests and decide where each one goes.", ("front_door",)),
    Place(
        "Ask for help for a family",
        "/referrals/start",
        "Send a request for early help, or ask for a step-down.",
        ("referrer", "social_worker", "front_door"),
        is_in_menu=False,
    ),
    Place("My requests", "/referrals/sent", "See what became of the requests you sent.", ("referrer", "social_worker")),
    Place(
        "Register",
        "/referrals/register",
        "Find out whether there is already a plan for a family, and who leads it.",
        ("front_door", "coordinator", "lead_practitioner", "social_worker", "referrer", "information_officer"),
    ),
    Place(
        "Meetings",
        "/panel/meetings",
        "Find the next meetings, their agendas, papers and minutes.",
        ("coordinator", "panel_member"),
        covers=("/panel/panels", "/panel/calendar", "/panel/minutes"),
    ),
    Place(
        "Actions",
        ACTIONS,
        "See what was agreed at meetings, who does it and by when, and say what became of it.",
        ("coordinator", "panel_member", "agency_manager", "lead_practitioner", "social_worker"),
    ),
    Place(
        "Minutes",
        "/panel/minutes",
        "See which minutes are a draft, approved, or late.",
        ("coordinator", "panel_member"),
        is_in_menu=False,
    ),
    Place(
        "Letters",
        "/panel/letters",
        "Check, print and send what chairs write to families.",
        ("coordinator", "panel_member"),
    ),
    Place("Queue", "/panel/queue", "See which families wait for a meeting, and for which one.", ("coordinator",)),
    Place(
        "Statistics",
        "/panel/statistics",
        "Count families and children: what was decided, how long they waited, who came.",
        ("coordinator", "administrator"),
    ),
    Place(
        "Allocations",
        "/panel/allocations",
        "Accept or decline the families that were offered to your agency.",
        ("agency_manager",),
    ),
    Place(
        "Plans",
        "/panel/plans",
        "Read the plans of your agency's families, and change who leads one.",
        ("agency_manager",),
    ),
    Place(
        "My families",
        "/panel/plans",
        "Read the plans you hold, and record the reviews that are due.",
        ("lead_practitioner",),
    ),
    Place("People", "/directory/people", "Add people, and change their roles and agencies.", ("administrator",)),
    Place(
        "Agencies",
        "/directory/agencies",
        "Look up agencies and what they offer.",
        ("administrator", "coordinator", "front_door"),
    ),
    Place(
        "Messages sent",
        MESSAGES_SENT,
        "Check who was told what, and what could not be delivered.",
        ("coordinator", "front_door", "administrator"),
    ),
    Place(
        "Rules of the authority",
        "/directory/authority",
        "Read the rules in force, and what changed last.",
        ("administrator",),
        is_in_menu=False,
    ),
    Place(
        "Messages between services",
        "/directory/messages",
        "See what is held up between the services, and have it tried again.",
        ("administrator",),
        is_in_menu=False,
    ),
)


def places(person: Person) -> list[Place]:
    """Return where this person may go; one place an address, though two of their roles lead there."""
    found: dict[str, Place] = {}
    for place in _PLACES:
        if person.has(*place.roles):
            found.setdefault(place.href, place)
    return list(found.values())


def navigation(person: Person | None, *, is_training: bool) -> list[Link]:
    """Return the links that this person may follow."""
    in_menu = [place for place in places(person) if place.is_in_menu] if person is not None else []
    links = [Link(text=place.text, href=place.href, covers=(place.href, *place.covers)) for place in in_menu]
    if is_training:
        links.append(Link(text="Inbox", href="/notifications/inbox", covers=("/notifications/inbox",)))
    if is_training and person is not None:
        links.append(Link(text="Clock", href="/directory/clock", covers=("/directory/clock",)))
    return links
