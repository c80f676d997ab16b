"""The form above a list: by reference and more, in the address so that it can be kept as a bookmark."""

from typing import Any

from flask import request

from services.notifications.queries import NEEDS_PERSON
from services.notifications.tables import STATES
from shared.errors import Invalid
from shared.paging import LONG_PAGE_SIZE, PageOf
from shared.references import read_reference
from shared.web.fields import Choice, Line
from shared.web.forms import Form, PageForm, read_form

SHOWN = {NEEDS_PERSON: "Needs a person", **STATES}
"""What the list can be asked for: that somebody has to act, or a state."""

NOTHING: PageOf[Any] = PageOf([], 1, LONG_PAGE_SIZE, 0)
"""What is found for a filter that makes no sense."""


class NoticeFilter(PageForm):
    """What to show of what was sent."""

    reference = Line("Reference", longest=20)
    state = Choice("State", SHOWN)


class InboxFilter(PageForm):
    """What to show of a training system's inbox."""

    reference = Line("Reference", longest=20)
    to = Line("Sent to")


def read_filter(schema: PageForm) -> Form:
    """Return the filter as it was asked for, with its reference as it is written."""
    form = read_form(schema, request.args)
    if form.values.get("reference"):
        try:
            form.values["reference"] = read_reference(form.values["reference"])
        except Invalid as refusal:
            form.add_error("reference", str(refusal))
    return form
