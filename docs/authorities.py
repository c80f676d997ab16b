"""Writes what each authority decides for itself, side by side: `make authorities`. A test compares."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from shared.authority import AUTHORITIES, Authority, Profile, load_profile
from shared.authority.in_words import differences, in_words

PAGE = Path(__file__).parent / "authorities.md"
_SIDE_BY_SIDE = (
    "Words",
    "Levels of need",
    "Meetings",
    "Reviews",
    "Actions",
    "Time limits",
    "Step-down",
    "Register",
    "Records",
)
"""The sections in which every authority answers the same questions; the others are lists of its own."""


def page() -> str:
    """Return the page: what is the same question for all in one table, then each authority's own lists."""
    profiles = [load_profile(key) for key in AUTHORITIES]
    newest = [profile.newest for profile in profiles]
    parts = [
        "# What each authority decides for itself",
        "Written by `make authorities` from `shared/authority/`, where the source of each rule stands beside it; a test"
        " fails when it is out of date. A folder holds a file for each day on which something changed, named after that"
        " day: the first says everything, each later one only what is new. Levels of need are added and never replaced,"
        " because old records keep the ones that they were made under.",
        *(f"## {section}\n\n{_table(section, newest)}" for section in _SIDE_BY_SIDE),
        *(part for profile in profiles for part in _own(profile)),
    ]
    return "\n\n".join(parts) + "\n"


def _table(section: str, authorities: Sequence[Authority]) -> str:
    answers = [in_words(authority)[section] for authority in authorities]
    rules = dict.fromkeys(rule for answer in answers for rule in answer)
    lines = [
        _row(["", *(authority.name for authority in authorities)]),
        _row(["---"] * (len(authorities) + 1)),
        *(_row([rule, *(answer.get(rule, "") for answer in answers)]) for rule in rules),
    ]
    return "\n".join(lines)


def _own(profile: Profile) -> Iterator[str]:
    authority = profile.newest
    yield f"## {authority.name}"
    for section, rules in in_words(authority).items():
        if rules and section not in _SIDE_BY_SIDE:
            yield f"{section}:"
            yield "\n".join(f"- **{rule}.** {words}" for rule, words in rules.items())
    yield "Assumed, as no source says it:"
    yield "\n".join(f"- {assumption}" for assumption in authority.assumptions)
    for before, version in zip(profile.versions, profile.versions[1:], strict=False):
        yield f"Changed on {version.from_on.day} {version.from_on:%B %Y}:"
        changed = differences(before.authority, version.authority)
        yield "\n".join(
            [_row(["Rule", "Before", "Since then"]), _row(["---"] * 3)]
            + [_row([f"{one.section}: {one.rule}", one.before, one.after]) for one in changed]
        )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
