"""Keep an answer of a page that may have been open for long, and answers that wait until somebody goes on with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.referrals.rules.tabs import Opening, Written, is_adding, place_of, unseen
from services.referrals.tables import DraftRow
from shared.audit import record
from shared.errors import Conflict

_MOST_WAITING = 20


class WrittenElsewhere(Conflict):
    """Another tab wrote on this page since it was opened; both are there to be shown."""

    def __init__(self, opening: Opening, place: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        super().__init__("This page was changed in another tab or window since you opened it.")
        self.opening, self.place, self.before, self.after = opening, place, before, after


def keep_answer(
    session: Session, draft: DraftRow, content: Mapping[str, Any], opening: Opening, *, waiting: str
) -> None:
    """Note in a held draft which opening of a page gave an answer, before it is kept; raises WrittenElsewhere."""
    written = Written(draft.openings.get("last", {}), draft.openings.get("added", {}))
    if unseen(opening, draft.content, content, written):
        raise WrittenElsewhere(opening, place_of(opening, written), dict(draft.content), content)
    place = place_of(opening, written)
    if is_adding(place):
        group = place.partition("/")[0]
        place = f"{group}/{content[group][-1]['ref']}"
    after = written.by(opening, place)
    draft.openings = {"last": dict(after.last), "added": dict(after.added)}
    drop_waiting(session, draft, waiting)


@dataclass(frozen=True)
class Answer:
    """What was typed on a page, unchecked: its address with the query, its signed opening, and the boxes."""

    address: str
    opening: str
    typed: Sequence[tuple[str, str]]


def let_answer_wait(session: Session, draft: DraftRow, key: str, answer: Answer, *, who: str, now: datetime) -> None:
    """Keep an answer with a held draft until its person goes on with it."""
    boxes = [list(pair) for pair in answer.typed]
    waiting = {**draft.waiting, key: {"address": answer.address, "opening": answer.opening, "typed": boxes}}
    while len(waiting) > _MOST_WAITING:
        waiting.pop(next(iter(waiting)))
    draft.waiting = waiting
    draft.updated_at = now
    session.flush()
    record(session, who=who, did="left_answer_waiting", subject="draft", subject_id=draft.id)


def drop_waiting(session: Session, draft: DraftRow, key: str) -> None:
    """Forget an answer that waited with a held draft: it was kept, or left out."""
    if key in draft.waiting:
        draft.waiting = {name: value for name, value in draft.waiting.items() if name != key}
    session.flush()
