"""An authority's rules about consent: who is asked, how, and what is asked again later."""

from collections.abc import Iterator
from dataclasses import dataclass

WHO = {
    "one_holder": "one holder of parental responsibility",
    "every_holder": "every holder of parental responsibility",
}
"""Which adults have to agree, with the words for it."""

YOUNG_PERSON = {
    "instead": "agrees for themselves, with or without a parent",
    "too": "is asked too, beside the parents",
}
"""What the answer of a young person of age does, with the words for it."""

IN_WRITING_BEFORE = {
    "panel": "before it goes to a panel",
    "others": "before it goes to a panel, a service or a plan",
    "never": "nothing waits for it",
}
"""What has to wait until a spoken agreement was confirmed in writing, with the words for it."""

NEW_AGENCY = {
    "unless_named": "before an agency accepts, unless they agreed to it by name",
    "if_others_named": "before an agency accepts, where they agreed to others by name",
    "never": "not again",
}
"""When a family is asked again about an agency to which it is offered, with the words for it."""


@dataclass(frozen=True)
class ConsentWording:
    """What a family is asked, word for word; an answer remembers the `version` that was shown."""

    version: str
    to_ask: str
    to_share: str
    to_research: str


@dataclass(frozen=True)
class ConsentRules:
    """Whose consent an authority needs, and how.

    `gillick` says that a child below `young_person_from` may agree alone once somebody judged that they
    understand enough. `confirm_within_working_days` is how long a spoken agreement may stay unconfirmed.
    """

    who: str
    young_person_from: int
    young_person: str
    gillick: bool
    one_refusal_stops: bool
    in_writing_before: str
    confirm_within_working_days: int
    new_agency: str
    wording: ConsentWording


def wrong_in_consent(rules: ConsentRules) -> Iterator[str]:
    """Yield what is wrong with an authority's rules about consent."""
    known = {
        "who": WHO, "young_person": YOUNG_PERSON, "in_writing_before": IN_WRITING_BEFORE, "new_agency": NEW_AGENCY,
    }  # fmt: skip
    for name, choices in known.items():
        if (value := getattr(rules, name)) not in choices:
            yield f"consent: {name} is {' or '.join(choices)}, not {value!r}"
    if not 10 <= rules.young_person_from <= 18:
        yield f"consent: young_person_from must be from 10 to 18, not {rules.young_person_from}"
    if rules.confirm_within_working_days < 1:
        yield "consent: confirm_within_working_days must be at least 1"


def consent_in_words(rules: ConsentRules) -> dict[str, str]:
    """Return an authority's rules about consent, each by its name."""
    return {
        "Who has to agree": f"At least {WHO[rules.who]}" if rules.who == "one_holder" else WHO[rules.who].capitalize(),
        "A young person": f"From the age of {rules.young_person_from}: {YOUNG_PERSON[rules.young_person]}",
        "A younger child": "May agree alone if somebody judged them Gillick competent and said why"
        if rules.gillick
        else "Does not agree alone",
        "When one of them refuses": "Nothing goes on"
        if rules.one_refusal_stops
        else "The agreement of the others is enough",
        "A spoken agreement": (
            f"Confirmed in writing within {rules.confirm_within_working_days} working"
            f" {'day' if rules.confirm_within_working_days == 1 else 'days'},"
            f" and {IN_WRITING_BEFORE[rules.in_writing_before]}"
        ),
        "When an agency joins": f"The family is asked again: {NEW_AGENCY[rules.new_agency]}",
        "Wording": rules.wording.version,
        "Asked about the request": rules.wording.to_ask,
        "Asked about sharing": rules.wording.to_share,
        "Asked about research": rules.wording.to_research,
    }
