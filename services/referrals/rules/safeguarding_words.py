"""The national list of words that point to a child in danger, read once from the file beside this one."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_suffix(".toml")
_SHORTEST_TO_DOUBLE = 3
_ENDINGS = ("s", "es", "ed", "d", "ing", "'s")

Phrase = tuple[str, ...]


class WordsWrong(SystemExit):
    """The list cannot be used; the text names the file and the problem."""


@dataclass(frozen=True)
class Kind:
    """One way in which a child may be in danger, and the entries that point to it."""

    key: str
    label: str
    entries: tuple[str, ...]


class Phrases:
    """Phrases, each as its words in lower case, with the key of the kind that they point to."""

    def __init__(self, phrases: Iterable[tuple[Phrase, str]]) -> None:
        self._by_first: dict[str, dict[Phrase, str]] = {}
        for phrase, key in phrases:
            self._by_first.setdefault(phrase[0], {}).setdefault(phrase, key)

    def places_in(self, words: Sequence[str]) -> dict[tuple[int, int], str]:
        """Return where they stand in a text, as the places of the first word and of the one after the last, with keys."""
        return {
            (start, start + len(phrase)): key
            for start, word in enumerate(words)
            if word in self._by_first
            for phrase, key in self._by_first[word].items()
            if tuple(words[start : start + len(phrase)]) == phrase
        }


@dataclass(frozen=True)
class SignWords:
    """The list: `needs` are the headline outcomes that point to a kind when they are ticked."""

    version: str
    kinds: tuple[Kind, ...]
    phrases: Phrases
    needs: Mapping[str, str]
    before_that_deny: frozenset[str]
    not_meant: Phrases

    def label_of(self, key: str) -> str:
        """Return the label of a kind; of one that an older list had, its key."""
        return {kind.key: kind.label for kind in self.kinds}.get(key, key)


def read_sign_words(path: Path = _FILE) -> SignWords:
    """Return the list of a file; raises WordsWrong."""
    try:
        words = _words_of(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise WordsWrong(f"{path.name}: {error}") from error
    for problem in _problems(words):
        raise WordsWrong(f"{path.name}: {problem}")
    return words


def forms_of(word: str) -> frozenset[str]:
    """Return a word with the endings that English gives it: bruise, bruises, bruised, bruising."""
    stems = {word}
    if word.endswith("e"):
        stems.add(word[:-1])
    if len(word) >= _SHORTEST_TO_DOUBLE and word[-1] not in "aeiouwxy" and word[-2] in "aeiou":
        stems.add(word + word[-1])
    if word.endswith("y"):
        stems.add(word[:-1] + "i")
    return frozenset({word} | {stem + ending for stem in stems for ending in _ENDINGS})


def _words_of(table: Mapping[str, Any]) -> SignWords:
    kinds = tuple(Kind(one["key"], one["label"], tuple(one["words"])) for one in table["kinds"])
    return SignWords(
        version=table["version"],
        kinds=kinds,
        phrases=Phrases((phrase, kind.key) for kind in kinds for entry in kind.entries for phrase in _forms(entry)),
        needs=dict(table["needs"]),
        before_that_deny=frozenset(table["before_that_deny"]),
        not_meant=Phrases((phrase, "") for entry in table["not_meant"] for phrase in _forms(entry)),
    )


def _entry(text: str) -> Phrase:
    words = tuple(text.removeprefix("=").replace("-", " ").casefold().split())
    if not words:
        raise WordsWrong(f"{_FILE.name}: there is an empty entry")
    return words


def _forms(entry: str) -> Iterator[Phrase]:
    """Yield a phrase as it stands, and with each ending of one of its words."""
    words = _entry(entry)
    yield words
    if entry.startswith("="):
        return
    for place, word in enumerate(words):
        for form in forms_of(word):
            yield (*words[:place], form, *words[place + 1 :])


def _problems(words: SignWords) -> Iterator[str]:
    keys = [kind.key for kind in words.kinds]
    if not words.version.strip():
        yield "version is empty"
    for kind in words.kinds:
        if keys.count(kind.key) > 1:
            yield f"kind {kind.key} stands there {keys.count(kind.key)} times"
        if not kind.label.strip():
            yield f"kind {kind.key} has no label"
        if not kind.entries:
            yield f"kind {kind.key} has no words"
    for need, key in words.needs.items():
        if key not in keys:
            yield f"needs: {need} points to {key!r}, which is no kind"
