"""The pages that people use, a module per journey, all on one blueprint."""

from flask import Blueprint

pages = Blueprint("pages", __name__)

from services.referrals.pages import (  # noqa: E402, F401
    amend,
    amendments,
    ask_attachments,
    ask_consent,
    ask_lists,
    ask_more,
    ask_safeguarding,
    ask_steps,
    attachments,
    begun,
    check,
    consent,
    correct,
    families,
    follow,
    home,
    kept_answers,
    printing,
    privacy,
    register,
    request,
    returning,
    sent,
    start,
    triage,
    working_on,
    worklist,
)
