"""A letter as a tagged PDF, to be printed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.pdf import render_pdf

_TEMPLATE = Path(__file__).parent.parent / "papers" / "letter.typ"


def letter_pdf(text: Mapping[str, Any]) -> bytes:
    """Return the PDF of a letter, from what `letter_text` gives."""
    return render_pdf(_TEMPLATE, text)
