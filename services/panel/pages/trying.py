"""What a form asks for is tried: it is done, or its page comes back with what was typed and why not."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from shared.errors import Conflict, Invalid
from shared.web.app import database
from shared.web.forms import Form

DONE = 302
"""The status of a form that did what it asked: its page sends the browser on."""


def try_form(
    form: Form,
    act: Callable[[Session], object],
    *,
    show: Callable[[Form, Invalid | Conflict], int] = Form.add_refusal,
) -> int:
    """Do what a form asks, in one transaction, unless something is wrong with it already.

    Returns DONE, or the status with which its page comes back; `show` puts a refusal on the form.
    """
    if form.errors:
        return 422
    try:
        with database().begin() as session:
            act(session)
    except (Invalid, Conflict) as refusal:
        return show(form, refusal)
    return DONE
