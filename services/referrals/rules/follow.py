"""Following a request: who may without an account, and what they are told in plain words that give nobody away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

_SHORTEST_PHONE = 9
_WORDS = {
    "received": "We received the request.",
    "triaged_panel": "We looked at it. It is going to a meeting where services decide together who can help.",
    "triaged_service": "We looked at it and asked a service to help.",
    "triaged_signpost": "We looked at it and pointed to help that can be used straight away. The request is finished.",
    "triaged_no_further_action": "We looked at it, and nothing further will happen.",
    "triaged_ask_consent": "We looked at it and asked whether the family agrees.",
    "not_answered": "No answer came to what we asked. We are looking at it again.",
    "triaged_more_information": "We looked at it and asked for more information.",
    "triaged_safeguarding": "We looked at it and passed it to another team. Ring us if you want to know more.",
    "triaged_add_to_plan": "We looked at it and passed it to the person who already works with the family.",
    "triaged_withdraw": "The request was withdrawn. It is finished.",
    "amended": "More was said about the request. We read it.",
    "file_destroyed": "A file that came with the request had a virus in it and was destroyed. Ring us if we need it.",
    "withdrawn_by_sender": "The request was withdrawn. It is finished.",
    "wants_to_stop": "We were asked to stop. The worker talks with the family.",
    "information_given": "More information arrived. We are looking at it.",
    "placed": "The meeting will be on {held_on}.",
    "unplaced": "That meeting will not talk about the request. We will say which one will.",
    "decided": "The meeting talked about the request and decided.",
    "offered": "A service was asked to help.",
    "accepted": "A service said yes, and named the worker who will get in touch.",
    "declined": "The service could not help this time. The next meeting will find another.",
    "offer_withdrawn": "That service is not asked any more. The meeting will find another way.",
    "joined_plan": "The person who already works with the family has it now.",
    "plan_found_closed": "The person who worked with the family had finished. We are looking at the request again.",
    "sent_back": "The meeting will not talk about the request now. We are looking at it again.",
    "lead_changed": "Another worker helps the family now. They will get in touch.",
    "consent_withdrawn": "It stopped for now. We are looking at it again.",
    "plan_closed": "The help came to its end. The request is closed.",
}


_NOT_FOR_THE_FAMILY = frozenset({"triaged_safeguarding"})


@dataclass(frozen=True)
class Step:
    """Something that happened to a request."""

    at: datetime
    code: str
    details: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A step in plain words."""

    at: datetime
    text: str


def told(steps: Iterable[Step], *, is_referrer: bool, reasons: Mapping[str, str]) -> list[Told]:
    """Return the steps that a follower is told, in order; one that only a safeguarding matter has, the referrer alone.

    `reasons` are the authority's for taking nothing further.
    """
    return [
        Told(step.at, " ".join(part for part in (_text(step), _more(step, reasons)) if part))
        for step in steps
        if step.code in _WORDS and (is_referrer or step.code not in _NOT_FOR_THE_FAMILY)
    ]


def knows_request(given: str, held: Iterable[str]) -> bool:
    """Say whether what was given is one of the e-mail addresses or telephone numbers that we hold."""
    return any(_same(given, contact) for contact in held if contact)


def _text(step: Step) -> str:
    words = _WORDS[step.code]
    if "{held_on}" not in words:
        return words
    return words.format(held_on=_day(step.details["held_on"]))


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day:%A} {day.day} {day:%B %Y}"


def _more(step: Step, reasons: Mapping[str, str]) -> str:
    if step.code == "triaged_no_further_action":
        return f"{reasons[because]}." if (because := step.details.get("because", "")) in reasons else ""
    if step.code != "triaged_signpost" or not step.details.get("where"):
        return ""
    ways = ", ".join(step.details[name] for name in ("phone", "web", "opens") if step.details.get(name))
    return f"{step.details['where']}: {ways}.{_checked(step)}"


def _checked(step: Step) -> str:
    checked_on = step.details.get("checked_on")
    return f" Checked on {_day(checked_on)}." if checked_on else ""


def _same(given: str, held: str) -> bool:
    if "@" in held:
        return given.strip().casefold() == held.casefold()
    digits = _national(given)
    return len(digits) >= _SHORTEST_PHONE and digits == _national(held)


def _national(phone: str) -> str:
    digits = "".join(letter for letter in phone if letter.isascii() and letter.isdigit())
    for prefix in ("0044", "44"):
        if digits.startswith(prefix):
            digits = digits[len(prefix) :]
            break
    return digits.lstrip("0")
