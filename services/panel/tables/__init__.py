"""The panel service's tables. Instants are UTC, dates are London dates; what happened is never overwritten."""

from services.panel.tables.action_log import ActionChaseRow, ActionMarkRow, ActionRow
from services.panel.tables.agenda import AgendaItemRow, ConflictRow
from services.panel.tables.allocations import AllocationRow, FamilyAgreementRow
from services.panel.tables.base import Base
from services.panel.tables.calendar import CalendarFeedRow, InvitationRow, MeetingRow, PanelRow, SeatRow
from services.panel.tables.decisions import DecisionChildRow, DecisionRow, DissentRow, RatificationRow, ReferrerToldRow
from services.panel.tables.known import AmendedRequestRow, KnownAgencyRow, KnownPersonRow, KnownServiceRow, LimitsRow
from services.panel.tables.letters import LetterRow, LetterWantedRow
from services.panel.tables.meeting import (
    AcknowledgementRow,
    AttendanceRow,
    LeftForLaterRow,
    NoteRow,
    StandRow,
    UnsavedRow,
)
from services.panel.tables.minutes import DocumentRow, MinutesApprovalRow, MinutesRow, ProposedCorrectionRow
from services.panel.tables.papers import (
    AgencyKnowledgeRow,
    CirculatedItemRow,
    CirculationRow,
    PaperOpenedRow,
    PaperRow,
    PaperWantedRow,
)
from services.panel.tables.plans import PlanLeadRow, PlanRequestRow, PlanRow, ReviewRow
from services.panel.tables.queue import ArrangementRow, QueueEntryRow
from services.panel.tables.statistics import MonthSnapshotRow

__all__ = [
    "AcknowledgementRow",
    "ActionChaseRow",
    "ActionMarkRow",
    "ActionRow",
    "AgencyKnowledgeRow",
    "AgendaItemRow",
    "AllocationRow",
    "AmendedRequestRow",
    "ArrangementRow",
    "AttendanceRow",
    "Base",
    "CalendarFeedRow",
    "CirculatedItemRow",
    "CirculationRow",
    "ConflictRow",
    "DecisionChildRow",
    "DecisionRow",
    "DissentRow",
    "DocumentRow",
    "FamilyAgreementRow",
    "InvitationRow",
    "KnownAgencyRow",
    "KnownPersonRow",
    "KnownServiceRow",
    "LeftForLaterRow",
    "LetterRow",
    "LetterWantedRow",
    "LimitsRow",
    "MeetingRow",
    "MinutesApprovalRow",
    "MinutesRow",
    "MonthSnapshotRow",
    "NoteRow",
    "PanelRow",
    "PaperOpenedRow",
    "PaperRow",
    "PaperWantedRow",
    "PlanLeadRow",
    "PlanRequestRow",
    "PlanRow",
    "ProposedCorrectionRow",
    "QueueEntryRow",
    "RatificationRow",
    "ReferrerToldRow",
    "ReviewRow",
    "SeatRow",
    "StandRow",
    "UnsavedRow",
]
