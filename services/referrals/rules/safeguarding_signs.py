"""Which answers of a request point to a child in danger, and why. It asks a person; it never decides or scores.

What is found, a person is shown and asked about. What is not found may be there all the same.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.referrals.rules.choices import needs
from services.referrals.rules.questions import OF_REQUESTS
from services.referrals.rules.safeguarding_words import SignWords, read_sign_words

WORDS = read_sign_words()
NEEDS = "needs"
_STORY = ("working_well", "worried_about", "needs_to_happen", "already_tried", *(one.name for one in OF_REQUESTS))
_LISTS = {"others": ("about",), "key_events": ("what",), "contact": ("notes",)}
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")
_SENTENCE_ENDS = re.compile(r"[.!?;:\n]")
ANSWERS = {
    "working_well": "What is working well",
    "worried_about": "What the worries are",
    "needs_to_happen": "What needs to happen",
    "already_tried": "What has been tried",
    **{question.name: question.label for question in OF_REQUESTS},
    "others": "Other people who matter",
    "key_events": "Key dates",
    "contact": "When and how to make contact",
    NEEDS: "What help is needed with",
}
"""The answers that are read, with the names that pages give them."""

_DENIED_WITHIN = 3
"""How many words before a sign may deny it: `no`, `not seen any`, `denies being`."""


@dataclass(frozen=True, order=True)
class Sign:
    """A place in an answer that points to a kind of danger; `words` as they were written.

    `is_denied` says that the words before it seem to deny it, as in "no bruises". It is shown all the same.
    """

    answer: str
    kind: str
    words: str
    is_denied: bool

    def as_kept(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return asdict(self)


def signs_in(answers: Mapping[str, str], ticked: Collection[str], words: SignWords = WORDS) -> tuple[Sign, ...]:
    """Return what points to danger in free texts, each by the name of its answer, and in ticked needs; each once."""
    found = [sign for name, text in answers.items() for sign in _signs_of(name, text, words)]
    labels = needs()
    found += [Sign(NEEDS, words.needs[code], labels.get(code, code), False) for code in ticked if code in words.needs]
    return tuple(dict.fromkeys(found))


def signs_of(parts: Mapping[str, Any], ticked: Collection[str]) -> tuple[Sign, ...]:
    """Return the signs in the parts of a request document, or in what the pages kept under the same names."""
    return signs_in(dict(_texts(parts)), ticked)


def _texts(parts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _STORY:
        if isinstance(text := parts.get(name), str):
            yield name, text
    for name, fields in _LISTS.items():
        given = parts.get(name) or ()
        items: Iterable[Mapping[str, Any]] = [given] if isinstance(given, Mapping) else given
        texts = [item[field] for item in items for field in fields if isinstance(item.get(field), str)]
        yield name, "\n".join(texts)


def _signs_of(name: str, text: str, words: SignWords) -> Iterator[Sign]:
    # An apostrophe of any kind belongs to its word; each is one character, so places stay what they are in the text.
    tokens = list(_TOKEN.finditer(text.translate(_APOSTROPHES)))
    spelt = [_folded(token.group()) for token in tokens]
    found = words.phrases.places_in(spelt)
    covered = words.not_meant.places_in(spelt) if found else {}
    for start, end in _longest(found):
        if any(first <= start and end <= last for first, last in covered):
            continue
        denier = _denier_before(text, tokens, spelt, start, words.before_that_deny)
        begins = tokens[start if denier is None else denier].start()
        shown = " ".join(text[begins : tokens[end - 1].end()].split())
        yield Sign(name, found[start, end], shown, denier is not None)


def _denier_before(
    text: str, tokens: Sequence[re.Match[str]], spelt: Sequence[str], start: int, deniers: Collection[str]
) -> int | None:
    for place in range(start - 1, max(-1, start - 1 - _DENIED_WITHIN), -1):
        if _SENTENCE_ENDS.search(text, tokens[place].end(), tokens[place + 1].start()):
            return None
        if spelt[place] in deniers:
            return place
    return None


def _folded(word: str) -> str:
    return word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).casefold()


def _longest(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the places that no longer one contains, in order: "domestic abuse" is one sign."""
    last = 0
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if end > last:
            yield start, end
            last = end
