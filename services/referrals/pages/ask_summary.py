"""The answers of a draft as the check page shows them: a card of questions and answers for every step and person."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from services.referrals.pages.ask_rows import CARDS, ROWS
from services.referrals.rules import journey
from shared.authority import Authority

Content = Mapping[str, Any]

_TITLED_BY = {"professionals": "name", "others": "name", "key_events": "when", "papers": "title"}
_BACK: dict[str, Any] = {"from": "check"}
TITLES = {
    "who": "Who is asking",
    "details": "Contact details",
    "about": "About the request",
    "children": "Children",
    "adults": "Adults",
    "others": "Other people who matter",
    "addresses": "Addresses",
    "contact": "Who to tell",
    "professionals": "Professionals who know the family",
    "needs": "What help is needed with",
    "story": "What is happening",
    "key_events": "Key dates",
    "level": "Level of need you see",
    "consent": "Agreement",
    "step_down": "Step-down",
    "papers": "Papers",
    "attachments": "Files",
    "safeguarding": "Whether a child may be in danger",
}
_PAGES = {"attachments": "pages.ask_attachments", "safeguarding": "pages.ask_safeguarding"}
"""Single steps with a page of their own."""


def sections_of(content: Content, steps: Sequence[str], authority: Authority) -> list[dict[str, Any]]:
    """Return a section for every step with its cards; each leads to where it is changed and back again."""
    return [
        _list_section(step, content) if step in journey.GROUPS else _section(step, content, authority) for step in steps
    ]


def _list_section(group: str, content: Content) -> dict[str, Any]:
    cards = [
        {
            "title": _title(group, item, content),
            "href": url_for("pages.change_item", group=group, ref=item["ref"], **_BACK),
            "more_href": _more_href(group, item),
            "rows": CARDS[group](item, content),
            "warning": "Do not write here" if item.get("may_write") is False else "",
        }
        for item in content.get(group, [])
    ]
    return {
        "title": TITLES[group],
        "href": url_for("pages.ask_list", group=group, **_BACK),
        "is_list": True,
        "cards": cards,
    }


def _more_href(group: str, item: Content) -> str:
    has_more = group in journey.MORE_OF and not item.get("expected_on")
    return url_for("pages.ask_more", group=group, ref=item["ref"], **_BACK) if has_more else ""


def _section(step: str, content: Content, authority: Authority) -> dict[str, Any]:
    href = url_for(_PAGES[step], **_BACK) if step in _PAGES else url_for("pages.ask_step", step=step, **_BACK)
    rows = ROWS[step](content.get(step, {}), content, authority)
    return {"title": TITLES[step], "cards": [{"title": TITLES[step], "href": href, "rows": rows}]}


def _title(group: str, item: Content, content: Content) -> str:
    if group == "addresses":
        return f"{item['line_1']}, {item['postcode']}"
    if group in _TITLED_BY:
        return str(item[_TITLED_BY[group]])
    return journey.people(content)[item["ref"]]
