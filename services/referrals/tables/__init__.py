"""The referrals service's tables, a module per noun. Instants are UTC, dates are London dates; what happened is never overwritten."""

from services.referrals.tables.amendments import AmendmentRow, SentCopyRow
from services.referrals.tables.base import Base
from services.referrals.tables.consent import AgencyAgreementRow, ConsentOverrideRow, ConsentRow
from services.referrals.tables.document import (
    AddressRow,
    AdultRow,
    Answered,
    ChildRow,
    ProfessionalRow,
    StepDownPaperRow,
    StepDownRow,
)
from services.referrals.tables.drafts import DraftRow
from services.referrals.tables.families import FamiliesToldApartRow, FamilyJoinRow, FamilyMergeRow, FamilyRow
from services.referrals.tables.intake import AttachmentRow, SafeguardingCheckRow
from services.referrals.tables.known import AskedRow, KnownAgencyRow, KnownPersonRow, KnownServiceRow
from services.referrals.tables.progress import FailedNoticeRow, FollowTryRow, OpenPlanRow, ProgressRow
from services.referrals.tables.requests import RequestRow
from services.referrals.tables.triage import InformationAskedRow, TriageDecisionRow

__all__ = [
    "AddressRow",
    "AdultRow",
    "AgencyAgreementRow",
    "AmendmentRow",
    "Answered",
    "AskedRow",
    "AttachmentRow",
    "Base",
    "ChildRow",
    "ConsentOverrideRow",
    "ConsentRow",
    "DraftRow",
    "FailedNoticeRow",
    "FamiliesToldApartRow",
    "FamilyJoinRow",
    "FamilyMergeRow",
    "FamilyRow",
    "FollowTryRow",
    "InformationAskedRow",
    "KnownAgencyRow",
    "KnownPersonRow",
    "KnownServiceRow",
    "OpenPlanRow",
    "ProfessionalRow",
    "ProgressRow",
    "RequestRow",
    "SafeguardingCheckRow",
    "SentCopyRow",
    "StepDownPaperRow",
    "StepDownRow",
    "TriageDecisionRow",
]
