"""The codes of a request, each with its label in plain words, and the national code sets that it uses."""

from shared.authority import FROM_PLANS as FROM_PLANS
from shared.authority import PAPER_KINDS as PAPER_KINDS
from shared.codes import code_set

KINDS = {"request": "Request for help", "step_down": "Step-down from social care"}
URGENCIES = {"routine": "Routine", "soon": "Soon", "urgent": "Urgent"}
URGENCIES_MEAN = {
    "routine": "The family can wait for its turn",
    "soon": "Things are getting worse, and waiting weeks would make help harder",
    "urgent": "Help is needed within days, though no child is in danger",
}
"""What each of them means, beside it on the page."""
SEXES = {"F": "Female", "M": "Male", "U": "Not known"}
RELATIONSHIPS = {
    "mother": "Mother",
    "father": "Father",
    "step_parent": "Step-parent",
    "parents_partner": "Partner of a parent",
    "grandparent": "Grandparent",
    "carer": "Carer",
    "other_relative": "Other relative",
    "other": "Somebody else",
}
PARENTAL_RESPONSIBILITIES = {"yes": "Yes", "no": "No", "unknown": "Not known"}
CHANNELS = {"phone": "Phone call", "sms": "Text message", "email": "E-mail", "letter": "Letter"}
LIVES_WITH_CHILDREN = {"yes": "Yes", "part": "For a part of the week", "no": "No", "unknown": "Not known"}
CONSENTS = {
    "to_ask": "To make this request",
    "to_share": "To share it with those who may help",
    "to_research": "To use it for national research",
}
HOW = {"signed": "Signed", "verbal": "Said so", "online": "Online"}
ARRIVED_BY = {"page": "On the pages", "portal": "From a portal", "phone": "By phone"}

FAMILY_SOURCES = frozenset({"1A", "1C"})
"""National sources of a request that mean: the family itself is asking."""


def sources() -> dict[str, str]:
    """Return the national codes of who a request came from."""
    return code_set("referral-source")


def needs() -> dict[str, str]:
    """Return the headline outcomes that a request names as needs."""
    return code_set("need")


def ethnicities() -> dict[str, str]:
    """Return the national codes of ethnicity, refused and not yet obtained among them."""
    return code_set("ethnicity")


def ethnic_groups() -> dict[str, str]:
    """Return the national codes of ethnicity without the two that say why there is none."""
    return {code: label for code, label in ethnicities().items() if code not in ("REFU", "NOBT")}


def disabilities() -> dict[str, str]:
    """Return the national codes of disability; NONE excludes every other."""
    return code_set("disability")


def closure_reasons() -> dict[str, str]:
    """Return the national codes of why social care ends."""
    return code_set("reason-for-closure")
