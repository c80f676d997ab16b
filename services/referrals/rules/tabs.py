"""Several tabs with one draft: what a page showed when it was opened, and what keeping its answer would overwrite.

A page is named by its address below `/ask/`: `story`, `children/c1`, `children/c1/more`, `children/add`,
`children/c1/remove`, `consents/a1`, `check`. `content` is that of a draft (`rules/journey.py`).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Content = Mapping[str, Any]

NOTHING: Content = {}


@dataclass(frozen=True)
class Opening:
    """A page as it was opened once: `mark` tells it from every other opening, `seen` is what it showed, by answer."""

    page: str
    mark: str
    seen: Mapping[str, str]


@dataclass(frozen=True)
class Written:
    """Who wrote what: `last` is the opening by which each page was kept last, `added` what each opening added."""

    last: Mapping[str, str]
    added: Mapping[str, str]

    def by(self, opening: Opening, place: str) -> "Written":
        """Return this with an answer that an opening gave, kept at a place."""
        if is_removing(opening.page):
            return self._without(opening.page.removesuffix("/remove"))
        adds = {opening.mark: place} if is_adding(opening.page) else {}
        return Written({**self.last, opening.page: opening.mark}, {**self.added, **adds})

    def _without(self, place: str) -> "Written":
        # The next one that is added may get the same ref.
        last = {page: mark for page, mark in self.last.items() if not f"{page}/".startswith(f"{place}/")}
        return Written(last, {mark: there for mark, there in self.added.items() if there != place})


def open_page(content: Content, page: str, mark: str) -> Opening:
    """Return a page as it is opened now."""
    return Opening(
        page, mark, {name: fingerprint(value) for name, value in (part_of(content, page) or NOTHING).items()}
    )


def part_of(content: Content, page: str) -> Content | None:
    """Return the answers that a page is about, or None when there are none yet, or not any more."""
    if page == "check":
        return {name: value for name, value in content.items() if name != "done"}
    step, *rest = page.split("/")
    part = content.get(step)
    if isinstance(part, list):
        return next((item for item in part if rest and item["ref"] == rest[0]), None)
    if isinstance(part, Mapping) and rest:
        part = part.get(rest[0])
    return part if isinstance(part, Mapping) else None


def place_of(opening: Opening, written: Written) -> str:
    """Return the page at which an opening's answer is kept: for one that added something, that of what it added."""
    return written.added.get(opening.mark, opening.page)


def unseen(opening: Opening, before: Content, after: Content, written: Written) -> list[str]:
    """Return the answers that keeping `after` would overwrite though this opening never showed them.

    What the same opening wrote itself it may overwrite: the browser's back button shows what was typed. But what it
    once added it may only say again, because typing over it may mean somebody else.
    """
    old, new = (part_of(content, place_of(opening, written)) or NOTHING for content in (before, after))
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if opening.mark in written.added:
        return changed
    if written.last.get(opening.page) == opening.mark:
        return []
    nothing = fingerprint(None)
    return [name for name in changed if fingerprint(old.get(name)) != opening.seen.get(name, nothing)]


def is_adding(page: str) -> bool:
    """Say whether a page adds one to a list."""
    return page.endswith("/add")


def is_removing(page: str) -> bool:
    """Say whether a page takes one out of a list."""
    return page.endswith("/remove")


def was_removed(opening: Opening, content: Content) -> bool:
    """Say whether what a page showed is not there any more."""
    return (
        bool(opening.seen)
        and "/" in opening.page
        and not is_removing(opening.page)
        and part_of(content, opening.page) is None
    )


def fingerprint(value: Any) -> str:
    """Return a short text that is the same for the same answer; no answer is the same as an empty one."""
    said = json.dumps(value or None, sort_keys=True, separators=(",", ":")) if value is not False else "no"
    return hashlib.sha256(said.encode()).hexdigest()[:12]
