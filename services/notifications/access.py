"""Who may see what was sent."""

READERS = ("coordinator", "front_door", "administrator")
"""The roles of those who ring people when a message did not arrive."""

INBOX_IS_OPEN = "a training system holds nobody real, and its inbox is for everybody; it is not found elsewhere"
