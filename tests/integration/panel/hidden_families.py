"""Families that exclude one agency, at every stage of their way, and every address at which somebody could come upon them."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from pypdf import PdfReader
from werkzeug.test import TestResponse

from services.panel.jobs.papers import fetch_papers
from services.panel.tables import (
    ActionRow,
    AgendaItemRow,
    AllocationRow,
    Base,
    ConflictRow,
    LetterRow,
    PlanRow,
    ProposedCorrectionRow,
    QueueEntryRow,
    SeatRow,
)
from shared.events.directory import AgencyChanged
from shared.identity import Person
from tests.integration.conftest import Running
from tests.integration.panel.asking import entry
from tests.integration.panel.sitting import Sitting

EXCLUDED = "Harbour Trust"
LEVEL = "a level that nobody else has"
URGENT = 'govuk-tag--red">Urgent'
_FOLLOWS_FOR_EVER = "pages.follow_events"
_ROWS: dict[str, type[Base]] = {
    "item_id": AgendaItemRow,
    "letter_id": LetterRow,
    "action_id": ActionRow,
    "allocation_id": AllocationRow,
    "plan_id": PlanRow,
    "proposal_id": ProposedCorrectionRow,
    "seat_id": SeatRow,
}
_WORDS: dict[str, list[Any]] = {
    "key": ["ehap"],
    "kind": ["csv", "xlsx"],
    "form": ["decision", "notes"],
    "number": [1],
    "secret": ["none"],
}
_ASKED_WITH = {
    "pages.decide": [{"outcome": "signpost"}, {}],
    "pages.decide_urgently": [{"outcome": "signpost"}, {}],
    "pages.letters": [{}, {"state": "sent"}],
    "pages.queue": [{}, {"urgency": "urgent"}, {"place": "without"}, {"carried": "again"}],
}


@dataclass
class Hidden:
    """A panel with families who exclude an agency: heard, sitting, on an open agenda, and waiting without a place."""

    running: Running
    not_with: tuple[str, ...] = (EXCLUDED,)
    sitting: Sitting = field(init=False)
    requests: dict[str, UUID] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sitting = Sitting(self.running)
        agency_id = uuid4()
        self.running.hears(AgencyChanged(agency_id, EXCLUDED, is_active=True))
        self.people = {seat: self._seated(seat, agency_id) for seat in ("chair", "deputy", "member", "coordinator")}
        self._hears()
        self._sits()

    def _seated(self, seat: str, agency_id: UUID) -> Person:
        person = self.sitting.seated_for(agency_id, f"Hope {seat.title()}")
        roles = frozenset({"panel_member", "agency_manager", "lead_practitioner"})
        roles = roles | {"coordinator"} if seat == "coordinator" else roles
        person = Person(person.person_id, person.name, roles, agency_id, EXCLUDED)
        self.sitting._knows(person)
        with self.running.database.begin() as session:
            session.execute(sa.update(SeatRow).where(SeatRow.person_id == person.person_id).values(seat=seat))
        return person

    def _asks(self, stage: str) -> None:
        request_id = self.sitting.asks(not_with=self.not_with)
        self.requests[stage] = request_id
        with self.running.database.begin() as session:
            wait = session.scalars(sa.select(QueueEntryRow).where(QueueEntryRow.request_id == request_id)).one()
            wait.urgency, wait.level_scheme, self.references[stage] = "urgent", LEVEL, wait.reference
        while fetch_papers(self.running.resources):
            pass

    def _hears(self) -> None:
        """Hold a meeting that decides about one family, offers another to a service, and carries a third over."""
        stages = ("heard", "allocated", "waiting")
        for stage in stages:
            self._asks(stage)
        meeting_id = self.sitting.opened(self.sitting.next_meeting())
        items = {stage: self.sitting.item_at(self.requests[stage], meeting_id) for stage in stages}
        self.sitting.decides(items["heard"], "plan_advice")
        self.sitting.decides(items["allocated"], "allocate")
        self.sitting.decides(items["waiting"], "carry_over")
        self.sitting.post(self.sitting.chair, f"/meetings/{meeting_id}/end", {}, 200)
        body = {"item_id": str(items["heard"]), "text": "It is otherwise."}
        self.sitting.post(self.sitting.member, f"/meetings/{meeting_id}/minutes/corrections", body)
        day = self.running.clock.at.date() + timedelta(days=400)
        body = {"entry_id": str(self.entry_id("waiting")), "not_before": day.isoformat(), "reason": "They are away."}
        self.sitting.post(self.sitting.chair, f"/queue/{self.requests['waiting']}/putting-off", body, 204)

    def entry_id(self, stage: str) -> UUID:
        """Return the wait that is open of the family at a stage."""
        return entry(self.running, self.requests[stage]).id

    def _sits(self) -> None:
        """Open the next meeting for whoever of the excluded agency takes its notes, with a family that is heard now."""
        self._asks("sitting")
        self._asks("next")
        meeting_id = self.sitting.next_meeting()
        body = {
            "chaired_by": str(self.sitting.chair.person_id),
            "notes_by": str(self.people["coordinator"].person_id),
        }
        self.sitting.post(self.sitting.chair, f"/meetings/{meeting_id}/open", body, 200)
        item_id = self.sitting.item_at(self.requests["sitting"], meeting_id)
        self.sitting.post(self.sitting.chair, f"/meetings/{meeting_id}/stand", {"item_id": str(item_id)}, 200)
        self._asks("placed")

    def marks(self) -> dict[str, str]:
        """Return what must not be found, by what it is."""
        found = {f"reference of {stage}": reference for stage, reference in self.references.items()}
        return found | {"level": LEVEL, "urgency": URGENT}

    def declares(self, person: Person) -> None:
        """Let somebody have declared a conflict with every one of the families."""
        with self.running.database.begin() as session:
            items = session.scalars(
                sa.select(AgendaItemRow.id).where(AgendaItemRow.request_id.in_(self.requests.values()))
            )
            now = self.running.clock.at
            session.add_all(
                ConflictRow(agenda_item_id=item_id, person_id=person.person_id, nature="A cousin.", declared_at=now)
                for item_id in items.all()
            )

    def addresses(self, method: str) -> Iterator[tuple[str, str]]:
        """Return what every route of the service is called that answers a method, with its address for every id there is."""
        known, meeting_of = self._ids()
        for rule in self.running.app.url_map.iter_rules():
            if (
                method not in (rule.methods or ())
                or rule.endpoint == _FOLLOWS_FOR_EVER
                or rule.arguments - known.keys()
            ):
                continue
            names = sorted(rule.arguments)
            for values in product(*(known[name] for name in names)):
                filled = dict(zip(names, values, strict=True))
                if "meeting_id" in filled and meeting_of.get(filled.get("item_id")) not in (None, filled["meeting_id"]):
                    continue
                for asked in _ASKED_WITH.get(rule.endpoint, [{}]):
                    built = rule.build({**filled, **asked})
                    assert built is not None, rule
                    yield rule.endpoint, built[1]

    def _ids(self) -> tuple[dict[str, list[Any]], dict[Any, UUID]]:
        """Return what can stand in an address, by its name there, and the meeting of each item."""
        with self.running.database.read() as session:
            known: dict[str, list[Any]] = {
                name: list(session.scalars(sa.select(sa.inspect(kind).primary_key[0]))) for name, kind in _ROWS.items()
            }
            meeting_of = {row.id: row.meeting_id for row in session.scalars(sa.select(AgendaItemRow))}
        known["meeting_id"], known["seat_id"] = sorted(set(meeting_of.values())), known["seat_id"][:1]
        return known | {"request_id": list(self.requests.values())} | _WORDS, meeting_of


def text_of(answer: TestResponse) -> str:
    """Return what an answer says, of whatever kind it is."""
    kind = answer.mimetype or ""
    if kind == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    if kind.startswith("application/vnd.openxmlformats"):
        with zipfile.ZipFile(BytesIO(answer.data)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    return answer.get_data(as_text=True)
