"""What may be attached to a request: by what is in it, whatever it is called."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.attachments import ENDINGS, KINDS, LARGEST, NotTaken, download_name, kind_of, shown_name
from tests.given_files import (
    DOCX,
    EVERY_KIND,
    PDF,
    PROGRAM,
    PROJECT,
    a_document_with_macros,
    a_word_document,
    an_archive,
)


@pytest.mark.parametrize(("kind", "content"), EVERY_KIND.items(), ids=EVERY_KIND)
def test_each_kind_is_known_by_its_content(kind: str, content: bytes) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PROGRAM, id="program"),
        pytest.param(an_archive({"a.txt": "hello"}), id="archive"),
        pytest.param(a_document_with_macros(), id="document with macros"),
        pytest.param(a_word_document(more=PROJECT), id="document with macros that says it has none"),
        pytest.param(b"hello, I am text", id="text"),
        pytest.param(b"<html><script>alert(1)</script></html>", id="page"),
        pytest.param(b"<html>%PDF-1.7", id="page that mentions PDF"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", id="drawing"),
        pytest.param(DOCX[:40], id="piece of a document"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, id="old Word document"),
    ],
)
def test_what_is_none_of_them_is_not_taken(content: bytes) -> None:
    with pytest.raises(NotTaken, match="must be PDF, Word"):
        kind_of(content)


def test_an_empty_file_and_one_that_is_too_large_are_not_taken() -> None:
    with pytest.raises(NotTaken, match="empty"):
        kind_of(b"")
    with pytest.raises(NotTaken, match="10 MB or smaller"):
        kind_of(PDF.ljust(LARGEST + 1))
    assert kind_of(PDF.ljust(LARGEST)) == "pdf"


@given(st.binary(max_size=300))
def test_any_content_is_of_a_kind_or_not_taken(content: bytes) -> None:
    with suppress(NotTaken):
        assert kind_of(content) in KINDS


@given(st.integers(0, len(DOCX) - 1), st.binary(min_size=1, max_size=4))
def test_a_broken_document_is_of_a_kind_or_not_taken(place: int, scratch: bytes) -> None:
    with suppress(NotTaken):
        assert kind_of(DOCX[:place] + scratch + DOCX[place + len(scratch) :]) in KINDS


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ana\\letter.pdf", "letter.pdf"),
        ("letter\x00.pdf", "letter.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("...", "Without a name"),
        ("", "Without a name"),
        ("Brief für Siobhán.docx", "Brief für Siobhán.docx"),
    ],
)
def test_a_name_is_shown_without_folders_and_what_cannot_be_seen(given_name: str, shown: str) -> None:
    assert shown_name(given_name) == shown


@given(st.text(max_size=300))
def test_any_name_can_be_shown(name: str) -> None:
    shown = shown_name(name)
    assert 1 <= len(shown) <= 200
    assert not set(shown) & set("/\\\x00\n\r")


@given(st.text(max_size=50), st.sampled_from(sorted(KINDS)))
def test_a_saved_file_ends_as_its_kind_does(name: str, kind: str) -> None:
    assert download_name(shown_name(name), kind).lower().endswith(KINDS[kind].endings)


def test_a_file_that_pretends_is_saved_as_what_it_is() -> None:
    assert download_name("holiday.exe", "jpeg") == "holiday.exe.jpg"
    assert download_name("Scan.PDF", "pdf") == "Scan.PDF"
    assert ".exe" not in ENDINGS
