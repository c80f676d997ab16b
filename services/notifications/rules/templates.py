"""Every message there is: its folder in `emails/`, what it is called on a page, and who may get it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """One message; its texts are in `emails/<name>/`.

    `by_text`: there is an `sms.txt` too. `calendar` is the method (RFC 5546) with which a meeting goes to the
    recipient's calendar. `ends_a_part`: it only says that somebody's part is over, so that nobody
    has to act when they have left already.
    """

    title: str
    by_text: bool = False
    calendar: str = ""
    family_has_its_own: bool = False
    never_to_family: bool = False
    ends_a_part: bool = False


TEMPLATES: dict[str, Template] = {
    "draft_link": Template("Link to a request half done"),
    "request_received": Template("Request received", by_text=True, family_has_its_own=True),
    "request_received_to_family": Template("Request received", by_text=True),
    "more_information_asked": Template("More information asked for", by_text=True),
    "more_information_asked_reminder": Template("Reminder: more information asked for", by_text=True),
    "consent_asked": Template("Consent asked for", by_text=True),
    "consent_asked_reminder": Template("Reminder: consent asked for", by_text=True),
    "request_not_taken_further": Template("No further action", by_text=True),
    "request_signposted": Template("Signposted", by_text=True, family_has_its_own=True),
    "request_signposted_to_family": Template("Signposted", by_text=True),
    "request_withdrawn": Template("Request withdrawn", by_text=True),
    "request_withdrawn_to_family": Template("Request withdrawn", by_text=True),
    "request_withdrawn_to_front_door": Template("Request withdrawn"),
    "request_withdrawn_to_agency": Template("Request withdrawn", ends_a_part=True),
    "attachment_destroyed": Template("File destroyed: it had a virus", by_text=True),
    "attachment_destroyed_to_front_door": Template("File destroyed: it had a virus"),
    "request_amended_to_front_door": Template("More said about a request"),
    "request_amended_to_agency": Template("More said about a request"),
    "request_amended_to_practitioner": Template("More said about a request"),
    "stop_asked_to_practitioner": Template("Somebody asks to stop"),
    "request_stopped": Template("Request stopped", by_text=True),
    "safeguarding_raised": Template("Sent to the right team", by_text=True, never_to_family=True),
    "request_added_to_plan": Template("Added to an open plan", by_text=True),
    "request_placed": Template("On the agenda of a panel", by_text=True),
    "request_carried_over": Template("Moved to a later panel", by_text=True),
    "request_moved": Template("Moved to another panel day", by_text=True),
    "request_sent_back": Template("Looked at again", by_text=True),
    "request_unplaced": Template("Not on the day that was told", by_text=True),
    "decision_made": Template("Panel decided", by_text=True, family_has_its_own=True),
    "decision_made_to_family": Template("Panel decided", by_text=True),
    "allocation_accepted": Template("Taken on", by_text=True, family_has_its_own=True),
    "allocation_accepted_to_family": Template("Taken on", by_text=True),
    "lead_practitioner_changed": Template("Somebody else leads", by_text=True, family_has_its_own=True),
    "lead_practitioner_changed_to_family": Template("Somebody else leads", by_text=True),
    "plan_closed": Template("Plan closed", by_text=True),
    "plan_closed_to_referrer_alone": Template("Plan closed", by_text=True, never_to_family=True),
    "meeting_invited": Template("Invitation to a meeting", calendar="REQUEST"),
    "meeting_changed": Template("Meeting moved or changed", calendar="REQUEST"),
    "meeting_cancelled": Template("Meeting cancelled", calendar="CANCEL", ends_a_part=True),
    "invitation_withdrawn": Template("No longer at a meeting", calendar="CANCEL", ends_a_part=True),
    "papers_circulated": Template("Papers for a meeting"),
    "request_carried_over_again": Template("Carried over again"),
    "letter_to_check": Template("Letter to check"),
    "requests_without_leader": Template("Nobody may act for a request"),
    "minutes_issued": Template("Minutes of a meeting"),
    "minutes_approved": Template("Minutes approved"),
    "minutes_approved_to_owner": Template("Minutes approved"),
    "minutes_added_to": Template("Addendum to minutes"),
    "allocation_offered": Template("Family offered to an agency"),
    "allocation_withdrawn_to_agency": Template("Offer taken back", ends_a_part=True),
    "allocation_unanswered": Template("Offer not answered in time"),
    "allocation_accepted_to_practitioner": Template("New family to lead for"),
    "request_joined_plan": Template("New request about a family"),
    "lead_practitioner_changed_to_practitioner": Template("Plan taken over"),
    "lead_practitioner_changed_to_earlier": Template("Plan handed over", ends_a_part=True),
    "plan_closed_to_practitioner": Template("Plan ended", ends_a_part=True),
    "consent_withdrawn_to_agency": Template("Stop: consent withdrawn", ends_a_part=True),
    "review_due": Template("Review due"),
    "review_overdue": Template("Review overdue"),
    "review_overdue_to_agency": Template("Review overdue"),
    "actions_due": Template("Actions due"),
    "actions_overdue": Template("Actions overdue"),
    "actions_overdue_to_agency": Template("Actions overdue"),
    "actions_overdue_to_panel": Template("Actions overdue"),
}
"""Messages by the name of their folder."""
