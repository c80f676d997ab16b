"""Reference numbers that people read out over the telephone, such as `EH7K-3QWD`."""

import secrets

from shared.errors import Invalid

# Left out: 0 O U, 1 I L, 2 Z would stay apart but 5 S, 6 B 8, 4 A do not. The 23 that remain are a prime
# number, so the check character finds every single wrong character and every swap of two.
ALPHABET = "23479CDEFGHJKMNPQRTVWXY"
_MODULUS = len(ALPHABET)
_WEIGHTS = (2, 3, 4, 5, 6)


def new_reference() -> str:
    """Return a new reference: `EH`, five random characters and a check character, as `EH7K-3QWD`."""
    body = "".join(secrets.choice(ALPHABET) for _ in _WEIGHTS)
    return _written(body)


def read_reference(text: str) -> str:
    """Return a reference as it is written, from what somebody typed; raises Invalid with what is wrong."""
    letters = "".join(text.upper().split()).replace("-", "")
    if len(letters) != 8 or not letters.startswith("EH"):
        raise Invalid("A reference looks like EH7K-3QWD: EH and six more letters and numbers.")
    body, check = letters[2:7], letters[7]
    if any(letter not in ALPHABET for letter in body + check) or _check_character(body) != check:
        raise Invalid("That is not a reference of ours. Check each letter and number.")
    return _written(body)


def _written(body: str) -> str:
    letters = f"EH{body}{_check_character(body)}"
    return f"{letters[:4]}-{letters[4:]}"


def _check_character(body: str) -> str:
    total = sum(weight * ALPHABET.index(letter) for weight, letter in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[total % _MODULUS]
