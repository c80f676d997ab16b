"""What may be attached to a request, and what becomes of it. The type is what the content says, never the name."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

import puremagic

LARGEST = 10_000_000
"""Bytes. A photograph of a phone and most scanned letters are smaller."""
MOST = 10
LARGEST_BODY = LARGEST + 1_000_000
"""What is sent with one file in it, with what a form adds."""

_LONGEST_NAME = 200
_WORD_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MOST_CONTENT_TYPES = 1_000_000

WAITS = "unchecked"
OPENABLE = frozenset({"checked", "not_checked"})
IN_PAPERS = OPENABLE | {WAITS}
"""Those of which a panel is told; the others are being kept, removed or destroyed."""
STATES = {
    "arriving": "Is being kept",
    "unchecked": "Not yet checked for viruses: nobody can open it until it is",
    "not_checked": "Not checked for viruses",
    "checked": "Checked for viruses",
    "infected": "Had a virus in it and is being destroyed",
    "destroyed": "Had a virus in it and was destroyed",
    "leaving": "Is being removed",
}
"""Where an attachment stands, with the words for it. `not_checked`: there is no virus scanner here."""


@dataclass(frozen=True)
class Kind:
    """A type of file that is taken: its label, its media type, and the endings of its names, the usual one first."""

    label: str
    media_type: str
    endings: tuple[str, ...]


KINDS = {
    "pdf": Kind("PDF", "application/pdf", (".pdf",)),
    "docx": Kind(
        "Word document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)
    ),
    "jpeg": Kind("JPEG picture", "image/jpeg", (".jpg", ".jpeg")),
    "png": Kind("PNG picture", "image/png", (".png",)),
    "heic": Kind("HEIC picture", "image/heic", (".heic", ".heif")),
}
ENDINGS = tuple(ending for kind in KINDS.values() for ending in kind.endings)
TAKEN = "PDF, Word (DOCX), JPEG, PNG or HEIC"

_KIND_OF_MEDIA = {
    "application/pdf": "pdf", "image/jpeg": "jpeg", "image/png": "png", "image/heif": "heic", "image/heic": "heic",
}  # fmt: skip


class NotTaken(ValueError):
    """A file is not taken; the text says why, in the words of the page."""


def kind_of(content: bytes) -> str:
    """Return the kind of a file by what is in it; raises NotTaken."""
    if not content:
        raise NotTaken("The file is empty")
    if len(content) > LARGEST:
        raise NotTaken(f"The file must be {LARGEST // 1_000_000} MB or smaller")
    if _is_word_document(content):
        return "docx"
    kind = _KIND_OF_MEDIA.get(_media_type(content))
    if kind is None:
        raise NotTaken(f"The file must be {TAKEN}. What is in it is not, whatever its name ends with")
    return kind


def shown_name(given: str) -> str:
    """Return the name of a file as it is shown: without folders and control characters, never used as a path."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    plain = "".join(
        letter for letter in last if unicodedata.category(letter)[0] != "C" and letter not in "\u2028\u2029"
    )
    return plain.strip(" .")[-_LONGEST_NAME:] or "Without a name"


def download_name(name: str, kind: str) -> str:
    """Return the name under which a file is saved: it ends as its kind does, so that nothing runs that looks harmless."""
    endings = KINDS[kind].endings
    return name if name.lower().endswith(endings) else name + endings[0]


def _media_type(content: bytes) -> str:
    try:
        found = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return ""
    return str(found[0].mime_type) if found else ""


def _is_word_document(content: bytes) -> bool:
    """Say whether this is a DOCX: puremagic knows only that it is one of the formats that are ZIP archives.

    One with macros in it says another content type (DOCM), and is not taken.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            types = archive.getinfo("[Content_Types].xml")
            if types.file_size > _MOST_CONTENT_TYPES or any("vba" in name.lower() for name in archive.namelist()):
                return False
            return _WORD_DOCUMENT in archive.read(types)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return False
    except Exception as error:  # What decompression raises is of many kinds: zlib.error, LZMAError.
        if type(error).__module__ in ("zlib", "_lzma", "lzma"):
            return False
        raise
