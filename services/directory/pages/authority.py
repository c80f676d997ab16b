"""The authority's rules: those in force, and what each version of them changed."""

from collections.abc import Mapping

from flask import render_template, request

from services.directory.pages import pages
from shared.authority.in_words import differences, in_words
from shared.authority.profile import Version
from shared.errors import NotFound
from shared.web.access import needs
from shared.web.app import resources, today


@pages.get("/authority")
@needs("administrator")
def authority_rules() -> str:
    """Show the rules in force, or the version that is asked for by its first day, and what that changed."""
    profile = resources().profile
    in_force = profile.version_on(today())
    shown = _version(request.args["from"]) if "from" in request.args else in_force
    before = profile.before(shown)
    return render_template(
        "directory/authority.html",
        shown=shown,
        in_force=in_force,
        versions=profile.versions[::-1],
        sections={title: _rows(rules) for title, rules in in_words(shown.authority).items()},
        before=before,
        differences=differences(before.authority, shown.authority) if before else [],
    )


def _rows(rules: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": rule, "value": words} for rule, words in rules.items()]


def _version(from_on: str) -> Version:
    for version in resources().profile.versions:
        if version.from_on.isoformat() == from_on:
            return version
    raise NotFound("There are no rules that are in force from that day.")
