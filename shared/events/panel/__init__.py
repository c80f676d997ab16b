"""What the panel service announces: agendas, decisions, allocations, plans and reviews, a module per noun."""

from shared.events.panel.actions import ActionsDue, ActionsOverdue
from shared.events.panel.allocations import (
    AllocationAccepted,
    AllocationDeclined,
    AllocationOffered,
    AllocationUnanswered,
    AllocationWithdrawn,
    FamilyAgreedToAgency,
)
from shared.events.panel.decisions import DecisionMade
from shared.events.panel.letters import LetterCheckAsked
from shared.events.panel.meetings import (
    InvitationsWithdrawn,
    MeetingCancelled,
    MembersInvited,
    MinutesIssued,
    PapersCirculated,
)
from shared.events.panel.plans import (
    AmendmentPassedOn,
    LeadPractitionerChanged,
    PlanClosed,
    RequestFoundPlanClosed,
    RequestJoinedPlan,
    ReviewDue,
    ReviewOverdue,
)
from shared.events.panel.queue import (
    RequestCarriedOverAgain,
    RequestPlaced,
    RequestSentBack,
    RequestsWithoutLeader,
    RequestUnplaced,
)

__all__ = [
    "ActionsDue",
    "ActionsOverdue",
    "AllocationAccepted",
    "AllocationDeclined",
    "AllocationOffered",
    "AllocationUnanswered",
    "AllocationWithdrawn",
    "AmendmentPassedOn",
    "DecisionMade",
    "FamilyAgreedToAgency",
    "InvitationsWithdrawn",
    "LeadPractitionerChanged",
    "LetterCheckAsked",
    "MeetingCancelled",
    "MembersInvited",
    "MinutesIssued",
    "PapersCirculated",
    "PlanClosed",
    "RequestCarriedOverAgain",
    "RequestFoundPlanClosed",
    "RequestJoinedPlan",
    "RequestPlaced",
    "RequestSentBack",
    "RequestUnplaced",
    "RequestsWithoutLeader",
    "ReviewDue",
    "ReviewOverdue",
]
