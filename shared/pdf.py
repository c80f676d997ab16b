"""PDFs by typst: tagged, without system libraries. Data goes in as JSON, so nothing typed is ever markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import structlog

log = structlog.get_logger()


def render_pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return the PDF that a .typ template makes of `data` (JSON values), which it reads as `sys.inputs.data`.

    PDF/UA-1, or merely tagged when a name holds letters that the built-in fonts lack: typst refuses to
    call such a file accessible, but a paper with one unreadable letter is better than no paper.
    """
    import typst  # Large, and most processes never make a paper.

    try:
        return _compile(template, data, "ua-1")
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        log.warning("pdf_lacks_letters", where=template.name)
        return _compile(template, data, None)


def _compile(template: Path, data: Mapping[str, Any], standard: Literal["ua-1"] | None) -> bytes:
    import typst

    content = typst.compile(
        str(template), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_standards=standard
    )
    if not isinstance(content, bytes):
        raise TypeError(f"{template.name} made {type(content).__name__}, not one PDF")
    return content
