"""The level of need that a professional sees: offered by the scheme in force, kept with the scheme it was said under."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.referrals.rules.choices import FAMILY_SOURCES
from shared.authority import Authority, LevelScheme

NOT_SAID = "not_said"
_BETWEEN = "/"

Fault = tuple[tuple[str | int, ...], str]


def levels_to_see(scheme: LevelScheme) -> dict[str, str]:
    """Return the levels of a scheme as choices, and that one does not want to say; each code names its scheme.

    A draft that outlives a change of scheme then still says what was meant.
    """
    levels = {
        _BETWEEN.join((scheme.scheme, scheme.version, str(level.number))): f"Level {level.number}: {level.label}"
        for level in scheme.levels
    }
    return {**levels, NOT_SAID: "I cannot say"}


def level_of(code: str) -> dict[str, Any] | None:
    """Return the scheme, version and number of a chosen code, or None when no level was said."""
    if _BETWEEN not in code:
        return None
    scheme, version, number = code.rsplit(_BETWEEN, 2)
    return {"scheme": scheme, "version": version, "number": int(number)}


def level_seen_in_words(scheme: str, version: str, number: int | None, authority: Authority) -> str:
    """Return a level with the label that it had in its own scheme, or `` when none was said."""
    if number is None:
        return ""
    return f"Level {number}: {authority.level_label(scheme, version, number)} ({authority.short_name} {version})"


def level_seen_faults(document: Mapping[str, Any], authority: Authority) -> Iterator[Fault]:
    """Yield what is wrong with the level of need that a document says; a family is not asked for one."""
    seen = document["level_seen"]
    if not seen:
        return
    if document["referrer"]["source"] in FAMILY_SOURCES:
        yield ("level_seen",), "Leave out the level of need: the family itself is asking"
    elif not authority.has_level(seen["scheme"], seen["version"], seen["number"]):
        yield ("level_seen",), "There is no such level of need in a scheme of this authority"
