"""How long a draft is kept, and the code with which somebody without an account comes back to it."""

import hashlib
import hmac
from datetime import date, datetime, time, timedelta
from uuid import UUID

from shared.errors import Invalid
from shared.london import LONDON, london_date
from shared.references import ALPHABET

_LETTERS, _GROUP = 16, 4
SHORTEST_WORD = 4


def last_day_of(changed_at: datetime, kept_days: int) -> date:
    """Return the last London date on which a draft can be gone on with."""
    return london_date(changed_at) + timedelta(days=kept_days)


def is_over(changed_at: datetime, kept_days: int, today: date) -> bool:
    """Say whether a draft's time is over."""
    return last_day_of(changed_at, kept_days) < today


def over_before(kept_days: int, today: date) -> datetime:
    """Return the instant (UTC) before which a draft was changed last whose time is over today."""
    return datetime.combine(today - timedelta(days=kept_days), time(), LONDON)


def return_code(draft_id: UUID, number: int, key: str) -> str:
    """Return the code of a draft's link of this number, as `7K3Q-WD9M-2XHT-4CFG`.

    It is a signature and says nothing: without the key nobody makes one, and with the next number it is another.
    """
    signed = hmac.new(key.encode(), f"return to draft {draft_id} {number}".encode(), hashlib.sha256).digest()
    left, letters = int.from_bytes(signed), ""
    for _ in range(_LETTERS):
        left, place = divmod(left, len(ALPHABET))
        letters += ALPHABET[place]
    return _in_groups(letters)


def read_return_code(text: str) -> str:
    """Return a code as it is written, from what somebody typed or followed; raises Invalid."""
    letters = "".join(text.upper().split()).replace("-", "")
    if len(letters) != _LETTERS or any(letter not in ALPHABET for letter in letters):
        raise Invalid("A code has 16 letters and numbers, like 7K3Q-WD9M-2XHT-4CFG. Check each of them.")
    return _in_groups(letters)


def fingerprint_of(code: str) -> str:
    """Return by what a code is found again; the code itself is never kept."""
    return hashlib.sha256(code.encode()).hexdigest()


def same_word(text: str) -> str:
    """Return the word that a link asks for so that capitals and spaces do not matter."""
    return "".join(text.casefold().split())


def _in_groups(letters: str) -> str:
    return "-".join(letters[place : place + _GROUP] for place in range(0, _LETTERS, _GROUP))
