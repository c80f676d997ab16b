"""The tables that hold what a request document brings: people, addresses, consents, the papers of a step-down."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.referrals.rules.missing import WHY
from services.referrals.rules.questions import OF_ADULTS, OF_CHILDREN, Question, in_words
from services.referrals.tables.base import Base


def _found_by(table: str) -> sa.Index:
    # Without `fastupdate`: a list of what is not yet in the index would make now and then a search pay for it.
    return sa.Index(
        f"{table}_fingerprints_idx", "fingerprints", postgresql_using="gin", postgresql_with={"fastupdate": False}
    )


class Answered:
    """What was answered to the questions of `rules/questions.py`, and why others have no answer, both by name."""

    QUESTIONS: ClassVar[tuple[Question, ...]]

    answers: Mapped[dict[str, Any]]
    missing: Mapped[dict[str, Any]]

    @property
    def told(self) -> list[dict[str, str]]:
        """Return the questions that have an answer, or a reason for having none, as rows of `key` and `value`."""
        told = ((question.label, in_words(question, self.answers, self.missing)) for question in self.QUESTIONS)
        return [{"key": label, "value": words} for label, words in told if words]

    def why_missing(self, name: str) -> str:
        """Return in words why there is no answer of this name, or `` where nothing was said about it."""
        return WHY[self.missing[name]] if name in self.missing else ""


class _PersonRow(Answered):
    """What children and adults share. `lives_at` holds refs of the request's addresses.

    The register finds them by `fingerprints` (`rules/register/fingerprints.py`).
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    ref: Mapped[str]
    position: Mapped[int]
    given_name: Mapped[str]
    family_name: Mapped[str]
    also_known_as: Mapped[list[str]]
    date_of_birth: Mapped[date | None]
    lives_at: Mapped[list[str]]
    fingerprints: Mapped[list[int]]


class ChildRow(_PersonRow, Base):
    """A child of a request, born or expected."""

    __tablename__ = "child"
    __table_args__ = (_found_by("child"),)
    QUESTIONS = OF_CHILDREN

    expected_on: Mapped[date | None]
    sex: Mapped[str]
    ethnicity: Mapped[str]
    disabilities: Mapped[list[str]]
    nhs_number: Mapped[str]
    upn: Mapped[str]
    school_name: Mapped[str]
    attendance_percent: Mapped[int | None]


class AdultRow(_PersonRow, Base):
    """An adult of a request. `safe_channels` empty means: do not contact directly."""

    __tablename__ = "adult"
    __table_args__ = (_found_by("adult"),)
    QUESTIONS = OF_ADULTS

    relationship_: Mapped[str] = mapped_column("relationship")
    parental_responsibility: Mapped[str]
    primary_carer: Mapped[bool]
    email: Mapped[str]
    mobile: Mapped[str]
    safe_channels: Mapped[list[str]]


class AddressRow(Base):
    """An address of a request; nothing is ever sent to one with `may_write` false."""

    __tablename__ = "address"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    ref: Mapped[str]
    position: Mapped[int]
    lines: Mapped[list[str]]
    town: Mapped[str]
    postcode: Mapped[str]
    may_write: Mapped[bool]
    not_disclosed_to: Mapped[list[str]]
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]


class ProfessionalRow(Base):
    """A professional who knows the family."""

    __tablename__ = "professional"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    role: Mapped[str]
    organisation: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]


class StepDownRow(Base):
    """What a social worker brings when a family no longer needs social care."""

    __tablename__ = "step_down"

    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), primary_key=True)
    from_plan: Mapped[str]
    decided_on: Mapped[date]
    closure_reason: Mapped[str]
    lead_practitioner_named: Mapped[str]
    outstanding_actions: Mapped[list[str]]

    papers: Mapped[list["StepDownPaperRow"]] = relationship(order_by="StepDownPaperRow.position")


class StepDownPaperRow(Base):
    """A paper of a step-down: assessment, plan, minutes."""

    __tablename__ = "step_down_paper"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("step_down.request_id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    dated_on: Mapped[date]
    text: Mapped[str]
