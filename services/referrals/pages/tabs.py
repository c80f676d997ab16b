"""The hidden field by which a page of asking remembers what it showed: signed, so that it can be believed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup, escape

from services.referrals.rules.tabs import Opening, open_page

FIELD = "opening"
_BELOW = "/referrals/ask/"


@dataclass(frozen=True)
class Posted:
    """A form that came from a page of ours: which draft it is about, and the page as it was opened.

    Nobody else can make one, so it also says that the form is no other site's.
    """

    draft_id: UUID
    opening: Opening

    @property
    def key(self) -> str:
        """Return by what its answer is found while it waits."""
        return f"{self.opening.page} {self.opening.mark}"


def posted() -> Posted | None:
    """Return what the form that was posted remembers, or None: no form of ours, or from before an upgrade."""
    if request.method != "POST" or FIELD not in request.form:
        return None
    return read(request.form[FIELD], page_here())


def read(signed: str, page: str) -> Posted | None:
    """Return what a signed field says when it is one of this page, else None."""
    try:
        draft_id, opened, mark, seen = _serializer().loads(signed)
    except (BadSignature, ValueError):
        return None
    return Posted(UUID(draft_id), Opening(opened, mark, seen)) if opened == page else None


def page_here() -> str:
    """Return the name of the page that was asked for."""
    return request.path.partition(_BELOW)[2]


def opening_field(draft_id: UUID, content: Mapping[str, Any], page: str = "") -> Markup:
    """Return the hidden field for a form of this page, or of another.

    A form that is shown again keeps its own; the check page shows every answer anew.
    """
    page = page or page_here()
    again = posted()
    signed = request.form[FIELD] if again and again.opening.page == page != "check" else sign(draft_id, content, page)
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, escape(signed))


def sign(draft_id: UUID, content: Mapping[str, Any], page: str) -> str:
    """Return the signed field for a page that is opened now."""
    opening = open_page(content, page, secrets.token_urlsafe(9))
    return str(_serializer().dumps([str(draft_id), opening.page, opening.mark, dict(opening.seen)]))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="a page of asking as it was opened")
