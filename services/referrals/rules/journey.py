"""The pages of asking for help, in their order.

`content` is what the pages have kept so far: by step the values of its form, by group a list of them, and
`done`, the steps that were gone through. Dates are ISO texts.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.referrals.rules import safeguarding_check
from services.referrals.rules.ask_consent import has_answers_of, without_person
from services.referrals.rules.names import child_names, whole_name
from services.referrals.rules.questions import OF_ADULTS, OF_CHILDREN, OF_REQUESTS

Content = Mapping[str, Any]

GROUPS = {
    "children": "c", "adults": "a", "others": "o", "addresses": "h", "professionals": "p", "key_events": "k", "papers": "s",
}  # fmt: skip
"""Steps that are lists, each with the letter of its refs."""

MOST = {
    "children": 15, "adults": 15, "others": 20, "addresses": 10, "professionals": 20, "key_events": 30, "papers": 20,
}  # fmt: skip
FEWEST = {
    "children": 1, "adults": 1, "others": 0, "addresses": 1, "professionals": 0, "key_events": 0, "papers": 1,
}  # fmt: skip
MORE_OF = {"children": OF_CHILDREN, "adults": OF_ADULTS}
"""The lists of people, each with the questions of the second page about one of them."""
UNBORN: Content = {
    "given_name": "", "also_known_as": "", "date_of_birth": None, "sex": "U", "ethnicity": "NOBT",
    "disabilities": ["NONE"],
}  # fmt: skip
"""What the national codes say of a child not yet born; only when it is expected and a last name are asked."""

ASKING = {
    "professional": "I work with the family",
    "carer": "I am a parent or carer and I ask for my own family",
    "young_person": "I am a young person and I ask for myself",
    "caller": "I am writing it down for somebody of the family who phoned",
    "professional_caller": "I am writing it down for a professional who phoned",
}
CALLERS = frozenset({"caller", "professional_caller"})
"""Where somebody else writes it down."""
_PROFESSIONALS = frozenset({"professional", "professional_caller"})
_ORDER = (
    "who", "details", "about", "children", "adults", "others", "addresses", "contact",
    "professionals", "needs", "story", "key_events", "level", "consent", "step_down", "papers", "attachments",
    "safeguarding",
)  # fmt: skip
_STEP_OF_PART = {
    "kind": "about", "locality": "about", "urgency": "about", "referrer": "details", "level_seen": "level",
    "working_well": "story", "worried_about": "story", "needs_to_happen": "story", "already_tried": "story",
    **{question.name: "story" for question in OF_REQUESTS},
}  # fmt: skip


def asking(content: Content) -> str:
    """Return who is asking, a code of ASKING."""
    return str(content.get("who", {}).get("asking", "professional"))


def is_family(content: Content) -> bool:
    """Say whether the family itself is asking, and so plain questions are put."""
    return asking(content) not in _PROFESSIONALS


_SELF = {"carer": ("adults", "a1"), "young_person": ("children", "c1")}


def is_self(content: Content, group: str, ref: str) -> bool:
    """Say whether one of a list, or with an empty `ref` the next one, is who asks: the first adult, or the first child."""
    return _SELF.get(asking(content)) == (group, ref or _free_ref(content, group))


def known_of(content: Content, group: str) -> dict[str, str]:
    """Return what is known already of the next one of a list: of who asks, what they said of themselves."""
    if not is_self(content, group, ""):
        return {}
    details = content.get("details", {})
    given, _, family = str(details.get("name", "")).strip().rpartition(" ")
    phone = str(details.get("phone") or "")
    is_mobile = phone.replace(" ", "").startswith(("07", "+447"))
    named = {"given_name": given or family, "family_name": family if given else ""}
    if group == "children":
        return named
    return named | {"email": details.get("email") or ""} | ({"mobile": phone} if is_mobile else {})


def steps_for(content: Content, *, has_localities: bool) -> list[str]:
    """Return the steps that this person goes through, in order."""
    is_step_down = content.get("about", {}).get("kind") == "step_down"
    left_out = set() if is_step_down else {"step_down", "papers"}
    if is_family(content):
        left_out |= {"others", "professionals", "key_events", "level", "step_down", "papers"} | (
            set() if has_localities else {"about"}
        )
    if not safeguarding_check.signs_asked_about(content):
        left_out.add("safeguarding")
    return [step for step in _ORDER if step not in left_out]


def next_step(content: Content, step: str, *, has_localities: bool) -> str:
    """Return the first step after this one that is still to do, then any before it, then `check`."""
    steps = steps_for(content, has_localities=has_localities)
    place = steps.index(step) + 1 if step in steps else 0
    done = set(content.get("done", ()))
    if not safeguarding_check.is_answered(content):
        done.discard("safeguarding")
    return next((name for name in steps[place:] + steps[:place] if name not in done), "check")


def previous_step(content: Content, step: str, *, has_localities: bool) -> str:
    """Return the step before this one, or `` before the first."""
    steps = [*steps_for(content, has_localities=has_localities), "check"]
    place = steps.index(step) if step in steps else 0
    return steps[place - 1] if place else ""


def with_step(content: Content, step: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with a step's answers, and the step done.

    Where it is no longer the family itself that asks, or is now, consent is asked anew: the questions are others.
    """
    kept = {**content, step: dict(values), "done": _and(content, step)}
    return kept if is_family(kept) == is_family(content) else without_step_done(kept, "consent")


def with_step_done(content: Content, step: str) -> dict[str, Any]:
    """Return the content with a list finished."""
    return {**content, "done": _and(content, step)}


def without_step_done(content: Content, step: str) -> dict[str, Any]:
    """Return the content with a step still to do."""
    return {**content, "done": [name for name in content.get("done", []) if name != step]}


def one_of(content: Content, group: str, ref: str) -> dict[str, Any] | None:
    """Return one of a list, or None when it is not in it."""
    return next((dict(item) for item in content.get(group, []) if item["ref"] == ref), None)


def ref_at(content: Content, group: str, place: int) -> str:
    """Return the ref of the one at a place of a list."""
    return str(content[group][place]["ref"])


def with_item(content: Content, group: str, ref: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with one of a list added or changed; an empty `ref` adds."""
    items: list[dict[str, Any]] = list(content.get(group, []))
    if not ref:
        items.append({**values, "ref": _free_ref(content, group)})
    else:
        items = [{**values, "ref": ref} if item["ref"] == ref else item for item in items]
    return {**content, group: items}


def without_item(content: Content, group: str, ref: str) -> dict[str, Any]:
    """Return the content without one of a list; an answer that pointed at it is asked again."""
    left = {**content, group: [item for item in content.get(group, []) if item["ref"] != ref]}
    done = [step for step in content.get("done", []) if step != group or len(left[group]) >= FEWEST[group]]
    if left.get("contact", {}).get("adult") == ref:
        done = [step for step in done if step != "contact"]
    if has_answers_of(left, ref):
        done = [step for step in done if step != "consent"]
    return {**without_person(left, ref), "done": done}


def people(content: Content) -> dict[str, str]:
    """Return the children and adults by ref, as they are called."""
    children, adults = content.get("children", []), content.get("adults", [])
    called = child_names((_whole_name(child), _expected(child)) for child in children)
    return {child["ref"]: name for child, name in zip(children, called, strict=True)} | {
        adult["ref"]: _whole_name(adult) for adult in adults
    }


def people_who_may_agree(content: Content) -> dict[str, str]:
    """Return who of them can answer about consent: everybody who is born."""
    unborn = {child["ref"] for child in content.get("children", []) if child.get("expected_on")}
    return {ref: name for ref, name in people(content).items() if ref not in unborn}


def homes_of(content: Content, ref: str) -> list[Mapping[str, Any]]:
    """Return the addresses at which a person lives."""
    return [home for home in content.get("addresses", []) if ref in home.get("residents", [])]


def step_of(pointer: str) -> str:
    """Return the step on which the part of the document at a JSON pointer is asked."""
    parts = pointer.strip("/").split("/")
    if parts[:2] == ["step_down", "papers"]:
        return "papers"
    return _STEP_OF_PART.get(parts[0], parts[0])


def _whole_name(person: Content) -> str:
    return whole_name(person["given_name"], person["family_name"])


def _expected(child: Content) -> date | None:
    return date.fromisoformat(child["expected_on"]) if child.get("expected_on") else None


def _and(content: Content, step: str) -> list[str]:
    return list(dict.fromkeys([*content.get("done", []), step]))


def _free_ref(content: Content, group: str) -> str:
    taken = {item["ref"] for item in content.get(group, [])}
    numbers = range(1, len(taken) + 2)
    return next(ref for number in numbers if (ref := f"{GROUPS[group]}{number}") not in taken)
