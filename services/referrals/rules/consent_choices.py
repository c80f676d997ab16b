"""The codes of answers about consent, each with its label in plain words."""

KINDS = ("to_ask", "to_share", "to_research")
"""The three questions."""

ANSWERS = {"given": "Agreed", "refused": "Did not agree", "not_asked": "Not asked"}
"""What somebody may have answered when a request is sent."""

ANSWERS_LATER = {"given": "Agrees", "refused": "Does not agree", "withdrawn": "No longer agrees"}
"""What somebody may answer once the request is here."""

SHOWN = {"given": "Agreed", "refused": "Did not agree", "withdrawn": "No longer agrees", "not_asked": "Not asked"}
"""Every answer as it is read back."""

WHAT_FOR = {
    "panel": "Send it to a panel",
    "service": "Send it straight to a service",
    "add_to_plan": "Add it to the plan that is open",
}
"""What a safeguarding override lets through."""
