"""Where a person can go: the links in the head of every page, by role."""

from shared.identity import Person

_LINKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Worklist", "/referrals/worklist", ("front_door",)),
    ("My requests", "/referrals/sent", ("referrer", "social_worker")),
    ("Meetings", "/panel/meetings", ("coordinator", "panel_member")),
    ("Queue", "/panel/queue", ("coordinator",)),
    ("Allocations", "/panel/allocations", ("agency_manager",)),
    ("My families", "/panel/plans", ("lead_practitioner",)),
    ("People", "/directory/people", ("administrator",)),
    ("Agencies", "/directory/agencies", ("administrator", "coordinator", "front_door")),
    ("Messages sent", "/notifications/notices", ("coordinator", "front_door", "administrator")),
)


def navigation(person: Person | None, *, is_training: bool) -> list[dict[str, str]]:
    """Return the links that this person may follow."""
    links = [{"text": text, "href": href} for text, href, roles in _LINKS if person is not None and person.has(*roles)]
    if is_training:
        links.append({"text": "Inbox", "href": "/notifications/inbox"})
    if is_training and person is not None:
        links.append({"text": "Clock", "href": "/directory/clock"})
    return links
