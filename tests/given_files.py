"""Small files of every kind that may be attached, and of some that may not."""

import io
import zipfile
from collections.abc import Mapping
from types import MappingProxyType

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"

PROJECT = {"word/vbaProject.bin": "Sub AutoOpen()"}
"""The part of a Word document that holds its macros."""

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 40
PROGRAM = b"MZ\x90\x00" + b"\x00" * 100


def an_archive(parts: Mapping[str, str]) -> bytes:
    """Return a ZIP archive with these parts, the same each time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return held.getvalue()


def a_word_document(content_type: str = _WORD, *, more: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """Return the least that is a Word document."""
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{content_type}"/></Types>'
    return an_archive({"[Content_Types].xml": types, "word/document.xml": "<w:document/>", **more})


def a_document_with_macros() -> bytes:
    """Return a Word document that could run something (DOCM)."""
    return a_word_document(_MACROS, more=PROJECT)


DOCX = a_word_document()
EVERY_KIND = {"pdf": PDF, "docx": DOCX, "jpeg": JPEG, "png": PNG, "heic": HEIC}
