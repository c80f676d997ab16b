"""The link with which somebody without an account comes back to a draft: made, mailed, followed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from services.referrals.actions.tries import Counted, count_try, refuse_too_many
from services.referrals.queries.drafts import draft_with_code
from services.referrals.rules.drafts import fingerprint_of, last_day_of, return_code, same_word
from services.referrals.tables import DraftRow
from shared.audit import record
from shared.errors import Forbidden
from shared.events.referrals import DraftLinkAsked
from shared.messaging.outbox import announce

_WRONG_WORDS, _CODES_AN_ADDRESS, _MAILS_AN_ADDRESS = 5, 30, 5


@dataclass(frozen=True)
class Mailing:
    """Where a link is mailed, and the word that it asks for: the mailbox may be read by others at home."""

    email: str
    word: str


def make_link(
    session: Session, draft: DraftRow, *, key: str, kept_days: int, mailing: Mailing | None = None, asked_from: str = ""
) -> str:
    """Make a held draft's link, which ends the one before, and return its code; mailed, it asks for a word.

    Raises Forbidden for a draft with an account, and TooManyTries where too many are mailed.
    """
    if draft.person_id is not None:
        raise Forbidden("This request is kept with an account. Sign in to come back to it.")
    draft.link_number += 1
    code = return_code(draft.id, draft.link_number, key)
    draft.link_fingerprint = fingerprint_of(code)
    draft.link_email, draft.link_word = "", ""
    if mailing is not None:
        _mail(session, draft, mailing, kept_days, asked_from)
    session.flush()
    record(
        session, who="visitor", did="made_draft_link", subject="draft", subject_id=draft.id,
        number=draft.link_number, is_mailed=mailing is not None,
    )  # fmt: skip
    return code


def find_by_link(session: Session, code: str, *, not_before: datetime, asked_from: str) -> DraftRow | None:
    """Return the draft to which a link leads, or None, which is counted as a try; raises TooManyTries."""
    counted = [Counted("return", asked_from, _CODES_AN_ADDRESS)]
    refuse_too_many(session, counted)
    draft = draft_with_code(session, code, not_before=not_before)
    if draft is None:
        count_try(session, counted)
    return draft


def come_back(session: Session, draft: DraftRow, word: str) -> bool:
    """Say whether somebody who followed a draft's link may go on: a wrong word is counted; raises TooManyTries."""
    if draft.link_word:
        counted = [Counted("word", str(draft.id), _WRONG_WORDS)]
        refuse_too_many(session, counted)
        if not check_password_hash(draft.link_word, same_word(word)):
            count_try(session, counted)
            return False
    record(session, who="visitor", did="came_back_to_draft", subject="draft", subject_id=draft.id)
    return True


def _mail(session: Session, draft: DraftRow, mailing: Mailing, kept_days: int, asked_from: str) -> None:
    # Nobody fills a stranger's mailbox from here.
    counted = [Counted("mail", part, _MAILS_AN_ADDRESS) for part in (mailing.email.casefold(), f"from {asked_from}")]
    refuse_too_many(session, counted)
    count_try(session, counted)
    draft.link_email = mailing.email
    draft.link_word = generate_password_hash(same_word(mailing.word))
    last_day = last_day_of(draft.updated_at, kept_days)
    announce(session, DraftLinkAsked(draft_id=draft.id, number=draft.link_number, last_day_on=last_day))
